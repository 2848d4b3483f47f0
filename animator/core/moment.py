"""`Moment`: one row of a motion on its way to a face that moves now."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32


@dataclass(frozen=True, eq=False)
class Moment:
    """One frame of a live face.

    Parameters
    ----------
    index
        Which frame it is, counted from the face's first; its instant is ``index / fps``. Frames that came too late are left
        out, so numbers rise but may skip.
    values
        ``float32 [C]``: the controls of its rig, in order.
    turn
        Which stretch of speech it belongs to, counted from 1; None while nobody speaks.
    at
        Seconds into the sound of that turn, so that who plays the sound can keep it beside the face; None while nobody speaks.
    """

    index: int
    values: Float32[np.ndarray, " C"]
    turn: int | None = None
    at: float | None = None
