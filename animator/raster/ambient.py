"""How open to ambient light each point of a moving head is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from jaxtyping import Float32

from animator.core.head import Head
from animator.geometry.normals import smooth_normals
from animator.raster.mesh import Mesh, strands
from animator.raster.occlusion import depth_map, openness, sides, view
from animator.raster.texture import Textures

DARK = 0.02
"""Openness below which a point is inside."""

BOUNCE = 0.005
"""Metres off what is inside at rest from where its light is taken: lips hide little of a tooth just behind them, as light goes to
and fro between the two."""

EYE_RADIUS = 0.026
"""Metres around an eye's centre that hold its lids."""

EYE_SIZE = 96
"""Texels a side of the maps around an eye, half a millimetre each: finer than the head's, as lids lie close to the ball."""


@dataclass(frozen=True, eq=False)
class Region:
    """A ball in which some triangles hide some vertices from light; it moves with those vertices.

    Parameters
    ----------
    casting, corners, which
        ``int32 [K]`` triangles, the ``int32 [M]`` vertices that these have, and the ``int32 [L]`` vertices that they hide.
    radius, size
        Of the ball, metres; texels a side of each map.
    sides
        ``float32 [D 3]``: where light comes from.
    """

    casting: np.ndarray
    corners: np.ndarray
    which: np.ndarray
    radius: float
    size: int
    sides: np.ndarray

    @cached_property
    def still(self) -> Float32[np.ndarray, "D 3 4"]:
        """The matrices of its depth maps, one a side, for a ball about the origin."""
        origin = np.zeros(3)
        return np.array([view(s, origin, self.radius, self.size) for s in self.sides], dtype=np.float32).reshape(-1, 3, 4)

    def views(self, vertices: np.ndarray) -> Float32[np.ndarray, "D 3 4"]:
        """The matrices of its depth maps where the vertices are now; some hundred of them tell where."""
        mine = vertices[self.which[:: len(self.which) // 128 + 1]]
        views = self.still.copy()
        views[:, :, 3] -= views[:, :, :3] @ ((mine.min(axis=0) + mine.max(axis=0)) / 2)
        return views


class Ambient:
    """Ambient occlusion by depth maps from many sides: the solids' at each frame, that of hair once, as it keeps its shape.

    Parameters
    ----------
    head, mesh, textures
        The head, and what `scene` makes of it.
    front
        Direction of the camera; the sides lie around it.
    count, size
        How many sides, and the texels a side of each one's map; with no sides everything is open.
    """

    def __init__(self, head: Head, mesh: Mesh, textures: Textures, front: np.ndarray, count: int, size: int) -> None:
        self._mesh, self._textures = mesh, textures
        blend = mesh.veil
        solid = np.flatnonzero(~blend).astype(np.int32)
        hair = strands(head)
        around = sides(count, front)
        turning = np.flatnonzero((head.follow > 0.5) & ~hair)
        radius = ball(head.vertices[turning])[1] if len(turning) else 1.0
        head_solid = solid[((head.follow > 0.3) & (head.eye == 0))[head.triangles[solid]].all(axis=1)]
        self._head = Region(head_solid, _corners(head, head_solid), turning.astype(np.int32), radius, size, around)
        self._lift = np.zeros(len(head.vertices), dtype=np.float32)
        bare = self._at_rest(head, self._head.casting)
        covered = self._at_rest(head, np.arange(len(head.triangles), dtype=np.int32))
        # In a closed mouth both are 0: nothing is known of hair there, and nothing is taken away.
        share = np.minimum((covered + 0.05) / (bare + 0.05), 1.0)
        self._veiled = np.where(hair, covered, share).astype(np.float32)
        # What no light reaches at rest (teeth, gums, the roof of the mouth) keeps next to none from anything else.
        outer = head_solid[(bare[head.triangles[head_solid]] > DARK).any(axis=1)]
        self._lift[(bare < DARK) & (head.eye == 0)] = BOUNCE
        self._regions = [replace(self._head, casting=outer, corners=_corners(head, outer)), *_eyes(head, solid, around[::2])]

    def __call__(self, vertices: np.ndarray, normals: np.ndarray) -> Float32[np.ndarray, " V"]:
        """Openness in [0, 1] of each vertex: the share of light from all sides that reaches it, weighted as a matt surface does.

        Parameters
        ----------
        vertices, normals
            The posed head, ``float32 [V 3]``.
        """
        opened = np.ones(len(vertices), dtype=np.float32)
        for region in self._regions:
            here = self._open(region, vertices, normals)
            np.minimum(opened, here, out=opened)
        opened *= self._veiled
        return opened

    def _open(self, region: Region, vertices: np.ndarray, normals: np.ndarray) -> Float32[np.ndarray, " V"]:
        opened = np.ones(len(vertices), dtype=np.float32)
        if len(region.sides) and len(region.which):
            views = region.views(vertices)
            maps = np.empty((len(views), region.size, region.size), dtype=np.float32)
            seen = np.empty_like(vertices)
            for matrix, depths in zip(views, maps, strict=True):
                depth_map(vertices, self._mesh, self._textures, region.casting, region.corners, matrix, seen, depths)
            openness(vertices, normals, region.which, self._lift, region.sides, views, maps, opened)
        return opened

    def _at_rest(self, head: Head, casting: np.ndarray) -> Float32[np.ndarray, " V"]:
        """How open the head is at rest where these triangles are all there is."""
        normals = smooth_normals(head.vertices, head.triangles, head.weld)
        which = np.flatnonzero(head.follow > 0.5).astype(np.int32)
        return self._open(
            replace(self._head, casting=casting, corners=_corners(head, casting), which=which), head.vertices, normals
        )


def _eyes(head: Head, solid: np.ndarray, around: np.ndarray) -> list[Region]:
    """The surroundings of each eye: its lids hide it, it does not hide itself."""
    regions = []
    away = head.vertices[head.triangles[solid]].mean(axis=1)
    lid = (head.eye[head.triangles[solid]] == 0).all(axis=1)
    for side, centre in enumerate(head.eye_centres, start=1):
        near = lid & (np.linalg.norm(away - centre, axis=1) < EYE_RADIUS)
        lids, ball = solid[near], np.flatnonzero(head.eye == side).astype(np.int32)
        regions.append(Region(lids, _corners(head, lids), ball, EYE_RADIUS, EYE_SIZE, around))
    return regions


def _corners(head: Head, triangles: np.ndarray) -> np.ndarray:
    """The vertices that these triangles have."""
    return np.unique(head.triangles[triangles]).astype(np.int32)


def ball(points: Float32[np.ndarray, "M 3"]) -> tuple[np.ndarray, float]:
    """Centre and radius (metres) of a ball that holds the points, and a tenth more for when they move."""
    centre = (points.min(axis=0) + points.max(axis=0)) / 2
    return centre, 1.1 * float(np.linalg.norm(points - centre, axis=1).max())
