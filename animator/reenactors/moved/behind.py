"""What stands behind the person of a photo: it stays where it is, and is guessed where the person hid it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float32, UInt8
from scipy.ndimage import distance_transform_edt

from animator.reenactors.moved.around import filled
from animator.reenactors.moved.frame import Square

RIM = 0.012
"""How far beside the outline of a person there still is some of it, such as fine hair, as a share of the wide square's side."""


class Behind(NamedTuple):
    """Person and background told apart in a square.

    The person's own share of a pixel need not be known by itself: what the photo has more than the background is the person's
    (the foreground multiplied by its alpha, Porter and Duff 1984), and moves; the rest does not.
    """

    person: np.ndarray
    """``float32 [S S 1]`` in [0, 1]: 0 is background, which never changes where nobody comes before it."""
    picture: np.ndarray
    """``float32 [S S 3]``, 0 to 255: the photo without the person, carried on smoothly to where the person was."""


NOTHING = Behind(np.empty((0, 0, 1), dtype=np.float32), np.empty((0, 0, 3), dtype=np.float32))
"""Where nobody told the person from the background: all of it moves."""


def behind(square: Square, image: UInt8[np.ndarray, "H W 3"], person: Bool[np.ndarray, "S S"]) -> Behind:
    """What is behind the ``person`` of a photo in a square; its ``size`` is a power of two."""
    share = person_share(person)
    known = (share == 0).astype(np.float32)
    colours = square.cut(image).astype(np.float32)
    return Behind(share[..., None], filled(colours, known))


def person_share(person: Bool[np.ndarray, "S S"]) -> Float32[np.ndarray, "S S"]:
    """1 on a person, falling to 0 at `RIM` beside the outline."""
    away: np.ndarray = distance_transform_edt(~person) / (RIM * len(person))
    share: np.ndarray = (1 - away).clip(0, 1).astype(np.float32)
    return share
