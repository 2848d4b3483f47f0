"""Eyeballs finer than the base mesh's: a ball with a sunken iris, and the clear cornea over it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Int8, Int32

from animator.core.head import Material
from animator.heads.pieces.assemble import Piece
from animator.heads.shape.basemesh import BaseMesh

IRIS = 0.43
"""Angle from the middle of the pupil to the rim of the iris, radians. The base mesh's ball is larger than life (30 mm
across); this gives its iris a natural width of 12.5 mm."""

SEGMENTS = 36
"""Vertices around each ring."""

_BALL_RINGS = IRIS * np.array([0.10, 0.30, 0.40, 0.60, 0.80, 0.96, 1.0, 1.06, 1.2, 1.5, 1.85, 2.3, 2.8, 3.4, 4.2])
"""Rings of the ball from the pupil to behind its equator; lids and skull hide the rest."""

_CORNEA_RINGS = IRIS * np.array([0.12, 0.25, 0.40, 0.55, 0.70, 0.85, 0.96, 1.04])

_SUNK = 0.045
"""How deep the iris lies below the plane of its rim, in radii of the ball."""

_BULGE = 0.042
"""How far the cornea stands above the ball's surface, in radii of the ball."""


@dataclass(frozen=True, eq=False)
class Ball:
    """One eyeball of the shaped base mesh: a sphere fitted to its helper group."""

    centre: Float32[np.ndarray, " 3"]
    radius: float
    anchor: int
    """The base vertex that the eyeball's vertices hang on."""

    @property
    def front(self) -> Float32[np.ndarray, " 3"]:
        """Where the ball looks out of the face."""
        at: np.ndarray = self.centre + np.array([0, 0, self.radius], dtype=np.float32)
        return at


def fit_ball(base: BaseMesh, vertices: Float32[np.ndarray, "B 3"], side: str) -> Ball:
    """The sphere that passes nearest to the eye helper of a side (``l`` or ``r``), by linear least squares."""
    members = base.group_vertices(f"helper-{side}-eye")
    points = vertices[members].astype(np.float64)
    system = np.concatenate([2 * points, np.ones((len(points), 1))], axis=1)
    solution = np.linalg.lstsq(system, (points**2).sum(axis=1), rcond=None)[0]
    centre = solution[:3]
    radius = float(np.sqrt(solution[3] + centre @ centre))
    return Ball(centre.astype(np.float32), radius, int(members[np.argmax(points[:, 2])]))


def eyeball(ball: Ball, painted_iris: float, material: Material, name: str) -> Piece:
    """The opaque ball, its iris a shallow dish.

    The texture is azimuthal and equidistant seen from the front: its middle is the pupil, the circle of radius 0.5 the back of
    the ball. ``painted_iris`` is the angle that the texture gives its iris; the rings are laid so that it meets ours.
    """
    angles = _BALL_RINGS
    dish = np.cos(IRIS) - _SUNK * (0.75 - 0.35 * (angles / IRIS) ** 2)
    depth = np.where(angles < IRIS, dish, np.cos(angles))
    tip = np.array([[0.0, 0.0, depth[0]]])
    across = np.sin(angles)
    painted = np.interp(angles, [0, IRIS, np.pi], [0, painted_iris, np.pi])
    return _rings(ball, tip, across, depth, painted, material, name)


def _height(angles: np.ndarray) -> np.ndarray:
    """Distance of the cornea from the ball's centre at angles from the pupil's middle, in radii of the ball."""
    raised: np.ndarray = 1.003 + _BULGE * np.clip(1 - (angles / IRIS) ** 2, 0, 1)
    return raised


def depth_inside(ball: Ball, points: Float32[np.ndarray, "v 3"]) -> Float32[np.ndarray, " v"]:
    """How deep points lie inside a ball with its cornea that looks straight ahead, metres; negative outside."""
    away = points - ball.centre
    distance = np.linalg.norm(away, axis=1)
    angle = np.arccos((away[:, 2] / np.maximum(distance, 1e-9)).clip(-1, 1))
    deep: np.ndarray = ball.radius * np.where(angle < _CORNEA_RINGS[-1], _height(angle), 1.0) - distance
    return deep.astype(np.float32)


def cornea(ball: Ball, material: Material, name: str) -> Piece:
    """The clear cap over iris and pupil, from just outside the iris' rim."""
    angles = _CORNEA_RINGS
    height = _height(angles)
    tip = np.array([[0.0, 0.0, _height(np.zeros(1))[0]]])
    return _rings(ball, tip, height * np.sin(angles), height * np.cos(angles), angles, material, name)


def _rings(
    ball: Ball, tip: np.ndarray, across: np.ndarray, depth: np.ndarray, painted: np.ndarray, material: Material, name: str
) -> Piece:
    """A surface of rings about +Z, from a tip outward."""
    around = 2 * np.pi * np.arange(SEGMENTS) / SEGMENTS
    circle = np.stack([np.cos(around), np.sin(around)], axis=1)
    rings = np.concatenate(
        [across[:, None, None] * circle, np.broadcast_to(depth[:, None, None], (len(depth), SEGMENTS, 1))], axis=2
    )
    vertices = ball.centre + ball.radius * np.concatenate([tip, rings.reshape(-1, 3)])
    radius = 0.5 * painted / np.pi
    uv = 0.5 + np.concatenate([np.zeros((1, 2)), (radius[:, None, None] * circle * [1, -1]).reshape(-1, 2)])
    count = len(vertices)
    return Piece(
        name,
        vertices.astype(np.float32),
        uv.astype(np.float32),
        _fan(len(across)),
        np.arange(count, dtype=np.int32),
        np.full(count, ball.anchor, dtype=np.int32),
        material,
    )


def _fan(rings: int) -> Int32[np.ndarray, "f 3"]:
    """Triangles of a tip and its rings, counter-clockwise seen from +Z."""
    i = np.arange(SEGMENTS)
    j = (i + 1) % SEGMENTS
    faces = [np.stack([np.zeros_like(i), 1 + i, 1 + j], axis=1)]
    for ring in range(rings - 1):
        inner, outer = 1 + ring * SEGMENTS, 1 + (ring + 1) * SEGMENTS
        faces += [np.stack([inner + i, outer + i, outer + j], axis=1), np.stack([inner + i, outer + j, inner + j], axis=1)]
    return np.concatenate(faces).astype(np.int32)


def marks(base: BaseMesh) -> Int8[np.ndarray, " B"]:
    """Which base vertices are eyeball: 1 the left, 2 the right, else 0."""
    out = np.zeros(len(base.vertices), dtype=np.int8)
    for mark, side in ((1, "l"), (2, "r")):
        out[base.group_vertices(f"helper-{side}-eye")] = mark
    return out
