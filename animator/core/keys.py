"""`sparse_keys`: a few keys a curve instead of one a frame, with a bound on what that changes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from animator.errors import InputError

if TYPE_CHECKING:  # Blender's Python runs this too, and has nothing but numpy
    from jaxtyping import Float32, Int64


class Keys(NamedTuple):
    """Keys of one curve: values at some of its frames, with straight lines between."""

    frames: Int64[np.ndarray, " K"]
    """Rising; the first is frame 0 and the last is the curve's last frame."""

    values: Float32[np.ndarray, " K"]
    """The curve's own values there."""


def check_tolerance(tolerance: float) -> None:
    """Raise `InputError` unless this is a bound on an error that `sparse_keys` can keep."""
    if not 0 <= tolerance < math.inf:
        raise InputError(f"tolerance is an error of 0 or more, in a control's own unit, not {tolerance:g}")


def sparse_keys(values: Float32[np.ndarray, "T C"], tolerance: float) -> tuple[Keys, ...]:
    """Few keys a curve, with straight lines between them that pass every frame within a tolerance.

    Keys are taken from the curve and never invented, so extremes that stand are exact. From a key, the next is the farthest
    frame whose straight line there keeps within the tolerance of all frames passed; the slopes that do so narrow with each
    frame like a funnel, and what is left of it is all that has to be remembered. (Williams 1978, "An efficient algorithm for
    the piecewise linear approximation of planar curves"; here with keys on the curve.)

    A measure that is linear in the controls keeps a bound too: with a tolerance of 0.001 a rig's `opening` moves by at most
    0.003, so that lips which are closed stay so to the eye.

    Parameters
    ----------
    values
        Curves of at least one frame.
    tolerance
        The largest error at any frame, in the curves' own unit (weights, radians). With 0, only frames on a straight line go.

    Returns
    -------
    tuple[Keys, ...]
        One a curve, in order.

    Raises
    ------
    InputError
        There is no frame, or the tolerance is negative or not finite.
    """
    check_tolerance(tolerance)
    frames, channels = values.shape
    if frames == 0:
        raise InputError("curves without a frame have no keys")
    curves = values.astype(np.float64)
    is_key = np.zeros(curves.shape, dtype=bool)
    is_key[[0, -1]] = True
    curve = np.arange(channels if frames > 1 else 0)  # those not yet done; all scan at once, each at its own frame
    start, reach = np.zeros_like(curve), np.zeros_like(curve)  # the last key, and the farthest frame that could be the next
    at = start + 1
    lowest, highest = np.full(curve.shape, -np.inf), np.full(curve.shape, np.inf)
    while curve.size:
        run = at - start
        rise = curves[at, curve] - curves[start, curve]
        slope = rise / run
        reach = np.where((lowest <= slope) & (slope <= highest), at, reach)
        lowest = np.maximum(lowest, (rise - tolerance) / run)
        highest = np.minimum(highest, (rise + tolerance) / run)
        at += 1
        ended = (lowest > highest) | (at == frames)
        if ended.any():
            is_key[reach[ended], curve[ended]] = True
            start = np.where(ended, reach, start)
            at = np.where(ended, reach + 1, at)
            lowest[ended], highest[ended] = -np.inf, np.inf
            going = at < frames
            if not going.all():
                curve, start, reach, at, lowest, highest = (a[going] for a in (curve, start, reach, at, lowest, highest))
    found = [np.flatnonzero(column) for column in is_key.T]
    return tuple(Keys(at, values[at, c]) for c, at in enumerate(found))


def joint_keys(values: Float32[np.ndarray, "T C"], tolerance: float) -> Int64[np.ndarray, " K"]:
    """Frames at which all curves have a key at once, for formats whose channels share one list of times.

    The same funnel as `sparse_keys`, which ends where the first of the curves leaves its own: so the bound holds for each, which
    it would not for the union of keys chosen one by one, where every line is cut at frames that its ends were not chosen for.

    Parameters
    ----------
    values, tolerance
        As in `sparse_keys`.

    Returns
    -------
    int64 [K]
        Rising; the first is 0 and the last is ``T - 1``.

    Raises
    ------
    InputError
        As in `sparse_keys`.
    """
    check_tolerance(tolerance)
    frames = len(values)
    if frames == 0:
        raise InputError("curves without a frame have no keys")
    curves = values.astype(np.float64)
    keys = [0]
    while keys[-1] < frames - 1:
        start = keys[-1]
        lowest, highest = np.full(curves.shape[1], -np.inf), np.full(curves.shape[1], np.inf)
        reach = start + 1
        for at in range(start + 1, frames):
            rise = curves[at] - curves[start]
            slope = rise / (at - start)
            if ((lowest <= slope) & (slope <= highest)).all():
                reach = at
            lowest = np.maximum(lowest, (rise - tolerance) / (at - start))
            highest = np.minimum(highest, (rise + tolerance) / (at - start))
            if (lowest > highest).any():
                break
        keys.append(reach)
    return np.array(keys, dtype=np.int64)
