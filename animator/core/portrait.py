"""`Portrait`: a picture of a person with the head, the camera and the expression that explain it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float32, Float64, UInt8

from animator.errors import InputError

INSIDE = 0.9
"""Share of the landmarks that lie inside the picture, at least."""


@dataclass(frozen=True, eq=False)
class View:
    """The pinhole camera of a picture.

    A point ``p`` of the head's space falls on ``middle + focal * (x, -y) / -z``, with ``(x, y, z) = rotation @ p + translation``.

    Parameters
    ----------
    focal
        Focal length in pixels, > 0.
    middle
        ``float64 [2]``: where the camera's axis meets the picture, pixels from its top left corner.
    rotation
        ``float64 [3 3]``: from the head's space to the camera's (right, up, backward).
    translation
        ``float64 [3]`` metres: the head's origin in the camera's space; in front of the camera its last entry is below 0.

    Raises
    ------
    InputError
        The rotation is none, a number is not finite, or the head lies behind the camera.
    """

    focal: float
    middle: Float64[np.ndarray, " 2"]
    rotation: Float64[np.ndarray, "3 3"]
    translation: Float64[np.ndarray, " 3"]

    def __post_init__(self) -> None:
        if not 0 < self.focal < np.inf or not all(np.isfinite(a).all() for a in (self.middle, self.rotation, self.translation)):
            raise InputError(f"a view is made of finite numbers and a focal length above 0, not {self.focal:g}")
        if not np.allclose(self.rotation @ self.rotation.T, np.eye(3), atol=1e-6) or np.linalg.det(self.rotation) < 0:
            raise InputError("the rotation of a view turns and does nothing else")
        if not self.translation[2] < 0:
            raise InputError(f"a head lies before the camera, not {self.translation[2]:g} m behind it")
        for name in ("middle", "rotation", "translation"):
            getattr(self, name).flags.writeable = False


@dataclass(frozen=True, eq=False)
class Portrait:
    """A picture of a face, fitted.

    Parameters
    ----------
    image
        ``uint8 [H W 3]`` sRGB.
    landmarks
        ``float32 [L 2]``: the face tracker's points, pixels from the picture's top left corner.
    view
        The camera that took it, in the space of the head.
    head
        Settings of the head ``makehuman`` that has this person's shape; colours are not part of it.
    names
        ``C`` controls of the rig in which the expression is written.
    row
        ``float32 [C]``: the picture's own expression and gaze. The head's angles are at rest in it: its turn is the view's.
    error
        Mean distance in pixels from the landmarks to the places where the fitted head has them.
    share
        The same as a share of the distance between the outer corners of the eyes in the picture.
    matte
        ``uint8 [H W]``: 255 where the picture shows the person, 0 where what is behind; nothing if nobody looked.

    Raises
    ------
    InputError
        Shapes disagree, a number is not finite, or the landmarks do not lie in the picture.
    """

    image: UInt8[np.ndarray, "H W 3"]
    landmarks: Float32[np.ndarray, "L 2"]
    view: View
    head: Mapping[str, Any]
    names: tuple[str, ...]
    row: Float32[np.ndarray, " C"]
    error: float
    share: float
    matte: UInt8[np.ndarray, "h w"] | None = None

    def __post_init__(self) -> None:
        if len(self.names) != len(self.row):
            raise InputError(f"an expression has one value a control: {len(self.names)} are named, {len(self.row)} are there")
        if not np.isfinite(self.row).all() or not (np.isfinite(self.error) and np.isfinite(self.share)):
            raise InputError("an expression and its error are finite numbers")
        height, width = self.image.shape[:2]
        if self.matte is not None and self.matte.shape != (height, width):
            raise InputError(f"a matte is as large as its picture, {width}x{height}, not {self.matte.shape}")
        inside = ((self.landmarks >= 0) & (self.landmarks <= (width, height))).all(axis=1).mean()
        if not inside >= INSIDE:
            raise InputError(f"{INSIDE:.0%} of a portrait's landmarks lie inside its picture, but here only {inside:.0%}")
        for name in ("image", "landmarks", "row"):
            getattr(self, name).flags.writeable = False
