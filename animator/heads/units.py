"""ARKit's 52 face units as displacements of the base mesh."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32

from animator.heads.basemesh import BaseMesh
from animator.heads.targets import read_target, target_names


def displacements(base: BaseMesh) -> dict[str, Float32[np.ndarray, "B 3"]]:
    """Every unit on the base mesh's vertices, metres at weight 1. Eyeballs are left out: they turn by angle."""
    still = base.group_vertices("helper-l-eye", "helper-r-eye")
    out = {}
    for name in target_names("faceunits"):
        indices, deltas = read_target(name)
        moved = np.zeros_like(base.vertices)
        moved[indices] = deltas
        moved[still] = 0
        out[name] = moved
    return out
