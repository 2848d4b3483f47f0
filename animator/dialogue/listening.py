"""What a face does while somebody else speaks: nods and tilts where speakers leave room for them, brows at what they stress, and
blinks in their pauses.

Answers come where Ward and Tsukahara (2000, Journal of Pragmatics 32) found them in English, a moment after a stretch of low
pitch, and in pauses, which nods follow (Dittmann and Llewellyn 1968). Blinks come about a quarter of a second into a speaker's
pause (Nakano and Kitazawa 2010, Experimental Brain Research 205). How likely and how large they are is ours.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from animator.core.emotion import Gesture
from animator.core.features import PITCH, VOICING, Features
from animator.core.spoken import phones
from animator.generators.speech.prosody import prosody

LOW, LASTING, SPOKEN, WAIT = 0.26, 0.11, 0.7, 0.7
"""Ward and Tsukahara's rule: below this share of the speaker's pitches, for so many seconds, after so many of speech; then
they wait for so many."""

APART = 1.5
"""Seconds at least from one nod or tilt to the next (their rule has 0.8; heads come back more slowly than voices)."""

ANSWERED, STRESSED, BLINKED = 0.6, 0.35, 0.6
"""Chance that a place for an answer gets one, a marked stress raised brows, and a pause a blink."""

MARKED = 0.6
"""Prominence from which on brows may answer a stress."""

LONGEST = 1.5
"""Seconds that any of these takes at most, so that it is over when one speaks oneself."""


class Cues(NamedTuple):
    """What a turn offers to who hears it, seconds from its beginning: places for an answer, stresses, pauses; ``[N]`` each."""

    answers: np.ndarray
    stresses: np.ndarray
    pauses: np.ndarray


def cues(features: Features) -> Cues:
    """The places in what is heard of one turn."""
    spoken = phones(features)
    times = np.arange(len(features)) / float(features.fps)
    delivery = prosody(features, spoken, times)
    ends = delivery.phrases[:, 1]
    low = _low_pitch(features, delivery.phrases)
    answers = np.sort(np.concatenate([low + WAIT, ends + 0.12]))
    return Cues(answers, delivery.accents[delivery.prominence >= MARKED], ends)


def answers(given: Cues, end: float, rate: float, rng: np.random.Generator) -> tuple[Gesture, ...]:
    """What somebody does who hears a turn, on its clock, all of it begun by ``end`` seconds and in order.

    ``rate`` multiplies the chances of nods, tilts and brows.
    """
    chance, dice = rng.random((len(given.answers), 2)), rng.random((len(given.stresses), 2))
    done: list[Gesture] = []
    last = -APART
    for at, (likely, how) in zip(given.answers, chance, strict=True):
        if likely < ANSWERED * rate and at - last >= APART and at < end:
            done.append(Gesture("tilt", at, 0.6) if how > 0.85 else Gesture("nod", at, 0.45 + 0.6 * how))
            last = at
    last = -APART
    for at, (likely, how) in zip(given.stresses + 0.25, dice, strict=True):
        if likely < STRESSED * rate and at - last >= APART and at < end:
            done.append(Gesture("brow_flash", at, 0.2 + 0.25 * how))
            last = at
    late = given.pauses + rng.uniform(0.15, 0.35, len(given.pauses))
    kept = rng.random(len(late)) < BLINKED
    done += [Gesture("blink", at) for at in late[kept] if at < end]
    plain = (Gesture(name, round(float(at), 3), round(float(strength), 3)) for name, at, strength, _ in done)
    return tuple(sorted(plain, key=lambda each: each.start))


def _low_pitch(features: Features, phrases: np.ndarray) -> np.ndarray:
    """When a stretch of low pitch has lasted long enough, once a stretch, seconds."""
    if PITCH not in features.names:
        return np.zeros(0)
    fps = float(features.fps)
    voiced = features[VOICING] > 0.5 if VOICING in features.names else features[PITCH] != 0
    if not voiced.any():
        return np.zeros(0)
    low = voiced & (features[PITCH] < np.quantile(features[PITCH][voiced], LOW))
    edges = np.flatnonzero(np.diff(np.concatenate([[False], low, [False]]).astype(np.int8))).reshape(-1, 2)
    found = edges[edges[:, 1] - edges[:, 0] >= LASTING * fps, 0] / fps + LASTING
    begun = np.searchsorted(phrases[:, 0], found, side="right") - 1
    known = begun >= 0
    long_enough = found[known] - phrases[begun[known], 0] >= SPOKEN
    stretch: np.ndarray = found[known][long_enough]
    return stretch
