"""Speaking styles: eight parameters, four styles with names, and the style of somebody who is seen speaking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
from jaxtyping import Float32

from animator.core.motion import GENERATOR_FPS, Motion, require_rig, retime
from animator.core.rig import Rig
from animator.errors import InputError, UnknownNameError
from animator.generators.acting.prior import columns
from animator.io.track import read_motion

PARAMETERS = ("jaw", "lips", "pucker", "spread", "closure", "anticipation", "asymmetry", "teeth")
"""What a style says: how far the jaw and the lips go, how much they round, spread and press, how early they prepare a sound,
which side leads, and how much of the teeth they show. Each is 0 for the usual and in units of how people differ."""

USUAL = "usual"

STYLES: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "calm": {"jaw": -0.9, "lips": -0.4, "spread": -0.3, "closure": -0.3, "anticipation": 0.6, "teeth": -0.3},
        "broadcast": {"jaw": 0.5, "lips": 0.9, "pucker": 0.5, "spread": 0.4, "closure": 1.0, "anticipation": 0.3, "teeth": 0.4},
        "animated": {"jaw": 1.5, "lips": 1.3, "pucker": 1.2, "spread": 1.0, "closure": 0.5, "asymmetry": 0.5, "teeth": 1.0},
        "mumbled": {
            "jaw": -1.7, "lips": -1.4, "pucker": -1.0, "spread": -0.8, "closure": -1.0, "anticipation": -0.5, "teeth": -1.2,
        },
    }
)  # fmt: skip
"""Four styles as directions, at amount 1."""

SHORTEST = 2.0
"""Seconds of speech at least in which a style can be seen."""


@dataclass(frozen=True, eq=False)
class Reader:
    """A linear map from `traits` to a style: ``weights float32 [N S]``, ``bias float32 [S]``."""

    weights: Float32[np.ndarray, "N S"]
    bias: Float32[np.ndarray, " S"]

    def read(self, curves: Float32[np.ndarray, "T C"]) -> Float32[np.ndarray, " S"]:
        """The style of curves of the prior's controls, each parameter within [-2, 2]."""
        style: np.ndarray = np.clip(traits(curves) @ self.weights + self.bias, -2.0, 2.0)
        return style


def traits(curves: Float32[np.ndarray, "T C"]) -> Float32[np.ndarray, " N"]:
    """What of a clip tells how somebody speaks, whatever is said: how far each control goes, usually and at most, and how fast.

    Mean, deviation, 95th percentile and mean speed of each control, ``N = 4 C``.
    """
    speed = np.abs(np.diff(curves, axis=0)).mean(axis=0) * float(GENERATOR_FPS)
    told = np.concatenate([curves.mean(axis=0), curves.std(axis=0), np.quantile(curves, 0.95, axis=0), 0.1 * speed])
    return told.astype(np.float32)


def style_of(motion: Motion, rig: Rig, reader: Reader) -> Float32[np.ndarray, " S"]:
    """The style in which somebody speaks in a motion of at least `SHORTEST` seconds, over `PARAMETERS`."""
    if motion.seconds < SHORTEST:
        raise InputError(f"a style is seen in {SHORTEST:g} s of speech or more, not in {motion.seconds:.1f}")
    require_rig(motion, rig)
    return reader.read(retime(motion, GENERATOR_FPS, rig).values[:, columns(rig)])


def style_row(style: str, amount: float, rig: Rig, reader: Reader) -> Float32[np.ndarray, " S"]:
    """A style by its name, or of a motion file, times ``amount``.

    Raises
    ------
    UnknownNameError
        It is neither a style's name nor ends in .npz.
    """
    if style.endswith(".npz"):
        row = style_of(read_motion(Path(style))[0], rig, reader)
    elif style in (USUAL, *STYLES):
        row = np.array([STYLES.get(style, {}).get(name, 0.0) for name in PARAMETERS], dtype=np.float32)
    else:
        raise UnknownNameError("style", style, (USUAL, *STYLES), "the generator learned, or give a motion file (.npz)")
    return (amount * row).astype(np.float32)
