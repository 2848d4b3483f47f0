"""How a voice sounds, whatever it says: loudness, pitch, voicing and effort, each relative to the speaker's own usual."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float32, Float64

from animator.encoders.hearing.yin import WIDTH, yin

RATE = 16000
"""Samples a second that everything here expects."""

HOP = 160
"""Samples a frame: 100 frames a second."""

LOWEST_PITCH, HIGHEST_PITCH = 60.0, 500.0
"""Hz: from a low male voice to an excited child's."""

_BLOCK = 256
_SPECTRUM = 400
_SILENT = -80.0


@dataclass(frozen=True, eq=False)
class Prosody:
    """Curves at 100 Hz; the units of the first four are those of `core.features`.

    ``level`` is A-weighted (IEC 61672) dB re full scale; ``quiet`` marks frames near the noise floor.
    """

    loudness: Float32[np.ndarray, " T"]
    pitch: Float32[np.ndarray, " T"]
    voicing: Float32[np.ndarray, " T"]
    effort: Float32[np.ndarray, " T"]
    level: Float32[np.ndarray, " T"]
    quiet: Bool[np.ndarray, " T"]


def measure(samples: Float32[np.ndarray, " N"], frames: int) -> Prosody:
    """Measure a voice; ``frames`` instants, 10 ms apart from 0, of sound at 16 kHz."""
    return relate(levels(samples, frames), *fundamental(samples, frames))


def relate(level: Float32[np.ndarray, " T"], hertz: Float32[np.ndarray, " T"], periodicity: Float32[np.ndarray, " T"]) -> Prosody:
    """What level (dB), fundamental frequency (Hz) and `periodicity <fundamental>` mean for this speaker, who is heard in them.

    - A frame is *quiet* where its level is within 6 dB of the clip's floor (5th percentile), never higher than 10 dB and never
      lower than 40 dB under the clip's top (95th percentile). A clip without change of level and without voice is all quiet.
    - *Loudness* doubles every 10 dB (Stevens' sone scale), less what the quiet threshold itself measures; 1 is the level that
      three quarters of the voiced frames stay under.
    - *Voicing* is the normalised correlation of the sound with itself one period later; it fades within 6 dB of quiet.
    - *Pitch* is YIN's (de Cheveigné and Kawahara 2002), smoothed by a median of 50 ms; 0 is the median of the voiced frames.
    - *Effort* weighs level and pitch over the voiced sound of about half a second: +7 dB and +5 semitones make 1.
    """
    base, top = np.percentile(level, (5, 95))
    gate = float(np.clip(base + 6.0, top - 40.0, top - 10.0))
    if top < _SILENT or (top - base < 10.0 and np.mean(periodicity > 0.6) < 0.1):
        gate = np.inf
    quiet = level < gate
    clear = np.clip((level - gate) / 6.0, 0.0, 1.0)
    voicing = np.clip((periodicity - 0.35) / 0.4, 0.0, 1.0) * clear
    voiced = voicing > 0.5
    heard = voiced if voiced.sum() >= 5 else ~quiet
    usual = float(np.percentile(level[heard], 75)) if heard.any() else 0.0
    faint = 2.0 ** ((gate - usual) / 10.0) if heard.any() else 0.0
    loudness = np.where(quiet, 0.0, (2.0 ** ((level - usual) / 10.0) - faint) / max(1.0 - faint, 0.1))
    height = _semitones(hertz, voiced)
    return Prosody(
        loudness=np.clip(loudness, 0.0, 3.0).astype(np.float32),
        pitch=height.astype(np.float32),
        voicing=voicing.astype(np.float32),
        effort=_effort(level - usual, height, voiced).astype(np.float32),
        level=level,
        quiet=quiet,
    )


def levels(samples: Float32[np.ndarray, " N"], frames: int) -> Float32[np.ndarray, " T"]:
    """A-weighted level, dB re a full-scale square wave, floored at -120."""
    from scipy.fft import rfft

    weights = (10.0 ** (a_weighting(np.fft.rfftfreq(_SPECTRUM, 1 / RATE)[1:]) / 10.0)).astype(np.float32)
    window = np.hanning(_SPECTRUM).astype(np.float32)
    scale = 2.0 / (_SPECTRUM * float(np.sum(window**2)))
    out = np.empty(frames, dtype=np.float32)
    for first, framed in _blocks(samples, frames, _SPECTRUM):
        spectrum = rfft(framed * window, axis=1)[:, 1:]
        power = (spectrum.real**2 + spectrum.imag**2) @ weights
        out[first : first + len(framed)] = 10.0 * np.log10(power * scale + 1e-12)
    return out


def a_weighting(hertz: Float64[np.ndarray, " F"]) -> Float64[np.ndarray, " F"]:
    """How much louder than at 1 kHz a tone sounds at each frequency, dB (IEC 61672-1:2013, annex E)."""
    f = np.square(hertz)
    low, second, third, high = np.square((20.598997, 107.65265, 737.86223, 12194.217))
    gain = high * f**2 / ((f + low) * np.sqrt((f + second) * (f + third)) * (f + high))
    weighting: np.ndarray = 2.0 + 20.0 * np.log10(gain)
    return weighting


def fundamental(samples: Float32[np.ndarray, " N"], frames: int) -> tuple[Float32[np.ndarray, " T"], Float32[np.ndarray, " T"]]:
    """Fundamental frequency (Hz), and how alike the sound is one period later, [-1, 1]."""
    shortest, longest = int(RATE / HIGHEST_PITCH), -int(-RATE // LOWEST_PITCH)
    hertz, alike = np.empty(frames, dtype=np.float32), np.empty(frames, dtype=np.float32)
    for first, framed in _blocks(samples, frames, WIDTH):
        periods, likeness = yin(framed, shortest, longest)
        found = RATE / periods
        hertz[first : first + len(framed)] = found
        inside = (found > 1.03 * LOWEST_PITCH) & (found < 0.97 * HIGHEST_PITCH)  # at the ends, YIN found no period but the limit
        alike[first : first + len(framed)] = np.where(inside, likeness, 0.0)
    return hertz, alike


def _semitones(hertz: np.ndarray, voiced: np.ndarray) -> np.ndarray:
    """Semitones from the median; 0 where unvoiced."""
    from scipy.ndimage import median_filter

    if not voiced.any():
        return np.zeros(len(hertz))
    octaves = np.log2(hertz[voiced])
    out = np.zeros(len(hertz))
    out[voiced] = np.clip(12.0 * (median_filter(octaves, size=5, mode="nearest") - np.median(octaves)), -18.0, 18.0)
    return out


def _effort(decibels: np.ndarray, semitones: np.ndarray, voiced: np.ndarray) -> np.ndarray:
    """Level and pitch above the usual, over the voice heard around each frame; without voice around it, 0."""
    from scipy.ndimage import gaussian_filter1d

    if not voiced.any():
        return np.zeros(len(voiced))
    weight = gaussian_filter1d(voiced.astype(np.float64), 20.0, mode="constant")
    raised = gaussian_filter1d(np.where(voiced, decibels / 14.0 + semitones / 10.0, 0.0), 20.0, mode="constant")
    mean = raised / np.maximum(weight, 1e-6)
    above: np.ndarray = np.clip(mean - np.median(mean[voiced]), 0.0, 2.0) * np.clip(4.0 * weight, 0.0, 1.0)
    return above


def _blocks(samples: np.ndarray, frames: int, width: int) -> Iterator[tuple[int, np.ndarray]]:
    """Frames of ``width`` samples about each instant, a block at a time: memory does not grow with the sound."""
    padded = np.pad(samples, (width // 2, max(0, (frames - 1) * HOP + width - width // 2 - len(samples))))
    framed = np.lib.stride_tricks.sliding_window_view(padded, width)[::HOP][:frames]
    for first in range(0, frames, _BLOCK):
        yield first, framed[first : first + _BLOCK]
