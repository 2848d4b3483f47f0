"""Steady noise taken out of speech before it is recognised."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32

from animator.encoders.hearing.prosody import HOP, RATE

NOISY = 30.0
"""dB between the 95th and the 5th percentile of a stretch's level: below this, noise is taken out; above it, the little that
speech loses by it weighs more."""

_KEPT = 0.3
_WINDOW = 400


def is_noisy(level: Float32[np.ndarray, " T"]) -> bool:
    """Whether speech of this level, dB a frame, stands out little from what is between it."""
    base, top = np.percentile(level, (5, 95))
    return bool(top - base < NOISY)


def reduced(samples: Float32[np.ndarray, " N"]) -> Float32[np.ndarray, " N"]:
    """Speech at 16 kHz less its steady noise, by spectral subtraction (Boll 1979).

    The noise is the mean power spectrum of the tenth of all frames with the least power; of each frame's amplitude at least
    0.3 is kept, since a recogniser is harmed more by holes than by hiss. A sound shorter than a frame is left as it is.
    """
    from scipy.signal import istft, stft

    if len(samples) < _WINDOW:
        return samples
    shape = {"fs": RATE, "nperseg": _WINDOW, "noverlap": _WINDOW - HOP, "nfft": 512}
    _, _, spectrum = stft(samples, **shape)
    power = np.abs(spectrum) ** 2
    loudness = power.sum(axis=0)
    noise = power[:, loudness <= np.percentile(loudness, 10)].mean(axis=1, keepdims=True)
    gain = np.sqrt(np.maximum(1.0 - noise / np.maximum(power, 1e-12), _KEPT**2))
    _, cleaned = istft(spectrum * gain, **shape)
    whole = np.zeros_like(samples)
    whole[: len(cleaned)] = cleaned[: len(samples)]
    return whole
