"""Blocks of networks that more than one learned part is made of."""
