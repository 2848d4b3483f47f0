"""Light on the surface: what is smooth from point to point at the vertices, the rest at each pixel.

The first light that casts shadows is the key. Its shine changes within a triangle and is worked out at each pixel, and so is
its shadow where a triangle's corners neither all see the light nor all miss it; everything else (the key's unshadowed diffuse
light, all of the other lights, ambient light, and all light on hair) is worked out at the vertices, which lie a few pixels
apart.

Diffuse light wraps around the terminator, the red of it furthest where skin lets light through (after the per-channel
falloff of d'Eon & Luebke 2007, in the closed form of energy-conserving wrap lighting). The shine is a microfacet lobe: GGX
(Walter et al. 2007), Schlick's Fresnel, and Kelemen & Szirmay-Kalos' visibility. Ambient light is dimmed by openness, less
where the surface itself is bright and throws light back (Jimenez et al. 2016). Hair follows Kajiya & Kay 1989 with
Scheuermann's two shifted lobes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from animator.geometry.kernel import inner, kernel
from animator.renderers.raster.occlusion import seen_share

f32 = np.float32
ZERO, HALF, ONE = f32(0.0), f32(0.5), f32(1.0)

PLACE, NORMAL, UV, SOFT, KEY, SHINE, REACH, ROW = 0, 3, 6, 8, 11, 14, 17, 20
"""Columns of a vertex's row: place (3, metres), normal (3), uv (2), diffuse light other than the key's (3), the key's diffuse
light as if nothing were in its way (3), shine other than the key's (3), how much of the key reaches it; the rest is padding, for
alignment."""

DARK, LIT = f32(0.001), f32(0.999)
"""Interpolated, a triangle all of whose corners miss the key is no brighter than the one, and no darker than the other if all
see it."""

BLEED = np.array([0.50, 0.20, 0.12], dtype=np.float32)
"""How far light wraps around at full subsurface: red, green, blue."""

GLASS = f32(0.3)
"""Smoother than this, a surface mirrors; a veil is then a clear shell, and what it mirrors does not fade with what it hides."""

CORE, RIM = f32(np.cos(0.06)), f32(np.cos(0.13))
"""Cosines of the angles off the half vector within which a lamp is seen whole, and at all."""

LAMP = f32(60.0)
"""How bright a lamp is itself where a white matt surface that faces it is 1: pi over its solid angle."""

SHOULDER = f32(0.55)
"""Light up to here keeps its value; from here on it bends towards 1, which it never reaches."""

STRAND_DEPTH = f32(0.008)
"""Metres of hair that light gets through before it counts as shadowed."""


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
    key: int
    """The light whose shadow and shine are worked out at each pixel, or -1."""
    matrices: np.ndarray
    """``float32 [S 3 4]``."""
    maps: np.ndarray
    """``float32 [S N N]``."""
    sky: np.ndarray
    """``float32 [3]``: ambient light from above."""
    ground: np.ndarray
    """``float32 [3]``: ambient light from below."""


@inner
def reach(
    lights: Lights, k: int, x: np.float32, y: np.float32, z: np.float32, nx: np.float32, ny: np.float32, nz: np.float32
) -> np.float32:
    """How much of a light with shadow map ``k`` reaches a point, [0, 1]."""
    m = lights.matrices[k]
    off = f32(1.5) / np.sqrt(m[0, 0] * m[0, 0] + m[0, 1] * m[0, 1] + m[0, 2] * m[0, 2])
    x, y, z = x + nx * off, y + ny * off, z + nz * off
    share: np.float32 = seen_share(
        lights.maps[k],
        m[0, 0] * x + m[0, 1] * y + m[0, 2] * z + m[0, 3],
        m[1, 0] * x + m[1, 1] * y + m[1, 2] * z + m[1, 3],
        m[2, 0] * x + m[2, 1] * y + m[2, 2] * z + m[2, 3] + off,
    )
    return share


@inner
def gloss(
    nx: np.float32,
    ny: np.float32,
    nz: np.float32,
    vx: np.float32,
    vy: np.float32,
    vz: np.float32,
    lx: np.float32,
    ly: np.float32,
    lz: np.float32,
    rough: np.float32,
    strength: np.float32,
) -> np.float32:
    """Shine of a light from ``l`` towards ``v`` (unit vectors), where a white matt surface facing the light would answer 1."""
    ndl = nx * lx + ny * ly + nz * lz
    if ndl <= ZERO:
        return ZERO
    hx, hy, hz = lx + vx, ly + vy, lz + vz
    inverse = ONE / np.sqrt(max(hx * hx + hy * hy + hz * hz, f32(1e-6)))
    ndh = min((nx * hx + ny * hy + nz * hz) * inverse, ONE)
    ldh = (lx * hx + ly * hy + lz * hz) * inverse
    if rough < GLASS:
        # A smooth surface mirrors the lamp itself: a disc with a soft rim.
        spot = min(max((ndh - RIM) / (CORE - RIM), ZERO), ONE)
        lobe = LAMP * spot * spot
    else:
        # Skin is a matt layer under a thin film of oil.
        lobe = f32(0.85) * _lobe(rough, ndh) + f32(0.15) * _lobe(rough * f32(0.7), ndh)
        lobe *= f32(0.25) / max(ldh * ldh, f32(0.05))
    mirror = f32(0.08) * strength
    grazing = (ONE - ldh) * (ONE - ldh)
    fresnel = mirror + (strength - mirror) * grazing * grazing * (ONE - ldh)
    share: np.float32 = fresnel * ndl * lobe
    return share


@inner
def _lobe(rough: np.float32, ndh: np.float32) -> np.float32:
    """The GGX distribution, times pi, for a lamp that is no point."""
    alpha = rough * rough + f32(0.05) * (ONE - rough)
    square = alpha * alpha
    bump = ndh * ndh * (square - ONE) + ONE
    share: np.float32 = square / (bump * bump)
    return share


@kernel
def light_points(
    lights: Lights, matter: np.ndarray, strand: np.ndarray, tangent: np.ndarray, openness: np.ndarray, rows: np.ndarray
) -> None:
    """Fill ``SOFT``, ``KEY``, ``SHINE`` and ``REACH`` of each vertex's row, whose place and normal are there.

    Parameters
    ----------
    lights
        The lights of the frame.
    matter
        ``float32 [V 8]``: what `Textures` holds at each vertex.
    strand, tangent
        ``bool [V]``: hair; ``float32 [V 3]``: which way it runs.
    openness
        ``float32 [V]`` in [0, 1].
    rows
        ``float32 [V ROW]``; changed in place.
    """
    for v in range(rows.shape[0]):
        row = rows[v]
        vx, vy, vz = lights.eye[0] - row[0], lights.eye[1] - row[1], lights.eye[2] - row[2]
        scale = ONE / np.sqrt(vx * vx + vy * vy + vz * vz)
        if strand[v]:
            _strand(lights, row, matter[v], tangent[v], openness[v], vx * scale, vy * scale, vz * scale)
        else:
            _skin(lights, row, matter[v], openness[v], vx * scale, vy * scale, vz * scale)


@inner
def _skin(
    lights: Lights, row: np.ndarray, matter: np.ndarray, opened: np.float32, vx: np.float32, vy: np.float32, vz: np.float32
) -> None:
    nx, ny, nz = row[NORMAL], row[NORMAL + 1], row[NORMAL + 2]
    rough, strength, through = matter[4], matter[5], matter[6]
    up = HALF + HALF * ny
    # The sky mirrored: what a smooth surface shows of it, from where it looks.
    ndv = max(nx * vx + ny * vy + nz * vz, f32(0.02))
    above = min(max(HALF + f32(1.5) * (f32(2.0) * ndv * ny - vy), ZERO), ONE)
    mirror = f32(0.08) * strength
    facing = (ONE - ndv) * (ONE - ndv)
    fresnel = mirror + (max(ONE - rough, mirror) - mirror) * strength * facing * facing * (ONE - ndv)
    for c in range(3):
        albedo = matter[c] * matter[c]
        span = lights.sky[c] - lights.ground[c]
        row[SOFT + c] = (lights.ground[c] + span * up) * opened / (ONE - f32(0.8) * albedo * (ONE - opened))
        row[KEY + c] = ZERO
        row[SHINE + c] = (lights.ground[c] + span * above) * fresnel * opened * opened
    row[REACH] = ZERO
    for k in range(lights.directions.shape[0]):
        lx, ly, lz = lights.directions[k, 0], lights.directions[k, 1], lights.directions[k, 2]
        ndl = nx * lx + ny * ly + nz * lz
        into, reached, shine = KEY, ONE, ZERO
        if k != lights.key:
            into, reached = SOFT, min(opened * f32(1.6), ONE)
            if lights.shadow[k] >= 0:
                reached = reach(lights, lights.shadow[k], row[0], row[1], row[2], nx, ny, nz)
            shine = reached * gloss(nx, ny, nz, vx, vy, vz, lx, ly, lz, rough, strength)
        elif ndl + BLEED[0] * through > ZERO:
            row[REACH] = reach(lights, lights.shadow[k], row[0], row[1], row[2], nx, ny, nz)
        for c in range(3):
            wrap = BLEED[c] * through
            row[into + c] += lights.colours[k, c] * reached * max(ndl + wrap, ZERO) / ((ONE + wrap) * (ONE + wrap))
            row[SHINE + c] += lights.colours[k, c] * shine


@inner
def _strand(
    lights: Lights,
    row: np.ndarray,
    matter: np.ndarray,
    tangent: np.ndarray,
    opened: np.float32,
    vx: np.float32,
    vy: np.float32,
    vz: np.float32,
) -> None:
    nx, ny, nz = row[NORMAL], row[NORMAL + 1], row[NORMAL + 2]
    tx, ty, tz = tangent[0], tangent[1], tangent[2]
    # Vertices of one lock lie deep and shallow in the hair by turns; evened out, locks do not look like tiles.
    opened = f32(0.3) + f32(0.7) * opened
    up = HALF + HALF * ny
    for c in range(3):
        row[SOFT + c] = (lights.ground[c] + (lights.sky[c] - lights.ground[c]) * up) * opened
        row[KEY + c] = row[SHINE + c] = ZERO
    row[REACH] = ZERO
    sharp = f32(2.0) / (matter[4] * matter[4] * matter[4] * matter[4] + f32(0.01))
    for k in range(lights.directions.shape[0]):
        lx, ly, lz = lights.directions[k, 0], lights.directions[k, 1], lights.directions[k, 2]
        reached = opened
        if lights.shadow[k] >= 0:
            x, y, z = row[0] + lx * STRAND_DEPTH, row[1] + ly * STRAND_DEPTH, row[2] + lz * STRAND_DEPTH
            # A sheet stands for many strands, so some light always gets through.
            reached = (f32(0.4) + f32(0.6) * reach(lights, lights.shadow[k], x, y, z, nx, ny, nz)) * (HALF + HALF * opened)
        ndl = nx * lx + ny * ly + nz * lz
        tdl = tx * lx + ty * ly + tz * lz
        diffuse = np.sqrt(max(ONE - tdl * tdl, ZERO)) * min(max(f32(0.35) + f32(0.65) * ndl, ZERO), ONE)
        hx, hy, hz = lx + vx, ly + vy, lz + vz
        inverse = ONE / np.sqrt(max(hx * hx + hy * hy + hz * hz, f32(1e-6)))
        tdh, ndh = (tx * hx + ty * hy + tz * hz) * inverse, (nx * hx + ny * hy + nz * hz) * inverse
        facing = min(max(ndl + f32(0.3), ZERO), ONE) * matter[5]
        # The strand's own shine leans to the root; light that went through it leans to the tip and takes its colour.
        outer = facing * _glint(tdh - f32(0.12) * ndh, sharp)
        inner = facing * _glint(tdh + f32(0.15) * ndh, sharp * f32(0.3))
        for c in range(3):
            row[SOFT + c] += lights.colours[k, c] * reached * (diffuse + inner)
            row[SHINE + c] += lights.colours[k, c] * reached * outer * f32(0.12)


@inner
def _glint(along: np.float32, sharp: np.float32) -> np.float32:
    """How much a strand mirrors when the half vector leans ``along`` it: near ``(1 - along ** 2) ** (sharp / 2)``."""
    base = max(ONE - along * along * sharp * f32(0.125), ZERO)
    base *= base
    return base * base


@inner
def shade(lights: Lights, row: np.ndarray, texel: np.ndarray, sent: np.ndarray) -> None:
    """Write the linear light that a point sends to the camera.

    Parameters
    ----------
    lights
        The lights of the frame.
    row
        ``float32 [ROW]`` at the point, its normal of any length.
    texel
        ``float32 [8]``, as in `Textures`.
    sent
        ``float32 [6]``: red, green, blue of the body, then of the shine.
    """
    key = lights.key
    reached, shine = row[REACH], ZERO
    if reached <= DARK:
        reached = ZERO
    else:
        px, py, pz, nx, ny, nz = row[0], row[1], row[2], row[3], row[4], row[5]
        length = ONE / np.sqrt(max(nx * nx + ny * ny + nz * nz, f32(1e-12)))
        nx, ny, nz = nx * length, ny * length, nz * length
        if reached < LIT:
            reached = reach(lights, lights.shadow[key], px, py, pz, nx, ny, nz)
        if reached > ZERO:
            vx, vy, vz = lights.eye[0] - px, lights.eye[1] - py, lights.eye[2] - pz
            scale = ONE / np.sqrt(vx * vx + vy * vy + vz * vz)
            lx, ly, lz = lights.directions[key, 0], lights.directions[key, 1], lights.directions[key, 2]
            shine = reached * gloss(nx, ny, nz, vx * scale, vy * scale, vz * scale, lx, ly, lz, texel[4], texel[5])
    # Light that leaks through skin is red: a penumbra is wider in red than in blue.
    leak = (np.sqrt(reached) - reached) * texel[6]
    sent[0] = texel[0] * texel[0] * (row[SOFT] + row[KEY] * (reached + leak))
    sent[1] = texel[1] * texel[1] * (row[SOFT + 1] + row[KEY + 1] * (reached + f32(0.3) * leak))
    sent[2] = texel[2] * texel[2] * (row[SOFT + 2] + row[KEY + 2] * (reached + f32(0.15) * leak))
    for c in range(3):
        sent[3 + c] = row[SHINE + c]
        if shine > ZERO:
            sent[3 + c] += lights.colours[key, c] * shine


@inner
def tone(light: np.float32) -> np.float32:
    """Light as shown, [0, 1): itself up to the shoulder, then a smooth bend that never clips."""
    over = (light - SHOULDER) / (ONE - SHOULDER)
    return light if over <= ZERO else SHOULDER + (ONE - SHOULDER) * over / (ONE + over)
