"""How performances of one line differ: the slow wandering of latents about what is expected, as large and as slow as learned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32


@dataclass(frozen=True, eq=False)
class Habit:
    """What wanders.

    Parameters
    ----------
    basis
        ``float32 [M D]``: directions in latents, each as long as its deviation.
    memory
        ``float32 [M]`` in [0, 1): correlation of each with itself one window (80 ms) later.
    """

    basis: Float32[np.ndarray, "M D"]
    memory: Float32[np.ndarray, " M"]


class Wandering:
    """One performance's, window by window; the same generator state gives the same, whatever the pieces."""

    def __init__(self, habit: Habit, rng: np.random.Generator) -> None:
        self._habit, self._rng = habit, rng
        self._fresh = np.sqrt(1.0 - habit.memory**2)
        self._at = rng.standard_normal(len(habit.memory)).astype(np.float32)

    def next(self, windows: int) -> Float32[np.ndarray, "K D"]:
        """Offsets of the next windows."""
        chance = self._rng.standard_normal((windows, len(self._at))).astype(np.float32)
        out = np.empty_like(chance)
        for k in range(windows):
            out[k] = self._at
            self._at = self._habit.memory * self._at + self._fresh * chance[k]
        offsets: np.ndarray = out @ self._habit.basis
        return offsets
