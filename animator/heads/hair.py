"""Hair: cards that grow from the scalp along a style's flow and lie over one another like shingles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from jaxtyping import Float32
from scipy.spatial import cKDTree

from animator.errors import UnknownNameError
from animator.heads.assemble import Piece
from animator.heads.basemesh import BaseMesh
from animator.heads.bust import skin_quads
from animator.heads.paint.hairline import MIDDLE, angles, margin
from animator.heads.paint.look import Look
from animator.heads.paint.atlas import on_head
from animator.heads.paint.regions import ears
from animator.heads.paint.strands import COLUMNS, DENSE, strands


PATCHES = 900
"""How many normals a head of hair has."""


@dataclass(frozen=True)
class Style:
    """How hair is cut and combed.

    Parameters
    ----------
    cards
        How many locks.
    segments
        Pieces of a lock along its length.
    width
        Of a lock, metres.
    comb
        Unit directions ``[N 3]`` from the skull's middle to the roots -> the way hair is combed there ``[N 3]``, its length
        in metres ``[N]`` and the height of its tip over the skull in metres ``[N]``.
    fall
        How far gravity takes over where hair leaves the skull, in [0, 1].
    overlap
        How far upstream of its root a lock begins, metres.
    wisps
        How many of the locks at the hairline are thin ones, in [0, 1].
    """

    cards: int
    segments: int
    width: float
    comb: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray, np.ndarray]]
    fall: float = 0.0
    overlap: float = 0.004
    wisps: float = 1.0


def _unit(v: np.ndarray) -> np.ndarray:
    length: np.ndarray = np.linalg.norm(v, axis=-1, keepdims=True)
    return v / np.maximum(length, 1e-9)


def _angles(d: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return angles(d.astype(np.float32), np.zeros(3, dtype=np.float32))


def _short(d: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cropped sides, a longer top brushed forward from the whorl and over to the subject's right, lifted at the front."""
    down, around = _angles(d)
    whorl = np.array([0.10, 0.86, -0.50])
    out = d - whorl
    top = np.clip((np.radians(66) - down) / np.radians(26), 0, 1)[:, None]
    front = np.clip((np.cos(around) * np.sin(down) + 0.1) / 0.9, 0, 1)[:, None]
    sides = np.stack([np.zeros(len(d)), -np.ones(len(d)), -0.35 * np.cos(around)], axis=1)
    sweep = np.array([-0.75, 0.15, 0.55])
    flow = (1 - top) * (0.5 * out + sides) + top * (0.9 * out + 0.9 * front * sweep)
    length = 0.016 + 0.030 * top[:, 0] + 0.010 * (top * front)[:, 0]
    height = 0.004 + 0.009 * top[:, 0] + 0.008 * (top * front)[:, 0]
    return flow, length, height


def _bob(d: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Parted on the subject's left, down over the ears to the jaw."""
    down, around = _angles(d)
    side = np.where(d[:, 0] > 0.17 + 0.06 * np.sin(7 * d[:, 2]), 1.0, -1.0)
    flow = np.stack([side * (0.9 - 0.2 * np.sin(down)), -0.55 * np.ones(len(d)), -0.30 * np.clip(np.cos(around), 0, 1)], axis=1)
    length = 0.215 - 0.095 * np.clip(down / np.radians(120), 0, 1)
    height = 0.009 + 0.006 * np.cos(down) ** 2
    return flow, length, height


STYLES: Mapping[str, Style | None] = MappingProxyType(
    {
        "short": Style(cards=860, segments=4, width=0.013, comb=_short),
        "bob": Style(cards=520, segments=9, width=0.020, comb=_bob, fall=1.0, overlap=0.008, wisps=0.3),
        "none": None,
    }
)
"""Hairstyles by name."""


@dataclass(frozen=True, eq=False)
class _Skull:
    """The skull as heights over a sphere of directions: where hair lies on it, and which base vertex is below."""

    middle: np.ndarray
    tree: cKDTree
    radius: np.ndarray
    vertex: np.ndarray

    def above(self, points: np.ndarray, lift: float) -> np.ndarray:
        """The places over the skull, straight out from its middle, where ``points`` are."""
        d = _unit(points - self.middle)
        return self.middle + d * (self.height(d) + lift)[:, None]

    def height(self, directions: np.ndarray) -> np.ndarray:
        """Distance of the skull's surface from its middle, metres."""
        away, near = self.tree.query(directions, k=8)
        weight = 1.0 / (away**2 + 4e-4)
        mean: np.ndarray = (self.radius[near] * weight).sum(axis=1) / weight.sum(axis=1)
        return mean


def _skull(base: BaseMesh, vertices: np.ndarray) -> tuple[_Skull, np.ndarray, np.ndarray]:
    """The skull after identity, and the quads of the head without ears with the base mesh's uv at their middles."""
    quads = skin_quads()
    uv = base.uv[base.quad_uv[quads]].mean(axis=1)
    head = (ears(uv) < 0.02) & on_head(uv)
    corners = base.quads[quads[head]]
    used = np.unique(corners)
    middle = MIDDLE + (vertices - base.vertices)[used].mean(axis=0)
    points = np.concatenate([vertices[corners].mean(axis=1), vertices[used]]) - middle
    owner = np.concatenate([corners[:, 0], used])
    radius = np.linalg.norm(points, axis=1)
    return _Skull(middle, cKDTree(points / radius[:, None]), radius, owner), corners, uv[head]


def _roots(corners: np.ndarray, base: BaseMesh, look: Look, count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Evenly scattered places on the hairy skull: the quad of each and its share of the quad's four corners."""
    at = base.vertices[corners]
    hairy = margin(at.mean(axis=1), look.masculine) > 0.0
    area = np.linalg.norm(np.cross(at[:, 2] - at[:, 0], at[:, 3] - at[:, 1]), axis=1) * hairy
    tries = 8 * count
    quad = rng.choice(len(corners), tries, p=area / area.sum())
    s, t = rng.random((2, tries))
    share = np.stack([(1 - s) * (1 - t), s * (1 - t), s * t, (1 - s) * t], axis=1)
    place = np.einsum("nk,nkd->nd", share, at[quad])
    # Of many tries keep those farthest from the ones kept: a blue-noise scatter, without clumps or gaps.
    keep = np.empty(count, dtype=np.int64)
    away = np.full(tries, np.inf)
    keep[0] = 0
    for i in range(1, count):
        away = np.minimum(away, ((place - place[keep[i - 1]]) ** 2).sum(axis=1))
        keep[i] = int(away.argmax())
    return quad[keep], share[keep]


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
    cut = STYLES[style]
    if cut is None:
        return []
    rng = np.random.default_rng(look.seed + 131)
    skull, corners, _ = _skull(base, vertices)
    quad, share = _roots(corners, base, look, cut.cards, rng)
    root = np.einsum("nk,nkd->nd", share, vertices[corners[quad]])
    inside = margin(np.einsum("nk,nkd->nd", share, base.vertices[corners[quad]]).astype(np.float32), look.masculine)
    lines = _march(root, skull, cut, inside, rng)
    order = np.argsort(lines[:, 0, 1])
    return [_cards(lines[order], corners[quad[order]], share[order], cut, look, skull, inside[order], rng)]


def _march(root: np.ndarray, skull: _Skull, cut: Style, inside: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Middle lines of the cards, ``[N S+1 3]``: steps along the comb, held over the skull, falling where they leave it."""
    d = root - skull.middle
    d /= np.linalg.norm(d, axis=1, keepdims=True)
    flow, length, height = cut.comb(d)
    near = np.clip(inside / 0.16, 0.0, 1.0)
    length = length * rng.uniform(0.8, 1.1, len(root)) * (0.55 + 0.45 * near)
    height = height * rng.uniform(0.6, 1.25, len(root)) * (0.35 + 0.65 * near)
    jitter = rng.normal(0.0, 0.16, root.shape)
    # A lock begins a little upstream, under the ones before it.
    first = root - cut.overlap * _unit(flow - (flow * d).sum(axis=1, keepdims=True) * d)
    lines = [skull.above(first, 0.0005)]
    step = length / cut.segments
    for k in range(1, cut.segments + 1):
        p = lines[-1]
        d = p - skull.middle
        d /= np.linalg.norm(d, axis=1, keepdims=True)
        way, _, _ = cut.comb(d) if cut.fall == 0 else (flow, None, None)
        way = way / np.linalg.norm(way, axis=1, keepdims=True) + jitter
        if cut.fall:
            down = np.clip((0.55 - d[:, 1:2]) / 0.5, 0, 1) * cut.fall
            way = (1 - down) * way + down * np.array([0.0, -1.0, 0.0])
        way -= (way * d).sum(axis=1, keepdims=True) * d * (1.0 if cut.fall == 0 else 0.9)
        way /= np.linalg.norm(way, axis=1, keepdims=True)
        p = p + step[:, None] * way
        d = p - skull.middle
        far = np.linalg.norm(d, axis=1)
        d /= far[:, None]
        lift = 0.001 + height * np.sqrt(k / cut.segments)
        floor = skull.height(d) + lift
        free = cut.fall * np.clip(-d[:, 1] / 0.4, 0.0, 1.0)
        hold = floor + free * np.maximum(far - floor, 0.0)
        lines.append(skull.middle + d * hold[:, None])
    return np.stack(lines, axis=1)


def _cards(
    lines: np.ndarray,
    corners: np.ndarray,
    share: np.ndarray,
    cut: Style,
    look: Look,
    skull: _Skull,
    inside: np.ndarray,
    rng: np.random.Generator,
) -> Piece:
    """Ribbons about middle lines; each takes the movement of its root."""
    count, rows = lines.shape[:2]
    along = np.gradient(lines, axis=1)
    outward = lines - skull.middle
    across = np.cross(along, outward)
    across /= np.linalg.norm(across, axis=2, keepdims=True)
    outward /= np.linalg.norm(outward, axis=2, keepdims=True)
    tilt = rng.normal(0.0, 0.22, (count, 1, 1))
    fine = np.clip(0.42 + inside / 0.22, 0.42, 1.0)[:, None, None]
    half = 0.5 * cut.width * rng.uniform(0.8, 1.2, (count, 1, 1)) * fine
    offset = half * (np.cos(tilt) * across + np.sin(tilt) * outward)
    vertices = np.stack([lines - offset, lines + offset], axis=2)
    wisp = rng.random(count) < cut.wisps * np.clip(0.85 - inside / 0.12, 0.06, 0.85)
    column = np.where(wisp, rng.integers(DENSE, COLUMNS, count), rng.integers(0, DENSE, count))
    flip = rng.integers(0, 2, count)
    u = (column[:, None] + 0.02 + 0.96 * np.abs(np.array([0, 1]) - flip[:, None])) / COLUMNS
    v = np.linspace(0.0, 1.0, rows)
    uv = np.empty((count, rows, 2, 2), dtype=np.float32)
    uv[..., 0] = u[:, None, :]
    uv[..., 1] = v[None, :, None]
    first = (np.arange(count)[:, None] * rows + np.arange(rows - 1)) * 2
    a, b, c, e = first, first + 1, first + 2, first + 3
    triangles = np.stack([np.stack([a, b, e], axis=-1), np.stack([a, e, c], axis=-1)], axis=2).reshape(-1, 3)
    each = rows * 2
    # Locks that lie together turn to the light together: one normal for each patch of the head of hair.
    d = (vertices.reshape(-1, 3) - skull.middle).astype(np.float64)
    d /= np.linalg.norm(d, axis=1, keepdims=True)
    patch = d[rng.choice(len(d), PATCHES, replace=False)]
    _, member = cKDTree(patch).query(d)
    _, first_of, weld = np.unique(member, return_index=True, return_inverse=True)
    return Piece(
        name="hair",
        vertices=vertices.reshape(-1, 3).astype(np.float32),
        uv=uv.reshape(-1, 2),
        triangles=triangles.astype(np.int32),
        weld=first_of[weld].astype(np.int32),
        anchor=np.repeat(corners, each, axis=0).astype(np.int32),
        material=strands(look),
        share=np.repeat(share, each, axis=0).astype(np.float32),
    )
