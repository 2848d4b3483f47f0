"""Filmed pairs: two pictures of one clip of GRID, the first moved by the warp to what the face does in the second.

The speaker sits still, but not quite, and a warp turns a head where it is. So the second picture is laid over the crop such
that the tracker's points in it fall, on the whole, where the warp puts them: a similarity (Umeyama 1991). What is then left
between the points says how far a pair can be trusted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from jaxtyping import Float32, Float64, UInt8
from PIL import Image

from animator.core.portrait import Portrait
from animator.core.rig import Rig
from animator.core.script import felt
from animator.errors import InputError
from animator.geometry.pose import HEAD_ANGLES
from animator.geometry.rotation import euler, euler_angles
from animator.geometry.view import fall
from animator.heads.fitting.follow import Known
from animator.heads.fitting.footage import Sitting, portray, sit_for
from animator.heads.fitting.marks import COUNT
from animator.heads.fitting.sitter import sit
from animator.heads.fitting.watch import Watch
from animator.heads.shape.targets import target_names
from animator.io.footage import open_footage
from animator.io.landmarks import Tracker
from animator.reenactors.moved.frame import Square
from animator.reenactors.moved.mover import Mover
from animator.training.phones.aligned import GRID_TRAINED
from animator.training.portrait.making import Pair, Source, boxes
from animator.training.portrait.people import light

IDENTITY = 1_000_000
"""GRID's first speaker."""

EVERY = 3
"""Every so many-th picture of a clip is looked at."""

TARGETS, HELD_TARGETS = 6, 2
"""Pictures that one of a clip is moved to, and in clips that are held out."""

SHUT = 0.6
"""Chance that a photo's lips are as near to each other as any in the clip."""

TRUSTED = 2.0
"""Pixels of the crop that points may be off by in the mean."""

INTRODUCED = 12
"""Clips whose first pictures tell the person."""

_CHANCE = 5


def clips(folder: Path) -> tuple[list[Path], list[Path]]:
    """GRID's videos to learn from, and those held out; `InputError` if the folder has none."""
    names = [path.stem for path in sorted((folder / "audio").glob("*.flac"))]
    found = [[folder / "video" / f"{name}.mp4" for name in part] for part in (names[:GRID_TRAINED], names[GRID_TRAINED:])]
    learned, held = ([path for path in part if path.is_file()] for part in found)
    if not learned:
        raise InputError(f"{folder} holds no videos of GRID (video/*.mp4)")
    return learned, held


def filmed(videos: Sequence[Path], sitting: Sitting, held: bool, seed: int, rig: Rig, tracker: Tracker) -> Iterator[Source]:
    """One photo a clip, and the pairs of it that can be trusted."""
    for video in videos:
        rng = np.random.default_rng([seed, _CHANCE, *video.stem.encode()])
        portraits = list(_portraits(video, sitting, rig, tracker))
        if len(portraits) > TARGETS:
            yield _source(portraits, sitting.person, HELD_TARGETS if held else TARGETS, held, rig, rng)


def introduce(videos: Sequence[Path], rig: Rig, tracker: Tracker) -> Sitting:
    """The speaker, as some clips show him."""
    some = videos[:: max(1, len(videos) // INTRODUCED)]
    return sit_for([next(iter(open_footage(video))) for video in some], tracker, rig, "GRID")


def _portraits(video: Path, sitting: Sitting, rig: Rig, tracker: Tracker) -> Iterator[Portrait]:
    watch, last = Watch(tracker.read_all, None, video.name), None
    for number, picture in enumerate(open_footage(video)):
        if number % EVERY == 0 and (seen := watch(picture)) is not None:
            portrait, last = portray(picture, seen, sitting, rig, last)
            yield portrait


def _source(portraits: Sequence[Portrait], person: Known, count: int, held: bool, rig: Rig, rng: np.random.Generator) -> Source:
    opening = np.array([portrait.row @ rig.opening_row for portrait in portraits])
    first = int(opening.argmin()) if rng.random() < SHUT else int(rng.integers(len(portraits)))
    photo, others = portraits[first], np.delete(np.arange(len(portraits)), first)
    widest = others[np.argsort(-opening[others])][: len(others) // 3]
    chosen = [*rng.choice(widest, count // 2, replace=False)]
    chosen += [*rng.choice(np.setdiff1d(others, chosen), count - len(chosen), replace=False)]
    sitter = sit(photo)
    mover = Mover(replace(sitter, head=light(sitter.head)))
    pairs = (_pair(photo, portraits[other], person, mover, rig) for other in chosen)
    return Source(mover.reference, [pair for pair in pairs if pair is not None], IDENTITY, held, real=True)


def _pair(photo: Portrait, other: Portrait, person: Known, mover: Mover, rig: Rig) -> Pair | None:
    """The photo moved to another picture, or None if they do not come to lie over each other."""
    row, turned = other.row.copy(), (photo.view.rotation.T @ other.view.rotation).astype(np.float32)
    row[[rig.column(name) for name in HEAD_ANGLES]] = euler_angles(turned)
    row = np.clip(row, rig.low, rig.high).astype(np.float32)
    missed = photo.landmarks[:COUNT] - fall(_marks(photo.row, person, rig), photo.view)
    moved = fall(_marks(row, person, rig), photo.view) + missed
    place = similar(moved, other.landmarks[:COUNT].astype(np.float64))
    back = place.back(other.landmarks.astype(np.float64))
    if np.linalg.norm(back[:COUNT] - moved, axis=1).mean() / mover.face.step > TRUSTED:
        return None
    crop = (back - (mover.face.left, mover.face.top)) / mover.face.step
    neutral = np.zeros(len(felt(rig.emotions)), dtype=np.float32)
    return Pair(mover.look(row), laid(other.image, place, mover.face), neutral, boxes(crop))


def _marks(row: Float32[np.ndarray, " C"], person: Known, rig: Rig) -> Float64[np.ndarray, "M 3"]:
    """The marks of the person in a row, head angles and all."""
    weights = row[[rig.column(name) for name in target_names("faceunits")]].astype(np.float64)
    turned: np.ndarray = person.marked(weights).places @ euler(*(float(row[rig.column(name)]) for name in HEAD_ANGLES)).T
    return turned


@dataclass(frozen=True, eq=False)
class Similarity:
    """A turn, a scale and a shift of the plane: ``matrix float64 [2 2]``, ``shift float64 [2]``."""

    matrix: Float64[np.ndarray, "2 2"]
    shift: Float64[np.ndarray, " 2"]

    def back(self, points: Float64[np.ndarray, "M 2"]) -> Float64[np.ndarray, "M 2"]:
        """Where points were before."""
        before: np.ndarray = (points - self.shift) @ np.linalg.inv(self.matrix).T
        return before


def similar(points: Float64[np.ndarray, "M 2"], onto: Float64[np.ndarray, "M 2"]) -> Similarity:
    """What brings points nearest to others, by least squares."""
    here, there = points - points.mean(axis=0), onto - onto.mean(axis=0)
    whole = (here**2).sum()
    along, across = (here * there).sum() / whole, (here[:, 0] * there[:, 1] - here[:, 1] * there[:, 0]).sum() / whole
    matrix = np.array([[along, -across], [across, along]])
    return Similarity(matrix, onto.mean(axis=0) - matrix @ points.mean(axis=0))


def laid(picture: UInt8[np.ndarray, "H W 3"], place: Similarity, square: Square) -> UInt8[np.ndarray, "S S 3"]:
    """A square of the photo as another picture has it, which lies over the photo by a similarity; its edge goes on."""
    pad = square.size // 2
    padded = np.pad(picture, ((pad, pad), (pad, pad), (0, 0)), mode="edge")
    matrix = place.matrix * square.step
    shift = place.matrix @ np.array([square.left, square.top]) + place.shift + pad
    rows = np.column_stack([matrix, shift]).ravel().tolist()
    size = (square.size, square.size)
    return np.asarray(Image.fromarray(padded).transform(size, Image.Transform.AFFINE, rows, Image.Resampling.BICUBIC))
