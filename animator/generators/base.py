"""What a generator is."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from animator.core.emotion import Emotion
from animator.core.features import Features
from animator.core.motion import Motion
from animator.core.rig import Rig


class Generator(Protocol):
    """A frozen dataclass whose fields are its settings."""

    def generate(self, features: Features, emotion: Emotion, rig: Rig, rng: np.random.Generator) -> Motion:
        """Move a face.

        Parameters
        ----------
        features
            What was heard.
        emotion
            What is felt over the same span.
        rig
            The controls to move, with their viseme and emotion poses.
        rng
            The only source of chance: the same generator state gives the same motion.

        Returns
        -------
        Motion
            In ``rig`` and within its limits, at 50 Hz, over the span of ``features``.
        """
        ...
