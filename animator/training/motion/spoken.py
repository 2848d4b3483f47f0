"""Lines of GRID to read from lips: the mouth, the viseme of each frame, and the six words of each sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float32, Int64
from torch import Tensor

from animator.core.phones import PHONE_VISEMES, PHONES, VISEMES
from animator.core.rig import Rig
from animator.training.motion.store import FPS, REAL, MotionPack

GRAMMAR = (
    ("bin", "lay", "place", "set"),
    ("blue", "green", "red", "white"),
    ("at", "by", "in", "with"),
    tuple("abcdefghijklmnopqrstuvxyz"),
    ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    ("again", "now", "please", "soon"),
)
"""What each word of a sentence may be (Cooke et al. 2006): 4 x 4 x 4 x 25 x 10 x 4 sentences of 51 words."""

WORDS = tuple(word for slot in GRAMMAR for word in slot)

SLOT = np.array([slot for slot, words in enumerate(GRAMMAR) for _ in words])
"""Which place in the sentence each of `WORDS` has."""

UNTOLD = -1

_VISEME = np.array([VISEMES.index(PHONE_VISEMES[p][0]) if PHONE_VISEMES[p] else UNTOLD for p in PHONES] + [UNTOLD])


class Said(NamedTuple):
    """A word of a line: its index in `WORDS`, and the frames from ``first`` up to ``stop`` in which it is said."""

    word: int
    first: int
    stop: int


@dataclass(frozen=True, eq=False)
class Line:
    """One sentence as it was spoken.

    ``motion`` is over the rig's controls, of which the source knows ``known``; ``visemes`` index `core.phones.VISEMES`, `UNTOLD`
    where nobody knows; a diphthong counts as its first. ``held`` lines are measured on and never learned from.
    """

    name: str
    motion: Float32[np.ndarray, "T C"]
    known: np.ndarray
    visemes: Int64[np.ndarray, " T"]
    words: tuple[Said, ...]
    held: bool


def lines(packs: Sequence[MotionPack]) -> Iterator[Line]:
    """The real clips whose words are a sentence of the `GRAMMAR`."""
    for pack in packs:
        for clip in pack:
            texts = tuple(word.text for word in clip.words)
            if clip.kind != REAL or len(texts) != len(GRAMMAR) or any(t not in g for t, g in zip(texts, GRAMMAR, strict=True)):
                continue
            said = tuple(Said(WORDS.index(w.text), round(w.start * FPS), round(w.stop * FPS)) for w in clip.words)
            visemes = _VISEME[clip.phones.astype(np.int64)]
            yield Line(clip.name, clip.motion.astype(np.float32), clip.known, visemes, said, clip.held)


class Batch(NamedTuple):
    """Lines to learn from."""

    curves: Tensor
    """``float [B T C]``."""
    visemes: Tensor
    """``int64 [B T]``."""
    words: Tensor
    """``int64 [B 6]``."""
    spans: Tensor
    """``float [B 6 T]``: over each word's frames a mean, 0 elsewhere."""


@dataclass(frozen=True)
class Otherness:
    """How much lines are made different.

    Parameters
    ----------
    speed
        Range of the logarithm of the rate.
    gain
        Deviation of the logarithm of each control's gain.
    offset, noise
        Deviation of each control's offset and noise, in its own deviations.
    """

    speed: float = 0.15
    gain: float = 0.2
    offset: float = 0.3
    noise: float = 0.1


def batch(chosen: Sequence[Line], rig: Rig, spread: np.ndarray, other: Otherness, rng: np.random.Generator) -> Batch:
    """Lines as other people, in other moods, might have spoken them before other trackers; ``spread [C]`` scales the noise."""
    frames = max(len(line.motion) for line in chosen)
    curves, visemes = np.zeros((len(chosen), frames, len(rig.controls)), np.float32), np.full((len(chosen), frames), UNTOLD)
    spans = np.zeros((len(chosen), len(GRAMMAR), frames), np.float32)
    mirror = [rig.columns[c.mirror] for c in rig.controls]
    for i, line in enumerate(chosen):
        rate = float(np.exp(rng.uniform(-other.speed, other.speed)))
        length = min(frames, int(len(line.motion) / rate))
        at = np.arange(length) * rate
        spoken = _between(line.motion, at)
        spoken *= np.exp(rng.normal(0.0, other.gain, spoken.shape[1]))
        spoken += spread * other.offset * rng.normal(size=spoken.shape[1])
        spoken += spread * other.noise * rng.normal(size=spoken.shape)
        curves[i, :length] = spoken[:, mirror] if rng.random() < 0.5 else spoken
        curves[i, length:] = curves[i, length - 1]
        visemes[i, :length] = line.visemes[np.minimum(np.rint(at).astype(np.int64), len(line.visemes) - 1)]
        for slot, said in enumerate(line.words):
            first, stop = int(said.first / rate), max(int(said.first / rate) + 1, int(np.ceil(said.stop / rate)))
            spans[i, slot, first:stop] = 1.0 / (stop - first)
    words = np.array([[said.word for said in line.words] for line in chosen])
    return Batch(torch.from_numpy(curves), torch.from_numpy(visemes), torch.from_numpy(words), torch.from_numpy(spans))


def _between(values: np.ndarray, at: np.ndarray) -> np.ndarray:
    low = np.minimum(at.astype(np.int64), len(values) - 1)
    high, share = np.minimum(low + 1, len(values) - 1), (at - low)[:, None].astype(np.float32)
    mixed: np.ndarray = values[low] * (1 - share) + values[high] * share
    return mixed
