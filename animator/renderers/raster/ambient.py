"""How open to ambient light each point of a moving head is."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32

from animator.core.head import Head
from animator.geometry.normals import smooth_normals
from animator.renderers.raster.occlusion import depth_map, openness, sides, view


class Ambient:
    """Ambient occlusion by depth maps from many sides: the solids' at each frame, that of hair once, as it keeps its shape.

    Parameters
    ----------
    head
        The head.
    front
        Direction of the camera; the sides lie around it.
    count, size
        How many sides, and the texels a side of each one's map; with no sides everything is open.
    """

    def __init__(self, head: Head, front: np.ndarray, count: int, size: int) -> None:
        self._triangles = head.triangles
        runs = [part.stop - part.start for part in head.parts]
        blend, self._two_sided = (
            np.repeat([getattr(p.material, flag) for p in head.parts], runs) for flag in ("blend", "two_sided")
        )
        self._solid = np.flatnonzero(~blend).astype(np.int32)
        hair = np.zeros(len(head.vertices), dtype=bool)
        hair[head.triangles[blend & self._two_sided]] = True
        self._bald = np.flatnonzero(~hair).astype(np.int32)
        turning = head.follow > 0.5
        centre, radius = ball(head.vertices[turning] if turning.any() else head.vertices)
        self._sides = sides(count, front)
        self._views = np.array([view(side, centre, radius, size) for side in self._sides], dtype=np.float32).reshape(-1, 3, 4)
        self._size = size
        self._veiled = self._under_hair(head, hair)

    def maps(self) -> Float32[np.ndarray, "D M M"]:
        """Room for the depth maps of one frame."""
        return np.empty((len(self._sides), self._size, self._size), dtype=np.float32)

    def __call__(self, vertices: np.ndarray, normals: np.ndarray, maps: np.ndarray) -> Float32[np.ndarray, " V"]:
        """Openness in [0, 1] of each vertex: the share of light from all sides that reaches it, weighted as a matt surface does.

        Parameters
        ----------
        vertices, normals
            The posed head, ``float32 [V 3]``.
        maps
            From `maps`; written over.
        """
        opened: np.ndarray = self._veiled * self._open(vertices, normals, self._solid, self._bald, maps)
        return opened

    def _open(
        self, vertices: np.ndarray, normals: np.ndarray, casting: np.ndarray, which: np.ndarray, maps: np.ndarray
    ) -> Float32[np.ndarray, " V"]:
        opened = np.ones(len(vertices), dtype=np.float32)
        for matrix, depths in zip(self._views, maps, strict=True):
            depth_map(vertices, self._triangles, casting, self._two_sided, matrix, depths)
        if len(maps):
            openness(vertices, normals, which, self._sides, self._views, maps, opened)
        return opened

    def _under_hair(self, head: Head, hair: np.ndarray) -> Float32[np.ndarray, " V"]:
        """How open hair leaves itself and what is under it, at rest."""
        normals = smooth_normals(head.vertices, head.triangles, head.weld)
        every, maps = np.arange(len(head.vertices), dtype=np.int32), self.maps()
        bare = self._open(head.vertices, normals, self._solid, every, maps)
        covered = self._open(head.vertices, normals, casting(head), every, maps)
        # In a closed mouth both are 0: nothing is known of hair there, and nothing is taken away.
        share = np.minimum((covered + 0.05) / (bare + 0.05), 1.0)
        return np.where(hair, covered, share).astype(np.float32)


def casting(head: Head) -> np.ndarray:
    """``int32 [K]``: triangles that cast shadows; where a part blends, those that are more there than not at their middle."""
    out = []
    for part in head.parts:
        triangles = np.arange(part.start, part.stop)
        if part.material.blend:
            alpha = part.material.colour[..., 3]
            middle = head.uv[head.triangles[triangles]].mean(axis=1) * (alpha.shape[1], alpha.shape[0])
            x, y = np.clip(middle.astype(np.int64), 0, (alpha.shape[1] - 1, alpha.shape[0] - 1)).T
            triangles = triangles[alpha[y, x] > 127]
        out.append(triangles)
    return np.concatenate(out).astype(np.int32)


def ball(points: Float32[np.ndarray, "M 3"]) -> tuple[np.ndarray, float]:
    """Centre and radius (metres) of a ball that holds the points, and a tenth more for when they move."""
    centre = (points.min(axis=0) + points.max(axis=0)) / 2
    return centre, 1.1 * float(np.linalg.norm(points - centre, axis=1).max())
