"""Where the eyes look: fixations, saccades, drift. Angles are of the look in space, 0 = at the camera."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from animator.core.curves import drift, steps
from animator.generators.speech.prosody import Prosody

DWELL = {"talking": ((3.13, 3.16), (0.93, 0.80)), "listening": ((7.92, 1.57), (0.43, 0.24))}
"""Mean and deviation (seconds) of looking at the other and of looking away (Lee, Badler & Badler 2002)."""

DIRECTIONS = (0.1554, 0.0646, 0.1769, 0.0744, 0.1680, 0.0789, 0.2038, 0.0779)
"""Chances of the eight directions, from the subject's right, counter-clockwise as seen from the front (same)."""

FARTHEST = 12.0
"""Degrees: the largest look away. The paper's reach 27; a portrait that faces its viewer stays with them."""

FIXATION = (0.25, 1.2)
"""Seconds between the small saccades within a long look: from one eye of the other to the other, to the mouth."""


@dataclass(frozen=True, eq=False)
class Gaze:
    """Saccades: ``start`` and ``duration`` (seconds) and ``size`` (radians), each ``[K]``, and the fixations before and after
    each, ``looks`` ``[K+1 2]``: yaw and pitch (radians).
    """

    start: np.ndarray
    duration: np.ndarray
    size: np.ndarray
    looks: np.ndarray


def gaze(times: np.ndarray, delivery: Prosody, rng: np.random.Generator) -> Gaze:
    """Saccades over the clock: mostly mutual gaze, looks away of human size, direction and dwell.

    Sizes follow ``A = -6.9 ln(P / 15.7)`` degrees, P uniform in (0, 15]; a saccade takes 25 ms + 2.4 ms a degree.
    """
    end = float(times[-1])
    starts: list[float] = []
    looks: list[tuple[float, float]] = [_near(rng)]
    now, away = 0.0, False
    while now <= end:
        state = "talking" if np.interp(now, times, delivery.talking) > 0.5 else "listening"
        mean, deviation = DWELL[state][int(away)]
        until = now + _gamma(mean, deviation, rng)
        while not away:
            now += float(rng.uniform(*FIXATION))
            if now > until - FIXATION[0]:
                break
            starts.append(now)
            looks.append(_near(rng))
        now, away = until, not away
        starts.append(now)
        looks.append(_far(rng) if away else _near(rng))
    kept = np.array(starts) <= end
    path = np.array(looks)[: int(kept.sum()) + 1]
    size = np.hypot(*np.diff(path, axis=0).T)
    return Gaze(np.array(starts)[kept], 0.025 + 0.0024 * np.degrees(size), size, path)


def look(times: np.ndarray, given: Gaze, rng: np.random.Generator) -> np.ndarray:
    """Yaw and pitch of the look, ``float64 [T 2]`` radians: held fixations, saccades between, and the eye's slow drift."""
    wandering: np.ndarray = steps(times, given.start, given.duration, given.looks) + np.radians(0.08) * drift(times, 0.35, 2, rng)
    return wandering


def _near(rng: np.random.Generator) -> tuple[float, float]:
    """A place on the other's face, as one sees it across a table."""
    yaw, pitch = np.radians(rng.normal((0.0, 0.15), (0.55, 0.4)))
    return float(yaw), float(pitch)


def _far(rng: np.random.Generator) -> tuple[float, float]:
    degrees = min(-6.9 * float(np.log((1.0 - rng.uniform()) * 15.0 / 15.7)), FARTHEST)
    sector = rng.choice(len(DIRECTIONS), p=np.array(DIRECTIONS) / sum(DIRECTIONS))
    angle = np.radians(45.0 * sector + rng.uniform(-15.0, 15.0))
    return float(-np.radians(degrees) * np.cos(angle)), float(-np.radians(degrees) * np.sin(angle))


def _gamma(mean: float, deviation: float, rng: np.random.Generator) -> float:
    """A time with this mean and deviation, 0.2 s at least: two saccades never overlap."""
    shape = (mean / deviation) ** 2
    return max(float(rng.gamma(shape, mean / shape)), 0.2)
