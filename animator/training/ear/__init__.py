"""The audio encoder's training: labelled speech in packs, and a tutor -> the weights of ``speech``."""

from animator.training.ear.moonshine import tutor_in
from animator.training.ear.train import Lessons, Plan, train

__all__ = ["Lessons", "Plan", "train", "tutor_in"]
