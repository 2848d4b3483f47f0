"""Brow geometry: thin shells over the brow's own skin, so that they move exactly as it does."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32

from animator.heads.paint.brows import CHART, brow, brow_cover, chart_uv
from animator.heads.paint.look import Look
from animator.heads.pieces.assemble import Piece
from animator.heads.shape.basemesh import BaseMesh

LIFT = (0.0005, 0.0014)
"""Metres above the skin of each shell: two let the hairs stand out from it."""


def grow(base: BaseMesh, vertices: Float32[np.ndarray, "B 3"], look: Look) -> Piece:
    """Brows over a head of that identity.

    Parameters
    ----------
    base
        The base mesh.
    vertices
        ``float32 [B 3]`` metres: the base mesh's vertices after identity.
    look
        The person.
    """
    quads = base.quads[base.groups["body"]]
    left, top, right, bottom = CHART
    at = base.vertices[quads]
    inside = (at[..., 0] > left) & (at[..., 0] < right) & (at[..., 1] > bottom) & (at[..., 1] < top) & (at[..., 2] > 0.095)
    quads = quads[inside.all(axis=1)]
    quads = quads[_haired(chart_uv(base.vertices[quads].reshape(-1, 3)).reshape(-1, 4, 2), brow_cover(look)[0])]
    used, corners = np.unique(quads, return_inverse=True)
    corners = corners.reshape(-1, 4)
    triangles = np.concatenate([corners[:, [0, 1, 2]], corners[:, [0, 2, 3]]])
    normal = np.zeros((len(vertices), 3))
    face = np.cross(vertices[quads[:, 2]] - vertices[quads[:, 0]], vertices[quads[:, 3]] - vertices[quads[:, 1]])
    for corner in range(4):
        np.add.at(normal, quads[:, corner], face)
    outward = normal[used] / np.linalg.norm(normal[used], axis=1, keepdims=True)
    count = len(used)
    return Piece(
        name="brows",
        vertices=np.concatenate([vertices[used] + lift * outward for lift in LIFT]).astype(np.float32),
        uv=np.tile(chart_uv(base.vertices[used]), (len(LIFT), 1)),
        triangles=np.concatenate([triangles + count * i for i in range(len(LIFT))]).astype(np.int32),
        weld=np.arange(count * len(LIFT), dtype=np.int32),
        anchor=np.tile(used, len(LIFT)).astype(np.int32),
        material=brow(look),
    )


def _haired(corners: Float32[np.ndarray, "q 4 2"], cover: np.ndarray) -> np.ndarray:
    """Which quads of the chart hold any hair: the others would be drawn for nothing in each frame."""
    # A table of sums tells how much hair any upright box holds.
    table = np.pad(cover.astype(np.float64).cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    size = np.array([cover.shape[1], cover.shape[0]])
    low = np.clip(np.floor(corners.min(axis=1) * size), 0, size).astype(np.int64)
    high = np.clip(np.ceil(corners.max(axis=1) * size), 0, size).astype(np.int64)
    (x0, y0), (x1, y1) = low.T, high.T
    held: np.ndarray = table[y1, x1] - table[y0, x1] - table[y1, x0] + table[y0, x0] > 1e-3
    return held
