"""A head on a stage, made ready for drawing, and one frame of it from posed vertices to a picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Int32, Int64, UInt8

from animator.core.head import Head, Part
from animator.core.stage import Stage
from animator.geometry.camera import position, project
from animator.geometry.normals import down_texture, smooth_normals
from animator.raster.ambient import Ambient, ball
from animator.raster.cover import TILE, Trace, cover, farthest, room
from animator.raster.draw import COPLANAR, Point, levels, nowhere, picture, veils
from animator.raster.mesh import matter, mesh, strands
from animator.raster.occlusion import depth_map, view
from animator.raster.shade import NORMAL, PLACE, ROW, UV, Lights, light_points
from animator.raster.texture import pack

LARGE = 0.25
"""Share of the head's longest side beyond which a part is large."""


@dataclass(frozen=True, eq=False)
class Canvas:
    """Where one frame at a time is drawn.

    Samples and light of the picture; vertices' rows and triangles' mipmap levels; shadow maps; room to work.
    """

    depth: Float32[np.ndarray, "H W 4"]
    owner: Int32[np.ndarray, "H W 4"]
    light: Float32[np.ndarray, "H W 3"]
    left: Float32[np.ndarray, "H W 4"]
    rows: Float32[np.ndarray, "V R"]
    lods: Float32[np.ndarray, " F"]
    shadows: Float32[np.ndarray, "S N N"]
    seen: Float32[np.ndarray, "V 3"]
    tiles: Float32[np.ndarray, "H4 W4"]
    pending: Int64[np.ndarray, "H4 W4"]
    traced: Trace
    point: Point


class Scene:
    """What no frame changes is worked out here, once.

    Parameters
    ----------
    head, stage
        What is drawn, and how it is seen and lit.
    shadow_size, ambient_sides, ambient_size
        As in `animator.renderers.soft.Soft`.
    """

    def __init__(self, head: Head, stage: Stage, shadow_size: int, ambient_sides: int, ambient_size: int) -> None:
        self._head, self._stage = head, stage
        self._shadow_size = shadow_size
        self._textures = pack([part.material for part in head.parts])
        self._mesh = mesh(head)
        veil = self._mesh.veil
        large = np.array([_extent(head, part) > LARGE * _extent(head) for part in head.parts])[self._mesh.part]
        kinds = (~veil & large, ~veil & ~large, veil)
        self._large, self._small, self._veil = (np.flatnonzero(which).astype(np.int32) for which in kinds)
        self._every = np.arange(len(head.triangles), dtype=np.int32)
        self._corners = np.arange(len(head.vertices), dtype=np.int32)
        self._matter = matter(self._mesh, self._textures)
        self._strand = strands(head)
        self._sheets = head.triangles[self._strand[head.triangles[:, 0]]]
        self._eye = position(stage.camera)
        self._ambient = Ambient(
            head, self._mesh, self._textures, self._eye - np.array(stage.camera.target), ambient_sides, ambient_size
        )
        self._aim()

    def _aim(self) -> None:
        """Place the shadow maps around what turns: a shadow that it casts on the shoulders lies within its own outline."""
        stage = self._stage
        directions = np.array([light.direction for light in stage.lights], dtype=np.float32).reshape(-1, 3)
        self._directions = directions / np.linalg.norm(directions, axis=1, keepdims=True)
        casts = np.array([light.shadows for light in stage.lights], dtype=bool)
        turning = self._head.follow > 0.5
        centre, radius = ball(self._head.vertices[turning] if turning.any() else self._head.vertices)
        views = [view(direction, centre, radius, self._shadow_size) for direction in self._directions[casts]]
        self._shadow_views = np.array(views, dtype=np.float32).reshape(-1, 3, 4)
        self._shadow = np.where(casts, np.cumsum(casts) - 1, -1).astype(np.int64)

    def canvas(self) -> Canvas:
        """Buffers for `draw`; each is for one frame at a time."""
        high, wide = self._stage.height, self._stage.width
        rows = np.zeros((len(self._head.vertices), ROW), dtype=np.float32)
        rows[:, UV : UV + 2] = self._head.uv
        return Canvas(
            depth=np.zeros((high, wide, 4), dtype=np.float32),
            owner=np.full((high, wide, 4), -1, dtype=np.int32),
            light=np.zeros((high, wide, 3), dtype=np.float32),
            left=np.ones((high, wide, 4), dtype=np.float32),
            rows=rows,
            lods=np.empty(len(self._head.triangles), dtype=np.float32),
            shadows=np.empty((len(self._shadow_views), self._shadow_size, self._shadow_size), dtype=np.float32),
            seen=np.empty_like(self._head.vertices),
            tiles=np.empty((-(-high // TILE), -(-wide // TILE)), dtype=np.float32),
            pending=np.empty((-(-high // TILE), -(-wide // TILE)), dtype=np.int64),
            traced=room(high * wide),
            point=nowhere(),
        )

    def draw(self, vertices: Float32[np.ndarray, "V 3"], canvas: Canvas) -> UInt8[np.ndarray, "H W 4"]:
        """One picture of the posed head, ``vertices`` in metres."""
        head, stage, net = self._head, self._stage, self._mesh
        canvas.rows[:, PLACE : PLACE + 3] = vertices
        canvas.rows[:, NORMAL : NORMAL + 3] = normals = smooth_normals(vertices, head.triangles, head.weld)
        for k, matrix in enumerate(self._shadow_views):
            depth_map(vertices, net, self._textures, self._every, self._corners, matrix, canvas.seen, canvas.shadows[k])
        opened = self._ambient(vertices, normals)
        lights = self._lights(canvas)
        tangents = down_texture(vertices, head.uv, self._sheets)
        light_points(lights, self._matter, self._strand, tangents, opened, canvas.rows)
        screen = project(vertices, stage.camera, stage.width, stage.height)
        screen[:, 2] = 1.0 / np.where(screen[:, 2] > 0, screen[:, 2], -1.0)
        canvas.tiles.fill(0.0)
        # What is small (teeth, tongue, eyes) mostly lies behind what is large.
        for order in (self._large, self._small):
            cover(screen, net, order, canvas.tiles, canvas.traced, canvas.depth, canvas.owner)
            farthest(canvas.depth, COPLANAR, canvas.tiles)
        canvas.pending.fill(TILE * TILE)
        veiled = self._veil[_nearest_first(screen[:, 2][net.triangles[self._veil]].sum(axis=1))]
        levels(net, screen, canvas.lods)
        look = (net, screen, canvas.rows, canvas.lods, self._textures, lights)
        veils(*look, veiled, canvas.traced, canvas.point, canvas.tiles, canvas.pending, canvas.depth, canvas.light, canvas.left)
        out = np.empty((stage.height, stage.width, 4), dtype=np.uint8)
        picture(*look, canvas.point, canvas.depth, canvas.owner, canvas.light, canvas.left, out)
        return out

    def _lights(self, canvas: Canvas) -> Lights:
        stage = self._stage
        return Lights(
            eye=self._eye,
            directions=self._directions,
            colours=np.array([light.colour for light in stage.lights], dtype=np.float32).reshape(-1, 3),
            shadow=self._shadow,
            key=next((k for k, light in enumerate(stage.lights) if light.shadows), -1),
            matrices=self._shadow_views,
            maps=canvas.shadows,
            sky=np.array(stage.sky, dtype=np.float32),
            ground=np.array(stage.ground, dtype=np.float32),
        )


def _extent(head: Head, part: Part | None = None) -> float:
    """How far the vertices of a part, or of all, are apart: the longest side of the box around them, metres."""
    vertices = head.vertices if part is None else head.vertices[head.triangles[part.start : part.stop].ravel()]
    return float(np.ptp(vertices, axis=0).max())


def _nearest_first(nearness: Float32[np.ndarray, " K"]) -> Int64[np.ndarray, " K"]:
    """Indices from the greatest to the least, to 1 / 65536 of their span: so short, they are sorted by counting."""
    if not len(nearness):
        return np.empty(0, dtype=np.int64)
    low, high = nearness.min(), nearness.max()
    steps = (high - nearness) * np.float32(65535.0 / max(float(high - low), 1e-9))
    return np.argsort(steps.astype(np.uint16), kind="stable")
