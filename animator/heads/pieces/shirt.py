"""A plain knitted shirt with a round collar: the bust's lower edge, and what keeps a talking head from looking undressed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from jaxtyping import Bool, Float32, Int32, UInt8

from animator.core.head import Material
from animator.geometry.normals import smooth_normals
from animator.heads.pieces.assemble import Piece
from animator.heads.shape import bust
from animator.heads.shape.basemesh import read_base

THICKNESS = 0.0030
"""How far the cloth stands off the skin, metres."""

ROLL = 0.0035
"""How far the collar's edge turns in toward the neck, metres."""

BAND = 0.016
"""Height of the knitted band at the collar, metres."""

_TALL = 0.30
_WIDE = 0.80
"""Metres that the square of the cloth covers, down from the collar and across."""

_SMOOTHING = 60


@dataclass(frozen=True, eq=False)
class Pattern:
    """The cut of the shirt on the base mesh.

    Parameters
    ----------
    anchor, share
        ``[v 2]``: the base vertices that each vertex lies between, and how much each counts.
    triangles
        ``int32 [f 3]``.
    collar, hem
        ``bool [v]``: which vertices lie on the edges.
    edges
        ``int32 [e 2]``: the collar's edges, each as its triangle runs through it.
    pairs
        ``int32 [p 2]``: neighbours, both ways.
    near
        ``float32 [v 1]``: 1 where there is skin under the cloth, 0 well below the collar.
    """

    anchor: Int32[np.ndarray, "v 2"]
    share: Float32[np.ndarray, "v 2"]
    triangles: Int32[np.ndarray, "f 3"]
    collar: Bool[np.ndarray, " v"]
    hem: Bool[np.ndarray, " v"]
    edges: Int32[np.ndarray, "e 2"]
    pairs: Int32[np.ndarray, "p 2"]
    near: Float32[np.ndarray, "v 1"]

    def on(self, field: Float32[np.ndarray, "B 3"]) -> Float32[np.ndarray, "v 3"]:
        """A field over the base mesh, on the shirt's vertices."""
        found: np.ndarray = np.einsum("vk,vkd->vd", self.share, field[self.anchor])
        return found.astype(np.float32)


@lru_cache(maxsize=1)
def pattern() -> Pattern:
    """The body below the collar and above the hem, its corners slid to both."""
    base = read_base()
    body = base.quads[bust.shirt_quads()]
    below = -bust.above_collar(base.vertices)
    anchor, share = bust.slide(body, below)
    low_anchor, low_share = bust.slide(body, base.vertices[:, 1] - bust.HEM)
    low = low_share[:, 1] > 0
    anchor[low], share[low] = low_anchor[low], low_share[low]
    used, corners = np.unique(body, return_inverse=True)
    quads = corners.reshape(-1, 4).astype(np.int32)
    sides = np.concatenate([quads[:, [i, (i + 1) % 4]] for i in range(4)])
    collar, hem = below[used] < 0, low[used]
    depth = -bust.above_collar(np.einsum("vk,vkd->vd", share[used], base.vertices[anchor[used]]))
    return Pattern(
        anchor=anchor[used],
        share=share[used],
        triangles=np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]]),
        collar=collar,
        hem=hem,
        edges=sides[collar[sides].all(axis=1)],
        pairs=np.unique(np.concatenate([sides, sides[:, ::-1]]), axis=0),
        near=(2 - depth / bust.UNDER).clip(0, 1)[:, None].astype(np.float32),
    )


def cut(vertices: Float32[np.ndarray, "B 3"], colour: tuple[int, int, int]) -> Piece:
    """The shirt over a shaped base mesh, in an sRGB colour."""
    plan = pattern()
    cloth, out = _drape(plan, plan.on(vertices))
    # The collar has an edge that is seen: a second row of vertices rolls it in.
    rim = np.flatnonzero(plan.collar)
    inner = cloth[rim] - np.float32(THICKNESS + 0.001) * out[rim] - np.array([0, ROLL, 0], dtype=np.float32)
    points = np.concatenate([cloth, inner])
    row = np.full(len(cloth), -1, dtype=np.int32)
    row[rim] = len(cloth) + np.arange(len(rim), dtype=np.int32)
    a, b = plan.edges.T
    roll = np.concatenate([np.stack([b, a, row[a]], axis=1), np.stack([b, row[a], row[b]], axis=1)])
    down = np.linalg.norm(cloth[:, None] - cloth[rim][None], axis=2).min(axis=1)
    uv = np.stack([0.5 + points[:, 0] / _WIDE, np.append(down, np.full(len(rim), -ROLL)) / _TALL + 0.02], axis=1)
    carried = np.concatenate([np.arange(len(cloth)), rim])
    return Piece(
        "shirt",
        points,
        uv.astype(np.float32),
        np.concatenate([plan.triangles, roll]),
        np.arange(len(points), dtype=np.int32),
        plan.anchor[carried],
        Material(_knit(colour), np.full((1, 1, 3), (200, 24, 20), dtype=np.uint8), two_sided=True),
        plan.share[carried],
    )


def _drape(plan: Pattern, skin: Float32[np.ndarray, "v 3"]) -> tuple[Float32[np.ndarray, "v 3"], Float32[np.ndarray, "v 3"]]:
    """Where cloth over that skin hangs, and its normals.

    Taubin's smoothing (1995), which does not shrink, spans the body's hollows; edges are smoothed along themselves, and cloth
    stays off the skin where there is skin below it.
    """
    one_by_one = np.arange(len(skin), dtype=np.int32)
    free = ~(plan.collar | plan.hem)
    round_the_neck = plan.pairs[plan.collar[plan.pairs].all(axis=1)]
    cloth = skin + np.float32(THICKNESS) * smooth_normals(skin, plan.triangles, one_by_one)
    for step in range(_SMOOTHING):
        pull = np.float32(0.60 if step % 2 == 0 else -0.62)
        cloth = _pulled(cloth, plan.pairs, pull * free)
        cloth = _pulled(cloth, round_the_neck, pull * plan.collar)
        out = smooth_normals(cloth, plan.triangles, one_by_one)
        short = THICKNESS - ((cloth - skin) * out).sum(axis=1, keepdims=True)
        cloth += plan.near * short.clip(0) * out
    cloth[plan.hem, 1] = cloth[plan.hem, 1].min()
    return cloth, out


def _pulled(
    points: Float32[np.ndarray, "v 3"], pairs: Int32[np.ndarray, "p 2"], pull: Float32[np.ndarray, " v"]
) -> Float32[np.ndarray, "v 3"]:
    """Points pulled toward the mean of their neighbours by so much, or pushed from it."""
    degree = np.bincount(pairs[:, 0], minlength=len(points))
    sums = np.stack([np.bincount(pairs[:, 0], points[pairs[:, 1], axis], len(points)) for axis in range(3)], axis=1)
    mean = np.where(degree[:, None] > 0, sums / np.maximum(degree, 1)[:, None], points)
    pulled: np.ndarray = points + pull[:, None] * (mean - points)
    return pulled.astype(np.float32)


@lru_cache(maxsize=2)
def _knit(colour: tuple[int, int, int], size: int = 1024) -> UInt8[np.ndarray, "H W 4"]:
    """Cloth of that colour: fine stitches, a band at the collar, and the seam below it."""
    across, down = np.meshgrid((np.arange(size) + 0.5) * _WIDE / size, ((np.arange(size) + 0.5) / size - 0.02) * _TALL)
    stitch = 0.5 + 0.5 * np.sin(2 * np.pi * across / 0.0016) * np.sin(2 * np.pi * down / 0.0011)
    rib = 0.5 + 0.5 * np.sin(2 * np.pi * across / 0.0028)
    band = down < BAND
    shade = np.where(band, 0.88 + 0.12 * rib, 0.94 + 0.06 * stitch)
    shade *= 1 - 0.30 * np.exp(-(((down - BAND) / 0.0009) ** 2)) - 0.12 * np.exp(-(((down - BAND - 0.003) / 0.0006) ** 2))
    out = np.full((size, size, 4), 255, dtype=np.uint8)
    out[..., :3] = np.rint(np.clip(shade[..., None] * np.array(colour), 0, 255))
    return out
