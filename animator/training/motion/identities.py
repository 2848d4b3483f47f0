"""People for the teacher: whoever speaks has a face of their own, and takes feelings in their own way and time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from animator.core.rig import Rig
from animator.core.script import felt

SEED = 52
"""Sets this world's people apart from other draws of the same numbers."""


@dataclass(frozen=True, eq=False)
class Identity:
    """One person.

    Parameters
    ----------
    name
        Of the person.
    gains
        ``[C]``: how strongly each control answers, 1 = usual; the two sides differ a little.
    moods
        ``[E]``: how strongly each feeling shows.
    late
        Seconds by which feelings show later than usual (or earlier).
    slow
        How much longer they take to come and go, as a factor.
    lively
        How strongly brows, lids and head answer stress and effort, 1 = usual.
    """

    name: str
    gains: np.ndarray
    moods: np.ndarray
    late: float
    slow: float
    lively: float


def identity(number: int, rig: Rig) -> Identity:
    """The person of that number: always the same one."""
    rng = np.random.default_rng([SEED, number])
    both = rng.lognormal(0.0, 0.15, len(rig.controls))
    own = rng.lognormal(0.0, 0.05, len(rig.controls))
    both = both[np.minimum(np.arange(len(both)), [rig.columns[c.mirror] for c in rig.controls])]
    gains = np.where(np.array([c.unit == "weight" for c in rig.controls]), both * own, 1.0)
    return Identity(
        name=f"person {number}",
        gains=gains,
        moods=np.clip(rng.lognormal(0.0, 0.12, len(felt(rig.emotions))), 0.7, 1.3),
        late=float(rng.uniform(-0.08, 0.12)),
        slow=float(rng.lognormal(0.0, 0.3)),
        lively=float(rng.lognormal(0.0, 0.35)),
    )
