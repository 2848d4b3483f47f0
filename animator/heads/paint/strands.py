"""The picture of hair cards: columns of locks, each of many strands, dense at the root and parted at the tip."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from animator.core.head import Material
from animator.heads.paint.colour import encode, linear
from animator.heads.paint.look import Look
from animator.heads.paint.strokes import draw

COLUMNS = 8
"""Locks side by side in the square; a card takes one column, root at the top."""

DENSE = 5
"""The first so many columns are full locks, the others wisps."""


SHADES = (0.84, 0.92, 1.0, 1.09, 1.20, 0.9, 1.0, 1.1)
"""How light each column is; full locks run from dark to light."""


@lru_cache(maxsize=2)
def strands(look: Look, size: int = 1024) -> Material:
    """Paint the locks; ``size`` texels a side."""
    rng = np.random.default_rng(look.seed + 121)
    width = size // COLUMNS
    cover = np.zeros((size, size), dtype=np.float32)
    tone = np.ones((size, size), dtype=np.float32)
    for column in range(COLUMNS):
        at = slice(column * width, (column + 1) * width)
        cover[:, at], tone[:, at] = _lock(rng, column < DENSE, size, width)
        tone[:, at] *= SHADES[column]
    v = ((np.arange(size) + 0.5) / size)[:, None]
    root = 0.80 + 0.20 * np.clip(v / 0.40, 0, 1)
    sheen = 1 + 0.12 * np.exp(-(((v - 0.42) / 0.15) ** 2)) + 0.12 * v
    hair = linear(look.hair)
    # Fair hair scatters what dark hair swallows: its strands differ less, and many together look paler than one.
    fair = float(np.clip(hair.max() / 0.5, 0, 1))
    contrast = 1 - 0.55 * fair
    hair = hair + 0.25 * fair * (hair.mean() - hair)
    light = hair * ((tone * root * sheen) ** contrast)[..., None]
    grey = float(np.clip((look.age - 48) / 45, 0, 0.5))
    silver = (rng.random(size) < grey)[None, :, None]
    light = np.where(silver, 0.5 * light + 0.14 * tone[..., None], light)
    colour = np.empty((size, size, 4), dtype=np.uint8)
    colour[..., :3] = encode(light)
    colour[..., 3] = np.rint(255 * np.clip(cover, 0, 1))
    surface = np.empty((8, 8, 3), dtype=np.uint8)
    surface[:] = (105, 82, 40)
    return Material(colour, surface, blend=True, two_sided=True)


def _lock(rng: np.random.Generator, dense: bool, height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Cover and lightness of one lock."""
    count, steps = (260, 14) if dense else (18, 14)
    along = np.linspace(0.0, 1.0, steps)
    # Fewer strands at the sides: a lock has no straight edge.
    root = np.clip(rng.normal(0.5, 0.25 if dense else 0.26, count), 0.03, 0.97)
    tufts = np.sort(rng.uniform(0.18, 0.82, 5))
    home = tufts[np.abs(root[:, None] - tufts).argmin(axis=1)]
    pull = rng.uniform(0.35, 0.95, count)[:, None]
    reach = rng.uniform(0.62, 0.99, count) if dense else rng.uniform(0.5, 0.99, count)
    wave = rng.normal(0.0, 0.018, (count, 1)) * np.sin(
        np.pi * (along * rng.uniform(0.8, 2.0, (count, 1)) + rng.random((count, 1)))
    )
    across = root[:, None] + (home - root)[:, None] * pull * along**1.6 + wave
    # Roots start at many heights, so that no card shows where it begins.
    first = 0.18 * rng.random(count)[:, None] ** 0.7
    points = np.stack([np.clip(across, 0.01, 0.99) * width, (first + (reach[:, None] - first) * along) * height], axis=-1)
    radii = (
        rng.uniform(0.9, 1.9, count)[:, None]
        * np.clip(1.03 - along, 0, 1) ** 0.5
        * np.clip(0.25 + 6 * along, 0, 1)
        * (width / 128)
    )
    order = np.argsort(rng.random(count))
    # Neighbours share a shade: locks within the lock.
    shade = np.interp(root, np.linspace(0, 1, 7), rng.normal(0.0, 0.28, 7))
    tone = np.exp(shade + rng.normal(0.0, 0.34, count))
    return draw((height, width), points[order], radii[order] * (1.0 if dense else 0.8), tone, 0.8)
