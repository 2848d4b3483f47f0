"""Hair: cards that grow from the scalp along a style's comb and lie over one another like shingles."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32
from scipy.spatial import cKDTree

from animator.core.head import Material
from animator.errors import UnknownNameError
from animator.heads.paint.look import Look
from animator.heads.paint.strands import COLUMNS, DENSE, strands
from animator.heads.pieces.assemble import Piece
from animator.heads.pieces.hairstyles import STYLES, Layer
from animator.heads.shape.basemesh import BaseMesh
from animator.heads.shape.skull import Roots, Skull, scatter, skull, unit

__all__ = ["STYLES", "grow"]

_ROUND = 0.08
"""Radius of the skull where it is roundest, metres."""

PATCHES = 700
"""How many normals a layer of hair has."""


def grow(base: BaseMesh, vertices: Float32[np.ndarray, "B 3"], look: Look, style: str = "short") -> list[Piece]:
    """Hair over a head of that identity.

    Parameters
    ----------
    base
        The base mesh.
    vertices
        ``float32 [B 3]`` metres: the base mesh's vertices after identity.
    look
        The person.
    style
        A name of `STYLES`.

    Raises
    ------
    UnknownNameError
        There is no such style.
    """
    if style not in STYLES:
        raise UnknownNameError("hairstyle", style, STYLES)
    if not STYLES[style]:
        return []
    rng = np.random.default_rng(look.seed + 131)
    under = skull(base, vertices)
    material = strands(look)
    pieces = []
    for layer in STYLES[style]:
        roots = scatter(under, base, look.masculine, layer.density, layer.cards, rng)
        start = np.einsum("nk,nkd->nd", roots.share, vertices[roots.corners])
        lines = _march(start, under, layer, roots, rng)
        pieces.append(_cards(lines, under, layer, roots, material, rng))
    return pieces


def _march(start: np.ndarray, under: Skull, layer: Layer, roots: Roots, rng: np.random.Generator) -> np.ndarray:
    """Middle lines of the cards, ``[N S+1 3]``: steps along the comb, held over the skull, falling where they leave it."""
    count = len(start)
    d = unit(start - under.middle)
    comb = layer.comb(d)
    near = np.clip(roots.inside / 0.16, 0.0, 1.0)
    length = comb.length * rng.uniform(0.85, 1.1, count) * (1 - (1 - layer.fall) * 0.45 * (1 - near))
    height = comb.height * rng.uniform(0.4, 1.3, count) * (0.35 + 0.65 * near)
    stray = rng.normal(0.0, layer.stray, start.shape)
    # A lock begins a little upstream, under the ones before it.
    lines = [under.above(start - layer.overlap * unit(comb.way - (comb.way * d).sum(axis=1, keepdims=True) * d), 0.0004)]
    step = (length + layer.overlap) / layer.segments
    # A flat piece over a round skull sinks into it by the squares of its length and its width over eight radii.
    sag = (step**2 + layer.width**2) / (8 * _ROUND)
    for k in range(1, layer.segments + 1):
        d = unit(lines[-1] - under.middle)
        way = unit(layer.comb(d).way) + stray
        hang = layer.fall * np.clip((0.55 - d[:, 1:2]) / 0.5, 0, 1)
        way = (1 - hang) * way + hang * (np.array([0.0, -1.0, 0.0]) + 0.3 * stray)
        way = unit(way - (way * d).sum(axis=1, keepdims=True) * d)
        p = lines[-1] + step[:, None] * way
        d = _off_the_face(unit(p - under.middle), layer.fall)
        far = np.linalg.norm(p - under.middle, axis=1)
        floor = under.height(d) + 0.0006 + sag + height * np.sqrt(k / layer.segments) + layer.fall * _over_ears(d)
        free = layer.fall * np.clip(-d[:, 1] / 0.4, 0.0, 1.0)
        lines.append(under.middle + d * (floor + free * np.maximum(far - floor, 0.0))[:, None])
    return np.stack(lines, axis=1)


def _off_the_face(d: np.ndarray, fall: float) -> np.ndarray:
    """Directions turned about the vertical until long hair hangs beside the face, not before it."""
    around = np.arctan2(d[:, 0], d[:, 2])
    limit = fall * np.radians(64) * np.clip((0.50 - d[:, 1]) / 0.38, 0.0, 1.0)
    aside = np.where(around < 0, -1.0, 1.0) * np.maximum(np.abs(around), limit)
    flat = np.hypot(d[:, 0], d[:, 2])
    return np.stack([flat * np.sin(aside), d[:, 1], flat * np.cos(aside)], axis=1)


def _over_ears(d: np.ndarray) -> np.ndarray:
    """How much higher long hair lies where an ear is below, metres."""
    side = np.stack([np.abs(d[:, 0]), d[:, 1], d[:, 2]], axis=1)
    bump: np.ndarray = 0.014 * np.exp(-((side - [0.91, -0.38, 0.12]) ** 2).sum(axis=1) / 0.33**2)
    return bump


def _cards(lines: np.ndarray, under: Skull, layer: Layer, roots: Roots, material: Material, rng: np.random.Generator) -> Piece:
    """Ribbons about middle lines; each takes the movement of its root."""
    count, rows = lines.shape[:2]
    outward = unit(lines - under.middle)
    across = unit(np.cross(np.gradient(lines, axis=1), outward))
    tilt = rng.normal(0.0, layer.stray, (count, 1, 1))
    fine = np.maximum(np.clip(0.45 + roots.inside / 0.22, 0.45, 1.0), 0.85 * layer.fall)
    half = (0.5 * layer.width * rng.uniform(0.8, 1.2, count) * fine)[:, None, None]
    offset = half * (np.cos(tilt) * across + np.sin(tilt) * outward)
    vertices = np.stack([lines - offset, lines + offset], axis=2).reshape(-1, 3)
    first = (np.arange(count)[:, None] * rows + np.arange(rows - 1)) * 2
    a, b, c, d = first, first + 1, first + 2, first + 3
    triangles = np.stack([a, b, d, a, d, c], axis=-1).reshape(-1, 3)
    return Piece(
        name="hair",
        vertices=vertices.astype(np.float32),
        uv=_columns(outward[:, rows // 2, 1], rows, layer, roots, rng),
        triangles=triangles.astype(np.int32),
        weld=_patches(unit(vertices - under.middle), rng),
        anchor=np.repeat(roots.corners, rows * 2, axis=0),
        material=material,
        share=np.repeat(roots.share, rows * 2, axis=0),
    )


def _columns(upward: np.ndarray, rows: int, layer: Layer, roots: Roots, rng: np.random.Generator) -> np.ndarray:
    """Where the cards lie in the picture: each takes a lock of the picture, lighter where smooth hair wears its ring of light."""
    count = len(upward)
    wisp = rng.random(count) < layer.wisps * np.clip(0.85 - roots.inside / 0.12, 0.06, 0.85)
    ring = np.exp(-(((upward - 0.72) / 0.17) ** 2))
    shade = np.clip(np.rint(1.3 + 1.7 * ring + rng.normal(0.0, 4 * layer.stray, count)), 0, DENSE - 1).astype(np.int64)
    column = np.where(wisp, rng.integers(DENSE, COLUMNS, count), shade)
    sides = np.abs(np.array([0, 1]) - rng.integers(0, 2, (count, 1)))
    uv = np.empty((count, rows, 2, 2), dtype=np.float32)
    uv[..., 0] = ((column[:, None] + 0.02 + 0.96 * sides) / COLUMNS)[:, None, :]
    uv[..., 1] = np.linspace(0.0, 1.0, rows)[None, :, None]
    return uv.reshape(-1, 2)


def _patches(d: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Locks that lie together turn to the light together: vertices of one patch of directions share their normal."""
    _, patch = cKDTree(d[rng.choice(len(d), min(PATCHES, len(d)), replace=False)]).query(d)
    _, first, member = np.unique(patch, return_index=True, return_inverse=True)
    return first[member].astype(np.int32)
