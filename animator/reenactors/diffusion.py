"""`Diffusion`: what `Warp` shows, and what it cannot show made up by a small diffusion model: the mouth's inside, lids, folds."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float32, UInt8

from animator.core.emotion import Emotion
from animator.core.frames import Frames
from animator.core.motion import Motion
from animator.core.rig import Rig
from animator.core.sitter import Sitter
from animator.errors import InputError
from animator.reenactors.moved.expression import targets
from animator.reenactors.moved.mover import Mover

if TYPE_CHECKING:
    from animator.reenactors.refine.painter import Painter

SIZE = 256
"""Pixels a side of the square that the network learned to see."""


@dataclass(frozen=True)
class Diffusion:
    """Moves a photo as `Warp` does, and adds what a network (`animator.reenactors.refine`) makes of noise, the warp, the head
    behind it, the photo and the feeling.

    All frames start from the same noise, so what is made up does not flicker. Same settings, same pictures.

    Parameters
    ----------
    own
        As of `Warp`.
    steps
        Of the diffusion, 1 to 50: one is a whole generation; more are slower and sharper.
    guidance_lips, guidance_emotion, guidance_reference
        How strongly the head behind the photo (and with it the opening of its mouth), the feeling and the photo are followed, in
        [0, 10]: 1 as the network learned it, 0 not at all. Each that is not 1 makes a step longer by half to a whole one.
    device
        ``cpu``, or another that torch has, such as ``cuda``.
    precision
        ``float32``, ``bfloat16`` or ``float16``: what the network computes in.
    batch
        Frames that it makes at once, 1 to 256.
    threads
        How many frames are moved and pasted at once beside it, 1 to 256.
    seed
        Of the noise.
    """

    own: float = 1.0
    steps: int = 1
    guidance_lips: float = 1.0
    guidance_emotion: float = 1.0
    guidance_reference: float = 1.0
    device: str = "cpu"
    precision: str = "float32"
    batch: int = 4
    threads: int = 2
    seed: int = 0

    def __post_init__(self) -> None:
        guidances = {f"guidance_{what}": (0, 10) for what in ("lips", "emotion", "reference")}
        ranges = {"own": (0, 1), "steps": (1, 50), **guidances, "batch": (1, 256), "threads": (1, 256), "seed": (0, 2**63 - 1)}
        for name, (low, high) in ranges.items():
            if not low <= getattr(self, name) <= high:
                raise InputError(f"{name} of diffusion lies in [{low}, {high}], not {getattr(self, name)}")
        if self.precision not in {"float32", "bfloat16", "float16"}:
            raise InputError(f"precision of diffusion is float32, bfloat16 or float16, not {self.precision!r}")

    def reenact(self, motion: Motion, sitter: Sitter, rig: Rig, emotion: Emotion | None) -> Frames:
        """Make a photo move: lazily, opaque, at the photo's size.

        Raises
        ------
        InputError
            The motion or the portrait is not in the rig, or torch lacks the device.
        MissingWeightsError
            The network is not among the installed assets.
        """
        from animator.reenactors.refine.painter import Painter, device_of
        from animator.reenactors.refine.shipped import shipped

        height, width = sitter.portrait.image.shape[:2]
        rows = targets(motion, sitter.portrait, rig, emotion, self.own)
        mover = Mover(sitter, SIZE)
        guidance = {"lips": self.guidance_lips, "emotion": self.guidance_emotion, "reference": self.guidance_reference}
        net, feelings = shipped(device_of(self.device).type)
        painter = Painter(net, feelings, mover.reference, self.steps, guidance, self.precision, self.seed)
        pictures = self._pictures(mover, painter, rows, painter.codes(emotion, len(motion), motion.fps))
        return Frames(width, height, motion.fps, len(motion), pictures, opaque=True)

    def _pictures(
        self, mover: Mover, painter: Painter, rows: Float32[np.ndarray, "T C"], codes: Float32[np.ndarray, "T K"] | None
    ) -> Iterator[UInt8[np.ndarray, "H W 4"]]:
        """While some frames are refined, the next ones are moved."""
        parts = [slice(start, start + self.batch) for start in range(0, len(rows), self.batch)]
        with ThreadPoolExecutor(self.threads) as pool:
            moving = pool.map(mover.look, rows[parts[0]]) if parts else iter(())
            for part, after in zip(parts, [*parts[1:], slice(0, 0)], strict=True):
                looks, moving = list(moving), pool.map(mover.look, rows[after])
                refined = painter.paint(looks, None if codes is None else codes[part])
                yield from pool.map(mover.paste, looks, refined)
