"""Pairs of speech and motion, real and taught: what the motion generator learns from, and the teacher fitted to the real ones."""
