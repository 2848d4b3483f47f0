"""The likeliest course of phones through a clip: each frame's evidence, and that phones last."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32, Int

from animator.core.phones import PHONE_VISEMES, PHONES

CHANGE = 3.0
"""Nats that a change of phone costs: it keeps flickers out and lets a closure of 40 ms through."""

_ALIKE = np.array([[p == q or (PHONE_VISEMES[p] == PHONE_VISEMES[q] != ()) for q in PHONES] for p in PHONES], dtype=np.float32)
"""Phones that look the same."""


def course(posteriors: Float32[np.ndarray, "T P"], cost: float = CHANGE) -> Int[np.ndarray, " T"]:
    """The phone of each frame on the best path (Viterbi 1967), as indices into `PHONES`; each change of phone has its cost.

    Evidence for phones that look the same counts together, so that P, B and M do not lose to N one by one.
    """
    evidence = np.log(posteriors * (posteriors @ _ALIKE) + 1e-8)
    came_from = np.empty(evidence.shape, dtype=np.int8)
    stays = np.arange(len(PHONES))
    best = evidence[0].copy() if len(evidence) else np.zeros(len(PHONES), dtype=np.float32)
    for t in range(1, len(evidence)):
        winner = int(best.argmax())
        changed = best[winner] - cost
        came_from[t] = np.where(best >= changed, stays, winner)
        best = np.maximum(best, changed) + evidence[t]
    path = np.zeros(len(evidence), dtype=np.int64)
    at = int(best.argmax())
    for t in range(len(evidence) - 1, -1, -1):
        path[t] = at
        at = came_from[t, at] if t else at
    return path
