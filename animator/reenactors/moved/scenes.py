"""A film and a performance, picture by picture."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from jaxtyping import Float32, UInt8

from animator.core.motion import Motion
from animator.core.rig import Rig
from animator.core.sitter import Film
from animator.errors import InputError
from animator.reenactors.moved.expression import check_rigs, revoiced
from animator.reenactors.moved.mover import Mover

Scene = tuple[Mover, Float32[np.ndarray, " C"]] | UInt8[np.ndarray, "H W 3"]
"""One picture of a film with the expression it is to have; or a picture in which nobody is seen, which stays."""


def scenes(motion: Motion, film: Film, rig: Rig, size: int) -> Iterator[Scene]:
    """The pictures of a film, lazily, each with the row of a motion at the same rate; ``size`` as of `Mover`.

    Raises
    ------
    InputError
        The motion ends before the film, or is not in the rig.
    """
    if len(motion) < film.count or motion.fps != film.fps:
        told = f"{len(motion)} frames at {float(motion.fps):g} a second, not {film.count} at {float(film.fps):g}"
        raise InputError(f"a film is given a motion of its own rate and length, but this has {told}")
    mover = None
    for performed, shot in zip(motion.values, film.shots, strict=False):
        if isinstance(shot, np.ndarray):
            yield shot
            continue
        check_rigs(motion, shot.portrait, rig)
        mover = Mover(shot, size, like=mover)
        yield mover, revoiced(performed, shot.portrait, rig)


def opaque(picture: UInt8[np.ndarray, "H W 3"]) -> UInt8[np.ndarray, "H W 4"]:
    """A picture with alpha, 255 throughout."""
    return np.dstack([picture, np.full(picture.shape[:2], 255, dtype=np.uint8)])
