"""Teeth one by one, and gums, along the arches of the base mesh's coarse teeth.

Sizes are those of the usual adult dentition: crown widths as in Ash and Nelson, *Wheeler's Dental Anatomy*, scaled together so
that eight teeth fill each half of the base mesh's arch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

import numpy as np
from jaxtyping import Float32, Float64, Int32
from scipy.interpolate import PchipInterpolator

from animator.core.head import Material
from animator.heads.pieces.assemble import Piece
from animator.heads.shape.basemesh import BaseMesh

AROUND = 12
"""Vertices around a tooth."""


@dataclass(frozen=True)
class Tooth:
    """One crown: width along the arch and depth at the neck (mm), how thin and how pointed its biting edge is, how boxy it is."""

    width: float
    depth: float
    edge: float
    point: float
    square: float


@dataclass(frozen=True, eq=False)
class Jaw:
    """One arch.

    Parameters
    ----------
    margin, bite, fold
        Base vertices from the midline back on the subject's left: where crowns leave the gum, where they end, and where the
        gum meets the lip.
    inset
        Metres that the arch lies inside the base mesh's, in front.
    longer
        Metres that the front crowns reach beyond the base mesh's.
    teeth
        From the midline back.
    """

    margin: tuple[int, ...]
    bite: tuple[int, ...]
    fold: tuple[int, ...]
    inset: float
    longer: float
    teeth: tuple[Tooth, ...]


JAWS: Mapping[str, Jaw] = MappingProxyType(
    {
        "upper": Jaw(
            margin=(15079, 15075, 15074, 15073, 15072, 15084, 15083, 15082, 15081),
            bite=(15069, 15086, 15071, 15070, 15085, 15078, 15077, 15076, 15080),
            fold=(15061, 15060, 15062, 15063, 15064, 15065, 15066, 15067, 15068),
            inset=0.0008,
            longer=0.0026,
            teeth=(
                Tooth(8.5, 6.4, 0.24, 0.03, 2.7), Tooth(6.6, 5.8, 0.24, 0.06, 2.6), Tooth(7.6, 7.4, 0.34, 0.17, 2.2),
                Tooth(7.0, 8.6, 0.62, 0.10, 2.4), Tooth(6.8, 8.6, 0.66, 0.08, 2.4), Tooth(10.2, 10.4, 0.80, 0.05, 2.9),
                Tooth(9.4, 10.0, 0.80, 0.05, 2.9), Tooth(8.4, 9.4, 0.80, 0.05, 2.9),
            ),
        ),
        "lower": Jaw(
            margin=(15012, 15013, 15014, 15015, 15011, 15016, 15017, 15018, 15009),
            bite=(15010, 15001, 15002, 15003, 15004, 15005, 15006, 15007, 15008),
            fold=(14993, 14992, 14994, 14995, 14996, 14997, 14998, 14999, 15000),
            inset=0.0032,
            longer=-0.0002,
            teeth=(
                Tooth(5.3, 5.4, 0.24, 0.02, 2.6), Tooth(5.8, 5.7, 0.24, 0.04, 2.6), Tooth(6.8, 7.0, 0.32, 0.14, 2.2),
                Tooth(7.0, 7.6, 0.55, 0.10, 2.3), Tooth(7.1, 8.0, 0.66, 0.07, 2.4), Tooth(11.0, 10.2, 0.80, 0.05, 2.9),
                Tooth(10.4, 10.0, 0.80, 0.05, 2.9), Tooth(9.6, 9.4, 0.80, 0.05, 2.9),
            ),
        ),
    }
)  # fmt: skip
"""The two arches."""

_HEIGHTS = np.array([-0.25, 0.0, 0.25, 0.55, 0.82, 0.95])
"""Rings of a crown, from under the gum (below 0) toward the biting edge (1), which has a ring and a point of its own."""

_WIDTHS = np.array([0.72, 0.80, 0.93, 1.0, 0.97, 0.90])
_SCALLOP = 0.22
"""How far the gum reaches down between two crowns, as a share of their height."""


@dataclass(frozen=True, eq=False)
class Arch:
    """A jaw's three curves, by distance along the arch from the midline; the subject's left is positive."""

    half: float
    curves: Mapping[str, PchipInterpolator]

    def frame(self, along: Float64[np.ndarray, " m"]) -> dict[str, Float64[np.ndarray, "m 3"]]:
        """Points of the curves, and the level direction ``out`` of the mouth."""
        at = {name: curve(along) for name, curve in self.curves.items()}
        tangent = self.curves["bite"].derivative()(along)
        out = np.stack([-tangent[:, 2], np.zeros(len(along)), tangent[:, 0]], axis=1)
        return {**at, "out": out / np.linalg.norm(out, axis=1, keepdims=True)}


def dentition(
    base: BaseMesh, vertices: Float32[np.ndarray, "B 3"], jaw: str, enamel: Material, gum: Material
) -> tuple[Piece, Piece]:
    """Teeth and gums of a jaw (``upper`` or ``lower``), over a shaped base mesh."""
    plan = JAWS[jaw]
    arch = _arch(base, vertices, plan)
    size = arch.half / sum(tooth.width for tooth in plan.teeth)
    corners = _corners(plan, base)
    ends = np.cumsum([0.0, *(size * tooth.width for tooth in plan.teeth)])
    crowns = [
        _crown(arch, tooth, side * (start + stop) / 2, stop - start, size)
        for side in (-1, 1)
        for tooth, start, stop in zip(plan.teeth, ends[:-1], ends[1:], strict=True)
    ]
    points, uv = (np.concatenate([crown[i] for crown in crowns]) for i in (0, 1))
    faces = _crown_faces()
    triangles = np.concatenate([faces + i * len(crowns[0][0]) for i in range(len(crowns))])
    if jaw == "lower":  # its crowns grow upward, which turns their faces inside out
        triangles = triangles[:, ::-1]
    gum_points, gum_uv, gum_faces = _gums(arch, np.concatenate([-ends[:0:-1], ends]))
    if jaw == "lower":
        gum_faces = gum_faces[:, ::-1]
    return (
        _piece(f"teeth_{jaw}", (points, uv, triangles), vertices, corners, enamel),
        _piece(f"gums_{jaw}", (gum_points, gum_uv, gum_faces), vertices, corners, gum),
    )


def _arch(base: BaseMesh, vertices: np.ndarray, plan: Jaw) -> Arch:
    rows = {}
    for name in ("margin", "bite", "fold"):
        left = np.array(getattr(plan, name), dtype=np.int32)
        right = _mirrored(base, left[1:])[::-1]
        rows[name] = vertices[np.concatenate([right, left])].astype(np.float64)
    middle = len(plan.bite) - 1
    # The front lies further in than the back, where the arch is only made narrower.
    depth = rows["bite"][:, 2]
    front = ((depth - depth.min()) / (depth.max() - depth.min()))[:, None]
    for row in rows.values():
        row[:, 2] -= plan.inset * front[:, 0]
        row[:, 0] *= 1 - 0.7 * plan.inset / np.abs(row[:, 0]).max()
    grow = rows["bite"] - rows["margin"]
    rows["bite"] += plan.longer * front * grow / np.linalg.norm(grow, axis=1, keepdims=True)
    level = rows["bite"][:, [0, 2]]
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(level, axis=0), axis=1))])
    along -= along[middle]
    curves = {name: PchipInterpolator(along, row) for name, row in rows.items()}
    return Arch(float(min(along[-1], -along[0])), MappingProxyType(curves))


def _mirrored(base: BaseMesh, members: Int32[np.ndarray, " m"]) -> Int32[np.ndarray, " m"]:
    """The vertices of the teeth on the other side of the base mesh."""
    teeth = base.group_vertices("helper-upper-teeth", "helper-lower-teeth")
    wanted = base.vertices[members] * np.array([-1, 1, 1], dtype=np.float32)
    nearest = np.linalg.norm(base.vertices[teeth][None] - wanted[:, None], axis=2).argmin(axis=1)
    found: np.ndarray = teeth[nearest]
    return found


def _crown(arch: Arch, tooth: Tooth, centre: float, width: float, size: float) -> tuple[np.ndarray, np.ndarray]:
    """Points and uv of one crown: rings from under the gum to the edge, then the middle of the biting surface."""
    angle = 2 * np.pi * (np.arange(AROUND) + 0.5) / AROUND
    power = 2 / tooth.square
    across = np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** power
    facing = np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** power
    # Two more rings close the crown: its edge, drawn in a little, and a point.
    heights = np.append(_HEIGHTS, [1.0, 1.0])[:, None]
    widths = np.append(_WIDTHS, [0.74, 0.0])[:, None]
    thick = np.append(np.interp(_HEIGHTS, [0, 1], [1, tooth.edge]), [tooth.edge * 0.6, 0.0])[:, None]
    middle = np.interp(heights, [0, 1], [1, tooth.edge])
    s = widths * across
    height = heights - tooth.point * np.clip(heights, 0, 1) ** 3 * np.abs(s) ** 1.6
    # The outer face is nearly plumb and bellies a little; the inner face slopes to the edge.
    belly = 0.05 * (1 - (2 * np.clip(heights, 0, 1) - 0.8) ** 2)
    depth = tooth.depth * size * (belly - 0.5 * middle + 0.5 * thick * facing)
    frame = arch.frame((centre + 0.5 * width * 0.985 * s).ravel())
    grown = frame["margin"] + height.reshape(-1, 1) * (frame["bite"] - frame["margin"])
    points = grown + depth.reshape(-1, 1) * frame["out"]
    uv = np.stack([0.5 + 0.5 * s, np.broadcast_to(np.clip(heights, 0, 1), s.shape)], axis=-1).reshape(-1, 2)
    return points, uv


def _crown_faces() -> Int32[np.ndarray, "f 3"]:
    """Triangles of one crown that grows downward."""
    rings = len(_HEIGHTS) + 2
    i = np.arange(AROUND)
    j = (i + 1) % AROUND
    faces = []
    for ring in range(rings - 1):
        high, low = ring * AROUND, (ring + 1) * AROUND
        faces += [np.stack([high + i, low + i, high + j], axis=1), np.stack([high + j, low + i, low + j], axis=1)]
    return np.concatenate(faces[:-1]).astype(np.int32)


def _gums(arch: Arch, borders: np.ndarray) -> tuple[np.ndarray, np.ndarray, Int32[np.ndarray, "f 3"]]:
    """Points, uv and triangles of the gums: from the fold of the lip over the margin at the crowns to the side of the tongue."""
    steps = 4
    along = np.concatenate([np.linspace(a, b, steps, endpoint=False) for a, b in pairwise(borders)])
    along = np.append(along, borders[-1])
    phase = np.interp(along, borders, np.arange(len(borders))) % 1.0
    between = np.abs(2 * phase - 1) ** 2.5
    frame = arch.frame(along)
    height, out = frame["bite"] - frame["margin"], frame["out"]
    edge = frame["margin"] + (_SCALLOP * between[:, None] + 0.02) * height
    root = frame["fold"] - frame["margin"]
    swell = (0.0008 - 0.0010 * between)[:, None]
    # Profile from the lip's side to the tongue's: metres outward and the share of the way up to the fold.
    rows = [
        (0.0, frame["fold"] - 0.0010 * out),
        (0.45, frame["margin"] + 0.55 * root + (0.0004 + swell) * out),
        (0.8, frame["margin"] + 0.2 * root + (0.0009 + swell) * out),
        (0.95, edge + (0.0006 + 0.4 * swell) * out),
        (1.0, edge - 0.0012 * out),
        (1.0, edge - 0.0075 * out),
        (0.85, frame["margin"] + 0.1 * root - 0.0105 * out),
        (0.3, frame["margin"] + 0.7 * root - 0.0125 * out),
    ]
    points = np.concatenate([row for _, row in rows])
    u = np.linspace(0, 1, len(along))
    uv = np.concatenate([np.stack([u, np.full_like(u, v)], axis=1) for v, _ in rows])
    i = np.arange(len(along) - 1)
    count = len(along)
    faces = []
    for row in range(len(rows) - 1):
        high, low = row * count + i, (row + 1) * count + i
        faces += [np.stack([high, low, high + 1], axis=1), np.stack([high + 1, low, low + 1], axis=1)]
    return points, uv, np.concatenate(faces).astype(np.int32)


def _corners(plan: Jaw, base: BaseMesh) -> Int32[np.ndarray, " 4"]:
    """Four base vertices that span the jaw: they carry it rigidly, since a jaw's units are affine on its teeth."""
    back = plan.bite[-1]
    return np.array([plan.bite[0], plan.fold[0], back, _mirrored(base, np.array([back], dtype=np.int32))[0]], dtype=np.int32)


def _piece(
    name: str,
    mesh: tuple[np.ndarray, np.ndarray, np.ndarray],
    vertices: np.ndarray,
    corners: Int32[np.ndarray, " 4"],
    material: Material,
) -> Piece:
    points, uv, triangles = mesh
    count = len(points)
    # Barycentric coordinates in the tetrahedron of the corners.
    system = np.concatenate([vertices[corners].astype(np.float64).T, np.ones((1, 4))])
    share = np.linalg.solve(system, np.concatenate([points.T, np.ones((1, count))])).T
    return Piece(
        name,
        points.astype(np.float32),
        uv.astype(np.float32),
        np.ascontiguousarray(triangles, dtype=np.int32),
        np.arange(count, dtype=np.int32),
        np.tile(corners, (count, 1)),
        material,
        share.astype(np.float32),
    )
