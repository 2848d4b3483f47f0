"""Words that are known, laid along the sound; and phones as posteriors."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from jaxtyping import Float32, Int

from animator.core.features import Word
from animator.core.phones import PHONES, SILENCE
from animator.encoders.hearing.alignment import AlignmentError, align
from animator.encoders.hearing.prosody import HOP, RATE, Prosody
from animator.encoders.hearing.recogniser import Run
from animator.errors import LossWarning


def laid(samples: Float32[np.ndarray, " N"], voice: Prosody, words: str, what: str, stacklevel: int) -> list[Run] | None:
    """The phones of the words, when they are said; None, with a `LossWarning` about ``what``, where they do not fit."""
    if voice.quiet.all():
        warnings.warn(f"the sound holds no speech, so {what} is not used", LossWarning, stacklevel=stacklevel)
        return None
    try:
        return align(full_scale(samples, len(voice.level)), voice.voicing > 0.5, words)
    except AlignmentError as error:
        warnings.warn(f"phones are heard without {what}: {error}", LossWarning, stacklevel=stacklevel)
        return None


def full_scale(samples: Float32[np.ndarray, " N"], frames: int) -> Float32[np.ndarray, " M"]:
    """Whole frames, as loud as 16 bits hold: what is heard must not hang on how loud the recording is."""
    loud = samples * np.float32(0.9 / np.abs(samples).max())
    return np.pad(loud, (0, max(0, frames * HOP - len(samples))))


def posteriors(phones: Int[np.ndarray, " T"]) -> Float32[np.ndarray, "T P"]:
    """One phone a frame, softened over the frames on either side of a boundary; each row sums to 1."""
    sure = np.eye(len(PHONES), dtype=np.float32)[phones]
    padded = np.concatenate([sure[:1], sure, sure[-1:]])
    soft: np.ndarray = (padded[:-2] + 2.0 * padded[1:-1] + padded[2:]) / 4.0
    return soft


def timed(runs: Sequence[Run], phones: Int[np.ndarray, " T"]) -> tuple[Word, ...]:
    """When each word of the runs is said, once ``phones`` are settled; a word that turned out to be a pause is left out."""
    texts: list[str] = []
    nobody, pause = -1, -2
    owner = np.full(len(phones), nobody)
    for run in runs:
        texts += [run.word] if run.word else []
        owner[run.start : run.stop] = nobody if run.phone == SILENCE else len(texts) - 1
    owner[phones == PHONES.index(SILENCE)] = pause
    spans: dict[int, tuple[int, int]] = {}
    for start, stop in pairwise([0, *(np.flatnonzero(np.diff(owner)) + 1).tolist(), len(owner)]):
        word = int(owner[start])
        if word == nobody:  # a silence too short for a pause, which was given to a neighbour
            word = int(owner[stop] if stop < len(owner) and phones[stop] == phones[stop - 1] else owner[start - 1])
        if word >= 0:
            spans[word] = (spans.get(word, (start, 0))[0], stop)
    step = HOP / RATE
    return tuple(Word(texts[word], start * step, stop * step) for word, (start, stop) in sorted(spans.items()))
