"""Where a silence is a pause, and where it is the closure of a stop."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float32, Int

from animator.core.phones import PHONES, SILENCE
from animator.encoders.hearing.recogniser import NOISE, Run

STOPS = frozenset({"P", "B", "T", "D", "K", "G", "CH", "JH"})

PAUSE = 18
"""Frames: quiet this long is a pause, whatever the recogniser claims; a stop's closure lasts 50 to 150 ms."""

HESITATION = 12
"""Frames: silence shorter than this, within speech, is no pause."""

CLOSURE = 10
"""Frames of a stop's closure that are kept at the end of a pause."""


def settle(runs: Sequence[Run], quiet: Bool[np.ndarray, " T"], voicing: Float32[np.ndarray, " T"]) -> Int[np.ndarray, " T"]:
    """One phone a frame, as indices into `PHONES`.

    - Noise that is voiced is a vowel that the recogniser does not know (``AH``); other noise is silence.
    - Quiet of `PAUSE` frames or more is silence, but for the closure of a stop that ends it: there the lips are shut in earnest.
    - Silence shorter than `HESITATION` between two phones belongs to the stop that follows it, or else to the phone before it.
    """
    silence = PHONES.index(SILENCE)
    phones = np.full(len(quiet), silence)
    for start, stop, phone, _ in runs:
        phones[start:stop] = (
            np.where(voicing[start:stop] > 0.5, PHONES.index("AH"), silence) if phone == NOISE else PHONES.index(phone)
        )
    closing = np.isin(phones, [PHONES.index(phone) for phone in STOPS])
    for start, stop in _runs(quiet):
        if stop - start >= PAUSE:
            ends_in_stop = stop < len(phones) and closing[stop]
            phones[start : stop - (_held(phones, stop) if ends_in_stop else 0)] = silence
    for start, stop in _runs(phones == silence):
        if start > 0 and stop < len(phones) and stop - start < HESITATION:
            phones[start:stop] = phones[stop] if closing[stop] else phones[start - 1]
    return phones


def _held(phones: Int[np.ndarray, " T"], at: int) -> int:
    """For how many frames before ``at``, up to `CLOSURE`, the phone at that frame has been held."""
    same = phones[at - CLOSURE : at] == phones[at]
    return CLOSURE if same.all() else int(np.argmin(same[::-1]))


def _runs(mask: Bool[np.ndarray, " T"]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]
