"""Light on one point of a surface, and the tone of the result.

Diffuse light wraps around the terminator, the red of it furthest where skin lets light through (after the per-channel
falloff of d'Eon & Luebke 2007, in the closed form of energy-conserving wrap lighting). The shine is a microfacet lobe: GGX
(Walter et al. 2007), Schlick's Fresnel, and Kelemen & Szirmay-Kalos' visibility. Ambient light is dimmed by openness, less
where the surface itself is bright and throws light back (Jimenez et al. 2016).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from animator.geometry.kernel import kernel
from animator.renderers.raster.occlusion import seen_share

f32 = np.float32
ZERO, HALF, ONE = f32(0.0), f32(0.5), f32(1.0)

BLEED = np.array([0.55, 0.22, 0.14], dtype=np.float32)
"""How far light wraps around at full subsurface: red, green, blue."""

SHOULDER = f32(0.55)
"""Light up to here keeps its value; from here on it bends towards 1, which it never reaches."""

LAMP = f32(0.05)
"""What the size of a lamp adds to a lobe's width, so that a smooth eye mirrors a spot and not a point."""


class Lights(NamedTuple):
    """The lights of a frame."""

    eye: np.ndarray
    """``float32 [3]``: where the camera stands."""
    directions: np.ndarray
    """``float32 [L 3]``, unit, towards the light."""
    colours: np.ndarray
    """``float32 [L 3]``: what a white matt surface facing the light sends back."""
    shadow: np.ndarray
    """``int64 [L]``: the light's shadow map, or -1."""
    matrices: np.ndarray
    """``float32 [S 3 4]``."""
    maps: np.ndarray
    """``float32 [S N N]``."""
    sky: np.ndarray
    """``float32 [3]``: ambient light from above."""
    ground: np.ndarray
    """``float32 [3]``: ambient light from below."""


@kernel
def shadow(
    lights: Lights, k: int, x: np.float32, y: np.float32, z: np.float32, nx: np.float32, ny: np.float32, nz: np.float32
) -> np.float32:
    """How much of a light with shadow map ``k`` reaches a point, [0, 1]."""
    m = lights.matrices[k]
    off = f32(1.5) / np.sqrt(m[0, 0] * m[0, 0] + m[0, 1] * m[0, 1] + m[0, 2] * m[0, 2])
    x, y, z = x + nx * off, y + ny * off, z + nz * off
    return seen_share(
        lights.maps[k],
        m[0, 0] * x + m[0, 1] * y + m[0, 2] * z + m[0, 3],
        m[1, 0] * x + m[1, 1] * y + m[1, 2] * z + m[1, 3],
        m[2, 0] * x + m[2, 1] * y + m[2, 2] * z + m[2, 3] + off,
    )


@kernel
def lobe(rough: np.float32, ndh: np.float32, ldh: np.float32) -> np.float32:
    """GGX distribution times Kelemen's visibility, times pi: shine for a light whose unit is a white matt surface's answer."""
    alpha = rough * rough + LAMP * (ONE - rough)
    square = alpha * alpha
    bump = ndh * ndh * (square - ONE) + ONE
    return square / (bump * bump) * f32(0.25) / max(ldh * ldh, f32(0.05))


@kernel
def shade(lights: Lights, point: np.ndarray, texel: np.ndarray, out: np.ndarray) -> None:
    """Write the linear light that a point sends to the camera: its body colour, and its shine.

    Parameters
    ----------
    lights
        The lights of the frame.
    point
        ``float32 [7]``: position (metres), unit normal towards the viewer's side, openness.
    texel
        ``float32 [8]``, a row of `Textures`: square roots of the albedo, alpha, roughness, specular, subsurface.
    out
        ``float32 [6]``: red, green, blue of the body, then of the shine.
    """
    px, py, pz, nx, ny, nz, opened = point[0], point[1], point[2], point[3], point[4], point[5], point[6]
    vx, vy, vz = lights.eye[0] - px, lights.eye[1] - py, lights.eye[2] - pz
    scale = ONE / np.sqrt(vx * vx + vy * vy + vz * vz)
    vx, vy, vz = vx * scale, vy * scale, vz * scale
    ndv = max(nx * vx + ny * vy + nz * vz, f32(0.02))
    red, green, blue = texel[0] * texel[0], texel[1] * texel[1], texel[2] * texel[2]
    rough, through = texel[4], texel[6]
    mirror = f32(0.08) * texel[5]
    wr, wg, wb = BLEED[0] * through, BLEED[1] * through, BLEED[2] * through
    dr = dg = db = sr = sg = sb = ZERO
    for k in range(lights.directions.shape[0]):
        lx, ly, lz = lights.directions[k, 0], lights.directions[k, 1], lights.directions[k, 2]
        ndl = nx * lx + ny * ly + nz * lz
        if ndl <= -wr:
            continue
        reached = min(opened * f32(1.6), ONE)
        if lights.shadow[k] >= 0:
            reached = shadow(lights, lights.shadow[k], px, py, pz, nx, ny, nz)
        if reached <= ZERO:
            continue
        # Light that leaks through skin is red: a penumbra is wider in red than in blue.
        leak = (np.sqrt(reached) - reached) * through
        lr, lg, lb = lights.colours[k, 0], lights.colours[k, 1], lights.colours[k, 2]
        dr += lr * (reached + leak) * max(ndl + wr, ZERO) / ((ONE + wr) * (ONE + wr))
        dg += lg * (reached + leak * f32(0.3)) * max(ndl + wg, ZERO) / ((ONE + wg) * (ONE + wg))
        db += lb * (reached + leak * f32(0.15)) * max(ndl + wb, ZERO) / ((ONE + wb) * (ONE + wb))
        if ndl > ZERO:
            hx, hy, hz = lx + vx, ly + vy, lz + vz
            inverse = ONE / np.sqrt(max(hx * hx + hy * hy + hz * hz, f32(1e-6)))
            ndh = min(max((nx * hx + ny * hy + nz * hz) * inverse, ZERO), ONE)
            ldh = (lx * hx + ly * hy + lz * hz) * inverse
            grazing = (ONE - ldh) * (ONE - ldh)
            fresnel = mirror + (texel[5] - mirror) * grazing * grazing * (ONE - ldh)
            shine = lobe(rough, ndh, ldh) * fresnel * ndl * reached
            sr, sg, sb = sr + lr * shine, sg + lg * shine, sb + lb * shine
    up = HALF + HALF * ny
    ar = lights.ground[0] + (lights.sky[0] - lights.ground[0]) * up
    ag = lights.ground[1] + (lights.sky[1] - lights.ground[1]) * up
    ab = lights.ground[2] + (lights.sky[2] - lights.ground[2]) * up
    shut = ONE - opened
    out[0] = red * (dr + ar * opened / (ONE - f32(0.8) * red * shut))
    out[1] = green * (dg + ag * opened / (ONE - f32(0.8) * green * shut))
    out[2] = blue * (db + ab * opened / (ONE - f32(0.8) * blue * shut))
    # The sky mirrored: what a smooth surface shows of it, from where it looks.
    facing = (ONE - ndv) * (ONE - ndv)
    smooth = ONE - rough
    fresnel = mirror + (max(smooth, mirror) - mirror) * texel[5] * facing * facing * (ONE - ndv)
    above = min(max(f32(0.5) + f32(1.5) * (f32(2.0) * ndv * ny - vy), ZERO), ONE)
    gloss = fresnel * opened * opened
    out[3] = sr + (lights.ground[0] + (lights.sky[0] - lights.ground[0]) * above) * gloss
    out[4] = sg + (lights.ground[1] + (lights.sky[1] - lights.ground[1]) * above) * gloss
    out[5] = sb + (lights.ground[2] + (lights.sky[2] - lights.ground[2]) * above) * gloss


@kernel
def shade_strand(lights: Lights, point: np.ndarray, texel: np.ndarray, out: np.ndarray) -> None:
    """What `shade` does, for hair: ``point[7:10]`` runs along it (Kajiya & Kay 1989, with Scheuermann's two shifted lobes).

    A sheet of hair stands for many strands, so light gets through it: shadows are never full.
    """
    px, py, pz, nx, ny, nz, opened = point[0], point[1], point[2], point[3], point[4], point[5], point[6]
    tx, ty, tz = point[7], point[8], point[9]
    vx, vy, vz = lights.eye[0] - px, lights.eye[1] - py, lights.eye[2] - pz
    scale = ONE / np.sqrt(vx * vx + vy * vy + vz * vz)
    vx, vy, vz = vx * scale, vy * scale, vz * scale
    red, green, blue = texel[0] * texel[0], texel[1] * texel[1], texel[2] * texel[2]
    up = HALF + HALF * ny
    dr = (lights.ground[0] + (lights.sky[0] - lights.ground[0]) * up) * opened
    dg = (lights.ground[1] + (lights.sky[1] - lights.ground[1]) * up) * opened
    db = (lights.ground[2] + (lights.sky[2] - lights.ground[2]) * up) * opened
    sr = sg = sb = cr = cg = cb = ZERO
    sharp = f32(2.0) / (texel[4] * texel[4] * texel[4] * texel[4] + f32(0.01))
    for k in range(lights.directions.shape[0]):
        lx, ly, lz = lights.directions[k, 0], lights.directions[k, 1], lights.directions[k, 2]
        reached = opened
        if lights.shadow[k] >= 0:
            far = f32(0.008)
            lit = shadow(lights, lights.shadow[k], px + lx * far, py + ly * far, pz + lz * far, nx, ny, nz)
            reached = (f32(0.25) + f32(0.75) * lit) * (HALF + HALF * opened)
        lr, lg, lb = lights.colours[k, 0] * reached, lights.colours[k, 1] * reached, lights.colours[k, 2] * reached
        ndl = nx * lx + ny * ly + nz * lz
        tdl = tx * lx + ty * ly + tz * lz
        around = np.sqrt(max(ONE - tdl * tdl, ZERO)) * min(max(f32(0.35) + f32(0.65) * ndl, ZERO), ONE)
        dr, dg, db = dr + lr * around, dg + lg * around, db + lb * around
        hx, hy, hz = lx + vx, ly + vy, lz + vz
        inverse = ONE / np.sqrt(max(hx * hx + hy * hy + hz * hz, f32(1e-6)))
        tdh = (tx * hx + ty * hy + tz * hz) * inverse
        ndh = (nx * hx + ny * hy + nz * hz) * inverse
        facing = min(max(ndl + f32(0.3), ZERO), ONE) * texel[5]
        # The strand's own shine leans to the root, the light that went through it to the tip.
        outer = glint(tdh - f32(0.12) * ndh, sharp) * facing
        inner = glint(tdh + f32(0.15) * ndh, sharp * f32(0.3)) * facing
        sr, sg, sb = sr + lr * outer, sg + lg * outer, sb + lb * outer
        cr, cg, cb = cr + lr * inner, cg + lg * inner, cb + lb * inner
    out[0], out[1], out[2] = red * (dr + cr), green * (dg + cg), blue * (db + cb)
    out[3], out[4], out[5] = f32(0.12) * sr, f32(0.12) * sg, f32(0.12) * sb


@kernel
def glint(along: np.float32, sharp: np.float32) -> np.float32:
    """How much a strand mirrors when the half vector leans ``along`` it; near ``(1 - along ** 2) ** (sharp / 2)``."""
    base = max(ONE - along * along * sharp * f32(0.125), ZERO)
    base *= base
    return base * base


@kernel
def tone(light: np.float32) -> np.float32:
    """Light as shown, [0, 1): itself up to the shoulder, then a smooth bend that never clips."""
    over = (light - SHOULDER) / (ONE - SHOULDER)
    return light if over <= ZERO else SHOULDER + (ONE - SHOULDER) * over / (ONE + over)
