"""What an embedder is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Protocol

from animator.core.audio import Audio
from animator.core.emotion import Emotion

LENGTH, STRETCH, WHOLE = "length", "stretch", "whole"
"""What an embedder needs of the sound: how long it is; the stretch that it is to tell of; all of it, and where it begins."""


class Embedder(Protocol):
    """A frozen dataclass whose fields are its settings."""

    hears: ClassVar[str]
    """`LENGTH`, `STRETCH` or `WHOLE`."""

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
