"""Faces that talk to each other: what each feels, whom each looks at, and what each does while others speak."""
