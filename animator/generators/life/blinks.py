"""Blinks: when, how long, how far."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from animator.core.curves import smoothstep, window
from animator.generators.life.gaze import Gaze
from animator.generators.speech.prosody import Prosody

TALKING, RESTING = 26.0, 17.0
"""Blinks a minute in conversation and at rest: means of 150 adults (Bentivoglio et al. 1997)."""

SPREAD = 0.55
"""Deviation of the logarithm of the gaps between blinks (about that of EmoFace's 445 recorded ones)."""

APART = 0.45
"""Seconds at least from blink to blink; a blink that would come sooner waits."""

LARGE_SHIFT = float(np.radians(5.0))
"""A gaze shift from which on a blink likes to go along."""


@dataclass(frozen=True, eq=False)
class Blinks:
    """``start``, ``closing``, ``closed``, ``opening`` (seconds), ``depth`` (1 = the lids meet) and ``lag`` (seconds by which
    the right lid follows the left), each ``[B]``.
    """

    start: np.ndarray
    closing: np.ndarray
    closed: np.ndarray
    opening: np.ndarray
    depth: np.ndarray
    lag: np.ndarray


def blinks(times: np.ndarray, delivery: Prosody, gaze: Gaze, rate: float, rng: np.random.Generator) -> Blinks:
    """Blinks as a renewal process with log-normal gaps, in a time that runs faster where people blink more.

    ``rate`` multiplies the human rates. Phrase ends and large gaze shifts draw blinks to themselves without adding to them.
    A blink closes in half the time it opens in, lasts 150 to 350 ms, and one in eight is partial.
    """
    base = (RESTING + (TALKING - RESTING) * delivery.talking) / 60.0 * rate
    ends = delivery.phrases[:, 1:] + np.array([-0.05, 0.35])
    large = gaze.start[gaze.size >= LARGE_SHIFT][:, None] + np.array([-0.05, 0.1])
    draw = base * (1.0 + 5.0 * window(times, ends, 0.1, 0.2) + 5.0 * window(times, large, 0.05, 0.05))
    expected = np.cumsum(base)
    due = np.cumsum(draw) * (expected[-1] / max(draw.sum(), 1e-12)) * (times[1] - times[0] if len(times) > 1 else 0.0)
    count = int(2.0 * due[-1]) + 20
    chance = rng.standard_normal((count, 4))
    gaps = np.exp(SPREAD * chance[:, 0] - SPREAD**2 / 2)
    gaps[0] *= float(rng.uniform())
    at = np.cumsum(gaps)
    start = np.interp(at, due, times, left=0.0, right=np.inf)
    start, chance = start[np.isfinite(start)], chance[np.isfinite(start)]
    turn = APART * np.arange(len(start))
    start = np.maximum.accumulate(start - turn) + turn
    total = np.clip(0.24 * np.exp(0.22 * chance[:, 1]), 0.15, 0.35)
    closed = np.full(len(start), 0.04)
    closing = (total - closed) / 3.0
    depth = np.where(chance[:, 2] > 1.15, np.clip(0.95 - 0.25 * (chance[:, 2] - 1.15), 0.5, 0.9), 1.0)
    lag = np.clip(0.004 * chance[:, 3], -0.008, 0.008)
    return Blinks(start, closing, closed, 2.0 * closing, depth, lag)


def lids(times: np.ndarray, given: Blinks) -> np.ndarray:
    """How far the left and right lids are closed, ``float64 [T 2]`` in [0, 1]."""
    out = np.zeros((len(times), 2))
    for i in range(len(given.start)):
        for side, late in enumerate((0.0, given.lag[i])):
            start = given.start[i] + late
            total = given.closing[i] + given.closed[i] + given.opening[i]
            first, stop = np.searchsorted(times, (start, start + total))
            since = times[first:stop] - start
            down = smoothstep(since / given.closing[i])
            up = smoothstep((since - given.closing[i] - given.closed[i]) / given.opening[i])
            np.maximum(out[first:stop, side], given.depth[i] * down * (1.0 - up), out=out[first:stop, side])
    return out
