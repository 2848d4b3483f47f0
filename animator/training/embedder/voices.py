"""The voice door's network: acted feelings of EMO-DB, each also as said by other people in other rooms."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.signal import lfilter, resample_poly

from animator.core.audio import resampled
from animator.embedders.acoustics import RATE, functionals, listen
from animator.embedders.voice import FAR, HEARD
from animator.io.audio import read_audio

LETTERS = {"N": "neutral", "L": "bored", "F": "happy", "T": "sad", "W": "angry", "A": "fear", "E": "disgusted"}
"""EMO-DB's letters."""

SPEEDS = (0.85, 0.9, 0.95, 1.0, 1.05, 1.1, 1.17)
"""Each acted clip is also heard at these rates: pitch and formants move together, as from one speaker to another."""

WINDOW, HOP = 200, 50
"""Frames at 100 Hz of the windows that are learned from beside whole clips."""

READ_EACH, GRID_EVERY, GRID_LAST = 3, 16, 800
"""Of speechocean762, clips of each speaker; of GRID, every so many of the clips that are not held out."""

HELD_SPEAKER = 10
"""Every so many of speechocean's speakers is held out."""

NETWORKS = 3
"""Networks that learn side by side, each in its own way, and are asked together."""

HIDDEN, BATCH, EPOCHS = 128, 128, 3

ALIKE = 5.0
"""Weight of what parts the mean odds of speakers who feel the same, beside the cross-entropy."""


@dataclass(frozen=True)
class Clip:
    """A recording, its feeling (one of `HEARD`) and its speaker."""

    path: Path
    feeling: str
    speaker: str


@dataclass(frozen=True, eq=False)
class Voices:
    """Functionals of clips and windows.

    ``rows float32 [M D]``; ``clip int [M]`` the clip each row is of; ``whole bool [M]`` where it is a whole clip, and ``plain``
    where it is as recorded; of each clip ``label int``, an index of `HEARD`, and ``speaker``.
    """

    rows: np.ndarray
    clip: np.ndarray
    whole: np.ndarray
    plain: np.ndarray
    label: np.ndarray
    speaker: np.ndarray


def acted(data: Path) -> list[Clip]:
    """Every clip of EMO-DB."""
    paths = sorted((data / "emodb" / "audio").glob("*.flac"))
    return [Clip(path, LETTERS[path.stem[5]], f"emodb {path.stem[:2]}") for path in paths]


def read_out(data: Path, held: bool = False) -> list[Clip]:
    """People who read out with no feeling in particular, on other microphones: what calls the rest of the world neutral."""
    lines = (data / "speechocean" / "utt2spk").read_text(encoding="utf-8").split()
    by_speaker: dict[str, list[str]] = {}
    for clip, speaker in zip(lines[::2], lines[1::2], strict=True):
        by_speaker.setdefault(speaker, []).append(clip)
    chosen = [s for i, s in enumerate(sorted(by_speaker)) if (i % HELD_SPEAKER == 0) == held]
    audio = data / "speechocean" / "audio"
    clips = [Clip(audio / f"{c}.opus", HEARD[0], f"speechocean {s}") for s in chosen for c in by_speaker[s][:READ_EACH]]
    grid = sorted((data / "grid_s1" / "audio").glob("*.flac"))
    spoken = grid[GRID_LAST::4] if held else grid[:GRID_LAST:GRID_EVERY]
    return clips + [Clip(path, HEARD[0], "grid s1") for path in spoken]


def hear(clips: Sequence[Clip], copies: Sequence[float], workers: int = 2) -> Voices:
    """Functionals of clips as recorded and, at each of the speeds ``copies``, as another would say them elsewhere."""
    paths, speeds = [clip.path for clip in clips], [tuple(copies)] * len(clips)
    if workers == 1:  # here: a fork of a process in which PyTorch's threads run may never end
        heard = list(map(_hear, paths, speeds))
    else:
        with ProcessPoolExecutor(workers) as pool:
            heard = list(pool.map(_hear, paths, speeds, chunksize=8))
    return Voices(
        rows=np.concatenate([rows for rows, _, _ in heard]),
        clip=np.repeat(np.arange(len(clips)), [len(rows) for rows, _, _ in heard]),
        whole=np.concatenate([whole for _, whole, _ in heard]),
        plain=np.concatenate([plain for _, _, plain in heard]),
        label=np.array([HEARD.index(clip.feeling) for clip in clips]),
        speaker=np.array([clip.speaker for clip in clips]),
    )


def _hear(path: Path, copies: tuple[float, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows of a clip, whether each is of the whole, and whether of the clip as recorded."""
    audio = read_audio(path)
    sound, rng = resampled(audio.samples, audio.rate, RATE), np.random.default_rng(zlib.crc32(path.stem.encode()))
    rows, whole, plain = [], [], []
    for speed in (None, *copies):
        voice = listen(sound if speed is None else by_another(sound, speed, rng))
        last = max(len(voice.voiced) - WINDOW, 0)
        spans = [(0, len(voice.voiced)), *((a, a + WINDOW) for a in range(0, last + 1, HOP))]
        rows += [functionals(voice, a, b) for a, b in spans]
        whole += [True] + [False] * (len(spans) - 1)
        plain += [speed is None] * len(spans)
    return np.array(rows), np.array(whole), np.array(plain)


def by_another(sound: np.ndarray, speed: float, rng: np.random.Generator) -> np.ndarray:
    """The same words and feeling as another would say them elsewhere: another throat, microphone and noise."""
    moved = resample_poly(sound, 100, round(100 * speed)) if speed != 1 else sound
    moved = lfilter([1.0, -rng.uniform(-0.35, 0.35)], [1.0], moved)
    turn, radius = 2 * np.pi * rng.uniform(200, 5000) / RATE, 0.8
    moved = moved + rng.uniform(-0.5, 0.5) * lfilter([1 - radius], [1.0, -2 * radius * np.cos(turn), radius**2], moved)
    level, white = rng.uniform(15, 50), rng.standard_normal(len(moved))
    noise = lfilter([1.0], [1.0, -rng.uniform(0, 0.95)], white)
    return np.asarray(moved + noise * moved.std() / noise.std() * 10 ** (-level / 20), dtype=np.float32)


def together(*parts: Voices) -> Voices:
    """Several corpora as one."""
    starts = np.cumsum([0, *(len(part.label) for part in parts[:-1])])
    columns = ("rows", "whole", "plain", "label", "speaker")
    joined = {name: np.concatenate([getattr(part, name) for part in parts]) for name in columns}
    return Voices(**joined, clip=np.concatenate([part.clip + start for part, start in zip(parts, starts, strict=True)]))


def fit(voices: Voices, clips: np.ndarray, seed: int, epochs: int = EPOCHS) -> dict[str, np.ndarray]:
    """Learn from some of the clips (``bool [clips]``), all of their copies and windows; everything is fitted on them alone.

    Perceptrons with one hidden layer, dropout and mixup (Zhang et al. 2018); feelings count alike, however many clips they have,
    and speakers who feel the same are to have the same mean odds (class-conditional alignment, after Li et al. 2018,
    "Conditional Adversarial Domain Generalization", with the distance of means for an adversary).
    """
    import torch

    chosen = clips[voices.clip]
    rows, label = voices.rows[chosen], voices.label[voices.clip[chosen]]
    mean, scale = (part.astype(np.float16).astype(np.float32) for part in (rows.mean(axis=0), rows.std(axis=0) + 1e-3))
    scaled = torch.from_numpy(np.clip((rows - mean) / scale, -FAR, FAR).astype(np.float32))
    wanted = torch.nn.functional.one_hot(torch.from_numpy(label), len(HEARD)).float()
    count = np.maximum(np.bincount(label, minlength=len(HEARD)), 1)
    weight = torch.from_numpy((len(label) / len(HEARD) / count)[label].astype(np.float32))
    cell = np.unique(voices.speaker[voices.clip[chosen]], return_inverse=True)[1] * len(HEARD) + label
    learned = _learn(scaled, wanted, weight, torch.from_numpy(np.unique(cell, return_inverse=True)[1]), seed, epochs)
    names = ("voice/hidden.weight", "voice/hidden.bias", "voice/told.weight", "voice/told.bias")
    out = {n: part.detach().numpy().astype(np.float16).astype(np.float32) for n, part in zip(names, learned, strict=True)}
    return out | {"voice/mean": mean, "voice/scale": scale, "voice/temperature": np.ones(1, dtype=np.float32)}


def _learn(rows: Any, wanted: Any, weight: Any, cell: Any, seed: int, epochs: int) -> list[Any]:
    """Weights ``[M in out]`` and biases ``[M 1 out]`` of both layers; rows of a speaker who feels one thing share a ``cell``."""
    import torch
    from torch.nn.functional import dropout

    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    layers: list[Any] = []
    for inside, outside in ((rows.shape[1], HIDDEN), (HIDDEN, wanted.shape[1])):
        for width in (inside, 1):
            start = (2 * torch.rand(NETWORKS, width, outside) - 1) / inside**0.5
            layers.append(torch.nn.Parameter(start))
    optimiser = torch.optim.AdamW(layers, lr=1e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, total_steps=epochs * -(-len(rows) // BATCH))
    for _ in range(epochs):
        for batch in torch.split(torch.randperm(len(rows)), BATCH):
            other, share = batch[torch.randperm(len(batch))], float(rng.beta(0.3, 0.3))
            share = max(share, 1 - share)
            mixed = share * rows[batch] + (1 - share) * rows[other]
            hidden = (dropout(mixed, 0.2) @ layers[0] + layers[1]).relu()
            told = (dropout(hidden, 0.5) @ layers[2] + layers[3]).log_softmax(2)
            right = share * wanted[batch] + (1 - share) * wanted[other]
            loss = -((told * right).sum(2) * (share * weight[batch] + (1 - share) * weight[other])).mean(1).sum()
            loss = loss + ALIKE * _apart(told.exp(), wanted[batch], cell[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    return layers


def _apart(odds: Any, wanted: Any, cell: Any) -> Any:
    """Squared distance of the mean odds ``[M B C]`` of each cell of two rows or more from those of all who feel the same."""
    from torch.nn.functional import one_hot

    _, found, count = cell.unique(return_inverse=True, return_counts=True)
    members = one_hot(found).float()
    own = (members.T @ odds) / count[:, None]
    usual = (wanted.T @ odds) / wanted.sum(0).clamp(min=1)[:, None]
    feeling = (members.T @ wanted).argmax(1)
    return (((own - usual[:, feeling]) ** 2).sum(2) * (count > 1)).sum() / (count > 1).sum().clamp(min=1)


def temperature(logits: np.ndarray, label: np.ndarray) -> float:
    """The temperature at which odds of held-out clips are likeliest, each feeling counting alike (Guo et al. 2017)."""
    weight = (1 / np.bincount(label, minlength=logits.shape[1]).clip(1))[label]

    def surprise(heat: float) -> float:
        cooled = logits / heat - (logits / heat).max(axis=1, keepdims=True)
        told = cooled - np.log(np.exp(cooled).sum(axis=1, keepdims=True))
        return float(-(weight * told[np.arange(len(label)), label]).sum())

    return float(min(np.geomspace(0.3, 5, 60), key=surprise))
