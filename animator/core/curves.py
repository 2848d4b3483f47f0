"""Smooth curves over time: steps, bumps, windows and drift, each evaluated at the instants of a clock.

All of them have a continuous slope, so that nothing made of them jerks. ``times`` are seconds, ascending, ``[T]``.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64


def smoothstep(share: np.ndarray) -> np.ndarray:
    """0 up to 0, 1 from 1, a cubic with level ends between: any shape."""
    x = np.clip(share, 0.0, 1.0)
    eased: np.ndarray = x * x * (3.0 - 2.0 * x)
    return eased


def window(times: np.ndarray, spans: np.ndarray, rise: float | np.ndarray, fall: float | np.ndarray) -> Float64[np.ndarray, " T"]:
    """1 within any span, eased from 0 over ``rise`` seconds before it and back over ``fall`` seconds after it.

    ``spans`` is ``[S 2]``, first and last second of each; ``rise`` and ``fall`` are one number or one a span. Where the slopes
    of two spans meet, they add up like chances.
    """
    outside = np.ones(len(times))
    rises, falls = (np.broadcast_to(np.asarray(s, dtype=np.float64), len(spans)) for s in (rise, fall))
    firsts = np.searchsorted(times, spans[:, 0] - rises)
    stops = np.searchsorted(times, spans[:, 1] + falls, side="right")
    for i, (first, stop) in enumerate(zip(firsts, stops, strict=True)):
        near = times[first:stop]
        up, down = (near - spans[i, 0]) / rises[i] + 1.0, (spans[i, 1] - near) / falls[i] + 1.0
        outside[first:stop] *= 1.0 - smoothstep(np.minimum(up, down))
    return 1.0 - outside


def bumps(times: np.ndarray, centres: np.ndarray, heights: np.ndarray, width: float) -> Float64[np.ndarray, " T"]:
    """A sum of raised cosines, ``width`` seconds wide from foot to foot, one at each centre."""
    out = np.zeros(len(times))
    firsts = np.searchsorted(times, centres - width / 2)
    stops = np.searchsorted(times, centres + width / 2, side="right")
    for centre, height, first, stop in zip(centres, heights, firsts, stops, strict=True):
        out[first:stop] += height * 0.5 * (1.0 + np.cos(2.0 * np.pi * (times[first:stop] - centre) / width))
    return out


def steps(times: np.ndarray, starts: np.ndarray, durations: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Hold each level until the next begins: ``[T D]`` from levels ``[K+1 D]`` and ``K`` moves between them.

    Move ``k`` leaves ``levels[k]`` at ``starts[k]`` and reaches ``levels[k + 1]`` after ``durations[k]`` seconds; a move must
    end before the next starts.
    """
    if len(starts) == 0:
        return np.repeat(levels[:1], len(times), axis=0)
    move = np.searchsorted(starts, times, side="right") - 1
    at = np.maximum(move, 0)
    share = np.where(move < 0, 0.0, smoothstep((times - starts[at]) / durations[at]))[:, None]
    held: np.ndarray = levels[at] * (1.0 - share) + levels[at + 1] * share
    return held


def drift(times: np.ndarray, spacing: float, dimensions: int, rng: np.random.Generator) -> np.ndarray:
    """Aimless smooth wandering ``[T D]`` with mean 0 and deviation 1, most of it slower than ``1 / (2 spacing)`` Hz.

    A uniform cubic B-spline through white noise: curvature is continuous. A longer clock continues the same path.
    """
    at = times / spacing
    knots = rng.standard_normal((int(at[-1]) + 5, dimensions)) if len(times) else np.zeros((4, dimensions))
    first = at.astype(np.int64)
    u = (at - first)[:, None]
    basis = ((1 - u) ** 3, 3 * u**3 - 6 * u**2 + 4, -3 * u**3 + 3 * u**2 + 3 * u + 1, u**3)
    power = np.sqrt(sum(b**2 for b in basis))
    path: np.ndarray = sum(b * knots[first + i] for i, b in enumerate(basis)) / power
    return path
