"""Motion to try the training on, without any corpus: shipped speech performed by rule, and lines of GRID's kind."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np

from animator.core.emotion import Emotion
from animator.core.features import LOUDNESS, PHONE_PREFIX, Features
from animator.core.motion import GENERATOR_FPS
from animator.core.phones import PHONES, SILENCE
from animator.core.rig import Rig
from animator.core.script import felt
from animator.encoders.hearing.told import posteriors
from animator.encoders.hearing.transcript import spell
from animator.generators.visemes import Visemes
from animator.training import phones
from animator.training.motion.spoken import GRAMMAR
from animator.training.motion.store import HOP, REAL, STYLE, TEACHER, Clip, MotionPack, Word, at_motion_rate, collect
from animator.training.phones.store import FPS, Pack

PIECE = 150
"""Frames of a clip: 3 s."""

PHONE = 8
"""Hundredths of a second of each sound of a line."""

QUIET = {"blink": 0.0, "gaze": 0.0, "head_motion": 0.0, "breath": 0.0}


def performances(cache: Path, rig: Rig, seed: int = 0, takes: int = 6) -> MotionPack:
    """The shipped samples in pieces of 3 s, each performed neutrally and with feelings, in several styles of the jaw and lips.

    ``cache`` keeps the samples' phones. The pieces of LibriVox are held out.
    """
    rng = np.random.default_rng([seed, 8])
    (pack,) = phones.pack(None, cache, tiny=True)
    return collect(("samples",), rig, _performed(pack, rig, rng, takes))


def _performed(pack: Pack, rig: Rig, rng: np.random.Generator, takes: int) -> Iterator[Clip]:
    names = felt(rig.emotions)
    for said in pack:
        frames = len(said.labels) // 2
        for number, first in enumerate(range(0, frames - PIECE + 1, PIECE)):
            labels = said.labels[2 * first : 2 * (first + PIECE)]
            samples = said.samples[first * HOP : (first + PIECE) * HOP]
            for take in range(takes):
                feelings = np.zeros(len(names), dtype=np.float32)
                if take:
                    feelings[rng.integers(len(names))] = rng.uniform(0.3, 1.0)
                jaw, lips = rng.uniform(0.6, 1.4, 2)
                performed = Visemes(jaw=float(jaw), lips=float(lips), **QUIET)
                emotion = Emotion(names, np.tile(feelings, (PIECE, 1)), GENERATOR_FPS)
                motion = performed.generate(_told(labels), emotion, rig, rng).values[:PIECE]
                style = np.zeros(len(STYLE), dtype=np.float32)
                style[:2] = (jaw - 1.0) / 0.25, (lips - 1.0) / 0.22
                yield Clip(
                    name=f"{said.name} {number} {take}",
                    person=f"take {take}",
                    kind=TEACHER,
                    held=said.held,
                    motion=motion.astype(np.float16),
                    known=np.ones(len(rig.controls), dtype=bool),
                    felt=np.tile(feelings, (PIECE, 1)).astype(np.float16),
                    style=style,
                    phones=at_motion_rate(labels, PIECE),
                    words=(),
                    sound=f"{said.name} {number}",
                    samples=samples,
                )


def lines(rig: Rig, seed: int = 0, count: int = 40) -> MotionPack:
    """Sentences of GRID's grammar in silence, performed by rule as if by a real face; every fifth is held out."""
    rng = np.random.default_rng([seed, 9])
    return collect(("samples",), rig, (_line(k, rig, rng) for k in range(count)))


def _line(k: int, rig: Rig, rng: np.random.Generator) -> Clip:
    texts = [str(rng.choice(choices)) for choices in GRAMMAR]
    labels, words = [PHONES.index(SILENCE)] * 30, []
    for text in texts:
        start = len(labels)
        for phone in spell(text) or ():
            labels += [PHONES.index(phone)] * (PHONE + int(rng.integers(-2, 3)))
        words.append(Word(text, start / FPS, len(labels) / FPS))
    labels += [PHONES.index(SILENCE)] * 30
    known = np.array(labels[: len(labels) // 2 * 2], dtype=np.int8)
    frames = len(known) // 2
    still = Emotion(felt(rig.emotions), np.zeros((frames, len(felt(rig.emotions))), np.float32), GENERATOR_FPS)
    motion = Visemes(**QUIET).generate(_told(known), still, rig, rng).values[:frames]
    return Clip(
        name=f"line {k}",
        person="nobody",
        kind=REAL,
        held=k % 5 == 4,
        motion=motion.astype(np.float16),
        known=np.ones(len(rig.controls), dtype=bool),
        felt=still.values.astype(np.float16),
        style=np.full(len(STYLE), np.nan, dtype=np.float32),
        phones=at_motion_rate(known, frames),
        words=tuple(words),
        sound=f"line {k}",
        samples=np.zeros(frames * HOP, dtype=np.int16),
    )


def _told(labels: np.ndarray) -> Features:
    """Exact phones, of usual loudness where anything is said."""
    sure = np.maximum(labels, 0).astype(np.int64)
    loud = (sure != PHONES.index(SILENCE)).astype(np.float32)[:, None]
    channels = (*(PHONE_PREFIX + phone for phone in PHONES), LOUDNESS)
    return Features(channels, np.concatenate([posteriors(sure), loud], axis=1).astype(np.float32), Fraction(FPS))
