"""Torch blocks that more than one learned part shares: what torch itself lacks, nothing else."""
