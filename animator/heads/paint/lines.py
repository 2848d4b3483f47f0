"""The lines that years of expression leave, drawn on a chart: the face seen straight from the front."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32
from scipy.ndimage import gaussian_filter

from animator.heads.paint.look import Look
from animator.heads.paint.strokes import draw

CHART = (-0.080, 0.830, 0.080, 0.610)
"""Left, top, right, bottom of the chart, metres in the base mesh's space (x, y)."""

# Middle lines of the left half of the face, metres (x, y), and how deep each grows.
_LINES: tuple[tuple[tuple[tuple[float, float], ...], float], ...] = (
    (((0.000, 0.7690), (0.015, 0.7700), (0.030, 0.7715), (0.044, 0.7695)), 0.55),
    (((0.000, 0.7775), (0.016, 0.7790), (0.033, 0.7800), (0.049, 0.7770)), 0.75),
    (((0.000, 0.7865), (0.016, 0.7878), (0.034, 0.7885), (0.050, 0.7855)), 0.65),
    (((0.000, 0.7950), (0.015, 0.7960), (0.030, 0.7962), (0.044, 0.7940)), 0.40),
    (((0.0065, 0.7600), (0.0055, 0.7545), (0.0062, 0.7480), (0.0080, 0.7440)), 0.70),
    (((0.0505, 0.7310), (0.0560, 0.7340), (0.0610, 0.7385), (0.0640, 0.7420)), 0.70),
    (((0.0510, 0.7285), (0.0570, 0.7290), (0.0625, 0.7310), (0.0660, 0.7325)), 0.80),
    (((0.0505, 0.7260), (0.0560, 0.7245), (0.0610, 0.7235), (0.0650, 0.7232)), 0.75),
    (((0.0490, 0.7235), (0.0540, 0.7200), (0.0585, 0.7175), (0.0620, 0.7160)), 0.55),
    (((0.0180, 0.7195), (0.0250, 0.7145), (0.0340, 0.7125), (0.0430, 0.7145)), 0.60),
    (((0.0190, 0.7165), (0.0260, 0.7100), (0.0350, 0.7070), (0.0450, 0.7085)), 0.45),
    (((0.0185, 0.6930), (0.0245, 0.6850), (0.0290, 0.6740), (0.0315, 0.6610)), 1.00),
    (((0.0290, 0.6520), (0.0300, 0.6450), (0.0298, 0.6380), (0.0285, 0.6310)), 0.60),
    (((0.000, 0.6425), (0.006, 0.6430), (0.012, 0.6418), (0.017, 0.6395)), 0.40),
)

_UPPER_LID = (
    (0.0187, 0.7280), (0.0197, 0.7290), (0.0213, 0.7296), (0.0237, 0.7309), (0.0272, 0.7322), (0.0311, 0.7329),
    (0.0347, 0.7327), (0.0379, 0.7322), (0.0405, 0.7314), (0.0422, 0.7307), (0.0437, 0.7295), (0.0448, 0.7286),
)  # fmt: skip
_LOWER_LID = (
    (0.0220, 0.7249), (0.0245, 0.7246), (0.0275, 0.7242), (0.0310, 0.7238), (0.0348, 0.7240), (0.0382, 0.7246),
    (0.0405, 0.7258), (0.0419, 0.7266), (0.0432, 0.7276),
)  # fmt: skip


def chart_uv(position: Float32[np.ndarray, "N 3"]) -> Float32[np.ndarray, "N 2"]:
    """Where places of the base mesh's space lie on the chart; (0, 0) is its top left."""
    left, top, right, bottom = CHART
    return np.stack([(position[:, 0] - left) / (right - left), (top - position[:, 1]) / (top - bottom)], axis=1).astype(
        np.float32
    )


def lash_line(size: int = 1024) -> Float32[np.ndarray, "H W"]:
    """Where lashes leave the edges of the lids, in [0, 1]: their roots darken the skin."""
    left, top, right, bottom = CHART
    scale = size / (right - left)
    shape = (round((top - bottom) * scale), size)
    cover = np.zeros(shape, dtype=np.float32)
    for edge, radius, strength in ((_UPPER_LID, 0.00042, 1.0), (_LOWER_LID, 0.00025, 0.35)):
        both = np.stack([np.array(edge) * [side, 1.0] for side in (-1.0, 1.0)])
        taper = radius * np.sin(np.pi * np.linspace(0.12, 0.92, len(edge))) ** 0.5
        line, _ = draw(shape, (both - [left, top]) * [scale, -scale], np.tile(taper * scale, (2, 1)), np.ones(2))
        cover = np.maximum(cover, strength * line)
    soft: np.ndarray = gaussian_filter(cover, 0.0002 * scale)
    return soft


def depth(look: Look, size: int = 1024) -> Float32[np.ndarray, "H W"]:
    """How deep the lines are, about [-0.3, 1]: a line is dark, and the skin it pushes up beside it a little lighter."""
    rng = np.random.default_rng(look.seed + 141)
    worn = float(np.clip((look.age - 24) / 46, 0.03, 1.0))
    left, top, right, bottom = CHART
    scale = size / (right - left)
    shape = (round((top - bottom) * scale), size)
    steps = 24
    along = np.linspace(0.0, 1.0, steps)
    points, radii, values = [], [], []
    for side in (-1.0, 1.0):
        for line, deep in _LINES:
            knots = np.linspace(0.0, 1.0, len(line))
            spine = np.stack([np.interp(along, knots, axis) for axis in np.array(line).T], axis=1)
            spine = gaussian_filter(spine, (2.0, 0.0), mode="nearest")
            wobble = np.cumsum(rng.normal(0.0, 0.00016, (steps, 2)), axis=0)
            # A line is broken and uneven, deepest in its middle, and shorter in the young.
            reach = 0.35 + 0.65 * worn * rng.uniform(0.75, 1.0)
            fade = np.clip(1 - np.abs(along - 0.5) / (0.5 * reach), 0.0, 1.0) ** 0.6
            uneven = np.clip(0.75 + 0.35 * np.interp(along, np.linspace(0, 1, 7), rng.normal(0.0, 1.0, 7)), 0.1, 1.2)
            points.append((spine + wobble) * [side, 1.0])
            radii.append((0.00018 + 0.00030 * worn * deep) * fade * uneven)
            values.append(deep * rng.uniform(0.8, 1.1))
    pixels = (np.stack(points) - [left, top]) * [scale, -scale]
    cover, value = draw(shape, pixels, np.stack(radii) * scale, np.array(values))
    groove = cover * value
    wide = gaussian_filter(groove, 0.0016 * scale)
    lines: np.ndarray = worn * (
        gaussian_filter(groove, 0.00022 * scale) + 0.9 * wide - 0.9 * gaussian_filter(groove, 0.0034 * scale)
    )
    return lines.astype(np.float32)
