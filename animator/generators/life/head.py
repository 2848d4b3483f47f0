"""How the head moves: posture, sway, and beats on stressed syllables."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from animator.core.curves import bumps, drift, steps
from animator.generators.speech.prosody import Prosody

MOVE = 0.9
"""Seconds over which a new phrase settles into its posture."""


class Temper(NamedTuple):
    """What a feeling does to head motion: gains of its range (posture, sway) and of its liveliness (quick sway, beats)."""

    reach: float
    life: float


TEMPERS: Mapping[str, Temper] = MappingProxyType(
    {
        "happy": Temper(1.25, 1.35),
        "angry": Temper(1.15, 1.7),
        "surprised": Temper(1.1, 1.3),
        "fear": Temper(0.8, 1.3),
        "disgusted": Temper(1.0, 0.9),
        "contempt": Temper(1.0, 0.75),
        "calm": Temper(0.9, 0.7),
        "sad": Temper(0.75, 0.45),
    }
)
"""Range and activation of head motion differ by feeling (Busso et al. 2007, who print no degrees: the gains are ours).
A feeling that is not listed changes nothing; where a feeling holds the head is in the rig's pose."""


def temper(feelings: Mapping[str, np.ndarray], frames: int) -> tuple[np.ndarray, np.ndarray]:
    """Gains of reach and of life over time, ``[T]`` each, for feelings by name with intensities ``[T]``."""
    reach, life = np.ones(frames), np.ones(frames)
    for name, intensity in feelings.items():
        mine = TEMPERS.get(name, Temper(1.0, 1.0))
        reach += (mine.reach - 1.0) * intensity
        life += (mine.life - 1.0) * intensity
    return np.clip(reach, 0.3, 1.6), np.clip(life, 0.3, 2.0)


def head(times: np.ndarray, delivery: Prosody, reach: np.ndarray, life: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Yaw, pitch and roll of the head, ``float64 [T 3]`` radians.

    Slow sway of 1 to 2 degrees at 0.1 to 0.5 Hz, less in silence; a posture a phrase; a beat of up to 6 degrees on a stressed
    syllable, mostly a nod, that begins before the vowel and peaks on it.
    """
    sway_rng, posture_rng, beat_rng = rng.spawn(3)
    slow = drift(times, 2.2, 3, sway_rng) * (0.95, 0.65, 0.6)
    quick = drift(times, 0.7, 3, sway_rng) * (0.35, 0.3, 0.25)
    awake = (0.6 + 0.4 * delivery.talking)[:, None]
    out = slow * awake * reach[:, None] + quick * (delivery.talking * life)[:, None]
    out = out + _posture(times, delivery, posture_rng) * reach[:, None]
    out = out + beats(times, delivery, beat_rng) * life[:, None]
    radians: np.ndarray = np.deg2rad(out)
    return radians


def _posture(times: np.ndarray, delivery: Prosody, rng: np.random.Generator) -> np.ndarray:
    """One posture a phrase and one for each silence that lasts, degrees, moved into softly."""
    levels = np.clip(rng.standard_normal((2 * len(delivery.phrases) + 1, 3)), -1.8, 1.8) * (1.7, 1.0, 1.2)
    levels[0::2] *= 0.5
    starts = (delivery.phrases + np.array([-0.3, 0.15])).reshape(-1)
    room = np.append(np.diff(starts), MOVE)[: len(starts)]
    kept = np.flatnonzero(room >= 0.4)
    return steps(times, starts[kept], np.minimum(room[kept], MOVE), levels[np.append(0, kept + 1)])


def beats(times: np.ndarray, delivery: Prosody, rng: np.random.Generator, lift: float = 0.7) -> np.ndarray:
    """Nods, degrees: down on the stressed vowel, a little to a side, with a small ``lift`` ahead of the strong ones."""
    chance = rng.standard_normal((len(delivery.accents), 3))
    size = delivery.prominence * np.clip(1.0 + 0.35 * chance[:, 0], 0.3, 1.8)
    at = delivery.accents + 0.04
    nod = bumps(times, at, 2.4 * size, 0.55) - bumps(times, at - 0.32, lift * size, 0.5)
    turn = bumps(times, at, 0.8 * size * np.clip(chance[:, 1], -1.5, 1.5), 0.7)
    tilt = bumps(times, at, 0.6 * size * np.clip(chance[:, 2], -1.5, 1.5), 0.8)
    return np.stack([turn, np.clip(nod, -2.0, 5.0), tilt], axis=1)
