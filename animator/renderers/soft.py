"""`Soft`: our own rasteriser, on the processor, with no system package."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue

import numpy as np
from jaxtyping import Float32, UInt8

from animator.core.frames import Frames
from animator.core.head import Head
from animator.core.motion import Motion
from animator.core.stage import Stage
from animator.errors import InputError
from animator.geometry.camera import position, project
from animator.geometry.normals import down_texture, smooth_normals
from animator.geometry.pose import Poser
from animator.renderers.raster.cover import cover
from animator.renderers.raster.draw import Mesh, Points, picture, veils
from animator.renderers.raster.occlusion import depth_map, openness, sides, view
from animator.renderers.raster.shade import Lights
from animator.renderers.raster.texture import pack


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
    shadow_size: int = 512
    ambient_sides: int = 12
    ambient_size: int = 128

    def __post_init__(self) -> None:
        if self.threads < 0 or self.ambient_sides < 0 or min(self.shadow_size, self.ambient_size) < 16:
            raise InputError("soft takes threads and ambient_sides of 0 or more, and maps of 16 texels a side or more")

    def render(self, motion: Motion, head: Head, stage: Stage) -> Frames:
        """Draw each frame of a motion, lazily, on nothing: where there is no head, alpha is 0."""
        return Frames(stage.width, stage.height, motion.fps, len(motion), _pictures(self, motion, head, stage))


def _pictures(soft: Soft, motion: Motion, head: Head, stage: Stage) -> Iterator[UInt8[np.ndarray, "H W 4"]]:
    scene = Scene(soft, head, stage)
    poser = Poser(head, motion.names)
    threads = soft.threads or _cores()
    canvases: SimpleQueue[Canvas] = SimpleQueue()
    for _ in range(threads):
        canvases.put(Canvas(soft, stage))

    def draw(row: Float32[np.ndarray, " C"]) -> UInt8[np.ndarray, "H W 4"]:
        canvas = canvases.get()
        try:
            return scene.draw(poser(row), canvas)
        finally:
            canvases.put(canvas)

    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[UInt8[np.ndarray, "H W 4"]]] = deque()
        try:
            last: Future[UInt8[np.ndarray, "H W 4"]] | None = None
            for i, row in enumerate(motion.values):
                still = last is not None and np.array_equal(row, motion.values[i - 1])
                last = last if still and last is not None else pool.submit(draw, row)
                waiting.append(last)
                if len(waiting) > threads:
                    yield waiting.popleft().result().copy()
            while waiting:
                yield waiting.popleft().result().copy()
        finally:
            for future in waiting:
                future.cancel()


class Canvas:
    """The buffers that one frame at a time is drawn in."""

    def __init__(self, soft: Soft, stage: Stage) -> None:
        high, wide = stage.height, stage.width
        shadows = sum(light.shadows for light in stage.lights)
        self.depth = np.empty((high, wide, 4), dtype=np.float32)
        self.owner = np.empty((high, wide, 4), dtype=np.int32)
        self.light = np.empty((high, wide, 3), dtype=np.float32)
        self.left = np.empty((high, wide, 4), dtype=np.float32)
        self.shadows = np.empty((shadows, soft.shadow_size, soft.shadow_size), dtype=np.float32)
        self.sides = np.empty((soft.ambient_sides, soft.ambient_size, soft.ambient_size), dtype=np.float32)


class Scene:
    """A head on a stage, made ready for drawing: what no frame changes is worked out here, once."""

    def __init__(self, soft: Soft, head: Head, stage: Stage) -> None:
        self._head, self._stage = head, stage
        self._textures = pack([part.material for part in head.parts])
        counts = [part.stop - part.start for part in head.parts]
        part = np.repeat(np.arange(len(counts)), counts)
        blend = np.array([p.material.blend for p in head.parts], dtype=bool)[part]
        two_sided = np.array([p.material.two_sided for p in head.parts], dtype=bool)[part]
        texels = np.array([p.material.colour.shape[0] * p.material.colour.shape[1] for p in head.parts], dtype=np.float32)
        a, b, c = (head.uv[head.triangles[:, k]].astype(np.float32) for k in range(3))
        spans = 0.5 * np.abs((b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]) * texels[part]
        self._mesh = Mesh(head.triangles, part, two_sided, blend & two_sided, spans.astype(np.float32), head.uv)
        self._solid = np.flatnonzero(~blend).astype(np.int32)
        self._veil = np.flatnonzero(blend).astype(np.int32)
        self._strands = head.triangles[blend & two_sided]
        self._casting = np.flatnonzero(~blend | (_opacity(head, part) > 0.5)).astype(np.int32)
        self._eye = position(stage.camera)
        self._aim(soft)

    def _aim(self, soft: Soft) -> None:
        """Place the shadow maps around the whole bust and the ambient ones around the head alone."""
        stage, vertices = self._stage, self._head.vertices
        centre, radius = _ball(vertices)
        casters = [light for light in stage.lights if light.shadows]
        self._shadow_views = np.array(
            [view(np.array(k.direction), centre, radius, soft.shadow_size) for k in casters], np.float32
        )
        turning = self._head.follow > 0.5
        centre, radius = _ball(vertices[turning] if turning.any() else vertices)
        self._sides = sides(soft.ambient_sides, self._eye - centre)
        self._side_views = np.array([view(d, centre, radius, soft.ambient_size) for d in self._sides], np.float32)
        directions = np.array([light.direction for light in stage.lights], dtype=np.float32).reshape(-1, 3)
        self._directions = directions / np.linalg.norm(directions, axis=1, keepdims=True)
        self._colours = np.array([light.colour for light in stage.lights], dtype=np.float32).reshape(-1, 3)
        numbers = iter(range(len(casters)))
        self._shadow = np.array([next(numbers) if light.shadows else -1 for light in stage.lights], dtype=np.int64)

    def draw(self, vertices: Float32[np.ndarray, "V 3"], canvas: Canvas) -> UInt8[np.ndarray, "H W 4"]:
        """One picture of the posed head."""
        head, stage, mesh = self._head, self._stage, self._mesh
        normals = smooth_normals(vertices, head.triangles, head.weld)
        for k, matrix in enumerate(self._shadow_views):
            depth_map(vertices, head.triangles, self._casting, matrix, canvas.shadows[k])
        for k, matrix in enumerate(self._side_views):
            depth_map(vertices, head.triangles, self._casting, matrix, canvas.sides[k])
        opened = np.ones(len(vertices), dtype=np.float32)
        if len(self._sides):
            openness(vertices, normals, self._sides, self._side_views, canvas.sides, opened)
        screen = project(vertices, stage.camera, stage.width, stage.height)
        screen[:, 2] = 1.0 / np.where(screen[:, 2] > 0, screen[:, 2], -1.0)
        points = Points(screen, vertices, normals, opened, down_texture(vertices, head.uv, self._strands))
        lights = Lights(
            self._eye,
            self._directions,
            self._colours,
            self._shadow,
            self._shadow_views.reshape(-1, 3, 4),
            canvas.shadows,
            np.array(stage.sky, dtype=np.float32),
            np.array(stage.ground, dtype=np.float32),
        )
        canvas.depth.fill(0.0)
        canvas.owner.fill(-1)
        canvas.light.fill(0.0)
        canvas.left.fill(1.0)
        cover(screen, mesh.triangles, self._solid, mesh.two_sided, canvas.depth, canvas.owner)
        nearness = screen[:, 2][mesh.triangles[self._veil]].sum(axis=1)
        order = self._veil[np.argsort(-nearness, kind="stable")]
        veils(mesh, points, self._textures, lights, order, canvas.depth, canvas.light, canvas.left)
        out = np.empty((stage.height, stage.width, 4), dtype=np.uint8)
        picture(mesh, points, self._textures, lights, canvas.depth, canvas.owner, canvas.light, canvas.left, out)
        return out


def _ball(points: Float32[np.ndarray, "M 3"]) -> tuple[np.ndarray, float]:
    """A ball that holds the points, and a tenth more for when they move."""
    centre = (points.min(axis=0) + points.max(axis=0)) / 2
    return centre, 1.1 * float(np.linalg.norm(points - centre, axis=1).max())


def _opacity(head: Head, part: np.ndarray) -> Float32[np.ndarray, " F"]:
    """The alpha of each triangle, read at its middle: whether it casts a shadow."""
    middle = head.uv[head.triangles].mean(axis=1)
    alpha = np.empty(len(head.triangles), dtype=np.float32)
    for p, piece in enumerate(head.parts):
        colour = piece.material.colour
        mine = part == p
        x = np.clip((middle[mine, 0] * colour.shape[1]).astype(int), 0, colour.shape[1] - 1)
        y = np.clip((middle[mine, 1] * colour.shape[0]).astype(int), 0, colour.shape[0] - 1)
        alpha[mine] = colour[y, x, 3] / np.float32(255)
    return alpha


def _cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
