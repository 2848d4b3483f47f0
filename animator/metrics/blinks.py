"""Blinks: how many, how long, how far apart."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from jaxtyping import Float

SHUT = 0.5
"""Lids at least this far down, at their lowest, are a blink and not a squint."""

OPEN = 0.2
"""A blink lasts while the lids are at least this far down beyond where they rested before it."""


@dataclass(frozen=True)
class Blinks:
    """Blinks of a clip. People at rest blink about 17 times a minute, talking 26 (Bentivoglio et al. 1997), for 0.1 to 0.4 s.

    Parameters
    ----------
    starts
        Seconds, in order.
    durations
        Seconds, one a blink.
    per_minute
        Count over the clip's length.
    gaps
        Seconds from each start to the next.
    """

    starts: tuple[float, ...]
    durations: tuple[float, ...]
    per_minute: float
    gaps: tuple[float, ...]


def blinks(lids: Float[np.ndarray, " T"], fps: Fraction) -> Blinks:
    """Find blinks in a curve of the lids: 0 open, 1 shut (the mean of ``eyeBlinkLeft`` and ``eyeBlinkRight``, say).

    A blink is a stretch with the lids `OPEN` or more below their rest, the clip's median, that somewhere reaches `SHUT`.
    """
    down = lids - min(float(np.median(lids)), SHUT)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], down >= OPEN, [False]]).astype(np.int8))).reshape(-1, 2)
    found = [(int(a), int(b)) for a, b in edges if lids[a:b].max() >= SHUT]
    starts = np.array([a for a, _ in found]) / float(fps)
    return Blinks(
        starts=tuple(starts.tolist()),
        durations=tuple((b - a) / float(fps) for a, b in found),
        per_minute=60.0 * len(found) * float(fps) / len(lids),
        gaps=tuple(np.diff(starts).tolist()),
    )
