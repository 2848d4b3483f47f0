"""`Emotion`: how much of each feeling, frame by frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from animator.core.track import Track
from animator.errors import InputError

NEUTRAL = "neutral"
"""The feeling that is the absence of the others; it has no channel of its own."""


@dataclass(frozen=True, eq=False)
class Emotion(Track):
    """Weight of each feeling over time, one channel a feeling, each in [0, 1].

    A frame of zeros is neutral. Weights are intensities, not probabilities: two feelings may both be strong.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.values.size and (self.values.min() < 0 or self.values.max() > 1):
            frame, channel = np.argwhere((self.values < 0) | (self.values > 1))[0]
            worst = self.values[frame, channel]
            raise InputError(f"the intensity of {self.names[channel]!r} lies in [0, 1], but is {worst:g} at frame {frame}")
