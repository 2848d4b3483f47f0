"""Which triangle each sample of the picture sees.

Corners are snapped to 1/256 of a pixel and edges are tested in integers, so that two triangles with a common edge never both
cover a sample and never leave one out. Each pixel has four samples on a rotated grid.
"""

from __future__ import annotations

import numpy as np

from animator.geometry.kernel import inner, kernel

NEAR = np.float32(20.0)
"""Corners nearer than 1/20 m have no place in the picture; their triangles are left out."""

SUB = np.float32(256.0)
PIXEL = 256
SAMPLES = np.array([[-32, -96], [96, -32], [-96, 32], [32, 96]], dtype=np.int64)
"""x and y of the samples from the middle of the pixel, in 1/256 pixel."""


@inner
def edge(xa: int, ya: int, xb: int, yb: int, x: int, y: int) -> int:
    """Twice the signed area of (a, b, point), less one where a point on the edge itself belongs to the neighbour."""
    dx, dy = xb - xa, yb - ya
    value = dx * (y - ya) - dy * (x - xa)
    return value if dy > 0 or (dy == 0 and dx < 0) else value - 1


@inner
def reach(dx: int, dy: int) -> int:
    """How much an edge's value changes at most from the middle of a pixel to one of its samples."""
    most = 0
    for s in range(4):
        most = max(most, abs(dx * SAMPLES[s, 1] - dy * SAMPLES[s, 0]))
    return most


@inner
def trace(
    screen: np.ndarray,
    corners: np.ndarray,
    two_sided: bool,
    high: int,
    wide: int,
    pixels: np.ndarray,
    masks: np.ndarray,
    depths: np.ndarray,
    lift: np.ndarray,
) -> int:
    """List the pixels of one triangle and return how many they are.

    Parameters
    ----------
    screen
        ``float32 [V 3]``: x, y in pixels, and 1 / depth.
    corners, two_sided
        ``int32 [3]``; clockwise in the picture is a back side, which is passed over unless both sides are seen.
    high, wide
        Size of the picture.
    pixels, masks, depths
        Out, ``[high * wide]`` at least: ``int32`` index of the pixel, ``int64`` bit ``s`` set where sample ``s`` is covered,
        ``float32`` 1 / depth in the middle of the pixel.
    lift
        Out, ``float32 [4]``: what to add to that at each sample.
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
    if left > right or top > bottom:
        return 0
    dxa, dya, dxb, dyb, dxc, dyc = xb - xa, yb - ya, xc - xb, yc - yb, xa - xc, ya - yc
    # 1 / depth is linear over the picture; a sliver's slope is not to be trusted beyond its corners.
    scale = SUB / np.float32(area)
    zx = ((zb - za) * np.float32(yc - ya) - (zc - za) * np.float32(yb - ya)) * scale
    zy = ((zc - za) * np.float32(xb - xa) - (zb - za) * np.float32(xc - xa)) * scale
    for s in range(4):
        lift[s] = (zx * np.float32(SAMPLES[s, 0]) + zy * np.float32(SAMPLES[s, 1])) / SUB
    ra, rb, rc = reach(dxa, dya), reach(dxb, dyb), reach(dxc, dyc)
    x0 = left * PIXEL + 128
    count = 0
    for y in range(top, bottom + 1):
        y0 = y * PIXEL + 128
        ea, eb, ec = edge(xa, ya, xb, yb, x0, y0), edge(xb, yb, xc, yc, x0, y0), edge(xc, yc, xa, ya, x0, y0)
        z = za + (zx * np.float32(x0 - xa) + zy * np.float32(y0 - ya)) / SUB
        for x in range(left, right + 1):
            if ea + ra >= 0 and eb + rb >= 0 and ec + rc >= 0:
                mask = 15
                if ea < ra or eb < rb or ec < rc:
                    mask = 0
                    for s in range(4):
                        ox, oy = SAMPLES[s, 0], SAMPLES[s, 1]
                        inside = ea + dxa * oy - dya * ox >= 0 and eb + dxb * oy - dyb * ox >= 0 and ec + dxc * oy - dyc * ox >= 0
                        mask |= inside << s
                if mask:
                    pixels[count], masks[count], depths[count] = y * wide + x, mask, z
                    count += 1
            ea -= dya * PIXEL
            eb -= dyb * PIXEL
            ec -= dyc * PIXEL
            z += zx
    return count


@kernel
def cover(
    screen: np.ndarray, triangles: np.ndarray, order: np.ndarray, two_sided: np.ndarray, depth: np.ndarray, owner: np.ndarray
) -> None:
    """Draw the triangles ``order`` into ``depth`` and ``owner``, keeping what is nearest.

    Parameters
    ----------
    screen, triangles, order, two_sided
        ``float32 [V 3]`` as in `trace`; ``int32 [F 3]``; ``int32 [K]``; ``bool [F]``.
    depth, owner
        Changed in place: ``float32 [H W 4]`` 1 / depth and ``int32 [H W 4]`` triangle of each sample.
    """
    high, wide = depth.shape[0], depth.shape[1]
    near, whose = depth.reshape(high * wide, 4), owner.reshape(high * wide, 4)
    pixels, masks = np.empty(high * wide, dtype=np.int32), np.empty(high * wide, dtype=np.int64)
    depths, lift = np.empty(high * wide, dtype=np.float32), np.empty(4, dtype=np.float32)
    for t in order:
        count = trace(screen, triangles[t], two_sided[t], high, wide, pixels, masks, depths, lift)
        for i in range(count):
            p = pixels[i]
            for s in range(4):
                here = depths[i] + lift[s]
                if (masks[i] >> s) & 1 and here > near[p, s]:
                    near[p, s] = here
                    whose[p, s] = t
