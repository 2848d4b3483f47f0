"""Where a camera stands and where points fall in its picture."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32

from animator.core.stage import Camera
from animator.geometry.kernel import kernel


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
    seen = np.empty((len(points), 3), dtype=np.float32)
    focal = np.float32(0.5 * height / np.tan(0.5 * camera.fov))
    _project(points, position(camera), axes(camera), focal, np.float32(0.5 * width), np.float32(0.5 * height), seen)
    return seen


# Compiled here rather than left to BLAS, whose own threads get into the way of those that draw frames side by side.


@kernel
def _project(
    points: np.ndarray, eye: np.ndarray, axes: np.ndarray, focal: np.float32, x: np.float32, y: np.float32, out: np.ndarray
) -> None:
    """Write where points fall to ``out float32 [M 3]``; (x, y) is the middle of the picture, ``focal`` is in pixels."""
    for m in range(points.shape[0]):
        px, py, pz = points[m, 0] - eye[0], points[m, 1] - eye[1], points[m, 2] - eye[2]
        depth = -(axes[2, 0] * px + axes[2, 1] * py + axes[2, 2] * pz)
        scale = focal / depth
        out[m, 0] = x + scale * (axes[0, 0] * px + axes[0, 1] * py + axes[0, 2] * pz)
        out[m, 1] = y - scale * (axes[1, 0] * px + axes[1, 1] * py + axes[1, 2] * pz)
        out[m, 2] = depth
