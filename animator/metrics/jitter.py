"""How much of a movement is too fast to be one."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from jaxtyping import Float

from animator.errors import InputError

CUTOFF = 8.0
"""Hz: speech moves lips and jaw more slowly."""


def jitter(curve: Float[np.ndarray, " T"], fps: Fraction) -> float | None:
    """RMS of what a curve holds above 8 Hz, over its standard deviation.

    Tracked mouths of real speakers lie at 0.09 to 0.18. None for a curve that does not move (standard deviation below 1e-6).
    The part above 8 Hz is taken in the frequency domain, of the curve less the line through its ends, so that these make no step.

    Raises
    ------
    InputError
        The rate cannot carry 8 Hz.
    """
    if float(fps) <= 2 * CUTOFF:
        raise InputError(f"jitter is measured above {2 * CUTOFF:g} frames a second, not at {float(fps):g}")
    spread = float(np.std(curve))
    if spread < 1e-6:
        return None
    level = curve - np.linspace(curve[0], curve[-1], len(curve))
    spectrum = np.fft.rfft(level)
    spectrum[np.fft.rfftfreq(len(level), 1.0 / float(fps)) <= CUTOFF] = 0.0
    fast = np.fft.irfft(spectrum, n=len(level))
    return float(np.sqrt(np.mean(fast**2)) / spread)
