"""Where hair grows: the hairline around the skull, in angles about the middle of the head."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32

MIDDLE = np.array([0.0, 0.745, 0.035], dtype=np.float32)
"""Middle of the skull, metres in the base mesh's space."""

# Around the head from the front (0) to the back (180), how far down from the crown's vertical the hair reaches; degrees.
# Forehead, temple, in front of the ear, over it, behind it, nape.
_AROUND = (0, 18, 32, 46, 56, 61, 67, 74, 81, 94, 106, 120, 138, 160, 180)
_FEMALE = (60, 59, 58, 66, 86, 101, 106, 102, 93, 97, 113, 131, 145, 150, 151)
_MALE = (59, 56, 51, 60, 80, 103, 113, 111, 94, 97, 113, 131, 145, 150, 151)


def angles(position: Float32[np.ndarray, "N 3"], middle: np.ndarray = MIDDLE) -> tuple[np.ndarray, np.ndarray]:
    """Angle down from the vertical through the crown and angle around from the front, toward the subject's left; radians."""
    d = position - middle
    return np.arctan2(np.hypot(d[:, 0], d[:, 2]), d[:, 1]), np.arctan2(d[:, 0], d[:, 2])


def margin(position: Float32[np.ndarray, "N 3"], masculine: float) -> np.ndarray:
    """How far inside the hairline a place of the base mesh's space lies, radians; negative outside. Ears are not left out."""
    down, around = angles(position)
    edge = (1 - masculine) * np.array(_FEMALE) + masculine * np.array(_MALE)
    limit = np.interp(np.abs(around), np.radians(_AROUND), np.radians(edge))
    inside: np.ndarray = limit - down
    return inside.astype(np.float32)
