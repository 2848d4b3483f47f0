"""A head and one frame of motion in, posed vertices out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float32

from animator.core.head import Head
from animator.geometry.rotation import axis_angle, euler, rotation_vector

HEAD_ANGLES = ("headPitch", "headYaw", "headRoll")
EYE_ANGLES = (("leftEyePitch", "leftEyeYaw"), ("rightEyePitch", "rightEyeYaw"))


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
        # Hair, clothes and the back of the head follow no control: most of the work is not to be done.
        self._moved = np.flatnonzero((shapes != 0).any(axis=(0, 2)))
        self._shapes = shapes[:, self._moved].reshape(len(known), 3 * len(self._moved))
        self._head_angles = [columns.get(name, -1) for name in HEAD_ANGLES]
        self._eye_angles = [[columns.get(name, -1) for name in pair] for pair in EYE_ANGLES]
        self._eyes = [np.flatnonzero(head.eye == side) for side in (1, 2)]
        self._rigid = np.flatnonzero(head.follow >= 1.0)
        self._bending = np.flatnonzero((head.follow > 0.0) & (head.follow < 1.0))

    def __call__(self, row: Float32[np.ndarray, " C"]) -> Float32[np.ndarray, "V 3"]:
        """Vertices (metres) for one row: displacements add up, eyeballs turn about their centres, then the head turns."""
        head = self._head
        vertices = head.vertices.astype(np.float32)
        vertices[self._moved] += (row[self._columns] @ self._shapes).reshape(-1, 3)
        for side, (pitch, yaw) in enumerate(self._eye_angles):
            turn = euler(_angle(row, pitch), _angle(row, yaw), 0.0)
            mine, centre = self._eyes[side], head.eye_centres[side]
            vertices[mine] = (vertices[mine] - centre) @ turn.T + centre
        turn = euler(*(_angle(row, column) for column in self._head_angles))
        vector = rotation_vector(turn)
        if np.any(vector):
            vertices[self._rigid] = vertices[self._rigid] @ turn.T
            bend = axis_angle(head.follow[self._bending, None] * vector)
            vertices[self._bending] = np.einsum("vij,vj->vi", bend, vertices[self._bending])
        return vertices


def _angle(row: np.ndarray, column: int) -> float:
    return float(row[column]) if column >= 0 else 0.0
