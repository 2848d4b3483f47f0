"""`Label`: one feeling, or one mixture, from beginning to end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from animator.core.audio import Audio
from animator.core.emotion import NEUTRAL, Emotion
from animator.core.motion import GENERATOR_FPS
from animator.core.script import felt, parse_feelings, weigh
from animator.core.track import frame_count


@dataclass(frozen=True)
class Label:
    """The feeling that it is told, throughout.

    Parameters
    ----------
    feelings
        ``happy``, ``happy:0.7`` or ``happy:0.6,surprised:0.4``; weights are in [0, 1], and 1 where none is given.
    """

    feelings: str = NEUTRAL

    def __post_init__(self) -> None:
        parse_feelings(self.feelings)

    def embed(self, audio: Audio, feelings: Sequence[str]) -> Emotion:
        """The feeling over the length of ``audio``, at 50 Hz; `UnknownNameError` for one that is not among ``feelings``."""
        frames = frame_count(audio.seconds, GENERATOR_FPS)
        return Emotion(felt(feelings), np.tile(weigh(self.feelings, feelings), (frames, 1)), GENERATOR_FPS)
