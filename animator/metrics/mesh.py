"""The lip gap on the posed head, as a viewer would measure it: a check on what the curves claim."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from animator.core.head import Head
from animator.core.motion import Motion
from animator.errors import UnknownNameError
from animator.geometry.pose import HEAD_ANGLES, Poser

CLOSED = 0.03
"""Lips whose gap is below this share of the nose are seen as closed."""

_NEEDED = ("upper_lip", "lower_lip", "nose_tip", "eye_left", "eye_right")


def lip_gap(motion: Motion, head: Head) -> Float64[np.ndarray, " T"]:
    """How much farther apart the lips' inner rims are than at rest, where they touch, over the nose's length, in each frame.

    Taken at the middle of the lips; the nose is measured from its tip to midway between the eyes. Lips that press together or
    cross have a gap of 0.

    Raises
    ------
    UnknownNameError
        The head lacks a landmark that this needs.
    """
    for name in _NEEDED:
        if name not in head.landmarks:
            raise UnknownNameError("landmark", name, head.landmarks, "this head")
    upper, lower, tip, left, right = (head.landmarks[name] for name in _NEEDED)
    rest = head.vertices.astype(np.float64)
    nose = float(np.linalg.norm(rest[tip] - (rest[left] + rest[right]) / 2))
    pose = Poser(head, motion.names)
    rows = motion.values.copy()
    rows[:, [i for i, name in enumerate(motion.names) if name in HEAD_ANGLES]] = 0.0  # so that +Y stays the way up the face
    gaps = np.array([posed[upper] - posed[lower] for posed in map(pose, rows)], dtype=np.float64).reshape(-1, 3)
    apart = np.where(gaps[:, 1] > 0.0, np.linalg.norm(gaps, axis=1), 0.0)
    gap: np.ndarray = np.maximum(apart - np.linalg.norm(rest[upper] - rest[lower]), 0.0) / nose
    return gap
