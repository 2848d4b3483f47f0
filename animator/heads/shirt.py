"""A plain knitted shirt with a round collar: the bust's lower edge, and what keeps a talking head from looking undressed."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from jaxtyping import Float32, Int32, UInt8

from animator.core.head import Material
from animator.heads import bust
from animator.heads.assemble import Piece
from animator.heads.basemesh import BaseMesh, read_base

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


@lru_cache(maxsize=1)
def _pattern() -> tuple[Int32[np.ndarray, "q 4"], Int32[np.ndarray, "v 2"], Float32[np.ndarray, "v 2"], np.ndarray, np.ndarray]:
    """The cut on the base mesh: quads, anchors and shares of the vertices, which lie on the collar, and pairs of neighbours."""
    base = read_base()
    body = base.quads[bust.shirt_quads()]
    below = -bust.above_collar(base.vertices)
    anchor, share = bust.slide(body, below)
    low_anchor, low_share = bust.slide(body, base.vertices[:, 1] - bust.HEM)
    hem = low_share[:, 1] > 0
    anchor[hem], share[hem] = low_anchor[hem], low_share[hem]
    used, corners = np.unique(body, return_inverse=True)
    quads = corners.reshape(-1, 4).astype(np.int32)
    sides = np.concatenate([quads[:, [i, (i + 1) % 4]] for i in range(4)])
    pairs = np.unique(np.concatenate([sides, sides[:, ::-1]]), axis=0)
    return quads, anchor[used], share[used], below[used] < 0, pairs


def cut(base: BaseMesh, vertices: Float32[np.ndarray, "B 3"], colour: tuple[int, int, int]) -> Piece:
    """The shirt over a shaped base mesh, in an sRGB colour."""
    quads, anchor, share, collar, pairs = _pattern()
    skin = np.einsum("vk,vkd->vd", share, vertices[anchor]).astype(np.float64)
    down = -bust.above_collar(np.einsum("vk,vkd->vd", share, base.vertices[anchor]).astype(np.float32))
    hem = (share[:, 1] > 0) & ~collar
    resting = (1 - (down - bust.UNDER) / bust.UNDER).clip(0, 1)
    cloth = skin + THICKNESS * _normals(skin, quads)
    rims = pairs[(collar[pairs[:, 0]] & collar[pairs[:, 1]]) | (hem[pairs[:, 0]] & hem[pairs[:, 1]])]
    for step in range(_SMOOTHING):  # Taubin's two steps smooth without shrinking; edges are smoothed along themselves
        pull = 0.60 if step % 2 == 0 else -0.62
        cloth = _smoothed(cloth, pairs, np.where(collar | hem, 0.0, pull))
        cloth = _smoothed(cloth, rims, np.where(collar, pull, 0.0))
        out = _normals(cloth, quads)
        short = (THICKNESS - np.einsum("vd,vd->v", cloth - skin, out)).clip(0)
        cloth += (resting * short)[:, None] * out
    cloth[hem, 1] = cloth[hem, 1].min()
    triangles = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    triangles = triangles[np.unique(np.sort(triangles, axis=1), axis=0, return_index=True)[1]]
    # The collar's edge is seen: a second row of vertices rolls it in.
    rim = np.flatnonzero(collar)
    inner = cloth[rim] - (THICKNESS + 0.001) * _normals(cloth, quads)[rim] - [0.0, ROLL, 0.0]
    fresh = {int(v): len(cloth) + i for i, v in enumerate(rim)}
    edges = [(int(q[i]), int(q[(i + 1) % 4])) for q in quads for i in range(4) if collar[q[i]] and collar[q[(i + 1) % 4]]]
    roll = np.array([(b, a, fresh[a]) for a, b in edges] + [(b, fresh[a], fresh[b]) for a, b in edges], dtype=np.int32)
    points = np.concatenate([cloth, inner])
    rows = np.concatenate([np.arange(len(cloth)), rim])
    from_collar = np.linalg.norm(cloth[:, None] - cloth[rim][None], axis=2).min(axis=1)
    uv = np.stack([0.5 + points[:, 0] / _WIDE, np.append(from_collar, np.full(len(rim), -ROLL)) / _TALL + 0.02], axis=1)
    return Piece(
        "shirt",
        points.astype(np.float32),
        uv.astype(np.float32),
        np.concatenate([triangles, roll]).astype(np.int32),
        np.arange(len(points), dtype=np.int32),
        anchor[rows],
        Material(_knit(colour), np.full((1, 1, 3), (200, 24, 20), dtype=np.uint8), two_sided=True),
        share[rows],
    )


def _smoothed(points: np.ndarray, pairs: np.ndarray, pull: np.ndarray) -> np.ndarray:
    """Points drawn toward the mean of their neighbours by so much, or pushed from it."""
    degree = np.maximum(np.bincount(pairs[:, 0], minlength=len(points)), 1)[:, None]
    around = np.stack([np.bincount(pairs[:, 0], points[pairs[:, 1], axis], len(points)) for axis in range(3)], axis=1)
    joined = (np.bincount(pairs[:, 0], minlength=len(points)) > 0)[:, None]
    drawn: np.ndarray = points + np.where(joined, pull[:, None] * (around / degree - points), 0.0)
    return drawn


def _normals(points: np.ndarray, quads: np.ndarray) -> np.ndarray:
    face = np.cross(points[quads[:, 2]] - points[quads[:, 0]], points[quads[:, 3]] - points[quads[:, 1]])
    out = np.zeros_like(points)
    for corner in range(4):
        np.add.at(out, quads[:, corner], face)
    unit: np.ndarray = out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-12)
    return unit


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
