"""Packs to batches: stretches of four seconds, each of one corpus, each made worse in its own way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float16
from torch import Tensor

from animator.core.phones import PHONES
from animator.encoders.listening import mel
from animator.training.ear import augment
from animator.training.ear.voices import Voices
from animator.training.phones.store import HOP, Pack

FRAMES = 400
"""Frames of an example."""

FEELINGS = ("neutral", "happy", "sad", "angry", "fear", "disgusted", "surprised", "calm", "bored")
"""Feelings that a clip may be labelled with; the content embedding is to say nothing about them."""


class Batch(NamedTuple):
    """Examples and what is true of them."""

    mel: Tensor
    """``float [B T M]``."""
    phones: Tensor
    """``int64 [B T]``; -1 where nobody knows."""
    voicing: Tensor
    """``float [B T]``, as `Voices`; so are the next two."""
    octave: Tensor
    effort: Tensor
    feeling: Tensor
    """``int64 [B T]``: index into `FEELINGS`; -1 where nobody knows."""
    told: Tensor
    """``float [B T P]``: a tutor's posteriors of phones; zeros where it says nothing."""


@dataclass(frozen=True, eq=False)
class Source:
    """A pack, what its voices do, the clips of it that may be learned from, and what a tutor, if there is one, says of them."""

    pack: Pack
    voices: Voices
    clips: Sequence[int]
    told: Float16[np.ndarray, "T P"] | None = None


def batch(sources: Mapping[str, Source], shares: Mapping[str, float], size: int, rng: np.random.Generator) -> Batch:
    """Draw a batch; ``shares`` says how often each corpus is drawn from, those that are absent aside."""
    names = sorted(name for name in sources if shares.get(name, 0.0) > 0)
    weights = np.array([shares[name] for name in names])
    examples = [_example(sources, str(name), rng) for name in rng.choice(names, size=size, p=weights / weights.sum())]
    sounds = np.stack([sound for sound, _ in examples])
    for i, sound in enumerate(sounds):
        sounds[i] = augment.worse(sound, sounds[(i + 1) % size], rng)
    spectra = augment.filtered(mel.power(torch.from_numpy(sounds), FRAMES), rng)
    heard = mel.log_mel(spectra, stretch=float(rng.choice([0.88, 0.94, 1.0, 1.0, 1.06, 1.12])))
    truth = torch.from_numpy(np.stack([curves for _, curves in examples]))
    phones, feeling = truth[:, 0].long(), truth[:, 4].long()
    told = truth[:, 5:].transpose(1, 2)
    return Batch(augment.masked(heard, rng), phones, truth[:, 1], truth[:, 2], truth[:, 3], feeling, told)


def _example(sources: Mapping[str, Source], name: str, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """``float32 [FRAMES * HOP]`` of clips one after another, and ``float32 [5 + P FRAMES]`` of what is true of each frame."""
    source = sources[name]
    sound, truth = [], []
    missing = FRAMES
    while missing > 0:
        k = int(rng.choice(source.clips))
        first, stop = (int(edge) for edge in source.pack.clips[k])
        rate, wanted = augment.speed(rng, missing)
        if stop - first > wanted:
            first += int(rng.integers(0, stop - first - wanted + 1))
            stop = first + wanted
        frames = min(missing, int((stop - first) / rate))
        if frames < 1:
            continue
        clean = source.pack.samples[first * HOP : stop * HOP].astype(np.float32) / np.float32(32768.0)
        sound.append(augment.played(clean, rate, frames * HOP))
        where = first + augment.frames_played(rate, frames, stop - first)
        feeling = source.pack.feelings[k]
        voices = source.voices
        known = np.stack(
            [
                source.pack.labels[where].astype(np.float32),
                voices.voicing[where],
                voices.octave[where] + np.float32(np.log2(rate)),
                voices.effort[where],
                np.full(frames, FEELINGS.index(feeling) if feeling in FEELINGS else -1, dtype=np.float32),
            ]
        )
        told = np.zeros((len(PHONES), frames), dtype=np.float32) if source.told is None else source.told[where].T
        truth.append(np.concatenate([known, told]))
        missing -= frames
    whole = np.zeros(FRAMES * HOP, dtype=np.float32)
    joined = np.concatenate(sound)[: FRAMES * HOP]
    whole[: len(joined)] = joined
    return whole, np.concatenate(truth, axis=1).astype(np.float32)
