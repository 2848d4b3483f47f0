"""The skin of head, neck and shoulders: pigments over regions, mottling, pores, lips, lines."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates

from animator.core.head import Material
from animator.heads.paint import lines
from animator.heads.paint.atlas import Atlas, bake, on_head
from animator.heads.paint.brows import CHART, brow_cover, chart_uv, hair_light
from animator.heads.paint.colour import LUMINANCE, density, encode, linear
from animator.heads.paint.hairline import margin
from animator.heads.paint.look import Look
from animator.heads.paint.noise import cells, fractal
from animator.heads.paint.regions import Regions, ears, ramp, regions
from animator.heads.shape.basemesh import BaseMesh

MELANIN = np.array([0.50, 0.85, 1.25], dtype=np.float32)
"""Absorbance of melanin in linear R, G, B: strongest for blue, so that more of it is darker and yellower."""

BLOOD = np.array([0.12, 1.00, 0.80], dtype=np.float32)
"""Absorbance of haemoglobin: green most, red hardly, so that more of it is redder."""

STUBBLE = np.array([0.60, 0.50, 0.42], dtype=np.float32)
"""Absorbance of hair seen through skin: grey with a cast of blue."""


def skin(base: BaseMesh, look: Look, size: int = 1536) -> Material:
    """Paint the skin in the head's square (`atlas.head_uv`).

    Every place starts from the optical density of the one skin colour; regions, mottling, freckles and stubble add melanin
    and blood to it, as in the two-pigment model of Tsumura et al. (1999), so that any tone keeps its own look.

    Parameters
    ----------
    base
        The base mesh.
    look
        The person.
    size
        Texels a side.
    """
    fine, coarse = bake(base, size), bake(base, size // 4)
    broad = regions(coarse)
    light = float(linear(look.skin) @ LUMINANCE)
    # Under much melanin the blood hardly shows.
    show = float(np.clip(light / 0.45, 0.25, 1.1) ** 0.6)
    melanin, blood = _pigments(broad, coarse, look)
    fields = np.stack(
        [melanin, blood * show, broad.lips, broad.mouth, broad.beard, broad.nostrils, broad.rims, broad.corners], axis=1
    )
    at = coarse.sample(coarse.image(fields), fine)
    tissue = density(look.skin) + at[:, :1] * MELANIN + at[:, 1:2] * BLOOD
    tissue = tissue + _mottling(fine, look, show)
    if look.beard:
        tissue += (look.beard * at[:, 4] * (1 - ramp(at[:, 2], 0.05, 0.60)) * _stubble(fine, look))[:, None] * STUBBLE
    tissue = _lines(tissue, fine, look)
    tissue = _lips(tissue, fine, at[:, 2], look)
    tissue += (2.2 * np.clip(at[:, 5], 0, 1))[:, None] * np.array([0.8, 1.1, 1.1], dtype=np.float32)
    tissue += (0.30 * np.clip(at[:, 6], 0, 1) + 0.30 * np.clip(at[:, 7], 0, 1))[:, None] * BLOOD + 0.22 * at[:, 7:8]
    tissue = _brows(_scalp(tissue, fine, look), fine, look)
    tissue = _mouth(tissue, fine, at[:, 3])
    colour = np.empty((size, size, 4), dtype=np.uint8)
    colour[..., :3] = fine.image(encode(np.exp(-tissue)))
    colour[..., 3] = 255
    return Material(colour, _surface(broad, coarse, look))


def _pigments(r: Regions, atlas: Atlas, look: Look) -> tuple[np.ndarray, np.ndarray]:
    """Melanin and blood that the regions have more than the cheek, in optical density."""
    p = atlas.position
    old = float(np.clip((look.age - 35) / 40, 0, 1))
    man = look.masculine
    drift = fractal(p, 0.030, 3, look.seed + 11)
    blotch = fractal(p, 0.011, 3, look.seed + 12)
    warm = np.clip(0.75 + 0.5 * drift, 0.3, 1.3)
    blood = (
        0.32 * r.nose
        + (0.28 - 0.06 * man) * r.cheeks
        + 0.32 * r.ears
        + 0.15 * r.chin
        + 0.14 * r.lids
        + 0.14 * r.sockets
        - 0.06 * r.forehead
        - 0.04 * r.neck
    ) * warm
    melanin = 0.05 * r.forehead + 0.10 * r.lids + (0.10 + 0.08 * old) * r.sockets + 0.03 * r.neck - 0.05 * r.cheeks
    blood += 0.06 * drift + 0.08 * blotch * (0.6 + r.cheeks + r.nose + r.chin)
    melanin += 0.04 * fractal(p, 0.022, 3, look.seed + 13) + 0.03 * man - 0.02
    return melanin.astype(np.float32), blood.astype(np.float32)


def _mottling(atlas: Atlas, look: Look, show: float) -> np.ndarray:
    """What the eye reads as living skin close by: blood and melanin at millimetres, pores, freckles, moles."""
    p = atlas.position
    fine = fractal(p, 0.0035, 3, look.seed + 21)
    grain = fractal(p, 0.0011, 2, look.seed + 22)
    blood = show * (0.075 * fine + 0.04 * grain)
    melanin = 0.035 * grain
    face = np.flatnonzero((p[:, 2] > 0.09) & (p[:, 1] > 0.62) & (p[:, 1] < 0.80))
    q = p[face]
    near, pick = cells(q, 0.0013, look.seed + 23)
    front = ramp(q[:, 2], 0.09, 0.135) * ramp(q[:, 1], 0.62, 0.65)
    melanin[face] += 0.13 * ramp(near, 0.34, 0.10) * front * (0.3 + 0.7 * pick)
    near, pick = cells(q, 0.0042, look.seed + 24)
    sunny = ramp(q[:, 2], 0.10, 0.14) * ramp(q[:, 1], 0.66, 0.70) * ramp(q[:, 1], 0.79, 0.74)
    radius = 0.10 + 0.13 * ((pick * 37.0) % 1.0)
    freckle = ramp(near, radius, radius * 0.4) * (pick < 0.25 + 0.5 * look.freckles)
    melanin[face] += 0.55 * look.freckles * sunny * freckle
    near, pick = cells(p, 0.021, look.seed + 25)
    radius = 0.025 + 0.035 * ((pick * 91.0) % 1.0)
    melanin += 0.9 * ramp(near, radius, radius * 0.6) * (pick < 0.10 + 0.001 * look.age)
    mixed: np.ndarray = melanin[:, None] * MELANIN + blood[:, None] * BLOOD
    return mixed


def _stubble(atlas: Atlas, look: Look) -> np.ndarray:
    """Density of hair roots under the skin of a shaved beard: an even shadow with its roots just told apart."""
    near, pick = cells(atlas.position, 0.0009, look.seed + 31)
    patch = fractal(atlas.position, 0.012, 2, look.seed + 32)
    shadow: np.ndarray = np.clip((0.58 + 0.30 * patch) * (0.55 + 1.1 * ramp(near, 0.45, 0.15) * pick), 0.0, 1.5)
    return shadow


def _lips(tissue: np.ndarray, atlas: Atlas, mask: np.ndarray, look: Look) -> np.ndarray:
    """The red of the lips: a soft border, fine creases that run up and down, more blood toward the inside."""
    at = np.flatnonzero(mask > 0.004)
    p = atlas.position[at]
    edge = mask[at] + 0.16 * fractal(p, 0.003, 2, look.seed + 41)
    share = ramp(edge, 0.06, 0.86) * (0.90 - 0.22 * look.masculine)
    crease = fractal(p, (0.0011, 0.009, 0.006), 3, look.seed + 42)
    inside = ramp(np.abs(p[:, 1] - 0.6615), 0.006, 0.0005)
    red = density(look.lips) + (0.10 * crease + 0.16 * inside - 0.04)[:, None] * (BLOOD + 0.35)
    out = tissue.copy()
    out[at] += (red + 0.5 * (tissue[at] - tissue[at].mean(axis=0)) - tissue[at]) * share[:, None]
    return out


def _scalp(tissue: np.ndarray, atlas: Atlas, look: Look) -> np.ndarray:
    """Hair's own colour on the skin it grows from, thinning out root by root at the hairline."""
    inside = margin(atlas.position, look.masculine)
    at = np.flatnonzero((inside > -0.12) & on_head(atlas.uv))
    at = at[ears(atlas.uv[at]) < 0.5]
    p = atlas.position[at]
    ragged = inside[at] + 0.05 * fractal(p, 0.003, 4, look.seed + 71)
    share = look.scalp * ramp(ragged, 0.0, 0.065) * (1 - ears(atlas.uv[at]))
    root = density(look.hair) + 0.45 + 0.25 * fractal(p, (0.0012, 0.006, 0.003), 2, look.seed + 73)[:, None]
    out = tissue.copy()
    out[at] += (root - tissue[at]) * (0.94 * share)[:, None]
    return out


def _on_chart(layers: list[np.ndarray], uv: np.ndarray, atlas: Atlas) -> tuple[np.ndarray, list[np.ndarray]]:
    """Which texels face the front within a chart, and what its layers hold there."""
    at = np.flatnonzero((uv > 0).all(axis=1) & (uv < 1).all(axis=1) & (atlas.position[:, 2] > 0.08) & (atlas.normal[:, 2] > -0.2))
    at = at[on_head(atlas.uv[at])]
    spot = uv[at].T[::-1] * np.array(layers[0].shape)[:, None] - 0.5
    return at, [map_coordinates(layer, spot, order=1, mode="nearest") for layer in layers]


def _lines(tissue: np.ndarray, atlas: Atlas, look: Look) -> np.ndarray:
    """The lines of the face: less light comes out of a crease, and it is redder; and the roots of the lashes."""
    at, (deep, lash) = _on_chart([lines.depth(look), lines.lash_line()], lines.chart_uv(atlas.position), atlas)
    out = tissue.copy()
    out[at] += (0.55 * deep)[:, None] * np.array([0.8, 1.0, 1.05], dtype=np.float32)
    out[at] += (0.9 * lash)[:, None] * np.array([0.9, 1.0, 1.0], dtype=np.float32)
    return out


def _brows(tissue: np.ndarray, atlas: Atlas, look: Look) -> np.ndarray:
    """The brow's hairs where they leave the skin, and the shade between them, below the brow's own shells."""
    cover, _ = brow_cover(look)
    shade = gaussian_filter(cover, 0.0011 * cover.shape[1] / (CHART[2] - CHART[0]))
    at, (hair, soft) = _on_chart([cover, shade], chart_uv(atlas.position), atlas)
    share = np.clip(0.45 * soft + 0.35 * hair, 0, 1)
    out = tissue.copy()
    out[at] += (-np.log(hair_light(look)) - tissue[at]) * share[:, None]
    return out


def _mouth(tissue: np.ndarray, atlas: Atlas, mask: np.ndarray) -> np.ndarray:
    """Inside of the mouth: wet red behind the lips, black toward the throat."""
    at = np.flatnonzero(mask > 0.004)
    p = atlas.position[at]
    depth = ramp(p[:, 2], 0.142, 0.070)
    mottle = fractal(p, 0.006, 3, 51)
    wet = density((142, 62, 58)) + (0.25 * mottle + 3.2 * depth)[:, None] * np.array([0.9, 1.0, 1.0], dtype=np.float32)
    out = tissue.copy()
    out[at] += (wet - tissue[at]) * np.clip(mask[at, None], 0, 1)
    return out


def _surface(r: Regions, atlas: Atlas, look: Look) -> np.ndarray:
    """Roughness, specular strength and subsurface over the square, at the coarse atlas's size."""
    p = atlas.position
    oily = np.clip(r.nose + 0.7 * r.forehead + 0.6 * r.chin, 0, 1)
    lips = ramp(r.lips, 0.2, 0.8)
    rough = 0.52 - 0.12 * oily + 0.05 * r.cheeks + 0.04 * fractal(p, 0.004, 2, look.seed + 61)
    rough += (0.37 - rough) * lips
    rough += (0.30 - rough) * np.maximum(r.mouth, np.clip(r.rims, 0, 1))
    specular = 0.45 + 0.10 * oily - 0.10 * r.neck
    specular += (0.55 - specular) * lips
    specular += (0.25 - specular) * r.mouth
    specular *= 1 - 0.85 * np.clip(r.corners, 0, 1)
    deep = 0.45 + 0.45 * r.ears + 0.25 * r.nose + 0.15 * r.cheeks + 0.15 * r.lids
    deep += (0.75 - deep) * lips
    hairy = look.scalp * ramp(margin(p, look.masculine), 0.0, 0.05) * (1 - r.ears)
    rough += (0.85 - rough) * hairy
    specular *= (1 - np.clip(r.nostrils, 0, 1)) * (1 - 0.9 * hairy)
    deep *= 1 - 0.8 * hairy
    square = atlas.image(np.stack([rough, specular, deep], axis=1))
    codes: np.ndarray = np.rint(255 * np.clip(square, 0, 1)).astype(np.uint8)
    return codes
