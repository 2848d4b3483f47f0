"""Lashes: tapered, curved hairs with alpha for MakeHuman's lash cards."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from jaxtyping import Float32

from animator.core.head import Material
from animator.heads.paint.colour import encode, linear
from animator.heads.paint.look import Look
from animator.heads.paint.strokes import draw

_BOX = (0.7085, 0.0140, 0.7595, 0.0740)
"""Where MakeHuman's square holds the lash cards: left, top, right, bottom."""

_MIRROR = 1.416508
"""Sum of the places, left to right, of a card of the left eye and its counterpart of the right."""

# The cards' columns in that square, from the inner corner of the eye to the outer: x and y at the lid's edge and at the tip.
_UPPER = (
    (0.7103, 0.0643, 0.7097, 0.0613),
    (0.7120, 0.0638, 0.7114, 0.0603),
    (0.7145, 0.0629, 0.7142, 0.0587),
    (0.7184, 0.0615, 0.7181, 0.0567),
    (0.7238, 0.0601, 0.7234, 0.0545),
    (0.7296, 0.0596, 0.7295, 0.0531),
    (0.7349, 0.0604, 0.7351, 0.0530),
    (0.7396, 0.0619, 0.7400, 0.0537),
    (0.7434, 0.0640, 0.7443, 0.0549),
    (0.7459, 0.0657, 0.7481, 0.0566),
    (0.7474, 0.0671, 0.7518, 0.0584),
    (0.7485, 0.0682, 0.7555, 0.0608),
    (0.7491, 0.0692, 0.7584, 0.0637),
)
_LOWER = (
    (0.7166, 0.0230, 0.7154, 0.0262),
    (0.7189, 0.0232, 0.7178, 0.0276),
    (0.7213, 0.0240, 0.7208, 0.0292),
    (0.7245, 0.0253, 0.7243, 0.0307),
    (0.7290, 0.0265, 0.7288, 0.0321),
    (0.7339, 0.0274, 0.7340, 0.0328),
    (0.7395, 0.0271, 0.7396, 0.0328),
    (0.7446, 0.0256, 0.7443, 0.0321),
    (0.7482, 0.0235, 0.7482, 0.0309),
    (0.7505, 0.0217, 0.7522, 0.0292),
    (0.7519, 0.0206, 0.7555, 0.0270),
    (0.7526, 0.0198, 0.7584, 0.0240),
)


def lash_uv(uv: Float32[np.ndarray, "U 2"]) -> Float32[np.ndarray, "U 2"]:
    """Places in the lashes' square of MakeHuman's uv, ``float32 [U 2]``; of use for the groups ``helper-*-eyelashes-*``."""
    left, top, right, bottom = _BOX
    # The right eye's cards lie beside the left's as their mirror image.
    x = np.where(uv[:, 0] < _MIRROR / 2, _MIRROR - uv[:, 0], uv[:, 0])
    uv = np.stack([x, uv[:, 1]], axis=1)
    return ((uv - [left, top]) / [right - left, bottom - top]).astype(np.float32)


@lru_cache(maxsize=2)
def lashes(look: Look, size: int = 1024) -> Material:
    """Paint the lashes of both lids, darker than the hair; ``size`` texels a side."""
    rng = np.random.default_rng(look.seed + 101)
    long = 0.95 - 0.25 * look.masculine
    upper = _hairs(_UPPER, rng, 130, (0.55 * long, 1.0 * long), 0.062, 0.14, size)
    lower = _hairs(_LOWER, rng, 60, (0.30 * long, 0.62 * long), 0.036, 0.05, size)
    cover = np.maximum(upper, lower)
    colour = np.empty((size, size, 4), dtype=np.uint8)
    colour[..., :3] = encode(0.30 * linear(look.hair) + 0.005)
    colour[..., 3] = np.rint(255 * cover)
    surface = np.empty((8, 8, 3), dtype=np.uint8)
    surface[:] = (140, 60, 0)
    return Material(colour, surface, blend=True, two_sided=True)


def _hairs(
    columns: tuple[tuple[float, float, float, float], ...],
    rng: np.random.Generator,
    count: int,
    length: tuple[float, float],
    radius: float,
    bend: float,
    size: int,
) -> np.ndarray:
    """Cover of one lid's hairs. Each starts at the lid and runs up its column; neighbours lean together into tufts.

    ``length`` is a share of the card, ``radius`` and ``bend`` a share of the distance between columns.
    """
    table = np.array(columns)
    corners = np.array([[_BOX[0], _BOX[1]] * 2, [_BOX[2], _BOX[3]] * 2])
    table = (table - corners[0]) / (corners[1] - corners[0])
    steps = 9
    root = np.sort(rng.uniform(0.02, 0.985, count))
    tufts = np.sort(rng.uniform(0.0, 1.0, count // 4))
    nearest = tufts[np.abs(root[:, None] - tufts).argmin(axis=1)]
    lean = 0.30 * (nearest - root) + rng.normal(0.0, 0.010, count) + 0.05 * (root - 0.45)
    size_of = rng.uniform(*length, count) * (0.55 + 0.45 * np.sin(np.pi * np.clip(0.18 + 0.72 * root, 0, 1)))
    along = np.linspace(0.0, 1.0, steps)
    place = root[:, None] + lean[:, None] * along**1.4
    sway = bend / len(table) * rng.normal(0.0, 1.0, count)[:, None] * np.sin(np.pi * along)
    at = np.clip(place + sway, 0, 1) * (len(table) - 1)
    low = np.minimum(at.astype(np.int64), len(table) - 2)
    share = (at - low)[..., None]
    column = table[low] * (1 - share) + table[low + 1] * share
    rise = (size_of[:, None] * along - 0.06)[..., None]
    points = column[..., :2] + rise * (column[..., 2:] - column[..., :2])
    width = radius / len(table) * rng.uniform(0.7, 1.15, count)[:, None] * np.clip(1.05 - along, 0, 1) ** 0.7
    cover, _ = draw((size, size), points * size, width * size, np.ones(count))
    return cover
