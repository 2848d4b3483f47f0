"""Recordings of any rate as sound at 16 kHz."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from jaxtyping import Float32

from animator.core.audio import resampled
from animator.io.audio import read_audio
from animator.training.phones.store import RATE


def read_16_khz(path: Path) -> Float32[np.ndarray, " N"]:
    """A sound file, in [-1, 1] at 16 kHz."""
    audio = read_audio(path)
    return resampled(audio.samples, audio.rate, RATE)
