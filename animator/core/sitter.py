"""`Sitter`: who sat for a portrait, as a head that can be moved over the picture; `Film`: one who sat for many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from jaxtyping import Float32, Int8, UInt8

from animator.core.head import Head
from animator.core.portrait import Portrait
from animator.errors import InputError

UNUSED, SKIN, EYE, INSIDE = range(4)
"""What a triangle is to a photo: hidden by it (hair, clothes, lashes), skin, an eyeball, or what is inside the mouth."""


@dataclass(frozen=True, eq=False)
class Sitter:
    """A portrait with the head behind it.

    No head of ours is quite a real person's. Where the picture has a place of the fitted head, in the portrait's expression, is
    ``fall(place, view) + shared + own``. ``shared`` is nearly the same for places that touch when mouth and eyes are shut, so a
    moved head keeps it and still shuts them; ``own`` is what is left of the misses, and only tells where to look in the photo.

    Parameters
    ----------
    portrait
        The picture and its fit.
    head
        The person, of the portrait's settings, at rest; its controls are the portrait's.
    kinds
        ``int8 [F]``: `UNUSED`, `SKIN`, `EYE` or `INSIDE` for each triangle of the head.
    shared, own
        ``float32 [V 2]`` pixels of the portrait's picture.

    Raises
    ------
    InputError
        Shapes disagree.
    """

    portrait: Portrait
    head: Head
    kinds: Int8[np.ndarray, " F"]
    shared: Float32[np.ndarray, "V 2"]
    own: Float32[np.ndarray, "V 2"]

    def __post_init__(self) -> None:
        if len(self.kinds) != len(self.head.triangles):
            raise InputError(f"{len(self.head.triangles)} triangles need as many kinds, not {len(self.kinds)}")
        for name in ("shared", "own"):
            if getattr(self, name).shape != (len(self.head.vertices), 2):
                raise InputError(f"{name} is [{len(self.head.vertices)}, 2] here, not {getattr(self, name).shape}")
        for name in ("kinds", "shared", "own"):
            getattr(self, name).flags.writeable = False


@dataclass(frozen=True, eq=False)
class Film:
    """A video of somebody, as a lazy stream; it is never whole in memory.

    Parameters
    ----------
    width, height
        Pixels.
    fps
        Pictures a second, > 0.
    count
        How many shots the stream gives.
    shots
        For each picture, who is in it, all with one and the same head; or the picture itself, ``uint8 [H W 3]``, where nobody is
        seen. Read once, in order.
    """

    width: int
    height: int
    fps: Fraction
    count: int
    shots: Iterable[Sitter | UInt8[np.ndarray, "H W 3"]]
