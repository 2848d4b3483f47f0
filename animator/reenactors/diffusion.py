"""`Diffusion`: what `Warp` shows, and what it cannot show made up by a small diffusion model: the mouth's inside, lids, folds."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import UInt8

from animator.core.emotion import Emotion
from animator.core.frames import Frames
from animator.core.motion import Motion
from animator.core.rig import Rig
from animator.core.sitter import Film, Sitter
from animator.errors import InputError
from animator.reenactors.moved.expression import targets
from animator.reenactors.moved.mover import Look, Mover
from animator.reenactors.moved.scenes import Scene, opaque, scenes

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
    weights
        A file that ``animator train portrait`` wrote; empty takes those that are installed.
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
    weights: str = ""

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
            There are no such weights, or none are installed.
        """
        height, width = sitter.portrait.image.shape[:2]
        rows = targets(motion, sitter.portrait, rig, emotion, self.own)
        mover = Mover(sitter, SIZE)
        pictures = self._pictures(((mover, row) for row in rows), self._painter(), emotion, motion)
        return Frames(width, height, motion.fps, len(motion), pictures, opaque=True)

    def revoice(self, motion: Motion, film: Film, rig: Rig, emotion: Emotion | None) -> Frames:
        """Make the person of a film say something else: lazily, opaque, at the film's size and rate; raises as `reenact`."""
        pictures = self._pictures(scenes(motion, film, rig, SIZE), self._painter(), emotion, motion)
        return Frames(film.width, film.height, film.fps, film.count, pictures, opaque=True)

    def _painter(self) -> Painter:
        from animator.reenactors.refine.painter import Painter, device_of
        from animator.reenactors.refine.weights import refiner

        guidance = {"lips": self.guidance_lips, "emotion": self.guidance_emotion, "reference": self.guidance_reference}
        net, feelings = refiner(device_of(self.device).type, self.weights)
        return Painter(net, feelings, self.steps, guidance, self.precision, self.seed, self.batch)

    def _pictures(
        self, shown: Iterator[Scene], painter: Painter, emotion: Emotion | None, motion: Motion
    ) -> Iterator[UInt8[np.ndarray, "H W 4"]]:
        """While some frames are refined, those before them are pasted and those after them moved."""
        before: Iterator[UInt8[np.ndarray, "H W 4"]] = iter(())
        for some in self._batches(shown, painter, emotion, motion):
            yield from before
            before = some
        yield from before

    def _batches(
        self, shown: Iterator[Scene], painter: Painter, emotion: Emotion | None, motion: Motion
    ) -> Iterator[Iterator[UInt8[np.ndarray, "H W 4"]]]:
        """Refined frames, a batch at a time, which other threads go on pasting."""
        from animator.reenactors.refine.looks import window

        codes = painter.codes(emotion, len(motion), motion.fps)
        move = partial(_moved, within=window(SIZE))
        at = 0
        with ThreadPoolExecutor(self.threads) as pool:
            coming = deque(pool.submit(move, scene) for scene in islice(shown, 2 * self.batch))
            while coming:
                done = [coming.popleft().result() for _ in range(min(self.batch, len(coming)))]
                here = [k for k, each in enumerate(done) if not isinstance(each, np.ndarray)]
                movers, looks = zip(*(done[k] for k in here), strict=True) if here else ((), ())
                refined = painter.paint(
                    looks, [mover.reference for mover in movers], None if codes is None else codes[at + np.array(here, int)]
                )
                changes = [made.astype(np.float32) - look.warped for made, look in zip(refined, looks, strict=True)]
                pasted = pool.map(Mover.paste, movers, looks, changes)
                coming.extend(pool.submit(move, scene) for scene in islice(shown, self.batch))
                yield _in_order(done, pasted)
                at += len(done)


def _moved(scene: Scene, within: tuple[slice, slice]) -> tuple[Mover, Look] | UInt8[np.ndarray, "H W 3"]:
    return scene if isinstance(scene, np.ndarray) else (scene[0], scene[0].look(scene[1], within))


def _in_order(
    done: Sequence[tuple[Mover, Look] | UInt8[np.ndarray, "H W 3"]], pasted: Iterator[UInt8[np.ndarray, "H W 4"]]
) -> Iterator[UInt8[np.ndarray, "H W 4"]]:
    for each in done:
        yield opaque(each) if isinstance(each, np.ndarray) else next(pasted)
