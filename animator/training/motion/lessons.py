"""Motion packs to batches for the generator: stretches of speech, half of which keep their sound and take another's feeling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from animator.core.emotion import Emotion
from animator.core.motion import GENERATOR_FPS
from animator.core.phones import PHONES, SILENCE
from animator.core.rig import Rig
from animator.generators.acting.prior import FRAMES, columns
from animator.generators.expression import feelings
from animator.training.motion.features import Hearing, told
from animator.training.motion.store import REAL, MotionPack
from animator.training.phones.store import UNKNOWN

STRETCH = 35 * FRAMES
"""Frames of an example: 2.8 s."""

TOLD = 0.15
"""Share of examples whose words are known, where they are."""


NEAR = 5
"""Frames about speech in which a real face teaches."""


class Lessons(NamedTuple):
    """A batch."""

    heard: Tensor
    """``float [B T D]``, as `hearing.heard` gives it."""
    curves: Tensor
    """``float [B T C]`` of the prior's controls: what the face did; where nobody knows, nothing."""
    known: Tensor
    """``bool [B 1 C]``: which of them count. In an exchange that nobody performed, none do."""
    wanted: Tensor
    """``float [B T E]``: what is felt."""
    phones: Tensor
    """``int64 [B T]``: what is said; `UNKNOWN` where nobody knows."""
    style: Tensor
    """``float [B S]``; NaN where unknown."""
    person: Tensor
    """``int64 [B]``: who speaks, in the order of `Source.persons`."""
    there: Tensor
    """``float [B T 1]``: 1 where the face teaches: within the clip and, of a real face, near speech; elsewhere it breathes."""


@dataclass(frozen=True, eq=False)
class Source:
    """Clips to draw from, of one kind.

    Parameters
    ----------
    pack, hearing
        The clips and what is heard of their sounds.
    clips
        Which may be learned from.
    moved
        The prior's controls among the pack's.
    felt
        ``float16 [F E]``: the pack's feelings at the pace of a face, as the generator gives them to the net.
    persons
        Everybody in all sources, in order.
    """

    pack: MotionPack
    hearing: Hearing
    clips: np.ndarray
    moved: np.ndarray
    felt: np.ndarray
    persons: Sequence[str]

    def others(self, k: int) -> np.ndarray:
        """Clips of the same sound with another feeling, which may be learned from."""
        others: np.ndarray = self.clips[(self.pack.heard[self.clips] == self.pack.heard[k]) & (self.clips != k)]
        return others


def source_of(pack: MotionPack, hearing: Hearing, persons: Sequence[str], rig: Rig) -> Source:
    """A source of all clips that are not held out."""
    shown = pack.felt.copy()
    for first, stop in pack.clips:
        asked = pack.felt[first:stop]
        if (asked != asked[:1]).any():
            emotion = Emotion(pack.feelings, asked.astype(np.float32), GENERATOR_FPS)
            paced = feelings(emotion, rig, np.arange(stop - first) / float(GENERATOR_FPS))
            shown[first:stop] = np.stack([paced[name] for name in pack.feelings], axis=1)
    return Source(pack, hearing, np.flatnonzero(~pack.held), columns(rig), shown, persons)


def batch(sources: Sequence[Source], shares: Sequence[float], size: int, rng: np.random.Generator) -> Lessons:
    """Draw ``size`` examples, an even number, from each source in proportion to its share.

    Each second example is an exchange of the one before it: the same stretch of sound with another clip's feeling, as it was
    performed, if it was.
    """
    weights = np.asarray(shares, dtype=np.float64)
    examples: list[tuple[np.ndarray | int, ...]] = []
    feeling = [source for source in sources if source.felt.any()]
    for _ in range(size // 2):
        source = sources[int(rng.choice(len(sources), p=weights / weights.sum()))]
        lengths = np.diff(source.pack.clips[source.clips], axis=1)[:, 0]
        k = int(rng.choice(source.clips, p=lengths / lengths.sum()))
        room = int(np.diff(source.pack.clips[k])[0]) - STRETCH
        start = int(rng.integers(0, room + 1)) if room > 0 else 0
        known = bool(rng.random() < TOLD)
        examples.append(_example(source, k, start, known))
        others = source.others(k)
        if len(others):
            examples.append(_example(source, int(rng.choice(others)), start, known))
        else:
            other = feeling[int(rng.integers(len(feeling)))] if feeling else source
            examples.append(_unseen(_example(source, k, start, known), other, rng))
    columns = [torch.from_numpy(np.stack([np.asarray(e[i]) for e in examples])) for i in range(8)]
    return Lessons(*columns)


def _example(source: Source, k: int, start: int, known: bool) -> tuple[np.ndarray | int, ...]:
    pack = source.pack
    first, stop = pack.clips[k]
    sound = int(pack.sounds[pack.heard[k], 0])
    length = int(min(stop - first - start, STRETCH))
    frames = slice(first + start, first + start + length)
    hears = source.hearing.frames[sound + start : sound + start + length]
    phones = pack.phones[frames]
    heard = told(hears, phones) if known else hears
    rest = STRETCH - length
    return (
        np.pad(heard.astype(np.float32), ((0, rest), (0, 0))),
        np.pad(pack.motion[frames][:, source.moved].astype(np.float32), ((0, rest), (0, 0)), mode="edge"),
        pack.known[k, source.moved][None],
        np.pad(source.felt[frames].astype(np.float32), ((0, rest), (0, 0)), mode="edge"),
        np.pad(phones.astype(np.int64), (0, rest), constant_values=UNKNOWN),
        pack.style[k],
        source.persons.index(pack.persons[k]),
        np.pad(_teaches(pack.phones[first:stop], pack.kinds[k])[start : start + length, None], ((0, rest), (0, 0))),
    )


def _teaches(phones: np.ndarray, kind: str) -> np.ndarray:
    """Which frames of a clip teach, ``float32 [T]``."""
    if kind != REAL:
        return np.ones(len(phones), dtype=np.float32)
    sounding = (phones != PHONES.index(SILENCE)).astype(np.float32)
    near: np.ndarray = np.convolve(sounding, np.ones(2 * NEAR + 1), mode="same") > 0
    return near.astype(np.float32)


def _unseen(example: tuple[np.ndarray | int, ...], other: Source, rng: np.random.Generator) -> tuple[np.ndarray | int, ...]:
    """The same with the feeling of some clip, which nobody performed."""
    heard, curves, known, _, *rest = example
    k = int(rng.choice(other.clips))
    first, stop = other.pack.clips[k]
    felt = other.felt[int(rng.integers(first, stop))].astype(np.float32)
    return heard, curves, np.zeros_like(known), np.tile(felt, (STRETCH, 1)), *rest
