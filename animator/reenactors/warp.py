"""`Warp`: the photo's own pixels, moved; teeth and tongue are drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from animator.core.emotion import Emotion
from animator.core.frames import Frames, drawn
from animator.core.motion import Motion
from animator.core.rig import Rig
from animator.core.sitter import Film, Sitter
from animator.errors import InputError
from animator.reenactors.moved.expression import targets
from animator.reenactors.moved.mover import Mover
from animator.reenactors.moved.scenes import Scene, opaque, scenes


@dataclass(frozen=True)
class Warp:
    """Moves each pixel of a photo as the place of the fitted head behind it moves, and draws what the photo hides.

    Nothing is learned. It is what every other reenactor starts from, and is to beat.

    Parameters
    ----------
    own
        How much of the photo's own expression the lower face keeps where nothing is felt, in [0, 1].
    size
        Pixels a side of the square around the face in which places are worked out, 64 to 1024.
    threads
        How many frames are made at once; 0 is one a core that this process may use.
    """

    own: float = 1.0
    size: int = 384
    threads: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.own <= 1:
            raise InputError(f"own of warp lies in [0, 1], not {self.own:g}")
        if not 64 <= self.size <= 1024:
            raise InputError(f"size of warp lies in [64, 1024], not {self.size}")
        if not 0 <= self.threads <= 256:
            raise InputError(f"threads of warp lies in [0, 256], not {self.threads}")

    def reenact(self, motion: Motion, sitter: Sitter, rig: Rig, emotion: Emotion | None) -> Frames:
        """Make a photo move: lazily, opaque, at the photo's size."""
        height, width = sitter.portrait.image.shape[:2]
        rows = targets(motion, sitter.portrait, rig, emotion, self.own)
        mover = Mover(sitter, self.size)
        pictures = drawn(lambda row: mover.paste(mover.move(row)), rows, self.threads, np.array_equal)
        return Frames(width, height, motion.fps, len(motion), pictures, opaque=True)

    def revoice(self, motion: Motion, film: Film, rig: Rig, emotion: Emotion | None) -> Frames:
        """Make the person of a film say something else: lazily, opaque, at the film's size and rate."""

        def draw(scene: Scene) -> np.ndarray:
            if isinstance(scene, np.ndarray):
                return opaque(scene)
            mover, row = scene
            return mover.paste(mover.move(row))

        pictures = drawn(draw, scenes(motion, film, rig, self.size), self.threads)
        return Frames(film.width, film.height, film.fps, film.count, pictures, opaque=True)
