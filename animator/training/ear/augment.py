"""One recording as many: other rooms, other microphones, other noises, other speakers' sizes.

Sound is changed where it must be (speed, rooms, noise, clipping of a poor codec); what is a filter is done on the power spectrum,
where it costs next to nothing.
"""

from __future__ import annotations

import numpy as np
import torch
from jaxtyping import Float32, Int64

from animator.encoders.listening.mel import MELS, RATE, SPECTRUM


def speed(
    rng: np.random.Generator, frames: int, chance: float = 0.5, least: float = 0.85, most: float = 1.18
) -> tuple[float, int]:
    """How much faster to play, and how many frames of the original make ``frames`` then."""
    rate = float(np.exp(rng.uniform(np.log(least), np.log(most)))) if rng.random() < chance else 1.0
    return rate, int(np.ceil(frames * rate))


def played(samples: Float32[np.ndarray, " N"], rate: float, count: int) -> Float32[np.ndarray, " M"]:
    """``count`` samples of the sound played ``rate`` times as fast, pitch and all."""
    if rate == 1.0:
        return samples[:count]
    stretched: np.ndarray = np.interp(np.arange(count) * rate, np.arange(len(samples)), samples)
    return stretched.astype(np.float32)


def frames_played(rate: float, frames: int, available: int) -> Int64[np.ndarray, " T"]:
    """Which frame of the original each frame shows when it is played ``rate`` times as fast."""
    where: np.ndarray = np.minimum(np.rint(np.arange(frames) * rate).astype(np.int64), available - 1)
    return where


def worse(sound: Float32[np.ndarray, " N"], others: Float32[np.ndarray, " N"], rng: np.random.Generator) -> np.ndarray:
    """The sound as a room, a noise and a microphone may leave it; ``others`` is speech of other people, for a babble."""
    if rng.random() < 0.3:
        sound = _in_a_room(sound, rng)
    if rng.random() < 0.55:
        sound = _in_noise(sound, others, rng)
    if rng.random() < 0.1:
        # A poor codec: few levels, evenly spaced in loudness (ITU-T G.711's law, 5 to 8 bits).
        peak, levels = np.abs(sound).max() + 1e-6, 2.0 ** rng.integers(4, 8)
        squeezed = np.sign(sound) * np.log1p(255.0 * np.abs(sound) / peak) / np.log(256.0)
        squeezed = np.round(squeezed * levels) / levels
        sound = np.sign(squeezed) * np.expm1(np.abs(squeezed) * np.log(256.0)) / 255.0 * peak
    loud = 10.0 ** (rng.uniform(-38.0, -12.0) / 20.0)
    levelled: np.ndarray = sound * (loud / (np.sqrt(np.mean(sound**2)) + 1e-5))
    return levelled.astype(np.float32)


def _in_a_room(sound: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Direct sound and a tail of noise that dies away by 60 dB in 0.1 to 0.6 s (Polack's model of late reverberation)."""
    decay = rng.uniform(0.1, 0.6)
    tail = rng.normal(size=int(decay * RATE)) * 10.0 ** (-3.0 * np.arange(int(decay * RATE)) / (decay * RATE))
    tail[: int(0.002 * RATE)] = 0.0
    tail *= 10.0 ** (rng.uniform(-14.0, 2.0) / 20.0) / np.sqrt(np.sum(tail**2))
    tail[0] = 1.0
    size = 1 << int(len(sound) + len(tail)).bit_length()
    heard: np.ndarray = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(tail, size), size)
    return heard[: len(sound)]


def _in_noise(sound: np.ndarray, others: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """White to brown noise, hum, or other people, 3 to 40 dB below the speech."""
    kind = rng.random()
    if kind < 0.7:
        hertz = np.maximum(np.fft.rfftfreq(len(sound), 1 / RATE), 20.0)
        noise = np.fft.irfft(np.fft.rfft(rng.normal(size=len(sound))) * hertz ** -rng.uniform(0.0, 1.2), len(sound))
    elif kind < 0.8:
        base = rng.choice([50.0, 60.0]) * np.arange(len(sound)) / RATE
        noise = sum(np.sin(2 * np.pi * (k * base + rng.random())) / k for k in range(1, 8))
    else:
        noise = others
    ratio = 10.0 ** (-rng.uniform(8.0 if kind >= 0.8 else 3.0, 40.0) / 20.0)
    mixed: np.ndarray = sound + noise * (ratio * np.sqrt(np.mean(sound**2)) / (np.sqrt(np.mean(noise**2)) + 1e-6))
    return mixed


def filtered(power: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """Power spectra ``[B T F]`` through other microphones: each clip its own tilt and bumps, some with a narrow band."""
    clips = power.shape[0]
    octaves = np.log2(np.maximum(np.arange(SPECTRUM // 2 + 1) * RATE / SPECTRUM, 30.0) / 1000.0)
    curves = rng.uniform(-3.0, 3.0, (clips, 1)) * octaves
    for _ in range(3):
        centre, width = rng.uniform(-3.0, 3.0, (clips, 1)), rng.uniform(0.3, 1.5, (clips, 1))
        curves = curves + rng.uniform(-6.0, 6.0, (clips, 1)) * np.exp(-0.5 * ((octaves - centre) / width) ** 2)
    high = np.where(rng.random((clips, 1)) < 0.2, rng.uniform(1.7, 2.8, (clips, 1)), 9.0)
    low = np.where(rng.random((clips, 1)) < 0.2, rng.uniform(-3.0, -1.5, (clips, 1)), -9.0)
    curves = curves - 50.0 * np.clip(octaves - high, 0.0, 1.0) - 24.0 * np.clip(low - octaves, 0.0, 2.0)
    return power * torch.from_numpy(10.0 ** (curves / 10.0)).float()[:, None]


def masked(mel: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """Bands and short moments blotted out (SpecAugment, Park et al. 2019), in half of the clips ``[B T MELS]``."""
    mel = mel.clone()
    for clip in mel:
        if rng.random() < 0.5:
            first, wide = rng.integers(0, MELS), rng.integers(1, 14)
            clip[:, first : first + wide] = clip.mean()
        for _ in range(rng.integers(0, 3)):
            first, long = rng.integers(0, len(clip)), rng.integers(1, 9)
            clip[first : first + long] = clip.mean()
    return mel
