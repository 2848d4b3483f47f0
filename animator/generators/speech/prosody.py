"""How it is said: phrases, stressed syllables and effort, which brows, head, eyes and breath answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from animator.core.curves import window
from animator.core.features import EFFORT, PITCH, VOICING, Features
from animator.core.phones import SILENCE, VOWELS
from animator.core.spoken import Phones

PAUSE = 0.25
"""Seconds: a shorter silence does not end a phrase."""

PARTED = 0.1
"""Seconds before a phrase in which lips may already part, and after it in which they come to rest."""

BEAT = 0.35
"""Seconds at least between two accents: faces do not beat faster."""


@dataclass(frozen=True, eq=False)
class Prosody:
    """How speech is delivered.

    Parameters
    ----------
    talking
        ``[T]`` in [0, 1]: 1 within a phrase, eased to 0 in pauses.
    phrases
        ``[P 2]`` seconds: first and last sound of each phrase.
    accents, prominence
        ``[A]`` seconds: the middle of each stressed vowel; and how much it stands out from the others, in [0, 1].
    effort
        ``[T]`` vocal effort, 0 = usual, 1 = marked; 0 while nothing is said.
    """

    talking: np.ndarray
    phrases: np.ndarray
    accents: np.ndarray
    prominence: np.ndarray
    effort: np.ndarray


def prosody(features: Features, spoken: Phones, times: np.ndarray) -> Prosody:
    """The delivery of what was heard, at the instants ``times`` (seconds, ``[T]``)."""
    phrases = _phrases(spoken)
    accents, prominence = _accents(features, spoken, phrases)
    effort = np.zeros(len(times))
    if EFFORT in features.names:
        heard = np.clip(features[EFFORT].astype(np.float64), 0.0, 3.0)
        span = max(1, round(0.3 * float(features.fps)))
        even = np.convolve(np.pad(heard, span, mode="edge"), np.hanning(span + 2)[1:-1] / np.hanning(span + 2).sum(), mode="same")
        effort = np.interp(times, np.arange(len(heard)) / float(features.fps), even[span:-span])
    return Prosody(window(times, phrases, 0.15, 0.25), phrases, accents, prominence, effort)


def parted(times: np.ndarray, delivery: Prosody) -> np.ndarray:
    """How far the lips are free to speak, ``[T]``: 1 within each phrase, eased to 0, which is rest, over `PARTED` about it."""
    return window(times, delivery.phrases, PARTED, PARTED)


def _phrases(spoken: Phones) -> np.ndarray:
    sound = ~spoken.among({SILENCE})
    start, end = spoken.start[sound], spoken.end[sound]
    gap = start[1:] - end[:-1] >= PAUSE
    return np.stack([start[np.append(True, gap)[: len(start)]], end[np.append(gap, True)[: len(end)]]], axis=1)


def _accents(features: Features, spoken: Phones, phrases: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Vowels that are louder, higher and longer than this speaker's others: relative, so that level alone changes nothing."""
    vowel = spoken.among(VOWELS)
    start, end = spoken.start[vowel], spoken.end[vowel]
    if len(start) == 0:
        return np.zeros(0), np.zeros(0)
    loud = _standing_out(spoken.loudness[vowel], 0.15)
    high = _standing_out(_pitch(features, start, end), 1.0)
    long = _standing_out(end - start, 0.04)
    opens = np.zeros(len(start))
    opens[np.unique(np.searchsorted(start, phrases[:, 0]).clip(0, len(start) - 1))] = 0.4
    prominence = np.clip((0.5 * loud + 0.5 * high + 0.3 * long + opens) / 1.6, 0.0, 1.0)
    middle = (start + end) / 2
    kept: list[int] = []
    for i in np.flatnonzero(prominence > 0.1):
        if kept and middle[i] - middle[kept[-1]] < BEAT:
            if prominence[i] > prominence[kept[-1]]:
                kept[-1] = int(i)
        else:
            kept.append(int(i))
    return middle[kept], prominence[kept]


def _pitch(features: Features, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Mean pitch of each span, semitones from the speaker's median; 0 where it is not voiced."""
    if PITCH not in features.names:
        return np.zeros(len(start))
    voiced = features[VOICING] > 0.5 if VOICING in features.names else features[PITCH] != 0
    first, stop = (np.round(at * float(features.fps)).astype(np.int64) for at in (start, end))
    sums = [np.append(0.0, np.cumsum(c, dtype=np.float64)) for c in (features[PITCH] * voiced, voiced)]
    total, count = (c[stop] - c[first] for c in sums)
    mean: np.ndarray = total / np.maximum(count, 1.0)
    return mean


def _standing_out(values: np.ndarray, least: float) -> np.ndarray:
    """Deviations from the mean, in units of the spread or of ``least``, whichever is more."""
    out: np.ndarray = (values - values.mean()) / max(float(values.std()), least)
    return out
