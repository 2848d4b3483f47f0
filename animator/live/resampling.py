"""`Resampler`: sound in pieces at another rate, with a delay of a millisecond.

Libraries' streaming resamplers work in large blocks and lag 20 to 40 ms, which is a third of all the time that a live face has.
"""

from __future__ import annotations

from math import gcd

import numpy as np
from jaxtyping import Float32
from scipy.signal import firwin, upfirdn

from animator.errors import InputError

CROSSINGS = 12
"""Zero crossings of the filter on either side, at the lower of the two rates."""

LOWEST, HIGHEST = 8000, 192000
"""Samples a second that sound may come at."""


class Resampler:
    """One sound, piece by piece, by a polyphase filter (a sinc in a Kaiser window); all pieces give what the whole gives.

    Parameters
    ----------
    rate
        Samples a second of what comes in.
    wanted
        Samples a second of what goes out.

    Raises
    ------
    InputError
        The rate is none that sound has.
    """

    def __init__(self, rate: int, wanted: int) -> None:
        if not LOWEST <= rate <= HIGHEST:
            raise InputError(f"sound comes at {LOWEST} to {HIGHEST} samples a second, not {rate}")
        common = gcd(rate, wanted)
        self._up, self._down = wanted // common, rate // common
        finest = max(self._up, self._down)
        self._half = CROSSINGS * finest
        self._taps = np.ones(1) if finest == 1 else self._up * firwin(2 * self._half + 1, 1.0 / finest, window=("kaiser", 8.0))
        self._context = -(-self._half // self._up)
        self._held = np.zeros(self._context, dtype=np.float64)
        self._came = self._went = 0

    def feed(self, samples: Float32[np.ndarray, " N"]) -> Float32[np.ndarray, " M"]:
        """Take the next samples; what can be told of the sound by now."""
        if self._up == self._down:
            return samples
        self._held = np.concatenate([self._held, samples])
        self._came += len(samples)
        # Sample k lies at k * down on the fine clock, and needs `half` of it on either side.
        stop = max(self._went, -(-((self._came - 1) * self._up - self._half + 1) // self._down))
        first = self._came + self._context - len(self._held)  # of what is held, counted with the silence before the sound
        fine = self._went * self._down + (self._context - first) * self._up + self._half
        shift = -fine % self._down  # the first sample wanted comes to lie on one that is computed
        out: np.ndarray = upfirdn(np.pad(self._taps, (shift, 0)), self._held, self._up, self._down)
        out = out[(fine + shift) // self._down :][: stop - self._went].astype(np.float32)
        self._went = stop
        keep = max(first, (stop * self._down - self._half) // self._up + self._context)
        self._held = self._held[keep - first :]
        return out
