"""Where a camera stands and where points fall in its picture."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32

from animator.core.stage import Camera


def position(camera: Camera) -> Float32[np.ndarray, " 3"]:
    """Where the camera stands, metres in the head's space."""
    out = [np.sin(camera.yaw) * np.cos(camera.pitch), np.sin(camera.pitch), np.cos(camera.yaw) * np.cos(camera.pitch)]
    return (np.array(camera.target) + camera.distance * np.array(out)).astype(np.float32)


def axes(camera: Camera) -> Float32[np.ndarray, "3 3"]:
    """The camera's right, up and backward directions as rows: ``axes @ (point - position)`` is glTF's camera space."""
    sine, cosine = np.sin(camera.yaw), np.cos(camera.yaw)
    lift, level = np.sin(camera.pitch), np.cos(camera.pitch)
    rows = [[cosine, 0.0, -sine], [-sine * lift, level, -cosine * lift], [sine * level, lift, cosine * level]]
    return np.array(rows, dtype=np.float32)


def project(points: Float32[np.ndarray, "M 3"], camera: Camera, width: int, height: int) -> Float32[np.ndarray, "M 3"]:
    """Where points fall: ``x`` and ``y`` in pixels (the top left corner of the picture is 0, 0) and depth in metres.

    Depth is measured along the camera's axis and is at most 0 behind the camera, where ``x`` and ``y`` mean nothing.
    """
    # Not a matrix product: BLAS would start threads of its own beside those that draw.
    seen = np.einsum("mj,kj->mk", points - position(camera), axes(camera))
    depth = -seen[:, 2]
    focal = 0.5 * height / np.tan(0.5 * camera.fov)
    with np.errstate(divide="ignore", invalid="ignore"):
        x = 0.5 * width + focal * seen[:, 0] / depth
        y = 0.5 * height - focal * seen[:, 1] / depth
    return np.stack([x, y, depth], axis=1).astype(np.float32)
