"""The emotion embedder's weights from nothing: the space of feelings, then the doors into it."""

from animator.training.embedder.train import evaluate, train

__all__ = ["evaluate", "train"]
