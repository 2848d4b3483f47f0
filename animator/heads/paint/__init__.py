"""Textures made by our own code: skin, eyes, teeth, tongue, lashes, brows, hair. No pictures from elsewhere."""
