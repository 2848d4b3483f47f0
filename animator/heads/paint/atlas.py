"""The uv square of the head's skin, and what lies under each of its texels.

MakeHuman lays a whole body into one square and leaves the face a stamp in it. Here only head, neck, shoulders and mouth are
kept; the face is spread by a smooth, one-to-one warp, and the smaller islands move into a strip below it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float32
from PIL import Image
from scipy.special import erf

from animator.geometry.kernel import kernel
from animator.heads.shape.basemesh import BaseMesh
from animator.heads.shape.bust import skin_quads

# Where the islands lie in MakeHuman's square (left, top, right, bottom), and where they go.
_HEAD = (0.63, 0.17, 1.0, 0.862)
_ISLANDS = (
    ((0.110, 0.010, 0.650, 0.335), (0.01, 0.77, 0.47, 0.99)),  # shoulders and chest
    ((0.755, 0.862, 0.927, 0.993), (0.49, 0.77, 0.78, 0.99)),  # inside of the mouth
    ((0.005, 0.362, 0.155, 0.458), (0.80, 0.86, 0.99, 0.99)),  # behind the eyes
)
_HEAD_HEIGHT = 0.75
_MIDDLE = (0.866, 0.5168)  # between mouth and eyes
_SPREAD = (2.2, 0.080)
_SIDEWAYS = (2.6, 0.075)


def on_head(uv: np.ndarray) -> np.ndarray:
    """Whether places of MakeHuman's uv lie on the island of head and throat."""
    x, y = uv[:, 0], uv[:, 1]
    on: np.ndarray = (x > np.where(y < 0.335, 0.6425, 0.637)) & (y > 0.172) & (y < 0.862)
    return on


def _spread(offset: np.ndarray, gain: float, width: float) -> np.ndarray:
    """A distance from the face's middle, stretched ``1 + gain`` times there and not at all far out."""
    grown: np.ndarray = offset + gain * width * np.sqrt(np.pi) / 2 * erf(offset / width)
    return grown


def head_uv(uv: Float32[np.ndarray, "U 2"]) -> Float32[np.ndarray, "U 2"]:
    """Places in the head's square of MakeHuman's uv, ``float32 [U 2]``, (0, 0) at the top left.

    Of use for the skin of the bust (`bust.skin_quads`); other places are moved somewhere, and may leave the square.
    """
    x, y = uv[:, 0].astype(np.float64), uv[:, 1].astype(np.float64)
    # MakeHuman's head lies on its side, crown to the left.
    ends = _spread(np.array([_HEAD[1], _HEAD[3]]) - _MIDDLE[1], *_SIDEWAYS)
    u = (_spread(y - _MIDDLE[1], *_SIDEWAYS) - ends[0]) / (ends[1] - ends[0])
    ends = _spread(np.array([_HEAD[0], _HEAD[2]]) - _MIDDLE[0], *_SPREAD)
    v = _HEAD_HEIGHT * (_spread(x - _MIDDLE[0], *_SPREAD) - ends[0]) / (ends[1] - ends[0])
    for (left, top, right, bottom), (l2, t2, r2, b2) in _ISLANDS:
        inside = (x >= left) & (x <= right) & (y >= top) & (y <= bottom) & ~on_head(uv)
        u = np.where(inside, l2 + (x - left) * (r2 - l2) / (right - left), u)
        v = np.where(inside, t2 + (y - top) * (b2 - t2) / (bottom - top), v)
    return np.stack([u, v], axis=1).astype(np.float32)


@kernel
def _rasterise(corners: Any, triangles: Any, values: Any, out: Any, covered: Any) -> None:
    size = covered.shape[0]
    for f in range(len(triangles)):
        i, j, k = triangles[f]
        ax, ay, bx, by, cx, cy = corners[i, 0], corners[i, 1], corners[j, 0], corners[j, 1], corners[k, 0], corners[k, 1]
        area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
        if area == 0.0:
            continue
        x0, x1 = max(0, int(min(ax, bx, cx))), min(size - 1, int(max(ax, bx, cx)) + 1)
        y0, y1 = max(0, int(min(ay, by, cy))), min(size - 1, int(max(ay, by, cy)) + 1)
        for y in range(y0, y1 + 1):
            for x in range(x0, x1 + 1):
                px, py = x + 0.5, y + 0.5
                wa = ((bx - px) * (cy - py) - (cx - px) * (by - py)) / area
                wb = ((cx - px) * (ay - py) - (ax - px) * (cy - py)) / area
                wc = 1.0 - wa - wb
                if wa >= -1e-5 and wb >= -1e-5 and wc >= -1e-5:
                    covered[y, x] = True
                    for c in range(values.shape[1]):
                        out[y, x, c] = wa * values[i, c] + wb * values[j, c] + wc * values[k, c]


@dataclass(frozen=True, eq=False)
class Atlas:
    """What lies under the texels of the head's square.

    Parameters
    ----------
    covered
        ``bool [S S]``: texels that lie on skin; the arrays below have one row for each, in reading order.
    position
        ``float32 [N 3]`` metres, in the base mesh's own space, so that a feature stays on its spot in every identity.
    normal
        ``float32 [N 3]``, unit, of the base mesh.
    uv
        ``float32 [N 2]``: MakeHuman's uv there.
    """

    covered: Bool[np.ndarray, "S S"]
    position: Float32[np.ndarray, "N 3"]
    normal: Float32[np.ndarray, "N 3"]
    uv: Float32[np.ndarray, "N 2"]

    def image(self, values: np.ndarray) -> np.ndarray:
        """A picture ``[S S ...]`` of one value a covered texel; the rest is filled from its surroundings (see `pad`)."""
        out = np.zeros((*self.covered.shape, *values.shape[1:]), dtype=values.dtype)
        out[self.covered] = values
        return pad(out, self.covered)

    def sample(self, image: np.ndarray, fine: Atlas) -> np.ndarray:
        """A picture of this atlas read at each covered texel of a finer one, smoothly."""
        size = fine.covered.shape[0]
        layers = image[..., None] if image.ndim == 2 else image
        out = np.empty((len(fine.position), layers.shape[2]), dtype=np.float32)
        for c in range(layers.shape[2]):
            layer = Image.fromarray(np.ascontiguousarray(layers[..., c], dtype=np.float32))
            out[:, c] = np.asarray(layer.resize((size, size), Image.Resampling.BICUBIC))[fine.covered]
        return out[:, 0] if image.ndim == 2 else out


def pad(image: np.ndarray, covered: Bool[np.ndarray, "H W"]) -> np.ndarray:
    """Give what is not covered the value of covered ground nearby, so that no filter pulls a foreign colour over a seam.

    Nearest but for rounding: two sweeps of a chamfer transform (Borgefors 1986).
    """
    flat = np.ascontiguousarray(image.reshape(*covered.shape, -1))
    _sweep(flat, np.where(covered, np.int32(0), np.int32(1 << 20)))
    filled: np.ndarray = flat.reshape(image.shape)
    return filled


@kernel
def _sweep(image: Any, away: Any) -> None:
    height, width = away.shape
    for turn in range(2):
        step = 1 - 2 * turn
        for i in range(height):
            y = i if turn == 0 else height - 1 - i
            for j in range(width):
                x = j if turn == 0 else width - 1 - j
                if away[y, x] == 0:
                    continue
                best, by, bx = away[y, x], y, x
                for k in range(4):
                    ny = y - step if k < 3 else y
                    nx = x - step + k * step if k < 3 else x - step
                    cost = 4 if k in (0, 2) else 3
                    if 0 <= ny < height and 0 <= nx < width and away[ny, nx] + cost < best:
                        best, by, bx = away[ny, nx] + cost, ny, nx
                if by != y or bx != x:
                    away[y, x] = best
                    for c in range(image.shape[2]):
                        image[y, x, c] = image[by, bx, c]


def bake(base: BaseMesh, size: int) -> Atlas:
    """What lies under the texels of a head's square of ``size`` a side."""
    bust = skin_quads()
    quads, corners = base.quads[bust], base.quad_uv[bust]
    values = np.concatenate([base.vertices[quads], _normals(base.vertices, base.quads)[quads], base.uv[corners]], axis=2).reshape(
        -1, 8
    )
    places = head_uv(base.uv[corners].reshape(-1, 2)).astype(np.float64) * size
    loops = np.arange(4 * len(quads), dtype=np.int32).reshape(-1, 4)
    triangles = np.concatenate([loops[:, [0, 1, 2]], loops[:, [0, 2, 3]]])
    out = np.zeros((size, size, 8), dtype=np.float32)
    covered = np.zeros((size, size), dtype=np.bool_)
    _rasterise(places, triangles, values.astype(np.float64), out, covered)
    rows = out[covered]
    normal = rows[:, 3:6] / np.maximum(np.linalg.norm(rows[:, 3:6], axis=1, keepdims=True), 1e-6)
    return Atlas(covered, np.ascontiguousarray(rows[:, :3]), normal, np.ascontiguousarray(rows[:, 6:8]))


def _normals(vertices: np.ndarray, quads: np.ndarray) -> np.ndarray:
    """Unit normals at the vertices: the faces' normals, each counted by its area."""
    a, b, c, d = (vertices[quads[:, i]].astype(np.float64) for i in range(4))
    face = np.cross(c - a, d - b)
    out = np.zeros((len(vertices), 3))
    for i in range(4):
        np.add.at(out, quads[:, i], face)
    out /= np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-12)
    return out
