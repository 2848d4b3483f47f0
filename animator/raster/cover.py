"""Which triangle each sample of the picture sees.

Corners are snapped to 1/256 of a pixel and edges are tested in integers, so that two triangles with a common edge never both
cover a sample and never leave one out. Each pixel has four samples on a rotated grid.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from animator.geometry.kernel import inner, kernel
from animator.raster.mesh import Mesh

NEAR = np.float32(20.0)
"""Corners nearer than 1/20 m have no place in the picture; their triangles are left out."""

SUB = np.float32(256.0)
PIXEL = 256
INNER, OUTER = 32, 96
"""The samples lie at (-INNER, -OUTER), (OUTER, -INNER), (-OUTER, INNER) and (INNER, OUTER) from the middle of the pixel, in
1/256 pixel: no two in one row or column, and each across from another."""

TILE = 4
"""Pixels a side of the squares that are passed over where nothing nearer can be seen."""

FULL = np.float32(1e9)
"""Marks a tile in front of which nothing more can be seen."""


HAIR = 1e-10
"""Pixels; see `span`."""


class Trace(NamedTuple):
    """The pixels of one triangle, and room for as many as a picture has."""

    pixels: np.ndarray
    """``int32 [H * W]``: index of each pixel."""
    masks: np.ndarray
    """``int64 [H * W]``: bit ``s`` set where sample ``s`` is covered."""
    depths: np.ndarray
    """``float32 [H * W]``: 1 / depth in the middle of the pixel."""
    lift: np.ndarray
    """``float32 [4]``: what to add to that at each sample."""


def room(pixels: int) -> Trace:
    """An empty trace for a picture of so many pixels."""
    return Trace(
        np.empty(pixels, dtype=np.int32),
        np.empty(pixels, dtype=np.int64),
        np.empty(pixels, dtype=np.float32),
        np.empty(4, dtype=np.float32),
    )


@inner
def edge(xa: int, ya: int, xb: int, yb: int, x: int, y: int) -> int:
    """Twice the signed area of (a, b, point), less one where a point on the edge itself belongs to the neighbour."""
    dx, dy = xb - xa, yb - ya
    value = dx * (y - ya) - dy * (x - xa)
    return value if dy > 0 or (dy == 0 and dx < 0) else value - 1


@inner
def trace(screen: np.ndarray, corners: np.ndarray, two_sided: bool, high: int, wide: int, tiles: np.ndarray, out: Trace) -> int:
    """List the pixels of one triangle and return how many they are.

    Parameters
    ----------
    screen
        ``float32 [V 3]``: x, y in pixels, and 1 / depth.
    corners, two_sided
        ``int32 [3]``; clockwise in the picture is a back side, which is passed over unless both sides are seen.
    high, wide
        Size of the picture.
    tiles
        ``float32 [H / 4, W / 4]``: pixels of tiles that hold more than the triangle's greatest 1 / depth are left out.
    out
        Written over.
    """
    a, b, c = corners[0], corners[1], corners[2]
    za, zb, zc = screen[a, 2], screen[b, 2], screen[c, 2]
    if min(za, zb, zc) <= 0 or max(za, zb, zc) > NEAR:
        return 0
    xa, ya = int(np.rint(screen[a, 0] * SUB)), int(np.rint(screen[a, 1] * SUB))
    xb, yb = int(np.rint(screen[b, 0] * SUB)), int(np.rint(screen[b, 1] * SUB))
    xc, yc = int(np.rint(screen[c, 0] * SUB)), int(np.rint(screen[c, 1] * SUB))
    area = (xb - xa) * (yc - ya) - (yb - ya) * (xc - xa)
    if area == 0 or (area > 0 and not two_sided):
        return 0
    if area < 0:
        xb, yb, zb, xc, yc, zc, area = xc, yc, zc, xb, yb, zb, -area
    left, right = max((min(xa, xb, xc) - 96) >> 8, 0), min((max(xa, xb, xc) + 96) >> 8, wide - 1)
    top, bottom = max((min(ya, yb, yc) - 96) >> 8, 0), min((max(ya, yb, yc) + 96) >> 8, high - 1)
    nearest = max(za, zb, zc)
    if left > right or top > bottom or _hidden(tiles, nearest, left // TILE, right // TILE, top // TILE, bottom // TILE):
        return 0
    dxa, dya, dxb, dyb, dxc, dyc = xb - xa, yb - ya, xc - xb, yc - yb, xa - xc, ya - yc
    # 1 / depth is linear over the picture.
    scale = SUB / np.float32(area)
    zx = ((zb - za) * np.float32(yc - ya) - (zc - za) * np.float32(yb - ya)) * scale
    zy = ((zc - za) * np.float32(xb - xa) - (zb - za) * np.float32(xc - xa)) * scale
    inner_lift, outer_lift = (zx * INNER + zy * OUTER) / SUB, (zx * OUTER - zy * INNER) / SUB
    out.lift[0], out.lift[1], out.lift[2], out.lift[3] = -inner_lift, outer_lift, -outer_lift, inner_lift
    # What each edge's value changes by from the middle of a pixel to its first two samples; the others lie across.
    pa, pb, pc = INNER * dya - OUTER * dxa, INNER * dyb - OUTER * dxb, INNER * dyc - OUTER * dxc
    qa, qb, qc = -OUTER * dya - INNER * dxa, -OUTER * dyb - INNER * dxb, -OUTER * dyc - INNER * dxc
    ra, rb, rc = max(abs(pa), abs(qa)), max(abs(pb), abs(qb)), max(abs(pc), abs(qc))
    sa, sb, sc = dya * PIXEL, dyb * PIXEL, dyc * PIXEL
    ia, ib, ic = inverse(sa), inverse(sb), inverse(sc)
    x0 = left * PIXEL + 128
    count = 0
    for y in range(top, bottom + 1):
        y0 = y * PIXEL + 128
        ea, eb, ec = edge(xa, ya, xb, yb, x0, y0), edge(xb, yb, xc, yc, x0, y0), edge(xc, yc, xa, ya, x0, y0)
        first, last = span(ea + ra, ia, 0, right - left)
        first, last = span(eb + rb, ib, first, last)
        first, last = span(ec + rc, ic, first, last)
        z = za + (zx * np.float32(x0 - xa) + zy * np.float32(y0 - ya)) / SUB
        step = first - 1
        while step < last:
            step += 1
            if tiles[y // TILE, (left + step) // TILE] > nearest:
                step = (left + step) // TILE * TILE + TILE - 1 - left
                continue
            ha, hb, hc = ea - sa * step, eb - sb * step, ec - sc * step
            mask = 15
            if ha < ra or hb < rb or hc < rc:
                mask = ((ha + pa) | (hb + pb) | (hc + pc)) >= 0
                mask |= (((ha + qa) | (hb + qb) | (hc + qc)) >= 0) << 1
                mask |= (((ha - qa) | (hb - qb) | (hc - qc)) >= 0) << 2
                mask |= (((ha - pa) | (hb - pb) | (hc - pc)) >= 0) << 3
            if mask:
                out.pixels[count], out.masks[count] = y * wide + left + step, mask
                out.depths[count] = z + zx * np.float32(step)
                count += 1
    return count


@inner
def _hidden(tiles: np.ndarray, nearest: np.float32, left: int, right: int, top: int, bottom: int) -> bool:
    """Whether each of these tiles holds more than ``nearest``."""
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            if tiles[row, column] <= nearest:
                return False
    return True


@inner
def inverse(step: int) -> float:
    """1 / step, and 0 of 0."""
    return 1.0 / step if step != 0 else 0.0


@inner
def span(value: int, inverse: float, first: int, last: int) -> tuple[int, int]:
    """The part of [first, last] in which ``value - x / inverse`` is not below 0; ``last`` below ``first`` where there is none.

    A product takes the place of a division, which costs more than the rest of a short row. `HAIR` is far above what it rounds
    off and far below the distance of any other quotient from a whole number.
    """
    if inverse > 0.0:
        return first, min(last, int(np.floor(value * inverse + HAIR)))
    if inverse < 0.0:
        return max(first, int(np.ceil(value * inverse - HAIR))), last
    return first, last if value >= 0 else first - 1


@kernel
def farthest(depth: np.ndarray, slack: np.float32, out: np.ndarray) -> None:
    """Write the least 1 / depth of each tile's samples, less by a factor ``slack``, to ``out float32 [H / 4, W / 4]``."""
    out[:] = NEAR
    for y in range(depth.shape[0]):
        for x in range(depth.shape[1]):
            least = min(depth[y, x, 0], depth[y, x, 1], depth[y, x, 2], depth[y, x, 3])
            out[y // TILE, x // TILE] = min(out[y // TILE, x // TILE], least / slack)


@kernel
def cover(
    screen: np.ndarray, mesh: Mesh, order: np.ndarray, tiles: np.ndarray, traced: Trace, depth: np.ndarray, owner: np.ndarray
) -> None:
    """Draw the triangles ``order`` into ``depth`` and ``owner``, keeping what is nearest.

    Parameters
    ----------
    screen, mesh, order
        ``float32 [V 3]`` as in `trace`; the triangles; which of them, ``int32 [K]``.
    tiles, traced
        `trace`'s: what is hidden already, and room to work in.
    depth, owner
        Changed in place: ``float32 [H W 4]`` 1 / depth and ``int32 [H W 4]`` triangle of each sample.
    """
    high, wide = depth.shape[0], depth.shape[1]
    near, whose = depth.reshape(high * wide, 4), owner.reshape(high * wide, 4)
    for t in order:
        count = trace(screen, mesh.triangles[t], mesh.two_sided[t], high, wide, tiles, traced)
        for i in range(count):
            p, mask = traced.pixels[i], traced.masks[i]
            if mask == 15:
                # Without branches, all four samples are done at once.
                for s in range(4):
                    here = traced.depths[i] + traced.lift[s]
                    whose[p, s] = t if here > near[p, s] else whose[p, s]
                    near[p, s] = max(here, near[p, s])
                continue
            for s in range(4):
                here = traced.depths[i] + traced.lift[s]
                if (mask >> s) & 1 and here > near[p, s]:
                    near[p, s] = here
                    whose[p, s] = t
