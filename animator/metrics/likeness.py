"""How far one performance is from another of the same line, each measure under the name of who defined it.

Papers measure "lip error" and "upper-face dynamics" in several ways that cannot be set beside one another; here each has its own
function, on curves of controls in weights. Two performances that are compared have one clock and one length.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float

from animator.errors import InputError

Curves = Float[np.ndarray, "_ C"]

LOW, HIGH = 0.05, 0.95
"""Quantiles between which a curve's range is taken, so that a single frame does not make it."""


def lip_error_facediffuser(made: Curves, real: Curves, lips: Bool[np.ndarray, " C"]) -> float:
    """Mean over frames of the Euclidean distance of the lips' curves (FaceDiffuser's LVE on blendshapes; Stan et al. 2023)."""
    _same(made, real)
    return float(np.linalg.norm((made - real)[:, lips], axis=1).mean())


def lip_error_codetalker(made: Curves, real: Curves, lips: Bool[np.ndarray, " C"]) -> float:
    """Mean over frames of the greatest squared error of a lip's curve (CodeTalker's LVE, with curves for vertices)."""
    _same(made, real)
    return float(((made - real)[:, lips] ** 2).max(axis=1).mean())


def lip_error_medtalk(made: Curves, real: Curves, lips: Bool[np.ndarray, " C"]) -> float:
    """Mean absolute error of the lips' curves (MEDTalk's MLE, equation 15)."""
    _same(made, real)
    return float(np.abs((made - real)[:, lips]).mean())


def opening_difference(made: Float[np.ndarray, " _"], real: Float[np.ndarray, " _"]) -> float:
    """Mean absolute difference of two openings (MOD of DiffPoseTalk), in their unit."""
    _same(made, real)
    return float(np.abs(made - real).mean())


def opening_range_ratio(made: Float[np.ndarray, " _"], real: Float[np.ndarray, " _"]) -> float | None:
    """Range of one opening, from its 5th to its 95th percentile, over that of another; None where the other has none.

    1 is a mouth that opens as widely and closes as far; below it mumbles, above it exaggerates. They need not be of one length.
    """
    ranges = [float(np.ptp(np.quantile(curve, (LOW, HIGH)))) for curve in (made, real)]
    return ranges[0] / ranges[1] if ranges[1] > 1e-6 else None


def dynamics_medtalk(made: Curves, real: Curves, upper: Bool[np.ndarray, " C"]) -> float:
    """Mean over the upper face's curves of how much more the real one varies over time (MEDTalk's FRD, equation 18).

    Signed: above 0 the made face is stiller; curves that vary too much and too little cancel, which `dynamics_absolute` mends.
    """
    return float((real[:, upper].std(axis=0) - made[:, upper].std(axis=0)).mean())


def dynamics_absolute(made: Curves, real: Curves, upper: Bool[np.ndarray, " C"]) -> float:
    """`dynamics_medtalk` of absolute differences (as FaceDiffuser has FDD)."""
    return float(np.abs(real[:, upper].std(axis=0) - made[:, upper].std(axis=0)).mean())


def _same(made: np.ndarray, real: np.ndarray) -> None:
    if made.shape != real.shape:
        raise InputError(f"performances that are compared are of one shape, not {made.shape} and {real.shape}")
