"""The face that is meant, from picture to picture of a video."""

from __future__ import annotations

import numpy as np
from jaxtyping import UInt8

from animator.errors import InputError
from animator.heads.fitting.find import Read, apart, find_face, middle_of, read_near, square_around
from animator.io.landmarks import Seen

STAYS = 0.08
"""A video's face is read from the same square until it is off its middle, or twice as far off its size, by this share of it."""


class Watch:
    """One face, picture after picture: it is read from a close-up around where it was last, which moves as little as may be.

    Parameters
    ----------
    read
        Who finds faces.
    number, name
        As in `find_face`, which finds it first.
    """

    def __init__(self, read: Read, number: int | None, name: str) -> None:
        self._read, self._number, self._name = read, number, name
        self._middle: np.ndarray | None = None
        self._frame: tuple[int, int, int] | None = None

    def __call__(self, image: UInt8[np.ndarray, "H W 3"]) -> Seen | None:
        """The face in the next picture, or None where it is not seen."""
        seen = self._close(image) or self._anew(image)
        self._frame = None if seen is None else self._framed(seen)
        self._middle = self._middle if seen is None else middle_of(seen)
        return seen

    def _close(self, image: np.ndarray) -> Seen | None:
        if self._frame is None or self._middle is None:
            return None
        return read_near(self._read, image, self._frame, self._middle)

    def _anew(self, image: np.ndarray) -> Seen | None:
        if (middle := self._middle) is not None:
            return min(self._read(image), key=lambda seen: apart(seen, middle), default=None)
        try:
            return find_face(self._read, image, self._number, self._name)
        except InputError:
            return None

    def _framed(self, seen: Seen) -> tuple[int, int, int]:
        """The square of the last picture, unless the face has left its middle or is no longer of its size."""
        left, top, side = square_around(seen)
        if self._frame is not None:
            was_left, was_top, was = self._frame
            off = np.hypot(left + side / 2 - was_left - was / 2, top + side / 2 - was_top - was / 2)
            if off < STAYS * was and abs(side - was) < 2 * STAYS * was:
                return self._frame
        return left, top, side
