"""Ways of speaking: eight parameters, each 0 for the speaker that the model was fitted to, in units of how people differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from jaxtyping import Float32

from animator.core.phones import VISEMES
from animator.core.rig import Rig
from animator.training.motion.store import STYLE

SPREAD = 0.8
"""Deviation of each parameter among the styles that are drawn."""

FARTHEST = 2.0
"""Largest parameter, above or below 0."""

NAMED: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "calm": {"jaw": -0.9, "lips": -0.4, "spread": -0.3, "closure": -0.3, "anticipation": 0.6, "teeth": -0.3},
        "broadcast": {"jaw": 0.5, "lips": 0.9, "pucker": 0.5, "spread": 0.4, "closure": 1.0, "anticipation": 0.3, "teeth": 0.4},
        "animated": {"jaw": 1.5, "lips": 1.3, "pucker": 1.2, "spread": 1.0, "closure": 0.5, "asymmetry": 0.5, "teeth": 1.0},
        "mumbled": {
            "jaw": -1.7,
            "lips": -1.4,
            "pucker": -1.0,
            "spread": -0.8,
            "closure": -1.0,
            "anticipation": -0.5,
            "teeth": -1.2,
        },
    }
)
"""Four styles as points; a style can be scaled by any number that keeps it within `FARTHEST`."""

JAW, LIPS, PUCKER, EARLY, SIDE = 0.25, 0.22, 0.3, 0.3, 0.10
"""What one unit does: to the logarithm of the jaw's, the lips' and the rounding controls' gain and of the time by which the mouth
is early; and to the gain of the left side over the right, half to each."""

SPREADING, PRESSING, SHOWING = 0.06, 0.12, 0.05
"""What one unit adds: to corners drawn aside in front vowels and sibilants, to lips pressed in bilabials, and to lips drawn off
the teeth in vowels and sibilants."""

FRONT = ("ih", "E", "SS")
OPEN = ("aa", "E", "ih", "SS", "CH", "TH", "DD")


@dataclass(frozen=True, eq=False)
class Style:
    """A way of speaking; ``row float32 [8]`` is over `store.STYLE`."""

    row: Float32[np.ndarray, " 8"]

    def __getitem__(self, name: str) -> float:
        return float(self.row[STYLE.index(name)])

    @property
    def ahead(self) -> float:
        """How much earlier than the fitted speaker's the mouth prepares a sound, as a factor."""
        return float(np.exp(EARLY * self["anticipation"]))

    def aims(self, aims: np.ndarray, viseme: np.ndarray, columns: np.ndarray, rig: Rig) -> np.ndarray:
        """What sounds ask for in this style, ``[S K]`` relative to rest.

        Parameters
        ----------
        aims
            What they ask for in the fitted speaker's, likewise.
        viseme
            Index of each into `core.phones.VISEMES`.
        columns
            Which of the rig's controls the columns of ``aims`` are.
        rig
            The rig: its poses say which controls round, spread, press and show teeth.
        """
        gain = np.ones(len(rig.controls))
        gain[rig.region("jaw")] *= np.exp(JAW * self["jaw"])
        gain[rig.region("mouth")] *= np.exp(LIPS * self["lips"])
        gain[_posed(rig, "ou")] *= np.exp(PUCKER * self["pucker"])
        gain *= 1.0 + 0.5 * SIDE * self["asymmetry"] * _side(rig)
        spreads = _posed(rig, "ih") & (rig.opening_row == 0)
        shows = _posed(rig, "ih") & (rig.opening_row > 0)
        added = np.zeros((len(VISEMES), len(rig.controls)))
        added[np.ix_(_among(FRONT), spreads)] += SPREADING * self["spread"]
        added[np.ix_(_among(OPEN), shows)] += SHOWING * self["teeth"]
        added[np.ix_(_among(("PP",)), _posed(rig, "PP"))] += PRESSING * self["closure"]
        sounding = (viseme != VISEMES.index("sil"))[:, None]
        styled: np.ndarray = aims * gain[columns] + sounding * added[viseme][:, columns]
        return styled


def named(name: str, amount: float = 1.0) -> Style:
    """One of `NAMED`, scaled."""
    return Style(np.array([amount * NAMED[name].get(parameter, 0.0) for parameter in STYLE], dtype=np.float32))


def drawn(rng: np.random.Generator) -> Style:
    """Any style: half of them about a named one at some strength, half about none."""
    row = SPREAD * rng.standard_normal(len(STYLE))
    if rng.random() < 0.5:
        row = 0.4 * row + named(str(rng.choice(list(NAMED))), rng.uniform(0.4, 1.2)).row
    return Style(np.clip(row, -FARTHEST, FARTHEST).astype(np.float32))


def _among(visemes: tuple[str, ...]) -> np.ndarray:
    return np.isin(VISEMES, visemes)


def _posed(rig: Rig, viseme: str) -> np.ndarray:
    """``bool [C]``: the controls of the lips that a viseme's pose moves."""
    moved: np.ndarray = (rig.row(rig.visemes[viseme]) != rig.rest) & rig.region("mouth")
    return moved


def _side(rig: Rig) -> np.ndarray:
    """``[C]``: 1 for the controls of the subject's left, -1 for those of the right, 0 for the others."""
    paired = np.array([c.mirror != c.name and c.unit == "weight" for c in rig.controls])
    left = np.array([rig.columns[c.mirror] > i for i, c in enumerate(rig.controls)])
    return np.where(paired, np.where(left, 1.0, -1.0), 0.0)
