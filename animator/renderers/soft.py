"""`Soft`: our own rasteriser, on the processor, with no system package."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from queue import Empty, SimpleQueue

import numpy as np
from jaxtyping import Float32, UInt8

from animator.core.frames import Frames, drawn
from animator.core.head import Head
from animator.core.motion import Motion
from animator.core.stage import Stage
from animator.errors import InputError
from animator.geometry.pose import Poser
from animator.raster.scene import Canvas, Scene


@dataclass(frozen=True)
class Soft:
    """Draws on the processor: 4 samples a pixel, mipmaps, shadows, skin that lets light through, hair that covers in layers.

    Frames are independent, so each is drawn by one thread and several are in the making at once; the bytes do not depend
    on how many. Triangles with a corner nearer than 5 cm to the camera are left out.

    Parameters
    ----------
    threads
        How many frames are drawn at once; 0 is one a core that this process may use.
    shadow_size
        Texels a side of each shadow map.
    ambient_sides
        From how many sides ambient light comes; 0 draws without ambient occlusion.
    ambient_size
        Texels a side of the map of each of those sides.
    """

    threads: int = 0
    shadow_size: int = 192
    ambient_sides: int = 6
    ambient_size: int = 96

    def __post_init__(self) -> None:
        ranges = {"threads": (0, 256), "shadow_size": (16, 4096), "ambient_sides": (0, 64), "ambient_size": (16, 4096)}
        for name, (low, high) in ranges.items():
            if not low <= getattr(self, name) <= high:
                raise InputError(f"{name} of soft lies in [{low}, {high}], not {getattr(self, name)}")

    def render(self, motion: Motion, head: Head, stage: Stage) -> Frames:
        """Draw each frame of a motion, lazily, on nothing: where there is no head, alpha is 0."""
        return Frames(stage.width, stage.height, motion.fps, len(motion), _pictures(self, motion, head, stage))


def _pictures(soft: Soft, motion: Motion, head: Head, stage: Stage) -> Iterator[UInt8[np.ndarray, "H W 4"]]:
    scene = Scene(head, stage, soft.shadow_size, soft.ambient_sides, soft.ambient_size)
    poser = Poser(head, motion.names)
    canvases: SimpleQueue[Canvas] = SimpleQueue()

    def draw(row: Float32[np.ndarray, " C"]) -> UInt8[np.ndarray, "H W 4"]:
        try:
            canvas = canvases.get_nowait()
        except Empty:
            canvas = scene.canvas()
        try:
            return scene.draw(poser(row), canvas)
        finally:
            canvases.put(canvas)

    yield from drawn(draw, motion.values, soft.threads, np.array_equal)
