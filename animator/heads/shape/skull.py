"""The skull under the hair: a height over each direction from its middle, and where roots stand on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Int32
from scipy.spatial import cKDTree

from animator.heads.paint.atlas import on_head
from animator.heads.paint.hairline import MIDDLE, margin
from animator.heads.paint.regions import ears
from animator.heads.shape.basemesh import BaseMesh
from animator.heads.shape.bust import skin_quads


def unit(v: np.ndarray) -> np.ndarray:
    """Rows of length 1."""
    length: np.ndarray = np.linalg.norm(v, axis=-1, keepdims=True)
    rows: np.ndarray = v / np.maximum(length, 1e-9)
    return rows


@dataclass(frozen=True, eq=False)
class Skull:
    """Head and neck without ears, after identity.

    Parameters
    ----------
    middle
        ``float32 [3]`` metres, in the base mesh's space.
    corners
        ``int32 [q 4]``: base vertices of its quads.
    radius
        Distances of sampled points of the surface from the middle, metres.
    tree
        The directions of those points.
    """

    middle: Float32[np.ndarray, " 3"]
    corners: Int32[np.ndarray, "q 4"]
    radius: np.ndarray
    tree: cKDTree

    def height(self, directions: np.ndarray) -> np.ndarray:
        """Distance of the surface from the middle along unit directions ``[N 3]``, metres."""
        away, near = self.tree.query(directions, k=6)
        weight = 1.0 / (away**2 + 1e-5)
        mean: np.ndarray = (self.radius[near] * weight).sum(axis=1) / weight.sum(axis=1)
        return mean

    def above(self, points: np.ndarray, lift: float) -> np.ndarray:
        """The places ``lift`` metres over the surface, straight out from the middle, where ``points`` are."""
        d = unit(points - self.middle)
        places: np.ndarray = self.middle + d * (self.height(d) + lift)[:, None]
        return places


@dataclass(frozen=True, eq=False)
class Roots:
    """Where locks stand: each on a quad of the skull, by shares of its corners.

    ``corners int32 [N 4]`` are base vertices, ``share float32 [N 4]`` sums to 1 in each row, and ``inside`` says how far
    within the hairline a root stands, radians.
    """

    corners: Int32[np.ndarray, "N 4"]
    share: Float32[np.ndarray, "N 4"]
    inside: Float32[np.ndarray, " N"]


def skull(base: BaseMesh, vertices: Float32[np.ndarray, "B 3"]) -> Skull:
    """The skull of a head whose base vertices lie at ``vertices``."""
    quads = skin_quads()
    uv = base.uv[base.quad_uv[quads]].mean(axis=1)
    corners = base.quads[quads[(ears(uv) < 0.02) & on_head(uv)]]
    used = np.unique(corners)
    middle = MIDDLE + (vertices - base.vertices)[used].mean(axis=0)
    step = (np.arange(4) + 0.5) / 4
    s, t = (axis.ravel() for axis in np.meshgrid(step, step))
    share = np.stack([(1 - s) * (1 - t), s * (1 - t), s * t, (1 - s) * t], axis=1)
    points = np.einsum("pk,qkd->qpd", share, vertices[corners]).reshape(-1, 3) - middle
    return Skull(middle, corners, np.linalg.norm(points, axis=1), cKDTree(unit(points)))


def scatter(
    under: Skull,
    base: BaseMesh,
    masculine: float,
    density: Callable[[np.ndarray], np.ndarray],
    count: int,
    rng: np.random.Generator,
) -> Roots:
    """Roots evenly scattered over the hairy skull, denser where ``density`` of a direction ``[N 3]`` is greater."""
    at = base.vertices[under.corners]
    place = at.mean(axis=1)
    area = np.linalg.norm(np.cross(at[:, 2] - at[:, 0], at[:, 3] - at[:, 1]), axis=1)
    chance = area * (margin(place, masculine) > 0) * density(unit(place - MIDDLE))
    tries = 6 * count
    quad = rng.choice(len(at), tries, p=chance / chance.sum())
    s, t = rng.random((2, tries))
    share = np.stack([(1 - s) * (1 - t), s * (1 - t), s * t, (1 - s) * t], axis=1)
    place = np.einsum("nk,nkd->nd", share, at[quad])
    crowd = np.maximum(density(unit(place - MIDDLE)), 1e-3)
    # Of many tries keep those farthest from the ones kept: blue noise, without clumps or gaps.
    keep = np.zeros(count, dtype=np.int64)
    away = np.full(tries, np.inf)
    for i in range(1, count):
        away = np.minimum(away, ((place - place[keep[i - 1]]) ** 2).sum(axis=1))
        keep[i] = int((away * crowd).argmax())
    inside = margin(place[keep].astype(np.float32), masculine)
    return Roots(under.corners[quad[keep]], share[keep].astype(np.float32), inside)
