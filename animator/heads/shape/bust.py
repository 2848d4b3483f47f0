"""Which part of the body is the bust, down to the collar of its shirt, and what follows the head's turn."""

from __future__ import annotations

import json
from functools import lru_cache

import numpy as np
from jaxtyping import Float32, Int32

from animator.core.head import Material
from animator.heads.pieces.assemble import Piece
from animator.heads.shape.basemesh import BaseMesh, package_data, read_base

NECKLINE = (0.5860, -0.42)
"""The collar lies in a plane: its height (metres, base mesh) where z is 0, and its slope along z, lower in front."""

HEM = 0.315
"""Height of the shirt's lower edge on the base mesh, metres."""

UNDER = 0.025
"""How far the skin goes on below the collar, metres."""

NECK_SHARES = {"neck01": 0.0, "neck02": 0.35, "neck03": 0.75}
"""How much of the head's turn the neck's bones make, from the lowest up."""

PIVOT = 0.35
"""A head nods about the top of its spine and bends along the neck; one pivot stands for both."""

TRUNK = ("breast", "clavicle", "shoulder", "spine", "upperarm", "lowerarm", "root", "pelvis", "upperleg", "lowerleg", "foot")


def above_collar(vertices: Float32[np.ndarray, "B 3"]) -> Float32[np.ndarray, " B"]:
    """How far places of the base mesh lie above the plane of the collar, metres."""
    height, slope = NECKLINE
    beside = (np.abs(vertices[:, 0]) - 0.10).clip(0)  # a shoulder that rises through the plane is no neck
    above: np.ndarray = vertices[:, 1] - (np.float32(height) + np.float32(slope) * vertices[:, 2]) - beside
    return above


@lru_cache(maxsize=1)
def skin_quads() -> Int32[np.ndarray, " q"]:
    """Quads of the body that are seen, and a little of what the shirt covers."""
    base = read_base()
    body = base.groups["body"]
    seen: np.ndarray = body[(above_collar(base.vertices)[base.quads[body]] > -UNDER).all(axis=1)]
    return seen


@lru_cache(maxsize=1)
def shirt_quads() -> Int32[np.ndarray, " q"]:
    """Quads of the body with a corner below the collar and one above the hem."""
    base = read_base()
    body = base.groups["body"]
    below = above_collar(base.vertices)[base.quads[body]] < 0
    high = base.vertices[base.quads[body], 1] > HEM
    hands = np.abs(base.vertices[base.quads[body], 0]) > 0.42
    covered: np.ndarray = body[below.any(axis=1) & high.any(axis=1) & ~hands.any(axis=1)]
    return covered


def slide(
    quads: Int32[np.ndarray, "q 4"], level: Float32[np.ndarray, " B"]
) -> tuple[Int32[np.ndarray, "B 2"], Float32[np.ndarray, "B 2"]]:
    """Where the corners that lie below level 0 come to lie when they slide up the edges that cross it.

    Returns two base vertices for each base vertex, and their shares: itself and whole, but for a corner below the level, which
    mixes itself with its neighbour above so that the level of the mix is 0.
    """
    anchor = np.repeat(np.arange(len(level), dtype=np.int32)[:, None], 2, axis=1)
    share = np.tile(np.array([1, 0], dtype=np.float32), (len(level), 1))
    for hops in (2, 1, 3):  # an edge has the last word over a diagonal
        low, high = np.stack([quads, np.roll(quads, hops, axis=1)], axis=-1).reshape(-1, 2).T
        crossing = (level[low] < 0) & (level[high] > 0)
        low, high = low[crossing], high[crossing]
        rise = level[low] / (level[low] - level[high])
        anchor[low, 1] = high
        share[low] = np.stack([1 - rise, rise], axis=1)
    return anchor, share


@lru_cache(maxsize=1)
def follow() -> Float32[np.ndarray, " B"]:
    """How far each vertex follows the head's turn: 1 on the head, falling along the neck to 0 on the shoulders.

    It is the skin weight of MakeHuman's standard skeleton: what hangs on neck bones counts by `NECK_SHARES`.
    """
    path = package_data() / "mpfb2" / "rigs" / "standard" / "weights.default.json"
    bones: dict[str, list[list[float]]] = json.loads(path.read_text(encoding="utf-8"))["weights"]
    out = np.ones(len(read_base().vertices), dtype=np.float32)
    for bone, rows in bones.items():
        held = 1.0 if bone.startswith(TRUNK) else 1.0 - NECK_SHARES.get(bone, 1.0)
        if rows and held:
            table = np.array(rows)
            out[table[:, 0].astype(np.int64)] -= (held * table[:, 1]).astype(np.float32)
    out[out > 0.999] = 1.0
    out[out < 0.001] = 0.0
    return out.clip(0.0, 1.0)


def pivot(base: BaseMesh, vertices: Float32[np.ndarray, "B 3"]) -> Float32[np.ndarray, " 3"]:
    """Where the head turns, metres in the base mesh's space: on the neck's axis, `PIVOT` of the way down from its top."""
    top, foot = (vertices[base.group_vertices(name)].mean(axis=0) for name in ("joint-head", "joint-neck"))
    at: np.ndarray = top + np.float32(PIVOT) * (foot - top)
    return at


def cut(
    base: BaseMesh,
    vertices: Float32[np.ndarray, "B 3"],
    name: str,
    quads: Int32[np.ndarray, " q"],
    uv: Float32[np.ndarray, "U 2"],
    material: Material,
) -> Piece:
    """Quads of the base mesh as a piece of triangles, split along the seams of its uv."""
    corners, places = base.quads[quads].ravel(), base.quad_uv[quads].ravel()
    pairs, index = np.unique(np.stack([corners, places], axis=1), axis=0, return_inverse=True)
    anchor, first = pairs[:, 0].astype(np.int32), np.unique(pairs[:, 0], return_index=True)
    weld = first[1][np.searchsorted(first[0], anchor)].astype(np.int32)
    a, b, c, d = index.reshape(-1, 4).T
    at = vertices[anchor]
    short = np.linalg.norm(at[a] - at[c], axis=1) <= np.linalg.norm(at[b] - at[d], axis=1)
    one = np.where(short, [a, b, c], [a, b, d]).T
    two = np.where(short, [a, c, d], [b, c, d]).T
    return Piece(
        name, at, uv[pairs[:, 1]].astype(np.float32), np.concatenate([one, two]).astype(np.int32), weld, anchor, material
    )
