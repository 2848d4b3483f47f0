"""Recordings of any rate as sound at 16 kHz."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from jaxtyping import Float32

from animator.io.audio import read_audio
from animator.training.phones.store import RATE


def at_16_khz(samples: Float32[np.ndarray, " N"], rate: float) -> Float32[np.ndarray, " M"]:
    """The sound resampled. A false ``rate`` plays it faster or slower: a smaller or a larger speaker."""
    import soxr

    if rate == RATE:
        return samples
    resampled: np.ndarray = soxr.resample(samples, rate, RATE)
    return resampled


def read_16_khz(path: Path) -> Float32[np.ndarray, " N"]:
    """A sound file, in [-1, 1] at 16 kHz."""
    audio = read_audio(path)
    return at_16_khz(audio.samples, audio.rate)
