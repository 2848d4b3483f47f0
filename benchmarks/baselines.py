"""Faces that any generator should beat."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from animator.core.features import LOUDNESS, Features
from animator.core.motion import GENERATOR_FPS, Motion
from animator.core.rig import Rig
from animator.core.track import frame_count, sample


def mean_face(motion: Motion) -> Motion:
    """Baseline: the mean pose of a motion, held."""
    return replace(motion, values=np.repeat(motion.values.mean(axis=0, keepdims=True), len(motion), axis=0))


def loudness_jaw(features: Features, rig: Rig) -> Motion:
    """Baseline: the jaw opens by half where speech is as loud as usual, in proportion to loudness, and nothing else moves."""
    frames = frame_count(Fraction(len(features)) / features.fps, GENERATOR_FPS)
    loudness = sample(features, np.arange(frames) / float(GENERATOR_FPS))[:, features.index(LOUDNESS)]
    values = np.tile(rig.rest, (frames, 1))
    values[:, rig.column("jawOpen")] = np.clip(0.5 * loudness, 0.0, 1.0)
    return Motion(rig.names, values, GENERATOR_FPS)
