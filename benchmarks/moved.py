"""What moves photos: the reenactors by name, and the simplest of all, which does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from animator.core.emotion import Emotion
from animator.core.motion import Motion
from animator.core.portrait import Portrait
from animator.heads.fitting.sitter import sit
from animator.io.rig import load_rig
from animator.recipe import Choice, Recipe

STILL = "still image"

Move = Callable[[Motion, Portrait, Emotion | None], Iterator[np.ndarray]]
"""A motion, a photo and what is felt to pictures ``uint8 [H W 3]``, at the motion's rate."""


def mover(name: str) -> Move:
    """A reenactor of this name, or `STILL`."""
    return _still if name == STILL else _by(name)


def _still(motion: Motion, portrait: Portrait, emotion: Emotion | None) -> Iterator[np.ndarray]:
    yield from (portrait.image for _ in range(len(motion)))


def _by(name: str) -> Move:
    recipe = Recipe(reenactor=Choice(name))
    part, rig = recipe.part("reenactor"), load_rig(recipe.rig)

    def move(motion: Motion, portrait: Portrait, emotion: Emotion | None) -> Iterator[np.ndarray]:
        yield from (picture[..., :3] for picture in part.reenact(motion, sit(portrait), rig, emotion))

    return move
