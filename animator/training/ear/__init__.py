"""The audio encoder's training: labelled speech in packs -> the weights of ``speech``."""

from animator.training.ear.train import Plan, train

__all__ = ["Plan", "train"]
