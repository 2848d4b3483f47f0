"""What a director has a face look at, over its own looking about: shifts of the eyes, and how far the head goes along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from animator.core.curves import steps, window
from animator.core.look import BETWEEN, Look, settled
from animator.errors import InputError

FOLLOW = 0.25
"""Share of a small shift that the head takes over."""

COMFORT = float(np.radians(20.0))
"""Shifts beyond this are made by the head (Freedman and Sparks 1997: about where eyes alone no longer do)."""

NEAR = float(np.radians(1.2))
"""How far the eyes wander from what they are to look at."""


@dataclass(frozen=True, eq=False)
class Attention:
    """Shifts: ``start`` and ``duration`` (seconds) and ``size`` (radians), each ``[K]``; ``levels`` ``[K+1 3]``, yaw, pitch and
    convergence (radians) before and after each; ``spans`` ``[S 2]``, seconds in which something is to be looked at.
    """

    start: np.ndarray
    duration: np.ndarray
    size: np.ndarray
    levels: np.ndarray
    spans: np.ndarray


def attention(looks: Sequence[Look], end: float) -> Attention:
    """The shifts that looks in seconds ask for, in a clip of ``end`` seconds.

    A shift takes 25 ms + 2.4 ms a degree, as a saccade does, or the look's ``ease``, if that is more and leaves time for it.
    `InputError` if one starts when the clip is over; `LossWarning` as of `core.look.settled`.
    """
    starts: list[float] = []
    eases: list[float] = []
    levels = [np.zeros(3)]
    spans: list[tuple[float, float]] = []
    looks = settled(looks)
    for i, look in enumerate(looks):
        start = look.begins
        following = looks[i + 1].begins if i + 1 < len(looks) else end + 1.0
        if start >= end:
            line = f" (line {look.line})" if look.line else ""
            raise InputError(f"a look{line} starts at {start:g} s, but the speech ends at {end:.2f} s")
        stop = min(following if look.stop is None else look.stop, end + 1.0)
        spans.append((start, stop))
        if start == 0.0:
            levels[0] = np.array(look.direction)
        else:
            starts.append(start)
            eases.append(look.ease)
            levels.append(np.array(look.direction))
        if following - stop >= BETWEEN and stop < end:
            starts.append(stop)
            eases.append(look.ease)
            levels.append(np.zeros(3))
    path = np.array(levels)
    size = np.hypot(*np.diff(path[:, :2], axis=0).T)
    left = np.diff(np.append(starts, np.inf))
    duration = np.minimum(np.maximum(0.025 + 0.0024 * np.degrees(size), eases), left)
    return Attention(np.array(starts), duration, size, path, np.array(spans).reshape(-1, 2))


def attended(times: np.ndarray, given: Attention, wandering: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Yaw, pitch and convergence of what is to be looked at, ``float64 [T 3]``, and the ``wandering`` ``[T 2]`` that is left."""
    size = np.hypot(*wandering.T)[:, None]
    near = wandering * np.minimum(1.0, NEAR / np.maximum(size, 1e-9))
    held = window(times, given.spans, 0.05, 0.05)[:, None]
    return steps(times, given.start, given.duration, given.levels), wandering + held * (near - wandering)


def share_of_head(looking: np.ndarray) -> np.ndarray:
    """How much of a direction (radians, any shape) is the head's: some of it, and all that is beyond `COMFORT`."""
    beyond = np.maximum(np.abs(looking) - COMFORT, 0.0) * np.sign(looking)
    shared: np.ndarray = FOLLOW * looking + (1.0 - FOLLOW) * beyond
    return shared
