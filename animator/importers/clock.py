"""Rows with times -> frames on a clock: which rate they tell of, and what stands where a frame was dropped."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from jaxtyping import Float64

from animator.errors import FormatError, LossWarning

WHOLE = tuple(Fraction(rate) for rate in (10, 12, 15, 20, 24, 25, 30, 48, 50, 60, 90, 100, 120))
NTSC = tuple(Fraction(rate * 1000, 1001) for rate in (24, 30, 60, 120))
"""Rates in use. A clock is taken for one of them where its times do not tell them apart."""

LARGEST_DENOMINATOR = 1001
"""Of any other rate."""

EVEN = 0.25
"""A row at most this much of a frame off the clock is that frame."""

_BLUR = 0.02  # of a frame: what rounding of times may hide


def nominal(rate: float) -> Fraction:
    """The rate that a decimal number stands for: 29.97 is 30000/1001, and 23.98 and 23.976 are 24000/1001.

    Raises
    ------
    FormatError
        It is no number above 0.
    """
    if not 0 < rate < np.inf:
        raise FormatError(f"a rate is a number of frames a second above 0, not {rate:g}")
    exact = Fraction(rate).limit_denominator(LARGEST_DENOMINATOR)
    near = [common for common in NTSC if abs(float(common) - rate) < 0.005]
    return exact if exact.denominator == 1 or not near else near[0]


def on_a_clock(
    times: Float64[np.ndarray, " N"], values: Float64[np.ndarray, "N C"], name: str, lines: Sequence[int]
) -> tuple[Float64[np.ndarray, "T C"], Fraction]:
    """Rows laid on the clock that they keep, and its rate.

    Rows that keep it within `EVEN` of a frame are its frames, untouched; a frame that is missing between them was dropped, and
    is filled in on a straight line. Rows that keep no clock are read off at the instants of one at their usual step. Both are
    told by a `LossWarning`.

    Parameters
    ----------
    times
        Seconds of the rows.
    values
        The rows.
    name
        What to call the file in complaints.
    lines
        Line of each row in the file, for complaints.

    Raises
    ------
    FormatError
        There are fewer than two rows, or times do not rise; the line is told.
    """
    if len(times) < 2:
        raise FormatError(f"{name!r} holds {len(times)} rows; a rate needs two at least")
    steps = np.diff(times)
    if not (steps > 0).all():
        late = int(np.argmax(steps <= 0)) + 1
        raise FormatError(f"{name!r}, line {lines[late]}: times rise from row to row")
    rate, at = _clock(times - times[0], float(np.median(steps)))
    frames = np.rint(at)
    if np.abs(at - frames).max() > EVEN or (np.diff(frames) < 1).any():
        told = f"the rows of {name!r} keep no even clock; they are read off at {float(rate):g} frames a second"
        warnings.warn(told, LossWarning, stacklevel=3)
        frames = at
    elif len(frames) <= frames[-1]:
        dropped = int(frames[-1]) + 1 - len(frames)
        warnings.warn(f"{name!r} lacks {dropped} of its frames; they are filled in on a straight line", LossWarning, stacklevel=3)
    else:
        return values, rate
    wanted = np.arange(int(frames[-1] + 1e-6) + 1)
    return np.stack([np.interp(wanted, frames, column) for column in values.T], axis=1), rate


def _clock(times: np.ndarray, step: float) -> tuple[Fraction, np.ndarray]:
    """The rate, and where it puts the rows, in frames; a rate in use wherever rounding may be all that keeps the rows from it."""
    frames = np.maximum(np.rint(np.diff(times) / step), 1).sum()
    own = Fraction(float(frames / times[-1])).limit_denominator(LARGEST_DENOMINATOR)
    off = {rate: _off(times, rate) for rate in (*WHOLE, *NTSC) if abs(float(rate) * step - 1) < 0.1}
    best = min(off, key=lambda rate: off[rate], default=own)
    rate = best if off and off[best] <= _off(times, own) + _BLUR else own
    return rate, times * float(rate)


def _off(times: np.ndarray, rate: Fraction) -> float:
    """How far the worst row is from the nearest frame, in frames."""
    at = times * float(rate)
    return float(np.abs(at - np.rint(at)).max())
