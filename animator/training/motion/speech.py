"""Labelled speech as the rule-made generator hears it: runs of phones, mouth targets and delivery."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from animator.core.features import EFFORT, LOUDNESS, PHONE_PREFIX, PITCH, VOICING, Features
from animator.core.motion import GENERATOR_FPS
from animator.core.phones import PHONES, SILENCE
from animator.core.spoken import Targets, phones, targets
from animator.encoders.hearing import prosody as voice
from animator.encoders.hearing.told import posteriors
from animator.generators.speech.prosody import Prosody, prosody
from animator.training.phones.store import FPS, UNKNOWN, Utterance


@dataclass(frozen=True, eq=False)
class Said:
    """What is said and how, with the instants ``times [T]`` of a motion at 50 Hz (seconds) and the ``loudness [T]`` then."""

    times: np.ndarray
    targets: Targets
    delivery: Prosody
    loudness: np.ndarray


def said(utterance: Utterance) -> Said:
    """An utterance with exact phones; a frame that nobody labelled counts as silence."""
    labels = np.where(utterance.labels == UNKNOWN, PHONES.index(SILENCE), utterance.labels).astype(np.int64)
    how = voice.measure(utterance.samples.astype(np.float32) / np.float32(32768), len(labels))
    channels = (*(PHONE_PREFIX + phone for phone in PHONES), LOUDNESS, PITCH, VOICING, EFFORT)
    curves = np.stack([how.loudness, how.pitch, how.voicing, how.effort], axis=1)
    features = Features(channels, np.concatenate([posteriors(labels), curves], axis=1), Fraction(FPS))
    spoken = phones(features)
    times = np.arange(len(labels) // 2) / float(GENERATOR_FPS)
    return Said(times, targets(spoken), prosody(features, spoken, times), how.loudness[: 2 * len(times) : 2].astype(np.float64))
