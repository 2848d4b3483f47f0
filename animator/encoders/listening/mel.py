"""Sound to log-mel: 80 bands, 25 ms windows, one frame each 10 ms, nothing that depends on the rest of the clip."""

from __future__ import annotations

from functools import cache

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from animator.encoders.hearing.prosody import a_weighting

RATE = 16000
HOP, WINDOW, SPECTRUM = 160, 400, 512
"""Samples: from frame to frame, of the window around each frame's instant, of the transform."""

MELS = 80
LOWEST, HIGHEST = 40.0, 7800.0
"""Hz that the bands span."""

FLOOR = 1e-7
"""Power below which nothing is told apart."""

MEAN, SPREAD = -8.0, 4.0
"""Roughly what log-mel of speech varies about, and by."""


def frames_in(samples: int) -> int:
    """Frames of that much sound: instants 0, 10 ms, … before its end, made even, as the net takes them in pairs."""
    frames = -(-samples // HOP)
    return frames + frames % 2


def power(samples: Tensor, frames: int) -> Tensor:
    """Power spectrum around each instant.

    Parameters
    ----------
    samples
        ``float [B N]`` at 16 kHz; the first frame is centred on sample 0, and there is silence before and after.
    frames
        How many to make.

    Returns
    -------
    Tensor
        ``float [B T SPECTRUM / 2 + 1]``.
    """
    need = (frames - 1) * HOP + WINDOW
    padded = functional.pad(samples, (WINDOW // 2, max(0, need - samples.shape[1] - WINDOW // 2)))
    return windowed(padded, frames)


def windowed(padded: Tensor, frames: int) -> Tensor:
    """As `power`, of samples that begin half a window before the first instant."""
    pieces = padded.unfold(1, WINDOW, HOP)[:, :frames] * _window()
    spectrum = torch.fft.rfft(pieces, SPECTRUM)
    squared: Tensor = spectrum.real.square() + spectrum.imag.square()
    return squared


def log_mel(spectrum: Tensor, stretch: float = 1.0) -> Tensor:
    """Normalised log-mel ``float [B T MELS]`` of a power spectrum.

    ``stretch`` moves every band's frequencies by a factor, as a longer or shorter vocal tract does (Jaitly & Hinton 2013).
    """
    mel: Tensor = (torch.log(spectrum @ _bank(round(stretch, 3)) + FLOOR) - MEAN) / SPREAD
    return mel


def level(spectrum: Tensor) -> Tensor:
    """A-weighted level ``float [B T]`` of a power spectrum, as `animator.encoders.hearing.prosody.levels` has it."""
    return 10.0 * torch.log10(spectrum[..., 1:] @ _a_weights() + 1e-12)


@cache
def _window() -> Tensor:
    return torch.hann_window(WINDOW, periodic=False)


@cache
def _a_weights() -> Tensor:
    gains = 10.0 ** (a_weighting(np.fft.rfftfreq(SPECTRUM, 1 / RATE)[1:]) / 10.0)
    return torch.from_numpy((gains * 2.0 / (SPECTRUM * float(_window().square().sum()))).astype(np.float32))


@cache
def _bank(stretch: float) -> Tensor:
    """Triangles ``float [SPECTRUM / 2 + 1, MELS]``, evenly spaced in mel, each of area 1 over frequency."""
    low, high = _mel(np.array([LOWEST, HIGHEST]))
    edges = _hertz(np.linspace(low, high, MELS + 2)) * stretch
    hertz = np.fft.rfftfreq(SPECTRUM, 1 / RATE)[:, None]
    rise, fall = (hertz - edges[:-2]) / np.diff(edges)[:-1], (edges[2:] - hertz) / np.diff(edges)[1:]
    triangles = np.maximum(0.0, np.minimum(rise, fall)) * (2.0 / (edges[2:] - edges[:-2]))
    return torch.from_numpy(triangles.astype(np.float32))


# Slaney's scale (Auditory Toolbox, 1998): even up to 1 kHz, 27 mel to a factor of 6.4 from there on.


def _mel(hertz: np.ndarray) -> np.ndarray:
    scale: np.ndarray = np.where(
        hertz < 1000.0, hertz * 0.015, 15.0 + 27.0 * np.log(np.maximum(hertz, 1.0) / 1000.0) / np.log(6.4)
    )
    return scale


def _hertz(mel: np.ndarray) -> np.ndarray:
    scale: np.ndarray = np.where(mel < 15.0, mel / 0.015, 1000.0 * np.exp((mel - 15.0) * np.log(6.4) / 27.0))
    return scale
