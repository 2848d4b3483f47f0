"""Mouth targets to mouth curves: dominance functions (Cohen & Massaro 1993) with the rules of JALI (Edwards et al. 2016).

Each target pulls on the face with a dominance that falls off before and after it, ``strength * exp(-(t / reach)**2)``, and a
curve is the dominance-weighted mean of all targets. The power is 2 where the paper uses 1, so that curves have no corner at
a target. Jaw, lips and tongue have dominances of their own: a sound made by the tongue alone leaves the lips to its neighbours,
a rounded one claims them early and lets go late, and a sibilant nearly closes the jaw whatever stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

from animator.core.phones import VISEMES
from animator.core.rig import Rig
from animator.core.spoken import Targets


class Pull(NamedTuple):
    """How a viseme claims one part of the mouth: strength, and how far (seconds, to 1/e) it reaches before and after."""

    strength: float
    before: float
    after: float


class Manner(NamedTuple):
    """How a viseme claims the mouth, and how much louder speech widens its jaw (0 = not at all, 1 = in full)."""

    lips: Pull
    jaw: Pull
    tongue: Pull
    yields: float


_VOWEL = Pull(0.9, 0.060, 0.060)
_WIDE = Pull(1.0, 0.070, 0.070)
_TONGUE = Pull(1.0, 0.045, 0.040)
_NEIGHBOURS = Pull(0.04, 0.045, 0.045)
_QUIET = Pull(1.0, 0.090, 0.090)

MANNERS: Mapping[str, Manner] = MappingProxyType(
    {
        "sil": Manner(lips=_QUIET, jaw=_QUIET, tongue=_QUIET, yields=0.0),
        "PP": Manner(Pull(1.8, 0.048, 0.040), Pull(0.8, 0.065, 0.060), _NEIGHBOURS, 0.0),
        "FF": Manner(Pull(1.8, 0.050, 0.042), Pull(1.0, 0.065, 0.060), _NEIGHBOURS, 0.0),
        "TH": Manner(Pull(0.4, 0.045, 0.040), Pull(0.8, 0.065, 0.060), Pull(1.3, 0.050, 0.040), 0.3),
        "DD": Manner(_NEIGHBOURS, Pull(0.7, 0.060, 0.060), _TONGUE, 0.3),
        "kk": Manner(_NEIGHBOURS, Pull(0.4, 0.060, 0.060), _TONGUE, 0.5),
        "CH": Manner(Pull(1.3, 0.105, 0.075), Pull(5.0, 0.058, 0.055), _TONGUE, 0.0),
        "SS": Manner(Pull(0.45, 0.050, 0.045), Pull(5.0, 0.058, 0.055), _TONGUE, 0.0),
        "nn": Manner(_NEIGHBOURS, Pull(0.6, 0.060, 0.060), _TONGUE, 0.3),
        "RR": Manner(Pull(0.8, 0.085, 0.060), Pull(0.6, 0.070, 0.065), _TONGUE, 0.5),
        "aa": Manner(_VOWEL, _WIDE, _TONGUE, 1.0),
        "E": Manner(_VOWEL, _WIDE, _TONGUE, 1.0),
        "ih": Manner(_VOWEL, Pull(0.9, 0.070, 0.070), _TONGUE, 0.8),
        "oh": Manner(Pull(1.2, 0.095, 0.075), _WIDE, _TONGUE, 1.0),
        "ou": Manner(Pull(1.4, 0.115, 0.085), Pull(0.9, 0.070, 0.070), _TONGUE, 0.7),
    }
)
"""The reaches are ours, tuned on curves and pictures; their order is JALI's."""

USUAL = 0.08
"""Seconds: the length of a sound whose dominance reaches as far as the table says; longer ones reach farther."""

EDGE = 0.05
"""Seconds at most from the edge of a sound to its core, where its dominance is whole."""

SETTLE = 0.18
"""Seconds from the end of the last sound to the core of silence, by which the lips rest."""

RELAX = 1.2
"""How much farther than usual the last sound before a silence reaches into it."""

PAUSE = (0.15, 0.30)
"""Seconds: within a pause shorter than the first the mouth stays parted, from the second on it closes."""

PARTED = 0.30
"""The parted mouth of a short pause, as a share of the tongue's lightest consonant (nn)."""


def mouth(times: np.ndarray, said: Targets, rig: Rig, *, jaw: float, lips: float, pre_roll: float) -> np.ndarray:
    """Curves of the speaking mouth, ``float64 [T C]`` relative to rest; controls that do not speak stay 0.

    Parameters
    ----------
    times
        Seconds, ``[T]``.
    said
        What the mouth is to do.
    rig
        The controls and their viseme poses.
    jaw, lips
        JALI's two dials: gains of the jaw's and the lips' targets, 1 = as the rig's poses say.
    pre_roll
        Seconds before the first sound at which a silence lets go of the mouth.
    """
    aims = _aims(said, rig, jaw, lips)
    cores, scale = _cores(said, pre_roll)
    out = np.zeros((len(times), len(rig.controls)))
    for part, regions in (("lips", ("mouth", "cheeks")), ("jaw", ("jaw",)), ("tongue", ("tongue",))):
        columns = np.flatnonzero(rig.region(*regions))
        pulls = np.array([getattr(MANNERS[v], part) for v in VISEMES])[said.viseme]
        pulls[:, 0] *= 0.4 + 0.6 * said.confidence
        pulls[:-1, 2] *= np.where(said.viseme[1:] == VISEMES.index("sil"), RELAX, 1.0)
        weights = _dominance(times, cores, pulls, scale)
        out[:, columns] = (weights @ aims[:, columns]) / (weights @ np.ones((len(aims), 1)))
    return out


def _aims(said: Targets, rig: Rig, jaw: float, lips: float) -> np.ndarray:
    """The pose that each target calls for, ``[S C]`` relative to rest."""
    poses = np.stack([rig.row(rig.visemes.get(v, {})) - rig.rest for v in VISEMES]).astype(np.float64)
    aims: np.ndarray = poses[said.viseme]
    length = said.end - said.start
    pause = said.viseme == VISEMES.index("sil")
    pause[[0, -1]] = False
    short = np.where(pause, np.clip((PAUSE[1] - length) / (PAUSE[1] - PAUSE[0]), 0.0, 1.0), 0.0)
    aims += (PARTED * short)[:, None] * poses[VISEMES.index("nn")]
    yields = np.array([MANNERS[v].yields for v in VISEMES])[said.viseme]
    loud = np.clip(0.55 + 0.45 * said.loudness, 0.55, 1.5)
    quick = np.clip(0.6 + 0.4 * length / 0.12, 0.6, 1.15)
    wide = jaw * (1.0 + yields * (loud * quick - 1.0))
    aims[:, rig.region("jaw")] *= wide[:, None]
    aims[:, rig.region("mouth")] *= lips
    return aims


def _cores(said: Targets, pre_roll: float) -> tuple[np.ndarray, np.ndarray]:
    """When each target is wholly itself, ``[S 2]``, and how far its dominance reaches, as a multiple of the table, ``[S]``."""
    length = said.end - said.start
    silent = said.viseme == VISEMES.index("sil")
    lead, trail = (np.where(silent, np.minimum(s, 0.45 * length), np.minimum(EDGE, 0.3 * length)) for s in (SETTLE, pre_roll))
    first, last = np.arange(len(length)) == 0, np.arange(len(length)) == len(length) - 1
    cores = np.stack([said.start + np.where(first, 0.0, lead), said.end - np.where(last, 0.0, trail)], axis=1)
    return cores, np.where(silent, 1.0, np.clip(np.sqrt(length / USUAL), 0.75, 1.4))


def _dominance(times: np.ndarray, cores: np.ndarray, pulls: np.ndarray, scale: np.ndarray) -> csr_array:
    """How strongly each target pulls at each instant, sparse ``[T S]``."""
    strength, before, after = pulls[:, 0], pulls[:, 1] * scale, pulls[:, 2] * scale
    first = np.searchsorted(times, cores[:, 0] - 4.0 * before)
    counts = np.searchsorted(times, cores[:, 1] + 4.0 * after, side="right") - first
    target = np.repeat(np.arange(len(cores)), counts)
    frame = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + first[target]
    at = times[frame]
    early = np.maximum(cores[target, 0] - at, 0.0) / before[target]
    late = np.maximum(at - cores[target, 1], 0.0) / after[target]
    pull = strength[target] * np.exp(-(early**2) - late**2)
    return csr_array((pull, (frame, target)), shape=(len(times), len(cores)))
