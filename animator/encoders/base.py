"""What an encoder is."""

from __future__ import annotations

from typing import Protocol

from animator.core.audio import Audio
from animator.core.features import Features


class Encoder(Protocol):
    """A frozen dataclass whose fields are its settings."""

    def encode(self, audio: Audio, transcript: str | None = None) -> Features:
        """Hear a sound.

        Parameters
        ----------
        audio
            Any rate, any length above 0 samples.
        transcript
            What is said, when it is known; an encoder may use it to hear better.

        Returns
        -------
        Features
            Frame ``i`` is the instant ``i / fps``; the last frame lies within one frame of the sound's end.
        """
        ...
