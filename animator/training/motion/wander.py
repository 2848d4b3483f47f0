"""How a face that feels nothing wanders while it speaks: the spectrum of tracked brows, and noise of that colour."""

from __future__ import annotations

import numpy as np

from animator.core.motion import GENERATOR_FPS
from animator.core.rig import Rig
from animator.training.motion.store import MotionPack

BANDS = 12
"""Bands that are kept, each as wide as the clips' length allows to tell apart; what is faster is the tracker's trembling."""


def measured(real: MotionPack, rig: Rig, seconds: float = 3.0) -> np.ndarray:
    """Spectrum ``[1 + BANDS]`` of the known controls of the brows over all training clips: the width of a band in Hz, and
    then the deviation in each, the first about one such width.
    """
    frames = round(seconds * float(GENERATOR_FPS))
    columns = real.known.all(axis=0) & rig.region("brows")
    window = np.hanning(frames)
    power = np.zeros(BANDS)
    clips = 0
    for k in np.flatnonzero(~real.held):
        first, stop = real.clips[k]
        if stop - first >= frames and columns.any():
            curves = real.motion[first : first + frames, columns].astype(np.float64)
            spectrum = np.abs(np.fft.rfft((curves - curves.mean(axis=0)) * window[:, None], axis=0)) ** 2
            power += 2.0 * spectrum[1 : BANDS + 1].mean(axis=1) / (frames * float((window**2).sum()))
            clips += 1
    return np.concatenate([[1.0 / seconds], np.sqrt(power / max(clips, 1))])


def drawn(spectrum: np.ndarray, frames: int, kinds: int, rng: np.random.Generator) -> np.ndarray:
    """Noise ``[frames kinds]`` at 50 Hz with a spectrum as `measured` gives, of its deviation."""
    width, power = float(spectrum[0]), spectrum[1:] ** 2
    length = max(frames, round(2.0 / width * float(GENERATOR_FPS)))
    hertz = np.fft.rfftfreq(length, 1.0 / float(GENERATOR_FPS))
    density = np.interp(hertz, width * np.arange(1, len(power) + 1), power / width, left=0.0, right=0.0)
    waves = rng.standard_normal((len(hertz), kinds)) + 1j * rng.standard_normal((len(hertz), kinds))
    step = float(GENERATOR_FPS) / length
    noise: np.ndarray = np.fft.irfft(waves * np.sqrt(density * step / 4.0)[:, None] * length, length, axis=0)[:frames]
    return noise
