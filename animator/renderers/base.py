"""What a renderer is."""

from __future__ import annotations

from typing import Protocol

from animator.core.frames import Frames
from animator.core.head import Head
from animator.core.motion import Motion
from animator.core.stage import Stage


class Renderer(Protocol):
    """A frozen dataclass whose fields are its settings."""

    def render(self, motion: Motion, head: Head, stage: Stage) -> Frames:
        """Draw each frame of a motion, lazily, on nothing: where there is no head, alpha is 0."""
        ...
