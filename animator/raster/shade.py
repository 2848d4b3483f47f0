"""Light on the surface: what is smooth from point to point at the vertices, the rest at each pixel.

The first light that casts shadows is the key. How wide its shine spreads changes with the texture and is worked out at each
pixel, and so are its shadow, where a triangle's corners neither all see the light nor all miss it, and what mirrors it, whose
spot is smaller than a triangle. Everything else (how much of the key is mirrored and how squarely, its unshadowed diffuse light,
all of the other lights, ambient light, and all light on hair) is worked out at the vertices, which lie a few pixels apart.

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
from animator.raster.occlusion import seen_share

f32 = np.float32
ZERO, HALF, ONE = f32(0.0), f32(0.5), f32(1.0)

UV, SOFT, SHINE, KEY, REACH, MIRRORED, LEAN, PLACE, NORMAL, ROW = 0, 2, 5, 8, 11, 12, 13, 16, 19, 24
"""Columns of a vertex's row, in groups of eight: uv (2), diffuse light other than the key's (3), shine other than the key's (3);
the key's diffuse light as if nothing were in its way (3), how much of the key reaches it, how much of that it mirrors where
specular strength is 1, and how far its normal leans from one that would mirror the key into the camera, on two axes across that
(2); place (3, metres) and normal (3). What is left is padding."""

GROUP = 8
"""Columns that are worked out at once."""

DARK, LIT = f32(0.001), f32(0.999)
"""Interpolated, a triangle all of whose corners miss the key is no brighter than the one, and no darker than the other if all
see it."""

BLEED = np.array([0.50, 0.20, 0.12], dtype=np.float32)
"""How far light wraps around at full subsurface: red, green, blue."""

GLASS = f32(0.3)
"""Smoother than this, a surface mirrors; a veil is then a clear shell, and what it mirrors does not fade with what it hides."""

CORE, RIM = f32(np.sin(0.06) ** 2), f32(np.sin(0.13) ** 2)
"""Squared sines of the angles aslant within which a lamp is seen whole, and at all."""

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
def halfway(
    vx: np.float32, vy: np.float32, vz: np.float32, lx: np.float32, ly: np.float32, lz: np.float32
) -> tuple[np.float32, np.float32, np.float32]:
    """The unit vector halfway between two others: a normal along it mirrors the one into the other."""
    hx, hy, hz = lx + vx, ly + vy, lz + vz
    inverse = ONE / np.sqrt(max(hx * hx + hy * hy + hz * hz, f32(1e-6)))
    return hx * inverse, hy * inverse, hz * inverse


@inner
def mirrored(ndl: np.float32, ldh: np.float32, glass: bool) -> np.float32:
    """How much of a light a surface of specular strength 1 mirrors, by its cosines with the normal and with `halfway`.

    Times `spread`, that is its shine where a white matt surface facing the light would answer 1.
    """
    grazing = (ONE - ldh) * (ONE - ldh)
    share: np.float32 = max(ndl, ZERO) * (f32(0.08) + f32(0.92) * grazing * grazing * (ONE - ldh))
    return share if glass else share * f32(0.25) / max(ldh * ldh, f32(0.05))


@inner
def spread(rough: np.float32, aslant: np.float32) -> np.float32:
    """How bright what a surface mirrors is, by its roughness; ``aslant`` is the squared sine of its normal with `halfway`."""
    if rough < GLASS:
        # A smooth surface mirrors the lamp itself: a disc with a soft rim.
        spot = min(max((RIM - aslant) / (RIM - CORE), ZERO), ONE)
        return LAMP * spot * spot
    # Skin is a matt layer under a thin film of oil.
    return f32(0.85) * _lobe(rough, aslant) + f32(0.15) * _lobe(rough * f32(0.7), aslant)


@inner
def _lobe(rough: np.float32, aslant: np.float32) -> np.float32:
    """The GGX distribution, times pi, for a lamp that is no point."""
    alpha = rough * rough + f32(0.05) * (ONE - rough)
    square = alpha * alpha
    bump = aslant + square - aslant * square
    share: np.float32 = square / (bump * bump)
    return share


@kernel
def light_points(
    lights: Lights, matter: np.ndarray, strand: np.ndarray, tangent: np.ndarray, openness: np.ndarray, rows: np.ndarray
) -> None:
    """Fill each vertex's row, whose uv, place and normal are there.

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
    upright = lights.key >= 0 and rows.shape[0] > 0 and _upright(lights, rows[0])
    for v in range(rows.shape[0]):
        row = rows[v]
        vx, vy, vz = lights.eye[0] - row[PLACE], lights.eye[1] - row[PLACE + 1], lights.eye[2] - row[PLACE + 2]
        scale = ONE / np.sqrt(vx * vx + vy * vy + vz * vz)
        if strand[v]:
            _strand(lights, row, matter[v], tangent[v], openness[v], vx * scale, vy * scale, vz * scale)
        else:
            _skin(lights, row, matter[v], openness[v], vx * scale, vy * scale, vz * scale, upright)


@inner
def _upright(lights: Lights, row: np.ndarray) -> bool:
    """Whether what would mirror the key into the camera looks up or down, so that the axes across it are told by x, not y."""
    vx, vy, vz = lights.eye[0] - row[PLACE], lights.eye[1] - row[PLACE + 1], lights.eye[2] - row[PLACE + 2]
    scale = ONE / np.sqrt(vx * vx + vy * vy + vz * vz)
    key = lights.directions[lights.key]
    _, hy, _ = halfway(vx * scale, vy * scale, vz * scale, key[0], key[1], key[2])
    return bool(abs(hy) > f32(0.8))


@inner
def _skin(
    lights: Lights,
    row: np.ndarray,
    matter: np.ndarray,
    opened: np.float32,
    vx: np.float32,
    vy: np.float32,
    vz: np.float32,
    upright: bool,
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
    row[REACH], row[MIRRORED], row[LEAN], row[LEAN + 1] = ZERO, ZERO, ZERO, ZERO
    for k in range(lights.directions.shape[0]):
        lx, ly, lz = lights.directions[k, 0], lights.directions[k, 1], lights.directions[k, 2]
        ndl = nx * lx + ny * ly + nz * lz
        into, reached, shine = KEY, ONE, ZERO
        if k != lights.key:
            into, reached = SOFT, min(opened * f32(1.6), ONE)
            if lights.shadow[k] >= 0:
                reached = reach(lights, lights.shadow[k], row[PLACE], row[PLACE + 1], row[PLACE + 2], nx, ny, nz)
            hx, hy, hz = halfway(vx, vy, vz, lx, ly, lz)
            ndh, ldh = nx * hx + ny * hy + nz * hz, lx * hx + ly * hy + lz * hz
            shine = reached * strength * mirrored(ndl, ldh, rough < GLASS) * spread(rough, max(ONE - ndh * ndh, ZERO))
        elif ndl + BLEED[0] * through > ZERO:
            row[REACH] = reach(lights, lights.shadow[k], row[PLACE], row[PLACE + 1], row[PLACE + 2], nx, ny, nz)
            hx, hy, hz = halfway(vx, vy, vz, lx, ly, lz)
            row[MIRRORED] = mirrored(ndl, lx * hx + ly * hy + lz * hz, False)
            # Across h: the cross product of y (or x) with it, and of it with that.
            ax, ay, az = (ZERO, -hz, hy) if upright else (hz, ZERO, -hx)
            length = ONE / np.sqrt(ax * ax + ay * ay + az * az)
            ax, ay, az = ax * length, ay * length, az * length
            row[LEAN] = nx * ax + ny * ay + nz * az
            row[LEAN + 1] = nx * (hy * az - hz * ay) + ny * (hz * ax - hx * az) + nz * (hx * ay - hy * ax)
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
    row[REACH], row[MIRRORED], row[LEAN], row[LEAN + 1] = ZERO, ZERO, ZERO, ZERO
    sharp = f32(2.0) / (matter[4] * matter[4] * matter[4] * matter[4] + f32(0.01))
    for k in range(lights.directions.shape[0]):
        lx, ly, lz = lights.directions[k, 0], lights.directions[k, 1], lights.directions[k, 2]
        reached = opened
        if lights.shadow[k] >= 0:
            x, y, z = row[PLACE] + lx * STRAND_DEPTH, row[PLACE + 1] + ly * STRAND_DEPTH, row[PLACE + 2] + lz * STRAND_DEPTH
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
        ``float32 [ROW]`` at the point, as far as `closely` and `REACH` say that it is needed, its normal of any length.
    texel
        ``float32 [8]``, as in `Textures`.
    sent
        ``float32 [6]``: red, green, blue of the body, then of the shine.
    """
    key, reached = lights.key, row[REACH]
    for c in range(3):
        sent[c], sent[3 + c] = texel[c] * texel[c] * row[SOFT + c], row[SHINE + c]
    if reached <= DARK:
        return
    share, aslant = row[MIRRORED], row[LEAN] * row[LEAN] + row[LEAN + 1] * row[LEAN + 1]
    if closely(reached, texel[4]):
        px, py, pz, nx, ny, nz = row[PLACE], row[PLACE + 1], row[PLACE + 2], row[NORMAL], row[NORMAL + 1], row[NORMAL + 2]
        length = ONE / np.sqrt(max(nx * nx + ny * ny + nz * nz, f32(1e-12)))
        nx, ny, nz = nx * length, ny * length, nz * length
        if reached < LIT:
            reached = reach(lights, lights.shadow[key], px, py, pz, nx, ny, nz)
        if texel[4] < GLASS:
            vx, vy, vz = lights.eye[0] - px, lights.eye[1] - py, lights.eye[2] - pz
            scale = ONE / np.sqrt(vx * vx + vy * vy + vz * vz)
            lx, ly, lz = lights.directions[key, 0], lights.directions[key, 1], lights.directions[key, 2]
            hx, hy, hz = halfway(vx * scale, vy * scale, vz * scale, lx, ly, lz)
            ndh = nx * hx + ny * hy + nz * hz
            share, aslant = mirrored(nx * lx + ny * ly + nz * lz, lx * hx + ly * hy + lz * hz, True), max(ONE - ndh * ndh, ZERO)
    shine = reached * texel[5] * share * spread(texel[4], aslant)
    # Light that leaks through skin is red: a penumbra is wider in red than in blue.
    leak = (np.sqrt(reached) - reached) * texel[6]
    sent[0] += texel[0] * texel[0] * row[KEY] * (reached + leak)
    sent[1] += texel[1] * texel[1] * row[KEY + 1] * (reached + f32(0.3) * leak)
    sent[2] += texel[2] * texel[2] * row[KEY + 2] * (reached + f32(0.15) * leak)
    for c in range(3):
        sent[3 + c] += lights.colours[key, c] * shine


@inner
def closely(reached: np.float32, rough: np.float32) -> bool:
    """Whether a point that the key reaches so far must know its place and normal: at a shadow's edge, and where it mirrors."""
    return bool(reached > DARK and (reached < LIT or rough < GLASS))


@inner
def tone(light: np.float32) -> np.float32:
    """Light as shown, [0, 1): itself up to the shoulder, then a smooth bend that never clips."""
    over = (light - SHOULDER) / (ONE - SHOULDER)
    return light if over <= ZERO else SHOULDER + (ONE - SHOULDER) * over / (ONE + over)
