"""What a reenactor is."""

from __future__ import annotations

from typing import Protocol

from animator.core.emotion import Emotion
from animator.core.frames import Frames
from animator.core.motion import Motion
from animator.core.rig import Rig
from animator.core.sitter import Film, Sitter


class Reenactor(Protocol):
    """A frozen dataclass whose fields are its settings."""

    def reenact(self, motion: Motion, sitter: Sitter, rig: Rig, emotion: Emotion | None) -> Frames:
        """Make a photo move: lazily, opaque, at the photo's size.

        Parameters
        ----------
        motion
            The performance, in ``rig``, at the rate of the clip.
        sitter
            Who is in the photo.
        rig
            The rig of the portrait's expression.
        emotion
            What is felt, at any rate, if it is known.
        """
        ...

    def revoice(self, motion: Motion, film: Film, rig: Rig, emotion: Emotion | None) -> Frames:
        """Make the person of a film say something else: lazily, opaque, at the film's size and rate.

        Each picture is its own photo: light, blinks, gaze and the head's turns stay. Parameters as of `reenact`, the motion at
        the film's rate and no shorter than it.
        """
        ...
