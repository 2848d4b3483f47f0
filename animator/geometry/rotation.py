"""Rotations as 3x3 matrices."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32


def axis_angle(vectors: Float32[np.ndarray, "M 3"]) -> Float32[np.ndarray, "M 3 3"]:
    """Rotation matrices from rotation vectors (axis times radians), by Rodrigues' formula; zero vectors give identity."""
    angle = np.linalg.norm(vectors, axis=1).astype(np.float32)
    x, y, z = (vectors / np.maximum(angle, 1e-12)[:, None]).T
    zero = np.zeros_like(x)
    cross = np.stack([zero, -z, y, z, zero, -x, -y, x, zero], axis=1).reshape(-1, 3, 3)
    sine, versine = np.sin(angle)[:, None, None], (1 - np.cos(angle))[:, None, None]
    turned: np.ndarray = np.eye(3, dtype=np.float32) + sine * cross + versine * (cross @ cross)
    return turned.astype(np.float32)


def euler(pitch: float, yaw: float, roll: float) -> Float32[np.ndarray, "3 3"]:
    """Roll about +Z, then pitch about +X, then yaw about +Y (radians): the order of a neck, outermost last."""
    about_x, about_y, about_z = axis_angle(np.diag([pitch, yaw, roll]).astype(np.float32))
    turned: np.ndarray = about_y @ about_x @ about_z
    return turned


def rotation_vector(matrix: Float32[np.ndarray, "3 3"]) -> Float32[np.ndarray, " 3"]:
    """The rotation vector of one rotation matrix with an angle below pi: the inverse of `axis_angle`."""
    angle = float(np.arccos(np.clip((np.trace(matrix) - 1) / 2, -1.0, 1.0)))
    twist = np.array([matrix[2, 1] - matrix[1, 2], matrix[0, 2] - matrix[2, 0], matrix[1, 0] - matrix[0, 1]])
    scale = 0.5 if angle < 1e-6 else angle / (2 * np.sin(angle))
    return (scale * twist).astype(np.float32)


def euler_angles(matrix: Float32[np.ndarray, "3 3"]) -> tuple[float, float, float]:
    """Pitch, yaw and roll of a rotation matrix: the inverse of `euler`, for pitches within a quarter turn."""
    pitch = -np.arcsin(np.clip(matrix[1, 2], -1, 1))
    return float(pitch), float(np.arctan2(matrix[0, 2], matrix[2, 2])), float(np.arctan2(matrix[1, 0], matrix[1, 1]))
