"""Does the mouth open with the phones that open it? (PhonSync)"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

import numpy as np
from jaxtyping import Float

from animator.errors import InputError
from animator.metrics.spans import Span

BAND = (0.7, 9.0)
"""Hz: slower is posture, faster is no lip movement."""

REACH = 0.4
"""Seconds: the widest lag looked for."""

APERTURE: Mapping[str, float] = MappingProxyType(
    {
        "SIL": 0.0, "P": 0.0, "B": 0.0, "M": 0.0, "F": 0.1, "V": 0.1,
        "AA": 1.0, "AE": 0.9, "AY": 0.85, "AW": 0.85, "AO": 0.75, "AH": 0.6, "EH": 0.65, "OY": 0.6, "EY": 0.5, "OW": 0.5,
        "ER": 0.4, "IH": 0.4, "UH": 0.35, "IY": 0.3, "UW": 0.2,
        "HH": 0.45, "K": 0.35, "G": 0.35, "NG": 0.35, "L": 0.35, "N": 0.25, "T": 0.25, "D": 0.25, "R": 0.25, "Y": 0.25,
        "TH": 0.2, "DH": 0.2, "W": 0.15, "S": 0.15, "Z": 0.15, "SH": 0.2, "ZH": 0.2, "CH": 0.2, "JH": 0.2,
    }
)  # fmt: skip
"""Lip opening that a phone calls for, 1 = the widest vowel. Vowels follow their height in the IPA chart (open 1, open-mid 0.65,
close-mid 0.5, close 0.3, less where rounded), consonants the jaw height that their place and manner ask for. The table is
fixed here and shared with no generator: what is judged must not set the measure."""

UNKNOWN = 0.3
"""What a phone outside the table counts as: neither open nor closed."""


@dataclass(frozen=True)
class Sync:
    """``correlation`` in [-1, 1] at the best ``lag``, in seconds: above 0 the mouth is late, below 0 it leads."""

    correlation: float
    lag: float


def expected_opening(spans: Sequence[Span], frames: int, fps: Fraction) -> Float[np.ndarray, " T"]:
    """The opening that the phones call for, `APERTURE` held over each span; 0 where none is known."""
    times = np.arange(frames) / float(fps)
    expected = np.zeros(frames)
    for span in spans:
        expected[(times >= span.start) & (times < span.stop)] = APERTURE.get(span.phone, UNKNOWN)
    return expected


def phone_sync(parted: Float[np.ndarray, " T"], expected: Float[np.ndarray, " T"], fps: Fraction) -> Sync:
    """Correlation and lag of a mouth's opening with the opening that the phones call for.

    Both are band-passed to `BAND` (Butterworth, second order, forwards and backwards); Pearson's correlation of what overlaps is
    taken at every lag within `REACH`, and the greatest counts, its lag refined by a parabola through its neighbours. A mouth that
    does not move has correlation 0 at lag 0.

    Parameters
    ----------
    parted
        Opening of the mouth, in any unit.
    expected
        As `expected_opening` gives it.
    fps
        Rate of both, above 18 Hz.

    Raises
    ------
    InputError
        The rate cannot carry the band, or there are less than 2 s.
    """
    from scipy.signal import butter, sosfiltfilt

    if float(fps) <= 2 * BAND[1] or len(parted) < 2 * float(fps):
        given = f"{len(parted)} frames at {float(fps):g}"
        raise InputError(f"sync is measured above {2 * BAND[1]:g} frames a second over 2 s or more, not on {given}")
    if np.ptp(parted) < 1e-6 or np.ptp(expected) < 1e-6:
        return Sync(0.0, 0.0)
    band = butter(2, BAND, btype="band", fs=float(fps), output="sos")
    mouth, phones = (sosfiltfilt(band, curve) for curve in (parted, expected))
    reach = int(REACH * float(fps))
    scores = np.array([_pearson(mouth, phones, lag) for lag in range(-reach, reach + 1)])
    best = int(np.argmax(scores))
    shift = 0.0
    if 0 < best < 2 * reach:
        before, here, after = scores[best - 1 : best + 2]
        curve = before - 2.0 * here + after
        shift = 0.5 * (before - after) / curve if curve < -1e-12 else 0.0
    return Sync(float(scores[best]), float((best - reach + shift) / float(fps)))


def _pearson(mouth: np.ndarray, phones: np.ndarray, lag: int) -> float:
    """Correlation of the mouth, ``lag`` frames later, with the phones."""
    later, earlier = (mouth[lag:], phones[: len(phones) - lag]) if lag >= 0 else (mouth[:lag], phones[-lag:])
    later, earlier = later - later.mean(), earlier - earlier.mean()
    scale = float(np.sqrt(np.sum(later**2) * np.sum(earlier**2)))
    return float(np.sum(later * earlier)) / scale if scale > 1e-12 else 0.0
