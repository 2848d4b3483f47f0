"""What is spoken: the phones that win, one after the other, and the mouth targets that they call for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from animator.core.features import LOUDNESS, PHONE_PREFIX, Features, phone_posteriors
from animator.core.phones import PHONE_VISEMES, PHONES, SILENCE, VISEMES
from animator.errors import InputError

SHORTEST = 0.015
"""Seconds: a phone that wins for less is a flicker of the encoder, and its time goes to the phone before it."""

GLIDE = 0.55
"""Share of a diphthong that its first vowel takes."""


NEAR = 3.0
"""Seconds beyond which one target does not change how another is met."""


@dataclass(frozen=True, eq=False)
class Phones:
    """The phones that win, in order: ``start`` and ``end`` (seconds), ``phone`` (index into `PHONES`), ``confidence``
    (mean posterior, [0, 1]) and ``loudness`` (mean, 1 = usual), each ``[R]``. They cover the sound without a gap.
    """

    start: np.ndarray
    end: np.ndarray
    phone: np.ndarray
    confidence: np.ndarray
    loudness: np.ndarray

    def among(self, phones: frozenset[str] | set[str]) -> np.ndarray:
        """``bool [R]``: which are one of these phones."""
        return np.isin(self.phone, [PHONES.index(p) for p in phones])


@dataclass(frozen=True, eq=False)
class Targets:
    """Mouth targets, in order: as `Phones`, but ``viseme`` (index into `VISEMES`); neighbours always differ."""

    start: np.ndarray
    end: np.ndarray
    viseme: np.ndarray
    confidence: np.ndarray
    loudness: np.ndarray

    def spans(self, viseme: str) -> np.ndarray:
        """``[S 2]``: when this viseme is called for."""
        mine = self.viseme == VISEMES.index(viseme)
        return np.stack([self.start[mine], self.end[mine]], axis=1)

    def about(self, first: float, last: float) -> Targets:
        """Those between these instants (seconds) or so near to them that they matter there."""
        near = slice(*np.searchsorted(self.end, (first - NEAR, last + NEAR)))
        return Targets(*(part[near] for part in (self.start, self.end, self.viseme, self.confidence, self.loudness)))


def phones(features: Features) -> Phones:
    """Runs of the most probable phone; a frame without any posterior is silence. There is at least one frame."""
    if not any(name.startswith(PHONE_PREFIX) for name in features.names):
        raise InputError(
            f"these features name no phones ({PHONE_PREFIX}…), which visemes are made of; use an encoder that hears them"
        )
    posteriors = phone_posteriors(features)
    silence = PHONES.index(SILENCE)
    label = np.where(posteriors.any(axis=1), posteriors.argmax(axis=1), silence)
    fps = float(features.fps)
    label = _without_flicker(label, SHORTEST * fps)
    first = _run_starts(label)
    stop = np.append(first[1:], len(label))
    won = np.take_along_axis(posteriors, label[:, None], axis=1)[:, 0]
    loudness = features[LOUDNESS] if LOUDNESS in features.names else (label != silence).astype(np.float32)
    confidence, loud = (np.add.reduceat(c.astype(np.float64), first) / (stop - first) for c in (won, loudness))
    return Phones(first / fps, stop / fps, label[first], confidence, loud)


def targets(spoken: Phones) -> Targets:
    """Phones to visemes: a diphthong glides over two, HH takes that of the next sound, repeated visemes merge."""
    rows: list[list[float]] = []
    names = [PHONE_VISEMES[PHONES[p]] for p in spoken.phone]
    for i, mine in enumerate(names):
        start, end = float(spoken.start[i]), float(spoken.end[i])
        visemes = mine or _borrowed(names, i)
        cuts = [start, start + GLIDE * (end - start), end] if len(visemes) == 2 else [start, end]
        for viseme, a, b in zip(visemes, cuts, cuts[1:], strict=False):
            row = [a, b, float(VISEMES.index(viseme)), float(spoken.confidence[i]), float(spoken.loudness[i])]
            if rows and rows[-1][2] == row[2]:
                _merge(rows[-1], row)
            else:
                rows.append(row)
    table = np.array(rows).reshape(-1, 5)
    return Targets(table[:, 0], table[:, 1], table[:, 2].astype(np.int64), table[:, 3], table[:, 4])


def _run_starts(label: np.ndarray) -> np.ndarray:
    return np.flatnonzero(np.diff(label, prepend=-1))


def _without_flicker(label: np.ndarray, shortest: float) -> np.ndarray:
    first = _run_starts(label)
    kept = first[np.diff(np.append(first, len(label))) >= shortest]
    if len(kept) == 0:
        return label
    owner = np.maximum(np.searchsorted(kept, np.arange(len(label)), side="right") - 1, 0)
    settled: np.ndarray = label[kept][owner]
    return settled


def _borrowed(names: list[tuple[str, ...]], i: int) -> tuple[str, ...]:
    """The mouth of a sound that has none of its own: that of the sound after it, else before it, else silence."""
    after, before = names[i + 1 : i + 2], names[max(i - 1, 0) : i]
    for near in (*(n[:1] for n in after), *(n[-1:] for n in before)):
        if near and near != ("sil",):
            return near
    return ("sil",)


def _merge(row: list[float], more: list[float]) -> None:
    mine, theirs = row[1] - row[0], more[1] - more[0]
    for column in (3, 4):
        row[column] = (row[column] * mine + more[column] * theirs) / (mine + theirs)
    row[1] = more[1]
