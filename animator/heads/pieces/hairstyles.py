"""How hair is cut and combed, style by style."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from animator.heads.paint.hairline import MIDDLE, angles, margin


class Comb(NamedTuple):
    """How hair lies at unit directions from the skull's middle."""

    way: np.ndarray
    """``[N 3]``: where it is combed to, of any length."""
    length: np.ndarray
    """``[N]`` metres, of a lock that stands there."""
    height: np.ndarray
    """``[N]`` metres: how high over the skull the tip of such a lock lies."""


@dataclass(frozen=True)
class Layer:
    """Locks that are cut and combed alike.

    Parameters
    ----------
    cards
        How many locks.
    segments
        Pieces of a lock along its length.
    width
        Of a lock, metres.
    comb
        Unit directions ``[N 3]`` from the skull's middle -> how hair lies there.
    density
        Unit directions ``[N 3]`` -> how densely locks stand there, any unit.
    fall
        How far gravity takes over where hair hangs free of the skull, in [0, 1].
    overlap
        How far upstream of its root a lock begins, metres.
    wisps
        How many of the locks at the hairline are thin ones, in [0, 1].
    stray
        How far the directions and the tilts of neighbours differ, radians.
    """

    cards: int
    segments: int
    width: float
    comb: Callable[[np.ndarray], Comb]
    density: Callable[[np.ndarray], np.ndarray]
    fall: float = 0.0
    overlap: float = 0.004
    wisps: float = 1.0
    stray: float = 0.16


_WHORL = np.array([0.10, 0.84, -0.53])
"""Where short hair turns on the crown."""

_KNOT = np.array([0.0, 0.10, -0.995])
"""Direction of the knot of tied hair."""

_PART = 0.24
"""Where long hair is parted: x of a unit direction, so on the subject's left."""


def _around(d: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return angles(d.astype(np.float32), np.zeros(3, dtype=np.float32))


def _top(d: np.ndarray) -> np.ndarray:
    """1 on the top of the head, 0 on its sides and back."""
    down, around = _around(d)
    limit = np.radians(62 - 6 * np.cos(around))
    share: np.ndarray = np.clip((limit - down) / np.radians(16) + 0.5, 0, 1)
    return share


def _short_sides(d: np.ndarray) -> Comb:
    """Cropped, combed down and a little back, shorter toward the ears and the nape."""
    down, around = _around(d)
    way = 0.35 * (d - _WHORL) + np.stack([np.zeros(len(d)), -np.ones(len(d)), -0.40 * np.cos(around)], axis=1)
    low = np.clip((down - np.radians(60)) / np.radians(60), 0, 1)
    return Comb(way, 0.024 - 0.017 * low, 0.0065 - 0.005 * low)


def _short_top(d: np.ndarray) -> Comb:
    """Brushed forward from the whorl and over to the subject's right, rising toward the front."""
    down, around = _around(d)
    front = np.clip((np.cos(around) * np.sin(down) + 0.2) / 0.9, 0, 1) * np.clip(1.25 - 1.5 * np.abs(d[:, 0]), 0, 1)
    way = 0.9 * (d - _WHORL) + front[:, None] * np.array([-0.80, 0.15, 0.40])
    return Comb(way, 0.040 + 0.014 * front, 0.011 + 0.009 * front)


def _bob(d: np.ndarray) -> Comb:
    """Parted on the subject's left, drawn off the face and down over the ears to the jaw."""
    down, around = _around(d)
    side = np.where(d[:, 0] > _PART, 1.0, -1.0)
    front = np.clip(np.cos(around), 0, 1) * np.sin(down)
    behind = np.clip((0.15 - d[:, 2]) / 0.6, 0, 1)[:, None]
    across = np.stack([side, -0.25 - 0.4 * np.sin(down), -0.80 * front], axis=1)
    way = (1 - behind) * across + 1.4 * behind * (d - np.array([_PART, 0.90, -0.25]))
    length = 0.225 - 0.100 * np.clip(down / np.radians(120), 0, 1)
    return Comb(way, length, 0.006 + 0.010 * _parting(d))


def _tied(d: np.ndarray) -> Comb:
    """Drawn tight from all sides to a knot at the back."""
    away = np.arccos(np.clip(d @ _KNOT, -1, 1))
    return Comb(_KNOT - d, 0.012 + 0.088 * away, np.full(len(d), 0.007))


def _knot(d: np.ndarray) -> Comb:
    """The knot: locks wound around its middle."""
    return Comb(np.cross(_KNOT, d) + 0.35 * (_KNOT - d), np.full(len(d), 0.085), np.full(len(d), 0.034))


def _bob_edge(d: np.ndarray) -> Comb:
    """The short hair of the hairline, drawn back into the rest."""
    way, _, _ = _bob(d)
    return Comb(way - np.array([0.0, 0.0, 0.3]), np.full(len(d), 0.050), np.full(len(d), 0.004))


def _hairline(d: np.ndarray) -> np.ndarray:
    """1 at the hairline over forehead and temples, falling away behind it."""
    inside = margin((MIDDLE + 0.1 * d).astype(np.float32), 0.2)
    edge: np.ndarray = np.exp(-((inside / 0.10) ** 2)) * np.clip(d[:, 2] * 3, 0, 1) + 1e-4
    return edge


def _parting(d: np.ndarray) -> np.ndarray:
    """1 at the parting of long hair, from the forehead to the crown, falling away from it."""
    z = np.clip(d[:, 2], -0.35, 0.75)
    line = np.stack([np.full(len(d), _PART), np.sqrt(np.maximum(1 - _PART**2 - z**2, 0.0)), z], axis=1)
    near: np.ndarray = np.exp(-(((d - line) ** 2).sum(axis=1)) / 0.42**2)
    return near


STYLES: Mapping[str, tuple[Layer, ...]] = MappingProxyType(
    {
        "short": (
            Layer(660, 2, 0.0092, _short_sides, lambda d: 1.0 - 0.9 * _top(d), overlap=0.003, stray=0.13),
            Layer(400, 4, 0.0125, _short_top, lambda d: _top(d) + 1e-4),
        ),
        "bob": (
            Layer(185, 11, 0.0230, _bob, lambda d: 0.16 + 3.0 * _parting(d) ** 3, 1.0, 0.014, 0.0, 0.06),
            Layer(80, 4, 0.0110, _bob_edge, _hairline, overlap=0.002, wisps=0.5, stray=0.10),
        ),
        "tied": (
            Layer(330, 6, 0.0180, _tied, lambda d: 1.2 + d @ -_KNOT, overlap=0.003, wisps=0.25, stray=0.06),
            Layer(90, 6, 0.0160, _knot, lambda d: np.exp(-((np.arccos(np.clip(d @ _KNOT, -1, 1)) / 0.22) ** 2)), stray=0.10),
        ),
        "none": (),
    }
)
"""Hairstyles by name: their layers from the lowest to the highest."""
