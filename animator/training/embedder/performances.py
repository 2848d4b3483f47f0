"""Clips of the rule-made generator: any feeling in any sentence, as curves, with noise that makes each another person's."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import as_file, files

import numpy as np

from animator import registry
from animator.core.emotion import Emotion
from animator.core.features import Features
from animator.core.motion import GENERATOR_FPS
from animator.core.rig import Rig
from animator.core.script import felt
from animator.io.audio import read_audio

SPEECH = ("sample_story", "sample_happy", "sample_sad", "sample_angry")
"""Shipped speech that is performed."""

EVERY = 4
"""Of the generator's 50 frames a second one in so many is kept."""


@dataclass(frozen=True, eq=False)
class Performances:
    """``curves float32 [P T C]`` of clips, each with ``felt float32 [P E]``, which holds throughout."""

    curves: np.ndarray
    felt: np.ndarray


def performances(clips: int, rig: Rig, seed: int) -> Performances:
    """Perform shipped speech under every feeling, alone and in pairs, at any intensity; some with none."""
    rng = np.random.default_rng([seed + 1, 1])
    heard = [_hear(name) for name in SPEECH]
    feelings = felt(rig.emotions)
    curves, weights = [], []
    for i in range(clips):
        weight = np.zeros(len(feelings), dtype=np.float32)
        if i % 10 < 8:
            weight[i % 10] = rng.uniform(0.15, 1.0)
        elif i % 10 == 8:
            weight[rng.choice(len(feelings), 2, replace=False)] = rng.uniform(0.25, 0.7, 2)
        said = heard[int(rng.integers(len(heard)))]
        emotion = Emotion(feelings, np.tile(weight, (len(said), 1)), GENERATOR_FPS)
        dials = {name: float(rng.uniform(0.7, 1.3)) for name in ("jaw", "lips", "effort")}
        motion = registry.find("generators", "visemes")(**dials).generate(said, emotion, rig, rng)
        curves.append(motion.values[::EVERY])
        weights.append(weight)
    shortest = min(map(len, curves))
    return Performances(np.stack([each[:shortest] for each in curves]), np.stack(weights))


def _hear(name: str) -> Features:
    shipped = files("animator.assets")
    with as_file(shipped / f"{name}.wav") as path:
        audio = read_audio(path)
    words = (shipped / f"{name}.txt").read_text(encoding="utf-8")
    features: Features = registry.find("encoders", "phones")().encode(audio, words)
    return features
