"""Lines of GRID's kind to try the lip reader's training on, without any corpus."""

from __future__ import annotations

from fractions import Fraction

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
from animator.training.motion.spoken import GRAMMAR
from animator.training.motion.store import HOP, REAL, STYLE, Clip, MotionPack, Word, at_motion_rate, collect
from animator.training.phones.store import FPS

PHONE = 8
"""Hundredths of a second of each sound of a line."""

QUIET = Visemes(blink=0.0, gaze=0.0, head_motion=0.0, breath=0.0)


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
    motion = QUIET.generate(_told(known), still, rig, rng).values[:frames]
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
