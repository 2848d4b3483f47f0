"""``python -m animator.training.marks FOLDER``: which point of our head each of the face tracker's points is.

People who never were are drawn in many poses, the tracker reads them, and of all places on the skin that one is taken whose
picture stays nearest to where the tracker sees its point, whoever it is and however they are turned. That needs no say in what
a point means, and lips and lids, where a ray would slip past the rim, are found like any other. What is left of the distance says
how well a point is defined: little at the eyes' corners, much along the jaw, where the tracker follows the face's outline.

The same pictures say how far the tracker's word is to be taken for an expression: it reads squinting eyes in most faces at rest.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from animator import registry
from animator.core.motion import Motion
from animator.core.rig import Rig
from animator.core.stage import Camera, Stage
from animator.geometry.camera import project
from animator.geometry.pose import HEAD_ANGLES
from animator.geometry.rotation import euler
from animator.heads.fitting.marks import COUNT, MARKS, OUTER_CORNERS, READINGS
from animator.heads.paint.atlas import on_head
from animator.heads.shape import bust, rings, units
from animator.heads.shape.basemesh import read_base
from animator.heads.shape.targets import target_names
from animator.io.landmarks import Tracker
from animator.io.output import writing
from animator.io.rig import load_rig
from animator.training.embedder.people import a_person
from animator.training.motion.mirror import a_pose

SEED, SIZE, PEOPLE, POSES, STILL = 91, 288, 14, 16, 4
"""Of each person so many pictures, ``STILL`` of them at rest but for the head's turn."""

LOOKS = (0, 1, 3)
"""Whose skins people have: paint takes longer than all the rest."""

FRONT = 0.07
"""Metres in front of the base mesh's origin from which its skin may bear a mark."""

GRID = 8
"""Places tried along the edge of a triangle."""

DOUBT = 0.5
"""Sum of squares by which all readings are doubted, so that one that is hardly ever made is not believed at all."""

MISSED = (0.05, 0.25)
"""Limits of the usual distance of a unit from its reading."""

CAPPED = 0.05
"""Distance beyond which a picture tells no more against a place, as a share of the eyes' outer distance."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """One picture of one person, and all that is true of it.

    Parameters
    ----------
    picture
        ``uint8 [H W 3]``.
    row
        ``float32 [C]``: the controls that were drawn.
    rest
        ``float32 [B 3]``: the person's base mesh at rest.
    turned
        ``float32 [B 3]`` metres: the base mesh as it was drawn, in the head's space before it turned.
    camera
        The camera; the head's own turn is in ``row``.
    """

    picture: np.ndarray
    row: np.ndarray
    rest: np.ndarray
    turned: np.ndarray
    camera: Camera

    @property
    def places(self) -> np.ndarray:
        """``float32 [B 2]``: where the base mesh's vertices fall, pixels."""
        fallen: np.ndarray = project(self.turned, self.camera, *self.picture.shape[1::-1])[:, :2]
        return fallen


@dataclass(frozen=True, eq=False)
class Sight:
    """One picture: ``places float32 [B 2]``, where the base mesh's vertices fall, and ``points float32 [M 2]``, where the tracker
    sees its points, both in shares of the distance between the outer corners of the eyes; ``row`` and ``read float32 [C]``, the
    controls that were drawn and those that the tracker reads.
    """

    places: np.ndarray
    points: np.ndarray
    row: np.ndarray
    read: np.ndarray


def draw(people: Iterable[int], rig: Rig) -> Iterator[Drawn]:
    """Draw people, always the same ones, in their poses."""
    base, soft = read_base(), registry.find("renderers", "soft")(threads=1, ambient_sides=0, shadow_size=64)
    for number in people:
        rng = np.random.default_rng([SEED, number])
        person = a_person(LOOKS[number % len(LOOKS)], rng)
        rows = np.stack([_a_row(k, rig, rng) for k in range(POSES)])
        distance = float(rng.uniform(0.45, 1.4))
        camera = Camera(distance=distance, fov=float(2 * np.arctan(0.155 / distance)), target=(0.0, 0.05, 0.05))
        pictures = soft.render(Motion(rig.names, rows, Fraction(25)), person.make(), Stage(SIZE, SIZE, camera))
        rest = person.rest()
        shapes, pivot = units.displacements(base, rest), bust.pivot(base, rest)
        for row, picture in zip(rows, pictures, strict=True):
            alpha = picture[..., 3:] / np.float32(255)
            whole = (picture[..., :3] * alpha + rng.uniform(20, 220) * (1 - alpha)).astype(np.uint8)
            posed = rest - pivot
            for name, moves in shapes.items():
                posed = posed + row[rig.column(name)] * moves
            turned = posed @ euler(*(float(row[rig.column(name)]) for name in HEAD_ANGLES)).T
            yield Drawn(whole, row, rest, turned.astype(np.float32), camera)


def sights(people: Iterable[int], rig: Rig) -> Iterator[Sight]:
    """What the tracker sees of drawn people."""
    with Tracker(rig) as tracker:
        for drawn in draw(people, rig):
            seen = tracker.read(drawn.picture)
            if seen is not None:
                size = np.linalg.norm(np.subtract(*seen.points[list(OUTER_CORNERS), :2]))
                yield Sight(drawn.places / size, seen.points[:COUNT, :2] / size, drawn.row, seen.row)


def _a_row(number: int, rig: Rig, rng: np.random.Generator) -> np.ndarray:
    row = rig.rest.copy() if number < STILL else a_pose(rig, rng)
    angles = [rig.column(name) for name in HEAD_ANGLES]
    row[angles] = (0, 0, 0) if number == 0 else (rng.uniform(-0.3, 0.3), rng.uniform(-0.5, 0.5), rng.uniform(-0.15, 0.15))
    yaw, pitch = (0.0, 0.0) if number < 2 else rng.normal(0, 0.12, 2)
    for side in ("left", "right"):
        row[rig.column(f"{side}EyeYaw")], row[rig.column(f"{side}EyePitch")] = yaw, pitch
    return row.astype(np.float32)


def find_marks(seen: list[Sight]) -> np.ndarray:
    """One row a point: three base vertices, the shares of the first two, and the spread (`heads.fitting.marks.Marks`)."""
    triangles = _skin()
    candidates = np.unique(triangles)
    places, points = (np.stack(each).astype(np.float32) for each in ([s.places for s in seen], [s.points for s in seen]))
    table = np.empty((points.shape[1], 6))
    grid = np.array([(i, j) for i in range(GRID + 1) for j in range(GRID + 1 - i)]) / GRID
    shares = np.concatenate([grid, 1 - grid.sum(axis=1, keepdims=True)], axis=1).astype(np.float32)
    at = places[:, candidates]
    for k in range(points.shape[1]):
        best = candidates[_cost(at, points[:, k]).argmin()]
        around = triangles[np.isin(triangles, best).any(axis=1)]
        tried = np.einsum("gk,ntkd->ntgd", shares, places[:, around])
        costs = _cost(tried.reshape(len(seen), -1, 2), points[:, k])
        triangle, share = np.unravel_index(costs.argmin(), tried.shape[1:3])
        missed = tried[:, triangle, share] - points[:, k]
        spread = 1.4826 * np.median(np.abs(missed)) if len(missed) else 0.0
        table[k] = (*around[triangle], *shares[share, :2], spread)
    return table


def find_readings(seen: list[Sight], rig: Rig) -> list[tuple[str, float, float]]:
    """Unit, how much of its reading is to be believed, and how far from that it usually is (`heads.fitting.marks.Readings`)."""
    found = []
    for name in target_names("faceunits"):
        column = rig.column(name)
        read, true = (np.array([getattr(s, kind)[column] for s in seen], dtype=np.float64) for kind in ("read", "row"))
        if rig.control(name).region == "gaze":  # no mark tells of it, and irises tell the rest
            found.append((name, 1.0, 0.01))
            continue
        believed = float(np.clip(read @ true / (read @ read + DOUBT), 0, 1))
        missed = float(np.sqrt(np.mean((true - believed * read) ** 2)))
        found.append((name, believed, float(np.clip(missed, *MISSED))))
    return found


def _cost(places: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Mean distance of places ``[N P 2]`` from a point ``[N 2]`` over pictures, each counted up to `CAPPED`."""
    cost: np.ndarray = np.minimum(np.linalg.norm(places - points[:, None], axis=2), CAPPED).mean(axis=0)
    return cost


def _skin() -> np.ndarray:
    """Triangles of the base mesh's face, without what lies behind lips and lids."""
    base = read_base()
    quads = bust.skin_quads()
    lips = rings.mouth()
    hidden = [lips.members[: lips.rim - 1].ravel()]
    for side in "lr":
        lids = rings.eye(side)
        hidden.append(lids.members[: lids.rim - 4].ravel())
    corners = base.quads[quads]
    front = (base.vertices[corners, 2] > FRONT).all(axis=1) & on_head(base.uv[base.quad_uv[quads]].mean(axis=1))
    kept = corners[front & ~np.isin(corners, np.concatenate(hidden)).any(axis=1)]
    triangles: np.ndarray = np.concatenate([kept[:, [0, 1, 2]], kept[:, [0, 2, 3]]])
    return triangles


def main() -> None:
    """Make the files anew."""
    rig = load_rig("arkit")
    seen = list(sights(range(PEOPLE), rig))
    write(seen, rig, Path(sys.argv[1]))


def write(seen: list[Sight], rig: Rig, folder: Path) -> None:
    """Write what pictures tell to two files."""
    with writing(folder / MARKS, overwrite=True) as whole:
        np.savetxt(whole, find_marks(seen), fmt=("%d", "%d", "%d", "%.4f", "%.4f", "%.5f"), header=_HEADER)
    with writing(folder / READINGS, overwrite=True) as whole:
        lines = (f"{name} {believed:.3f} {missed:.3f}\n" for name, believed, missed in find_readings(seen, rig))
        whole.write_text("".join(lines), encoding="utf-8")


_HEADER = """Which place on MakeHuman's base mesh each of MediaPipe's 468 face landmarks is: three vertices, shares of two,
and the spread as a share of the distance between the eyes' outer corners. Made by python -m animator.training.marks."""

if __name__ == "__main__":
    main()
