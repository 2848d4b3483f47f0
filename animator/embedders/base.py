"""What an embedder is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from animator.core.audio import Audio
from animator.core.emotion import Emotion


class Embedder(Protocol):
    """A frozen dataclass whose fields are its settings."""

    def embed(self, audio: Audio, feelings: Sequence[str]) -> Emotion:
        """How the speaker feels over the length of ``audio``.

        Parameters
        ----------
        audio
            The speech; an embedder that is told the feeling uses its length only.
        feelings
            The feelings the rig has poses for; asking for another raises `UnknownNameError`.
        """
        ...
