"""Breath: slow and even at rest, taken in before each phrase and let out along it."""

from __future__ import annotations

import numpy as np

from animator.core.curves import smoothstep
from animator.generators.speech.prosody import Prosody

REST = 4.0
"""Seconds of a breath at rest: 15 a minute."""

INHALE = 0.45
"""Seconds: a speaker's breath in, taken in the pause before the phrase."""


def breath(times: np.ndarray, delivery: Prosody, rng: np.random.Generator) -> np.ndarray:
    """How full the chest is, ``float64 [T]`` in [0, 1]."""
    at, level = [-REST * float(rng.uniform())], [0.1]
    for start, end in [*delivery.phrases, (float(times[-1]) + 2 * REST, float(times[-1]) + 2 * REST)]:
        while start - at[-1] > 1.5 * REST:
            period = REST * float(np.exp(0.12 * rng.standard_normal()))
            at += [at[-1] + 0.4 * period, at[-1] + 0.9 * period]
            level += [0.55 + 0.1 * float(rng.uniform()), 0.1]
        at += [max(start - INHALE, at[-1] + 0.05), max(start, at[-1] + 0.1), max(end, at[-1] + 0.2)]
        level += [level[-1], 1.0, max(0.1, 1.0 - 0.25 * (end - start))]
    knots, levels = np.array(at), np.array(level)
    i = np.clip(np.searchsorted(knots, times, side="right") - 1, 0, len(knots) - 2)
    share = smoothstep((times - knots[i]) / (knots[i + 1] - knots[i]))
    full: np.ndarray = levels[i] * (1.0 - share) + levels[i + 1] * share
    return full
