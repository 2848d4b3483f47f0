"""Where points of a head fall in a picture, and how far the head is turned in it."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32, Float64

from animator.core.portrait import View
from animator.core.stage import Camera
from animator.geometry.camera import axes, position


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


def view_of(camera: Camera, width: int, height: int, turned: Float32[np.ndarray, "3 3"]) -> View:
    """What a stage's camera makes, in a picture of that size, of a head that is itself turned so, before its turn."""
    left, _, right = np.linalg.svd(axes(camera).astype(np.float64) @ turned)  # single precision is not quite a rotation
    middle = np.array([width, height], dtype=np.float64) / 2
    place = -axes(camera).astype(np.float64) @ position(camera)
    return View(float(0.5 * height / np.tan(0.5 * camera.fov)), middle, left @ right, place)
