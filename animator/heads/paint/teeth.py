"""Enamel, gums and tongue.

A tooth's square: u across the tooth, v from the gum (0) to the biting edge (1). Gums: u along the arch, v from the fold of the
lip (0) to the margin at the teeth (1). The tongue keeps MakeHuman's own layout (`tongue_uv`).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from jaxtyping import Float32

from animator.core.head import Material
from animator.heads.paint.colour import density, encode
from animator.heads.paint.look import Look
from animator.heads.paint.noise import cells, fractal
from animator.heads.paint.regions import ramp

_TONGUE = (0.6220, 0.0150, 0.6490, 0.0715)
"""Where MakeHuman's square holds the tongue: left, top, right, bottom."""


def _square(width: int, height: int) -> tuple[np.ndarray, np.ndarray]:
    """The u and the v at the middle of each texel."""
    u, v = np.meshgrid((np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height)
    return u.astype(np.float32), v.astype(np.float32)


def _points(*axes: np.ndarray) -> np.ndarray:
    """Rows of coordinates for noise, the missing ones 0."""
    full = [*axes, *([np.zeros_like(axes[0])] * (3 - len(axes)))]
    return np.stack(full, axis=-1).reshape(-1, 3).astype(np.float32)


def _opaque(tissue: np.ndarray, surface: np.ndarray) -> Material:
    """A material of optical densities and of roughness, specular strength, subsurface in [0, 1]."""
    colour = np.full((*tissue.shape[:2], 4), 255, dtype=np.uint8)
    colour[..., :3] = encode(np.exp(-tissue))
    return Material(colour, np.rint(255 * np.clip(surface, 0, 1)).astype(np.uint8))


@lru_cache(maxsize=2)
def teeth(look: Look, size: int = 256) -> Material:
    """Enamel: yellower at the neck, a bluish clear edge, shade between the teeth, faint ridges; ``size`` texels a side."""
    u, v = _square(size, size)
    old = float(np.clip((look.age - 25) / 50, 0, 1))
    base = density((240, 231, 214)) + old * np.array([0.05, 0.12, 0.28], dtype=np.float32)
    ridge = fractal(_points(u * 9, v * 1.5), 1.0, 3, look.seed + 71).reshape(u.shape)
    neck = ramp(v, 0.45, 0.0)
    edge = ramp(v, 0.78, 0.99)
    between = ramp(np.abs(u - 0.5), 0.36, 0.5)
    tissue = base + (0.03 * ridge)[..., None]
    tissue = tissue + (0.16 * neck)[..., None] * np.array([0.25, 0.6, 1.3], dtype=np.float32)
    tissue += (0.16 * edge)[..., None] * np.array([1.5, 1.1, 0.7], dtype=np.float32)
    tissue += (0.40 * between**1.5 + 0.25 * ramp(v, 0.08, 0.0))[..., None] * np.array([0.8, 1.1, 1.3], dtype=np.float32)
    surface = np.empty((size, size, 3), dtype=np.float32)
    surface[:] = (0.20, 0.62, 0.35)
    return _opaque(tissue, surface)


@lru_cache(maxsize=2)
def gums(look: Look, size: int = 256) -> Material:
    """Gums: stippled pink, paler at the margin, redder and veined in the fold; ``size`` texels a side."""
    u, v = _square(size, size)
    stipple = fractal(_points(u * 60, v * 18), 1.0, 2, look.seed + 81).reshape(u.shape)
    patch = fractal(_points(u * 10, v * 3), 1.0, 3, look.seed + 82).reshape(u.shape)
    fold = ramp(v, 0.6, 0.0)
    tissue = density((196, 116, 110)) + (0.10 * stipple + 0.14 * patch - 0.10 * ramp(v, 0.8, 1.0))[..., None] * np.ones(3)
    tissue = tissue + (0.45 * fold)[..., None] * np.array([0.45, 1.0, 0.8])
    surface = np.empty((size, size, 3), dtype=np.float32)
    surface[:] = (0.26, 0.60, 0.60)
    return _opaque(tissue.astype(np.float32), surface)


def tongue_uv(uv: Float32[np.ndarray, "U 2"]) -> Float32[np.ndarray, "U 2"]:
    """Places in the tongue's square of MakeHuman's uv; the tip's top lies at the upper edge, the underside at the lower."""
    left, top, right, bottom = _TONGUE
    return ((uv - [left, top]) / [right - left, bottom - top]).astype(np.float32)


@lru_cache(maxsize=2)
def tongue(look: Look, size: int = 512) -> Material:
    """The tongue: papillae, a groove along the middle, a pale coat toward the root; ``size`` texels a side."""
    u, v = _square(size, size)
    points = _points(u, 2.1 * v)
    near, pick = cells(points, 0.016, look.seed + 91)
    bud = ramp(near, 0.55, 0.1).reshape(u.shape)
    red = (ramp(near, 0.30, 0.1) * (pick > 0.86)).reshape(u.shape)
    patch = fractal(points, 0.16, 3, look.seed + 92).reshape(u.shape)
    wave = 0.5 + 0.012 * fractal(_points(v * 4), 1.0, 2, look.seed + 93).reshape(u.shape)
    groove = np.exp(-(((u - wave) / 0.035) ** 2)) * ramp(v, 0.05, 0.16) * ramp(v, 0.46, 0.36)
    coat = ramp(v, 0.06, 0.26) * ramp(np.abs(u - 0.5), 0.38, 0.1) * ramp(v, 0.50, 0.42)
    tissue = density((190, 98, 96)) + (0.16 * patch - 0.14 * bud)[..., None] * np.array([0.5, 1.0, 0.9])
    tissue = tissue + (0.28 * red)[..., None] * np.array([0.1, 1.0, 0.8]) + (0.22 * groove)[..., None]
    tissue += (coat * (0.35 + 0.3 * patch))[..., None] * (density((205, 150, 142)) - density((190, 98, 96)))
    surface = np.empty((size, size, 3), dtype=np.float32)
    surface[:] = (0.34, 0.55, 0.65)
    surface[..., 0] += 0.15 * coat - 0.08 * bud
    return _opaque(tissue.astype(np.float32), surface)
