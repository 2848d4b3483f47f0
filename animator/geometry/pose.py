"""A head and one frame of motion in, posed vertices out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float32

from animator.core.head import Head
from animator.geometry.kernel import kernel
from animator.geometry.rotation import euler, rotation_vector

HEAD_ANGLES = ("headPitch", "headYaw", "headRoll")
EYE_ANGLES = (("leftEyePitch", "leftEyeYaw"), ("rightEyePitch", "rightEyeYaw"))


STILL = 1e-9
"""Radians: a head that turns by less stays where it is, to the last bit of its places; the squares of such angles may vanish."""


class Poser:
    """Poses one head from rows of one motion; what depends only on their names is worked out once.

    Parameters
    ----------
    head
        The head to pose.
    names
        The motion's channels. Controls that the head lacks are passed over; angles that the motion lacks are 0.
    """

    def __init__(self, head: Head, names: Sequence[str]) -> None:
        columns = {name: i for i, name in enumerate(names)}
        known = [(c, columns[name]) for c, name in enumerate(head.controls) if name in columns]
        self._head = head
        self._columns = np.array([column for _, column in known], dtype=np.int64)
        shapes = head.displacements[[c for c, _ in known]]
        # Most controls move a small part of the face, and none the hair: most of the work is not to be done.
        control, self._moved = np.nonzero((shapes != 0).any(axis=2))
        self._bounds = np.searchsorted(control, np.arange(len(known) + 1))
        self._shifts = np.ascontiguousarray(shapes[control, self._moved], dtype=np.float32)
        self._head_angles = [columns.get(name, -1) for name in HEAD_ANGLES]
        self._eye_angles = [[columns.get(name, -1) for name in pair] for pair in EYE_ANGLES]
        self._eyes = [np.flatnonzero(head.eye == side) for side in (1, 2)]
        self._rigid = np.flatnonzero(head.follow >= 1.0)
        self._bending = np.flatnonzero((head.follow > 0.0) & (head.follow < 1.0))

    def __call__(self, row: Float32[np.ndarray, " C"]) -> Float32[np.ndarray, "V 3"]:
        """Vertices (metres) for one row: displacements add up, eyeballs turn about their centres, then the head turns."""
        head = self._head
        vertices = head.vertices.astype(np.float32)
        _blend(row[self._columns].astype(np.float32), self._bounds, self._moved, self._shifts, vertices)
        for side, (pitch, yaw) in enumerate(self._eye_angles):
            turn = euler(_angle(row, pitch), _angle(row, yaw), 0.0)
            _turn(turn, head.eye_centres[side].astype(np.float32), self._eyes[side], vertices)
        turn = euler(*(_angle(row, column) for column in self._head_angles))
        vector = rotation_vector(turn)
        if np.abs(vector).max() > STILL:
            _turn(turn, np.zeros(3, dtype=np.float32), self._rigid, vertices)
            _bend(vector.astype(np.float32), head.follow.astype(np.float32), self._bending, vertices)
        return vertices


def _angle(row: np.ndarray, column: int) -> float:
    return float(row[column]) if column >= 0 else 0.0


# Compiled here rather than left to BLAS, whose own threads get into the way of those that draw frames side by side.


@kernel
def _blend(weights: np.ndarray, bounds: np.ndarray, moved: np.ndarray, shifts: np.ndarray, vertices: np.ndarray) -> None:
    """Add ``shifts float32 [M 3]`` to the vertices ``moved int64 [M]``, rows ``bounds[c]`` to ``bounds[c + 1]`` by weight c."""
    for c in range(weights.shape[0]):
        weight = weights[c]
        if weight == 0:
            continue
        for m in range(bounds[c], bounds[c + 1]):
            v = moved[m]
            vertices[v, 0] += weight * shifts[m, 0]
            vertices[v, 1] += weight * shifts[m, 1]
            vertices[v, 2] += weight * shifts[m, 2]


@kernel
def _turn(matrix: np.ndarray, centre: np.ndarray, which: np.ndarray, vertices: np.ndarray) -> None:
    """Turn the vertices ``which int64 [M]`` about a centre."""
    for v in which:
        x, y, z = vertices[v, 0] - centre[0], vertices[v, 1] - centre[1], vertices[v, 2] - centre[2]
        for k in range(3):
            vertices[v, k] = matrix[k, 0] * x + matrix[k, 1] * y + matrix[k, 2] * z + centre[k]


@kernel
def _bend(vector: np.ndarray, follow: np.ndarray, which: np.ndarray, vertices: np.ndarray) -> None:
    """Turn the vertices ``which int64 [M]``, each by its share ``follow float32 [V]`` of a rotation vector, like `axis_angle`."""
    angle = np.sqrt(vector[0] * vector[0] + vector[1] * vector[1] + vector[2] * vector[2])
    kx, ky, kz = vector[0] / angle, vector[1] / angle, vector[2] / angle
    for v in which:
        x, y, z = vertices[v, 0], vertices[v, 1], vertices[v, 2]
        sine, cosine = np.sin(follow[v] * angle), np.cos(follow[v] * angle)
        along = (kx * x + ky * y + kz * z) * (np.float32(1.0) - cosine)
        vertices[v, 0] = x * cosine + (ky * z - kz * y) * sine + kx * along
        vertices[v, 1] = y * cosine + (kz * x - kx * z) * sine + ky * along
        vertices[v, 2] = z * cosine + (kx * y - ky * x) * sine + kz * along
