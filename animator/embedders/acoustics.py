"""What a voice sounds like, as curves at 100 Hz: level, pitch, voice quality, spectrum, formants. All independent of gain.

After the low-level descriptors of eGeMAPS and ComParE (Eyben et al. 2016; Schuller et al. 2013), in our own arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.fft
from jaxtyping import Bool, Float32
from scipy.ndimage import median_filter

RATE = 16000
"""Samples a second that everything here expects."""

HOP = 160
"""Samples a frame: 100 frames a second."""

BANDS = 32
"""Mel bands, 50 Hz to 7.6 kHz."""

CEPSTRA = 16
LOWEST, HIGHEST = 62.0, 520.0
"""Hz: the range of pitch."""

_SPECTRUM, _SPAN = 400, 800
_FFT, _LAGS = 512, 2048
_LPC = 10
_SILENT = -90.0
_LAID_OPEN = 0.45
"""Correlation with itself one period later, above which a frame is voiced."""


@dataclass(frozen=True, eq=False)
class Voiceprint:
    """Curves of a voice.

    ``curves float32 [T C]`` at 100 Hz, frame ``i`` about the instant ``i / 100``; ``voiced`` and ``heard`` mark the frames with a
    pitch and those above the noise. Columns are those of `NAMES`.
    """

    curves: Float32[np.ndarray, "T C"]
    voiced: Bool[np.ndarray, " T"]
    heard: Bool[np.ndarray, " T"]


SPECTRAL = (
    *(f"mel{i}" for i in range(BANDS)),
    *(f"mfcc{i}" for i in range(1, CEPSTRA + 1)),
    *("level", "loudness", "centroid", "width", "skew", "flatness", "flux", "tilt", "hammarberg", "low slope", "mid slope"),
    *("low share", "mid share", "high share", "roll25", "roll50", "roll85", "crossings"),
)
VOCAL = ("pitch", "harmonicity", "jitter", "shimmer", "h1h2", "h1a3", "f1", "f2", "f3", "b1", "b2", "a1", "a2", "a3")
NAMES = (*SPECTRAL, *VOCAL)
"""Columns of `Voiceprint.curves`; those of `VOCAL` hold only where the voice is on."""


def listen(samples: Float32[np.ndarray, " N"]) -> Voiceprint:
    """The curves of a voice at 16 kHz, ``N / 160`` frames of it rounded up, at least one."""
    count = max(1, -(-len(samples) // HOP))
    sound = samples - samples.mean() if len(samples) else np.zeros(1, dtype=np.float32)
    short = _frames(sound, count, _SPECTRUM) * np.hanning(_SPECTRUM).astype(np.float32)
    power = np.abs(scipy.fft.rfft(short, _FFT)) ** 2
    level = 10 * np.log10(power.sum(axis=1) / _FFT + 1e-9)
    floor, top = np.percentile(level, (5, 95))
    heard = (level > np.clip(floor + 6, top - 40, top - 10)) & (level > _SILENT)
    usual = 10 * np.log10(np.mean(10 ** (level[heard] / 10))) if heard.any() else 0.0
    power *= np.float32(10 ** (-usual / 10))
    pitch, strength = _pitch(_frames(sound, count, _SPAN))
    voiced = heard & (strength > _LAID_OPEN)
    voiced = median_filter(voiced.astype(np.uint8), 5).astype(bool) & heard
    curves = np.concatenate([_spectral(power, level - usual, sound, count), _vocal(power, short, level, pitch, strength)], axis=1)
    return Voiceprint(curves.astype(np.float32), voiced, heard)


def _frames(samples: np.ndarray, count: int, span: int) -> Float32[np.ndarray, "T W"]:
    """``count`` frames of ``span`` samples, the middle of frame ``i`` at sample ``160 i``."""
    padded = np.pad(samples.astype(np.float32), (span // 2, span + HOP))
    windows: np.ndarray = np.lib.stride_tricks.sliding_window_view(padded, span)[: count * HOP : HOP]
    return windows


def _spectral(power: np.ndarray, level: np.ndarray, sound: np.ndarray, count: int) -> np.ndarray:
    hertz = np.fft.rfftfreq(_FFT, 1 / RATE)
    mel = np.log(power @ _mel_filters().T + 1e-5)
    mfcc = scipy.fft.dct(mel, norm="ortho", axis=1)[:, 1 : CEPSTRA + 1]
    share = power / (power.sum(axis=1, keepdims=True) + 1e-9)
    centre = share @ hertz
    width = np.sqrt(np.maximum(share @ hertz**2 - centre**2, 1.0))
    skew = (share * ((hertz - centre[:, None]) / width[:, None]) ** 3).sum(axis=1)
    flat = np.log(power + 1e-9).mean(axis=1) - np.log(power.mean(axis=1) + 1e-9)
    root = np.sqrt(share)
    flux = np.r_[0.0, np.sqrt(((root[1:] - root[:-1]) ** 2).sum(axis=1))]
    decibel = 10 * np.log10(power + 1e-7)

    def band(low: float, high: float) -> np.ndarray:
        out: np.ndarray = 10 * np.log10(power[:, (hertz >= low) & (hertz < high)].sum(axis=1) + 1e-7)
        return out

    def slope(low: float, high: float) -> np.ndarray:
        inside = (hertz >= low) & (hertz < high)
        x = (hertz[inside] - hertz[inside].mean()) / 1000
        out: np.ndarray = decibel[:, inside] @ x / (x @ x)
        return out

    def peak(low: float, high: float) -> np.ndarray:
        out: np.ndarray = decibel[:, (hertz >= low) & (hertz < high)].max(axis=1)
        return out

    total = np.cumsum(share, axis=1)
    rolls = [hertz[(total < part).sum(axis=1).clip(0, len(hertz) - 1)] / 1000 for part in (0.25, 0.5, 0.85)]
    whole = 10 * np.log10(power.sum(axis=1) + 1e-7)
    signs = np.abs(np.diff(np.signbit(_frames(sound, count, _SPECTRUM)).astype(np.int8), axis=1)).mean(axis=1)
    loudness = (np.exp(mel) ** 0.23).sum(axis=1)
    columns = [level, loudness, centre / 1000, width / 1000, skew, flat, flux, band(50.0, 1000.0) - band(1000.0, 5000.0)]
    columns += [peak(0.0, 2000.0) - peak(2000.0, 5000.0), slope(0.0, 500.0), slope(500.0, 1500.0)]
    columns += [band(250.0, 650.0) - whole, band(1000.0, 4000.0) - whole, band(4000.0, 8000.0) - whole, *rolls, signs]
    return np.concatenate([mel, mfcc, np.stack(columns, axis=1)], axis=1)


def _vocal(power: np.ndarray, short: np.ndarray, level: np.ndarray, pitch: np.ndarray, strength: np.ndarray) -> np.ndarray:
    semitones = 12 * np.log2(np.maximum(pitch, LOWEST) / 55.0)
    harmonicity = 10 * np.log10(np.clip(strength, 0.01, 0.99) / (1 - np.clip(strength, 0.01, 0.99)))
    jitter = np.abs(np.diff(semitones, n=2, prepend=semitones[:1], append=semitones[-1:]))
    shimmer = np.abs(np.diff(level, n=2, prepend=level[:1], append=level[-1:]))
    decibel = 10 * np.log10(power + 1e-7)

    def at(hertz: np.ndarray, reach: int = 1) -> np.ndarray:
        centre = np.clip(np.rint(hertz * _FFT / RATE).astype(int), reach, power.shape[1] - 1 - reach)
        rows = np.arange(len(power))
        around: np.ndarray = np.max([decibel[rows, centre + k] for k in range(-reach, reach + 1)], axis=0)
        return around

    formants, bandwidths = _formants(power)
    first = at(pitch)
    heights = [at(formants[:, i], 3) - first for i in range(3)]
    columns = [semitones, harmonicity, np.minimum(jitter, 4.0), np.minimum(shimmer, 12.0), first - at(2 * pitch), -heights[2]]
    columns += [*(formants / 1000).T, *np.log(bandwidths[:, :2]).T, *heights]
    return np.stack(columns, axis=1)


def _pitch(frames: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Hertz and strength of each frame: the peak of the autocorrelation less the window's own (Boersma 1993), tracked by the
    cheapest path through five candidates a frame.
    """
    window = np.hanning(frames.shape[1]).astype(np.float32)
    frames = (frames - frames.mean(axis=1, keepdims=True)) * window
    shortest, longest = int(RATE / HIGHEST), int(RATE / LOWEST)
    own = scipy.fft.irfft(np.abs(scipy.fft.rfft(window, _LAGS)) ** 2)[: longest + 2]
    turned = scipy.fft.irfft(np.abs(scipy.fft.rfft(frames, _LAGS)) ** 2)[:, : longest + 2]
    turned = turned / np.maximum(turned[:, :1], 1e-9) / (own / own[0])
    inner = turned[:, shortest : longest + 1]
    peaks = (inner > turned[:, shortest - 1 : longest]) & (inner >= turned[:, shortest + 1 : longest + 2])
    height = np.where(peaks, inner, -1.0) - 0.02 * np.log2(np.arange(shortest, longest + 1) / shortest)
    best = np.argpartition(-height, 5, axis=1)[:, :5]
    rows = np.arange(len(frames))[:, None]
    strength = np.clip(inner[rows, best], 0.0, 1.0)
    lags = best + shortest
    before, after = turned[rows, lags - 1], turned[rows, lags + 1]
    bend = before - 2 * turned[rows, lags] + after
    hertz = RATE / (lags + np.where(bend < -1e-6, np.clip(0.5 * (before - after) / np.minimum(bend, -1e-6), -0.5, 0.5), 0.0))
    gain, octave = height[rows, best], np.log2(hertz)
    score, back = gain[0], np.zeros(best.shape, dtype=np.int64)
    for i in range(1, len(frames)):
        step = score[:, None] - 0.5 * np.abs(octave[i - 1][:, None] - octave[i][None, :])
        back[i] = step.argmax(axis=0)
        score = step.max(axis=0) + gain[i]
    path = np.empty(len(frames), dtype=np.int64)
    path[-1] = score.argmax()
    for i in range(len(frames) - 1, 0, -1):
        path[i - 1] = back[i, path[i]]
    rows = rows[:, 0]
    return hertz[rows, path], strength[rows, path]


def _formants(power: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Hertz and bandwidths ``[T 3]`` of the first formants: roots of a linear prediction of the spectrum under 5.5 kHz."""
    top = int(5500 * _FFT / RATE)
    hertz = np.fft.rfftfreq(_FFT, 1 / RATE)[:top]
    raised = power[:, :top] * (1 + (hertz / 300) ** 2) + 1e-6
    turned = scipy.fft.irfft(raised, 2 * (top - 1))[:, : _LPC + 1].astype(np.float64)
    turned[:, 0] *= 1.0001
    order = np.abs(np.subtract.outer(np.arange(_LPC), np.arange(_LPC)))
    predictor = np.linalg.solve(turned[:, order], turned[:, 1:, None])[:, :, 0]
    companion = np.zeros((len(power), _LPC, _LPC))
    companion[:, 0] = predictor
    companion[:, np.arange(1, _LPC), np.arange(_LPC - 1)] = 1.0
    roots = np.linalg.eigvals(companion)
    rate = 2 * 5500.0
    found = np.angle(roots) * rate / (2 * np.pi)
    wide = -np.log(np.maximum(np.abs(roots), 1e-6)) * rate / np.pi
    keep = (found > 120) & (found < 5200) & (wide < 900)
    order3 = np.argsort(np.where(keep, found, np.inf), axis=1)[:, :3]
    rows = np.arange(len(power))[:, None]
    there = keep[rows, order3]
    usual = np.array([500.0, 1500.0, 2500.0])
    return np.where(there, found[rows, order3], usual), np.where(there, np.clip(wide[rows, order3], 20, 900), 300.0)


def _mel_filters() -> np.ndarray:
    """Triangles of equal height on the mel scale (O'Shaughnessy), ``[BANDS, bins]``."""
    mel = np.linspace(_to_mel(50.0), _to_mel(7600.0), BANDS + 2)
    edges = 700 * (10 ** (mel / 2595) - 1)
    hertz = np.fft.rfftfreq(_FFT, 1 / RATE)
    rise = (hertz - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    fall = (edges[2:, None] - hertz) / (edges[2:] - edges[1:-1])[:, None]
    return np.clip(np.minimum(rise, fall), 0.0, None).astype(np.float32)


def _to_mel(hertz: float) -> float:
    return float(2595 * np.log10(1 + hertz / 700))


def functionals(voice: Voiceprint, first: int = 0, stop: int | None = None) -> Float32[np.ndarray, " D"]:
    """What the curves do over the frames ``first`` to ``stop``, as one vector: how high, how wide, how uneven, how they move,
    and the rhythm of the voice.
    """
    curves, voiced, heard = voice.curves[first:stop], voice.voiced[first:stop], voice.heard[first:stop]
    moves = np.zeros_like(curves)
    if len(curves) > 4:
        moves[2:-2] = (curves[4:] - curves[:-4]) * 0.2 + (curves[3:-1] - curves[1:-3]) * 0.1
    out = []
    for columns, where in (
        (slice(0, len(SPECTRAL)), heard),
        (slice(len(SPECTRAL), None), voiced),
        (slice(0, BANDS + CEPSTRA), voiced),
    ):
        chosen = where if where.sum() >= 5 else np.ones(len(curves), dtype=bool)
        part, motion = curves[chosen, columns], moves[chosen, columns]
        low, quart, half, three, high = np.percentile(part, (5, 25, 50, 75, 95), axis=0)
        mean, std = part.mean(axis=0), part.std(axis=0)
        skew = (((part - mean) / (std + 1e-4)) ** 3).mean(axis=0)
        out += [
            mean,
            std,
            low,
            half,
            high,
            three - quart,
            high - low,
            np.clip(skew, -5, 5),
            motion.std(axis=0),
            np.abs(motion).mean(axis=0),
        ]
    out.append(_rhythm(curves, voiced, heard))
    return np.concatenate(out).astype(np.float32)


def _rhythm(curves: np.ndarray, voiced: np.ndarray, heard: np.ndarray) -> np.ndarray:
    """Lengths and rates of voiced stretches and pauses, slopes of pitch, and how fast level and pitch swing."""
    seconds = max(len(curves) / 100, 0.2)
    edges = np.flatnonzero(np.diff(np.r_[0, voiced.astype(np.int8), 0]))
    lengths = (edges[1::2] - edges[::2]) / 100 if len(edges) else np.zeros(1)
    gaps = (edges[2::2] - edges[1:-1:2]) / 100 if len(edges) > 2 else np.zeros(1)
    loud = curves[:, NAMES.index("loudness")]
    inner = (loud[1:-1] > loud[:-2]) & (loud[1:-1] >= loud[2:]) & heard[1:-1]
    pitch = curves[:, NAMES.index("pitch")]
    steps = np.diff(pitch)[voiced[1:] & voiced[:-1]] if len(pitch) > 1 else np.zeros(0)
    steps = np.r_[np.clip(steps, -2, 2), 0.0]
    slope = np.polyfit(np.flatnonzero(voiced) / 100, pitch[voiced], 1)[0] if voiced.sum() > 10 else 0.0
    fall = [p[-8:].mean() - p.mean() for a, b in zip(edges[::2], edges[1::2], strict=True) if len(p := pitch[a:b]) >= 8]
    swings = []
    for curve in (np.where(heard, curves[:, NAMES.index("level")], -40.0), np.where(voiced, pitch, np.median(pitch))):
        spectrum = np.abs(np.fft.rfft(curve - curve.mean(), 512)) ** 2
        hertz = np.fft.rfftfreq(512, 0.01)
        swings += [
            np.log(spectrum[(hertz >= a) & (hertz < b)].mean() / len(curve) + 1e-2)
            for a, b in ((0.3, 1.5), (1.5, 3), (3, 5), (5, 8), (8, 14))
        ]
    return np.array(
        [
            *(voiced.mean(), heard.mean(), len(lengths) / seconds, lengths.mean(), lengths.std(), lengths.max()),
            *(gaps.mean(), gaps.std(), gaps.max(), inner.sum() / seconds),
            *(np.abs(steps).mean(), steps[steps >= 0].mean(), steps[steps <= 0].mean(), np.clip(slope, -20, 20)),
            *(float(np.mean(fall)) if fall else 0.0, *swings),
        ]
    )
