"""Eyeball and cornea.

The square is azimuthal and equidistant: the pupil lies in its middle, and the back of the ball on the circle of radius 0.5.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from animator.core.head import Material
from animator.heads.paint.colour import density, encode
from animator.heads.paint.look import Look
from animator.heads.paint.noise import fractal
from animator.heads.paint.regions import ramp
from animator.heads.paint.strokes import draw

IRIS = 0.5144
"""Angle from the pupil's middle to the iris' rim, radians: an iris of 11.8 mm on a ball of 24 mm."""

PUPIL = 0.34
"""The pupil's share of the iris, in indoor light."""

_SCLERA = (208, 199, 192)
_FLESH = (206, 138, 128)
_BLOOD = np.array([0.10, 1.0, 0.85], dtype=np.float32)


@lru_cache(maxsize=2)
def eyeball(look: Look, size: int = 1024) -> Material:
    """Paint sclera, iris and pupil; ``size`` texels a side."""
    span = (np.arange(size, dtype=np.float32) + 0.5) / size - 0.5
    x, y = np.meshgrid(span, span)
    angle = 2 * np.pi * np.hypot(x, y)
    around = np.arctan2(y, x)
    white = _sclera(x, y, angle, around, look)
    rim = angle / IRIS + 0.012 * _ring(around, 5.0, look.seed + 3)
    share = ramp(rim, 1.035, 0.945)[..., None]
    tissue = white + (_iris(rim, around, look) - white) * share
    # The limbus: clear cornea grows over the iris' dark edge and blurs into the white.
    tissue += (0.50 * np.exp(-(((rim - 0.965) / 0.062) ** 2)))[..., None] * np.array([0.95, 0.9, 0.85], dtype=np.float32)
    # Lids and lashes keep light from the edges they cover.
    tissue += (0.45 * ramp(y, -0.030, -0.095) + 0.25 * ramp(y, 0.055, 0.12))[..., None]
    colour = np.empty((size, size, 4), dtype=np.uint8)
    colour[..., :3] = encode(np.exp(-tissue))
    colour[..., 3] = 255
    surface = np.empty((64, 64, 3), dtype=np.uint8)
    surface[:] = (41, 140, 90)
    return Material(colour, surface)


def cornea() -> Material:
    """The clear shell over the iris: nearly no colour of its own, all gloss."""
    colour = np.zeros((8, 8, 4), dtype=np.uint8)
    surface = np.empty((8, 8, 3), dtype=np.uint8)
    surface[:] = (10, 80, 0)
    return Material(colour, surface, blend=True)


def _ring(around: np.ndarray, waves: float, seed: int, radial: np.ndarray | float = 0.0) -> np.ndarray:
    """Noise around the pupil, ``waves`` to a radian, that closes on itself; it may drift with the radius."""
    radial = np.broadcast_to(np.asarray(radial, dtype=np.float32), around.shape)
    points = np.stack([np.cos(around) * waves, np.sin(around) * waves, radial], axis=-1)
    return fractal(points.reshape(-1, 3).astype(np.float32), 1.0, 3, seed).reshape(around.shape)


def _iris(rim: np.ndarray, around: np.ndarray, look: Look) -> np.ndarray:
    """Optical density of the iris: fibres from a lighter collarette, crypts, a dark rim, and the pupil."""
    out = np.zeros((*rim.shape, 3), dtype=np.float32)
    near = rim < 1.3
    r, a = rim[near], around[near]
    base = density(look.eyes)
    base = base + 0.18 * (base.mean() - base)
    depth = np.clip((r - PUPIL) / (1 - PUPIL), 0, 1)
    bend = a + 0.05 * _ring(a, 3.0, look.seed + 1, 2.0 * r)
    fibre = 1 - 2.2 * np.abs(_ring(bend, 17.0, look.seed + 5, 1.6 * r))
    thread = 1 - 2.2 * np.abs(_ring(bend, 34.0, look.seed + 6, 2.2 * r))
    crypt = ramp(_ring(bend, 4.0, look.seed + 7, 5.0 * r), 0.15, 0.45) * ramp(np.abs(depth - 0.38), 0.32, 0.1)
    broad = _ring(a, 1.6, look.seed + 8, 1.5 * r)
    frill = 0.30 + 0.05 * _ring(a, 6.0, look.seed + 9)
    collar = np.exp(-(((depth - frill) / 0.07) ** 2))
    inner = ramp(depth, frill + 0.10, frill - 0.10)
    shade = 0.62 - 0.62 * fibre - 0.30 * thread + 0.32 * crypt - 0.30 * collar + 0.10 * broad + 0.55 * ramp(depth, 0.55, 1.0)
    tissue = base + shade[:, None]
    # Around the pupil the stroma is thin and its amber shows.
    tissue += (0.55 * inner * (0.7 + 0.6 * broad))[:, None] * np.array([-0.45, -0.10, 0.42], dtype=np.float32)
    tissue += (0.12 * broad)[:, None] * np.array([-0.6, 0.0, 0.8], dtype=np.float32)
    edge = PUPIL + 0.008 * _ring(a, 7.0, look.seed + 10)
    tissue += (ramp(r, edge + 0.055, edge - 0.012) * (6.5 - tissue.mean(axis=1)))[:, None]
    out[near] = np.maximum(tissue, 0.05)
    return out


def _sclera(x: np.ndarray, y: np.ndarray, angle: np.ndarray, around: np.ndarray, look: Look) -> np.ndarray:
    """Optical density of the white: bluish beside the iris, pinker and veined toward the corners."""
    size = len(x)
    cover = _veins(size, look.seed + 20)
    corner = ramp(angle, 0.62, 1.25) * (0.35 + 0.65 * np.cos(around) ** 2)
    points = np.stack([x, y, np.zeros_like(x)], axis=-1).reshape(-1, 3).astype(np.float32)
    cloud = fractal(points, 0.09, 3, look.seed + 21).reshape(x.shape)
    old = float(np.clip((look.age - 30) / 50, 0, 1))
    tissue = density(_SCLERA) + (0.05 * cloud + 0.07)[..., None] * np.array([0.3, 0.7, 1.0], dtype=np.float32)
    tissue = tissue + (0.05 + 0.10 * old) * np.array([0.1, 0.25, 0.8], dtype=np.float32)
    tissue += (0.05 * ramp(angle, 0.85, 0.5))[..., None] * np.array([1.0, 0.4, -0.4], dtype=np.float32)
    tissue += (corner * 0.75)[..., None] * (density(_FLESH) - density(_SCLERA)) * 0.8
    tissue += (cover * (0.30 + 0.40 * corner))[..., None] * _BLOOD
    return tissue.astype(np.float32)


def _veins(size: int, seed: int) -> np.ndarray:
    """Vessels that come from the corners, branch and fade before the iris; cover in [0, 1]."""
    rng = np.random.default_rng(seed)
    steps, count = 14, 130
    side = rng.choice([0.0, np.pi], count)
    start = side + rng.normal(0.0, 0.55, count)
    reach = rng.uniform(0.62, 1.0, count)
    along = np.linspace(0.0, 1.0, steps)
    angle = (1.75 + (reach[:, None] - 0.05 - 1.75) * along) / (2 * np.pi)
    wander = np.cumsum(rng.normal(0.0, 0.035, (count, steps)), axis=1)
    around = start[:, None] + wander + rng.normal(0.0, 0.25, count)[:, None] * along
    points = 0.5 + np.stack([angle * np.cos(around), angle * np.sin(around)], axis=-1)
    width = size / 1024 * rng.uniform(0.35, 1.1, count)[:, None] * (1 - along) ** 0.7
    strength = rng.uniform(0.3, 1.0, count)
    cover, value = draw((size, size), points * size, width, strength)
    veins: np.ndarray = cover * value
    return veins
