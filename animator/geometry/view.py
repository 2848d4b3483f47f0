"""Where points of a head fall in a picture, and how far the head is turned in it."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from animator.core.portrait import View


def in_camera(points: Float64[np.ndarray, "M 3"], view: View) -> Float64[np.ndarray, "M 3"]:
    """Points of the head's space (metres) in the camera's: right, up, backward."""
    seen: np.ndarray = points @ view.rotation.T + view.translation
    return seen


def fall(points: Float64[np.ndarray, "M 3"], view: View) -> Float64[np.ndarray, "M 2"]:
    """Where points of the head's space fall, pixels from the picture's top left corner; they lie in front of the camera."""
    x, y, z = in_camera(points, view).T
    picture: np.ndarray = view.middle + view.focal * np.stack([x, -y], axis=1) / -z[:, None]
    return picture


def turn(view: View) -> tuple[float, float]:
    """How far the face is turned away from the camera, radians: to its own left, and down."""
    to_camera = -view.rotation.T @ view.translation  # in the head's space
    return float(np.arctan2(-to_camera[0], to_camera[2])), float(np.arctan2(to_camera[1], np.hypot(to_camera[0], to_camera[2])))
