"""Brows, hair by hair, on a chart: the forehead seen straight from the front, both brows side by side."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from jaxtyping import Float32

from animator.core.head import Material
from animator.heads.paint.colour import encode, linear
from animator.heads.paint.look import Look
from animator.heads.paint.strokes import draw

CHART = (-0.062, 0.770, 0.062, 0.734)
"""Left, top, right, bottom of the chart, metres in the base mesh's space (x, y)."""

_ASPECT = 4
_SPINE = ((0.0100, 0.7452), (0.020, 0.7468), (0.030, 0.7484), (0.040, 0.7492), (0.048, 0.7480), (0.0555, 0.7450))
"""Middle of the left brow from its head to its tail, metres (x, y)."""


def chart_uv(position: Float32[np.ndarray, "N 3"]) -> Float32[np.ndarray, "N 2"]:
    """Where places of the base mesh's space lie on the chart; (0, 0) is its top left."""
    left, top, right, bottom = CHART
    return np.stack([(position[:, 0] - left) / (right - left), (top - position[:, 1]) / (top - bottom)], axis=1).astype(
        np.float32
    )


@lru_cache(maxsize=2)
def brow_cover(look: Look, size: int = 1024) -> tuple[np.ndarray, np.ndarray]:
    """How far the chart is covered with hair, and the hair's lightness about 1, ``float32 [size/4, size]`` each."""
    rng = np.random.default_rng(look.seed + 111)
    shape = (size // _ASPECT, size)
    points, radii, tone = zip(*(_brow(side, look, rng) for side in (-1.0, 1.0)), strict=True)
    left, top, right, bottom = CHART
    stacked = np.concatenate(points)
    pixels = (stacked - [left, top]) / [right - left, bottom - top] * [shape[1], shape[0]]
    scale = size / (right - left)
    return draw(shape, pixels, np.concatenate(radii) * scale, np.concatenate(tone), 1.0)


@lru_cache(maxsize=2)
def brow(look: Look, size: int = 1024) -> Material:
    """The brows' hairs with alpha, for a thin shell over the skin that takes its uv from `chart_uv`."""
    cover, tone = brow_cover(look, size)
    colour = np.empty((*cover.shape, 4), dtype=np.uint8)
    colour[..., :3] = encode(hair_light(look) * tone[..., None])
    colour[..., 3] = np.rint(255 * np.clip(cover, 0, 1))
    surface = np.empty((8, 8, 3), dtype=np.uint8)
    surface[:] = (170, 25, 40)
    return Material(colour, surface, blend=True)


def hair_light(look: Look) -> np.ndarray:
    """Linear colour of the brows: the hair's, darker in the fair, so that they still read."""
    light = linear(look.hair)
    return light * (0.62 + 0.25 * float(np.exp(-6.0 * light.mean())))


def _brow(side: float, look: Look, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Curves of one brow in metres, their radii, and their lightness."""
    man = look.masculine
    count, steps = int(400 + 90 * man), 6
    spine = np.array(_SPINE)
    knots = np.linspace(0.0, 1.0, len(spine))
    s = np.clip(rng.beta(1.10, 1.12, count) + rng.normal(0.0, 0.012, count), -0.03, 1.0)
    across = rng.uniform(-1.0, 1.0, count)
    thick = (0.0029 + 0.0008 * man) * np.interp(s, [0, 0.10, 0.40, 0.7, 1.0], [0.62, 0.95, 1.0, 0.66, 0.16])
    arch = 0.0009 * (1 - man) * np.exp(-(((s - 0.66) / 0.22) ** 2)) - 0.0012 * man
    x = np.interp(s, knots, spine[:, 0]) + np.minimum(s, 0.0) * 0.03
    y = np.interp(s, knots, spine[:, 1]) + arch + across * thick
    # Hairs stand up at the head of the brow, lie outward along its body, and meet in the middle from above and below.
    angle = np.interp(s, [0, 0.10, 0.28, 0.6, 1.0], [1.30, 0.95, 0.52, 0.10, -0.50])
    angle = angle - across * np.interp(s, [0, 0.2, 1.0], [0.10, 0.24, 0.20]) + rng.normal(0.0, 0.17, count)
    length = rng.uniform(0.0042, 0.0078, count) * np.interp(s, [0, 0.15, 0.6, 1.0], [0.75, 1.0, 0.95, 0.62])
    turn = np.interp(s, [0, 0.2, 1.0], [-0.50, -0.35, -0.25]) + rng.normal(0.0, 0.18, count)
    along = np.linspace(0.0, 1.0, steps)
    heading = angle[:, None] + turn[:, None] * along
    hop = length[:, None] / (steps - 1)
    dx = np.cumsum(np.cos(heading) * hop, axis=1) - np.cos(heading[:, :1]) * hop
    dy = np.cumsum(np.sin(heading) * hop, axis=1) - np.sin(heading[:, :1]) * hop
    points = np.stack([side * (x[:, None] + dx), y[:, None] + dy], axis=-1)
    radii = (0.000038 + 0.000012 * man) * rng.uniform(0.75, 1.25, count)[:, None] * np.clip(1.08 - along, 0, 1) ** 0.6
    return points, radii, rng.uniform(0.7, 1.35, count)
