"""Which feeling does a face show? Answered by the published prototype that it is nearest to, without anything learned."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from animator.core.motion import Motion, require_rig
from animator.core.rig import Rig
from animator.core.script import felt


def prototype_cosines(motion: Motion, rig: Rig, neutral: Motion | None = None) -> dict[str, float]:
    """How well a performance goes with the FACS prototype of each feeling, cosine in [-1, 1] by name.

    The performance is taken on average over its frames, less that of ``neutral``, the same line said without feeling; without
    one, less the rig's rest. Prototypes are the rig's poses of feelings (after Ekman and Friesen's tables), over all controls but
    those of head and gaze.
    """
    require_rig(motion, rig)
    shown = motion.values.mean(axis=0) - (rig.rest if neutral is None else neutral.values.mean(axis=0))
    face = ~rig.region("head", "gaze")
    return {name: _cosine(shown[face], (rig.row(rig.emotions[name]) - rig.rest)[face]) for name in felt(rig.emotions)}


def nearest_prototype(motion: Motion, rig: Rig, neutral: Motion | None = None) -> str | None:
    """The feeling of the highest of `prototype_cosines`; None for a face that goes with none."""
    cosines = prototype_cosines(motion, rig, neutral)
    nearest = max(cosines, key=lambda name: cosines[name])
    return nearest if cosines[nearest] > 0 else None


def confusion(wanted: list[int], told: list[int], classes: int) -> Float[np.ndarray, "E E"]:
    """Share of what was wanted (rows) that was told as each class (columns); a row of zeros where nothing was wanted."""
    counts = np.zeros((classes, classes))
    np.add.at(counts, (np.asarray(wanted, dtype=np.int64), np.asarray(told, dtype=np.int64)), 1.0)
    shares: np.ndarray = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1.0)
    return shares


def _cosine(a: np.ndarray, b: np.ndarray) -> float:
    size = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float(a @ b) / size if size > 1e-9 else 0.0
