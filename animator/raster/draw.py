"""From covered samples to a picture: veils first, front to back, then the solid surface that still shows, then tone."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from animator.core.colour import srgb
from animator.geometry.kernel import inner, kernel
from animator.raster.cover import FULL, TILE, Trace, trace
from animator.raster.mesh import Mesh
from animator.raster.shade import GLASS, GROUP, PLACE, REACH, ROW, UV, Lights, closely, shade, tone
from animator.raster.texture import Textures, trilinear

f32 = np.float32
ZERO, ONE = f32(0.0), f32(1.0)
CLEAR = f32(1.0 / 255.0)
"""A veil this thin is not drawn."""

LAST = f32(0.08)
"""A veil behind which no more than this would be seen takes it all: deep hair costs no more than its surface."""

COPLANAR = f32(1.0003)
"""A veil this much nearer than it is still lies on the surface it touches: 0.3 mm at 1 m."""

ONE_SURFACE = f32(0.01)
"""Samples of one part within this share of their depth are one surface, shaded once."""

SRGB = (srgb(np.arange(8193) / 8192.0) * 255 + 0.5).astype(np.uint8)
"""sRGB bytes of linear light in steps of 1 / 8192."""


class Point(NamedTuple):
    """Room for what is known of one point of the picture."""

    corners: np.ndarray
    """``int64 [4]``: the corners of its triangle and the part that this is of."""
    face: np.ndarray
    """``float32 [10]``: the triangle in the picture, as `face` writes it."""
    row: np.ndarray
    """``float32 [ROW]``: its surface, as in `shade`."""
    texel: np.ndarray
    """``float32 [8]``: its textures, as in `Textures`."""
    sent: np.ndarray
    """``float32 [6]``: the light that it sends, body and shine."""
    free: np.ndarray
    """``float32 [4]``: how much of each sample is still to be seen there."""


def nowhere() -> Point:
    """An empty point."""
    return Point(np.empty(4, dtype=np.int64), *(np.empty(size, dtype=np.float32) for size in (10, ROW, 8, 6, 4)))


@kernel
def levels(mesh: Mesh, screen: np.ndarray, out: np.ndarray) -> None:
    """Write the mipmap level at which a texel is about a pixel, for each triangle, to ``out float32 [F]``."""
    for t in range(out.shape[0]):
        a, b, c = mesh.triangles[t, 0], mesh.triangles[t, 1], mesh.triangles[t, 2]
        xa, ya = screen[a, 0], screen[a, 1]
        area = abs((screen[b, 0] - xa) * (screen[c, 1] - ya) - (screen[b, 1] - ya) * (screen[c, 0] - xa))
        out[t] = f32(0.5) * np.log2(f32(2.0) * mesh.texel_area[t] / max(area, f32(1e-3)) + f32(1e-6))


@inner
def face(mesh: Mesh, screen: np.ndarray, lods: np.ndarray, t: int, out: Point) -> None:
    """Make triangle ``t`` the one that `read` reads.

    ``out.face`` is corner a (2), how corner b's share of a point grows along x and along y, how c's does, 1 / depth of the
    three corners, and the mipmap level.
    """
    a, b, c = mesh.triangles[t, 0], mesh.triangles[t, 1], mesh.triangles[t, 2]
    xa, ya = screen[a, 0], screen[a, 1]
    bx, by, cx, cy = screen[b, 0] - xa, screen[b, 1] - ya, screen[c, 0] - xa, screen[c, 1] - ya
    area = bx * cy - by * cx
    share = ONE / area if area != ZERO else ZERO
    out.corners[0], out.corners[1], out.corners[2], out.corners[3] = a, b, c, mesh.part[t]
    out.face[0], out.face[1] = xa, ya
    out.face[2], out.face[3], out.face[4], out.face[5] = cy * share, -cx * share, -by * share, bx * share
    out.face[6], out.face[7], out.face[8], out.face[9] = screen[a, 2], screen[b, 2], screen[c, 2], lods[t]


@inner
def read(rows: np.ndarray, textures: Textures, x: np.float32, y: np.float32, out: Point) -> None:
    """Write the row of the triangle that `face` was told, at (x, y) in the picture, and what it carries there to ``out``.

    What is clear and mirrors nothing gets no row.
    A middle of a pixel that lies beside the triangle is moved onto it, so that edges never read past their surface.
    """
    a, b, c = out.corners[0], out.corners[1], out.corners[2]
    dx, dy = x - out.face[0], y - out.face[1]
    wb = min(max(dx * out.face[2] + dy * out.face[3], ZERO), ONE)
    wc = min(max(dx * out.face[4] + dy * out.face[5], ZERO), ONE)
    wa = max(ONE - wb - wc, ZERO)
    # Shares on the surface from shares in the picture: divided by depth.
    wa, wb, wc = wa * out.face[6], wb * out.face[7], wc * out.face[8]
    whole = ONE / (wa + wb + wc)
    wa, wb, wc = wa * whole, wb * whole, wc * whole
    u = wa * rows[a, UV] + wb * rows[b, UV] + wc * rows[c, UV]
    v = wa * rows[a, UV + 1] + wb * rows[b, UV + 1] + wc * rows[c, UV + 1]
    trilinear(textures, out.corners[3], out.face[9], u, v, out.texel)
    if out.texel[3] >= CLEAR or out.texel[4] < GLASS:
        for k in range(GROUP):
            out.row[k] = wa * rows[a, k] + wb * rows[b, k] + wc * rows[c, k]
        out.row[REACH] = wa * rows[a, REACH] + wb * rows[b, REACH] + wc * rows[c, REACH]
        if out.row[REACH] > ZERO:
            for k in range(GROUP, PLACE):
                out.row[k] = wa * rows[a, k] + wb * rows[b, k] + wc * rows[c, k]
            if closely(out.row[REACH], out.texel[4]):
                for k in range(PLACE, ROW):
                    out.row[k] = wa * rows[a, k] + wb * rows[b, k] + wc * rows[c, k]


@kernel
def veils(
    mesh: Mesh,
    screen: np.ndarray,
    rows: np.ndarray,
    lods: np.ndarray,
    textures: Textures,
    lights: Lights,
    order: np.ndarray,
    traced: Trace,
    point: Point,
    tiles: np.ndarray,
    pending: np.ndarray,
    depth: np.ndarray,
    light: np.ndarray,
    left: np.ndarray,
) -> None:
    """Lay the triangles ``order`` (nearest first) in front of the solids in ``depth``.

    ``light float32 [H W 3]`` gathers what they send to the camera, ``left float32 [H W 4]`` what each sample still lets
    through. A sample that lets nothing through is passed over; so is a whole tile, once ``pending int64 [H / 4, W / 4]``
    finds none of its pixels left. ``tiles`` comes from `farthest`.
    """
    high, wide = depth.shape[0], depth.shape[1]
    solid, sent, rest = depth.reshape(high * wide, 4), light.reshape(high * wide, 3), left.reshape(high * wide, 4)
    for t in order:
        count = trace(screen, mesh.triangles[t], mesh.two_sided[t], high, wide, tiles, traced)
        if count:
            face(mesh, screen, lods, t, point)
        for i in range(count):
            p, mask, here = traced.pixels[i], traced.masks[i], traced.depths[i]
            open_share = ZERO
            # Products in place of branches, which at the edges of hair could not be foretold.
            for s in range(4):
                before = (here + traced.lift[s]) * COPLANAR > solid[p, s]
                point.free[s] = rest[p, s] * f32(before) * f32((mask >> s) & 1)
                open_share += point.free[s]
            if open_share <= ZERO:
                continue
            read(rows, textures, f32(p % wide) + f32(0.5), f32(p // wide) + f32(0.5), point)
            alpha, rough = point.texel[3], point.texel[4]
            if alpha < CLEAR and rough >= GLASS:
                continue
            shade(lights, point.row, point.texel, point.sent)
            hidden, after = ZERO, ZERO
            for s in range(4):
                free = point.free[s]
                taken = free if free * (ONE - alpha) < LAST else free * alpha
                rest[p, s] -= taken
                hidden += taken
                after += rest[p, s]
            if after == ZERO:
                row, column = p // wide // TILE, p % wide // TILE
                pending[row, column] -= 1
                if pending[row, column] == 0:
                    tiles[row, column] = FULL
            clear = min(max((GLASS - rough) * f32(6.0), ZERO), ONE)
            strength = hidden + (open_share - hidden) * clear
            for k in range(3):
                sent[p, k] += f32(0.25) * (hidden * tone(point.sent[k]) + strength * tone(point.sent[3 + k]))


@kernel
def picture(
    mesh: Mesh,
    screen: np.ndarray,
    rows: np.ndarray,
    lods: np.ndarray,
    textures: Textures,
    lights: Lights,
    point: Point,
    depth: np.ndarray,
    owner: np.ndarray,
    light: np.ndarray,
    left: np.ndarray,
    out: np.ndarray,
) -> None:
    """Shade what the veils leave of the solids, once a pixel and surface, and write ``out uint8 [H W 4]``, straight alpha.

    The four buffers are left as a new frame finds them: no depth, no owner, no light, everything let through.
    """
    high, wide = depth.shape[0], depth.shape[1]
    last = -1
    for y in range(high):
        for x in range(wide):
            red, green, blue = light[y, x, 0], light[y, x, 1], light[y, x, 2]
            pending, behind = 0, ZERO
            for s in range(4):
                if owner[y, x, s] >= 0:
                    pending |= 1 << s
                else:
                    behind += left[y, x, s]
            if behind == f32(4.0) and red == ZERO and green == ZERO and blue == ZERO:
                out[y, x, 0] = out[y, x, 1] = out[y, x, 2] = out[y, x, 3] = 0
                continue
            while pending:
                t, near, share = -1, ZERO, ZERO
                for s in range(4):
                    if not (pending >> s) & 1:
                        continue
                    first = t < 0
                    if first:
                        t, near = owner[y, x, s], depth[y, x, s]
                    same = owner[y, x, s] == t or mesh.part[owner[y, x, s]] == mesh.part[t]
                    if first or (same and abs(depth[y, x, s] - near) < near * ONE_SURFACE):
                        pending &= ~(1 << s)
                        share += left[y, x, s]
                if share <= ZERO:
                    continue
                share *= f32(0.25)
                if t != last:
                    face(mesh, screen, lods, t, point)
                    last = t
                read(rows, textures, f32(x) + f32(0.5), f32(y) + f32(0.5), point)
                shade(lights, point.row, point.texel, point.sent)
                red += share * tone(point.sent[0] + point.sent[3])
                green += share * tone(point.sent[1] + point.sent[4])
                blue += share * tone(point.sent[2] + point.sent[5])
            for s in range(4):
                depth[y, x, s], owner[y, x, s], left[y, x, s] = ZERO, -1, ONE
            light[y, x, 0] = light[y, x, 1] = light[y, x, 2] = ZERO
            alpha = ONE - f32(0.25) * behind
            if alpha <= f32(0.001):
                out[y, x, 0] = out[y, x, 1] = out[y, x, 2] = out[y, x, 3] = 0
                continue
            scale = f32(8192.0) / alpha
            out[y, x, 0] = SRGB[int(min(red * scale, f32(8192.0)))]
            out[y, x, 1] = SRGB[int(min(green * scale, f32(8192.0)))]
            out[y, x, 2] = SRGB[int(min(blue * scale, f32(8192.0)))]
            out[y, x, 3] = int(alpha * f32(255.0) + f32(0.5))
