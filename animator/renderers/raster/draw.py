"""From covered samples to a picture: veils first, front to back, then the solid surface that still shows, then tone."""

from __future__ import annotations

import numpy as np

from animator.geometry.kernel import inner, kernel
from animator.renderers.raster.cover import trace
from animator.renderers.raster.mesh import Mesh
from animator.renderers.raster.shade import ROW, UV, Lights, shade, tone
from animator.renderers.raster.texture import Textures, trilinear

f32 = np.float32
ZERO, ONE = f32(0.0), f32(1.0)
CLEAR = f32(1.0 / 255.0)
"""A veil this thin, or what is left to see behind veils this thick, is not drawn."""

COPLANAR = f32(1.0003)
"""A veil this much nearer than it is still lies on the surface it touches: 0.3 mm at 1 m."""

ONE_SURFACE = f32(0.01)
"""Samples of one part within this share of their depth are one surface, shaded once."""

_steps = np.arange(8193) / 8192.0
SRGB = (np.where(_steps <= 0.0031308, 12.92 * _steps, 1.055 * _steps ** (1 / 2.4) - 0.055) * 255 + 0.5).astype(np.uint8)
"""sRGB bytes of linear light in steps of 1 / 8192."""


@inner
def read(
    mesh: Mesh,
    screen: np.ndarray,
    rows: np.ndarray,
    textures: Textures,
    t: int,
    x: np.float32,
    y: np.float32,
    row: np.ndarray,
    texel: np.ndarray,
) -> None:
    """Write triangle ``t``'s row at (x, y) in the picture to ``row [ROW]`` and what it carries there to ``texel [8]``.

    A middle of a pixel that lies beside the triangle is moved onto it, so that edges never read past their surface.
    """
    a, b, c = mesh.triangles[t, 0], mesh.triangles[t, 1], mesh.triangles[t, 2]
    xa, ya, xb, yb, xc, yc = screen[a, 0], screen[a, 1], screen[b, 0], screen[b, 1], screen[c, 0], screen[c, 1]
    area = (xb - xa) * (yc - ya) - (yb - ya) * (xc - xa)
    share = ONE / area if area != ZERO else ZERO
    wb = min(max(((x - xa) * (yc - ya) - (y - ya) * (xc - xa)) * share, ZERO), ONE)
    wc = min(max(((xb - xa) * (y - ya) - (yb - ya) * (x - xa)) * share, ZERO), ONE)
    wa = max(ONE - wb - wc, ZERO)
    # Shares on the surface from shares in the picture: divided by depth.
    wa, wb, wc = wa * screen[a, 2], wb * screen[b, 2], wc * screen[c, 2]
    whole = ONE / (wa + wb + wc)
    wa, wb, wc = wa * whole, wb * whole, wc * whole
    for k in range(ROW):
        row[k] = wa * rows[a, k] + wb * rows[b, k] + wc * rows[c, k]
    lod = f32(0.5) * np.log2(f32(2.0) * mesh.texel_area[t] / max(abs(area), f32(1e-3)) + f32(1e-6))
    trilinear(textures, mesh.part[t], lod, row[UV], row[UV + 1], texel)


@kernel
def veils(
    mesh: Mesh,
    screen: np.ndarray,
    rows: np.ndarray,
    textures: Textures,
    lights: Lights,
    order: np.ndarray,
    depth: np.ndarray,
    light: np.ndarray,
    left: np.ndarray,
) -> None:
    """Lay the triangles ``order`` (nearest first) in front of the solids in ``depth``.

    ``light float32 [H W 3]`` gathers what they send to the camera, ``left float32 [H W 4]`` what each sample still lets
    through. A sample that lets nothing through is passed over, so that deep hair costs no more than its surface.
    """
    high, wide = depth.shape[0], depth.shape[1]
    solid, sent, rest = depth.reshape(high * wide, 4), light.reshape(high * wide, 3), left.reshape(high * wide, 4)
    pixels, masks = np.empty(high * wide, dtype=np.int32), np.empty(high * wide, dtype=np.int64)
    depths, lift = np.empty(high * wide, dtype=np.float32), np.empty(4, dtype=np.float32)
    row, texel, out = np.empty(ROW, dtype=np.float32), np.empty(8, dtype=np.float32), np.empty(6, dtype=np.float32)
    for t in order:
        count = trace(screen, mesh.triangles[t], mesh.two_sided[t], high, wide, pixels, masks, depths, lift)
        for i in range(count):
            p = pixels[i]
            mask, open_share = 0, ZERO
            for s in range(4):
                if (masks[i] >> s) & 1 and (depths[i] + lift[s]) * COPLANAR > solid[p, s] and rest[p, s] > CLEAR:
                    mask |= 1 << s
                    open_share += rest[p, s]
            if mask == 0:
                continue
            read(mesh, screen, rows, textures, t, f32(p % wide) + f32(0.5), f32(p // wide) + f32(0.5), row, texel)
            alpha = texel[3]
            # A smooth veil is a clear shell: what it mirrors does not fade with what it hides.
            clear = min(max((f32(0.3) - texel[4]) * f32(6.0), ZERO), ONE)
            strength = alpha + (ONE - alpha) * clear
            if strength * texel[5] + alpha < CLEAR:
                continue
            shade(lights, row, texel, out)
            for k in range(3):
                sent[p, k] += f32(0.25) * open_share * (alpha * tone(out[k]) + strength * tone(out[3 + k]))
            for s in range(4):
                if (mask >> s) & 1:
                    rest[p, s] *= ONE - alpha


@kernel
def picture(
    mesh: Mesh,
    screen: np.ndarray,
    rows: np.ndarray,
    textures: Textures,
    lights: Lights,
    depth: np.ndarray,
    owner: np.ndarray,
    light: np.ndarray,
    left: np.ndarray,
    out: np.ndarray,
) -> None:
    """Shade what the veils leave of the solids, once a pixel and surface, and write ``out uint8 [H W 4]``, straight alpha."""
    high, wide = depth.shape[0], depth.shape[1]
    row, texel, sent = np.empty(ROW, dtype=np.float32), np.empty(8, dtype=np.float32), np.empty(6, dtype=np.float32)
    for y in range(high):
        for x in range(wide):
            red, green, blue = light[y, x, 0], light[y, x, 1], light[y, x, 2]
            pending = 0
            behind = ZERO
            for s in range(4):
                if owner[y, x, s] >= 0:
                    pending |= 1 << s
                else:
                    behind += left[y, x, s]
            for s in range(4):
                if not (pending >> s) & 1:
                    continue
                t, near = owner[y, x, s], depth[y, x, s]
                share = ZERO
                for other in range(s, 4):
                    if (pending >> other) & 1:
                        apart = abs(depth[y, x, other] - near)
                        if mesh.part[owner[y, x, other]] == mesh.part[t] and apart < near * ONE_SURFACE:
                            pending &= ~(1 << other)
                            share += left[y, x, other]
                if share <= CLEAR:
                    continue
                share *= f32(0.25)
                read(mesh, screen, rows, textures, t, f32(x) + f32(0.5), f32(y) + f32(0.5), row, texel)
                shade(lights, row, texel, sent)
                red += share * tone(sent[0] + sent[3])
                green += share * tone(sent[1] + sent[4])
                blue += share * tone(sent[2] + sent[5])
            alpha = ONE - f32(0.25) * behind
            if alpha <= f32(0.001):
                out[y, x, 0] = out[y, x, 1] = out[y, x, 2] = out[y, x, 3] = 0
                continue
            scale = f32(8192.0) / alpha
            out[y, x, 0] = SRGB[int(min(red * scale, f32(8192.0)))]
            out[y, x, 1] = SRGB[int(min(green * scale, f32(8192.0)))]
            out[y, x, 2] = SRGB[int(min(blue * scale, f32(8192.0)))]
            out[y, x, 3] = int(alpha * f32(255.0) + f32(0.5))
