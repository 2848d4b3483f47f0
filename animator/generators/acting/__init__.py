"""What the generator that learned to act is made of."""
