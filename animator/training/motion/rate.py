"""Captured curves on the generators' clock."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from jaxtyping import Float32

from animator.core.motion import CLOSED, GENERATOR_FPS, Motion, retime
from animator.core.rig import Rig

KEPT = 25
"""Frames that are repeated before the first and after the last, so that the ends do not ring."""


def at_generator_rate(values: Float32[np.ndarray, "T C"], fps: Fraction, rig: Rig) -> Float32[np.ndarray, "F C"]:
    """Curves at 50 Hz from curves at another rate, within the rig's range; the first instant is the same.

    Interpolation is band-limited (Kaiser's window), so that it adds no corners that a face does not make; but such curves swing
    about what they pass, and a closure is between two of their samples as often as at one. So where `core.motion.retime`, which
    loses no closure, has the lips shut, mouth and jaw are taken from it.
    """
    from scipy.signal import resample_poly

    plain = retime(Motion(rig.names, values, fps), GENERATOR_FPS, rig).values
    ratio = GENERATOR_FPS / fps
    padded = np.pad(values, ((KEPT * ratio.denominator, KEPT * ratio.denominator), (0, 0)), mode="edge")
    smooth = resample_poly(padded, ratio.numerator, ratio.denominator, axis=0)[KEPT * ratio.numerator :][: len(plain)]
    shut = plain @ rig.opening_row <= CLOSED
    smooth[np.ix_(shut, rig.region("mouth", "jaw", "tongue"))] = plain[np.ix_(shut, rig.region("mouth", "jaw", "tongue"))]
    limited: np.ndarray = np.clip(smooth, rig.low, rig.high).astype(np.float32)
    return limited
