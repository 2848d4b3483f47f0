"""What the face tracker sees in the videos of a corpus, clip by clip, kept as it was read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from jaxtyping import Float32

from animator.core.rig import Rig
from animator.io.footage import open_footage
from animator.io.landmarks import Seen, Tracker

LIPS = (
    61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 146, 91, 181, 84, 17, 314, 405, 321, 375,
    78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 95, 88, 178, 87, 14, 317, 402, 318, 324,
)  # fmt: skip
"""The outer rim of the lips, above from the right corner to the left and then below, and the inner rim likewise."""

JAW = (152, 148, 377, 176, 400, 149, 378, 150, 379, 199, 200, 175, 18, 83, 313, 201, 421)
CHEEKS = (205, 425, 50, 280, 207, 427, 36, 266, 212, 432, 57, 287, 92, 322, 165, 391)
BROWS = (70, 63, 105, 66, 107, 336, 296, 334, 293, 300)
EYES = (33, 133, 362, 263, 159, 145, 386, 374, 160, 144, 387, 373)
STILL = (1, 2, 4, 98, 327, 168, 6, 5, 10, 151, 127, 356, 234, 454, 109, 338)
"""The nose, the forehead and the edge of the face: what hardly moves in speech."""

POINTS = LIPS + JAW + CHEEKS + BROWS + EYES + STILL
"""The points of the mesh that are kept."""


@dataclass(frozen=True, eq=False)
class Tracked:
    """One video's face.

    ``rows float32 [T C]`` over the rig's controls, ``points float32 [T P 3]`` in pixels over `POINTS`, and the video's rate.
    Frames in which no face was seen are filled from those beside them.
    """

    rows: Float32[np.ndarray, "T C"]
    points: Float32[np.ndarray, "T P 3"]
    fps: Fraction


def track(videos: Sequence[Path], rig: Rig, kept: Path) -> Iterator[tuple[str, Tracked]]:
    """Read each video, or take it from the folder ``kept`` where it was read before; ``(stem, face)``, in the order given.

    A video without a face is left out.

    Raises
    ------
    FormatError
        A video is damaged.
    MissingDependencyError
        A video was not read before, and no face tracker is installed.
    """
    kept.mkdir(parents=True, exist_ok=True)
    if all((kept / f"{video.stem}.npz").is_file() for video in videos):
        yield from ((video.stem, found) for video in videos if (found := _load(kept / f"{video.stem}.npz")))
        return
    with Tracker(rig) as tracker:
        for video in videos:
            path = kept / f"{video.stem}.npz"
            if not path.is_file():
                _save(path, *_read(video, tracker, rig))
            if found := _load(path):
                yield video.stem, found


def _read(video: Path, tracker: Tracker, rig: Rig) -> tuple[np.ndarray, np.ndarray, Fraction]:
    footage = open_footage(video)
    found = [tracker.read(picture) for picture in footage]
    seen = [each for each in found if each is not None]
    rows = np.stack([each.row for each in seen]) if seen else np.zeros((0, len(rig.controls)), np.float32)
    points = np.stack([each.points[list(POINTS)] for each in seen]) if seen else np.zeros((0, len(POINTS), 3), np.float32)
    return _filled(rows, found), _filled(points, found), footage.fps


def _filled(values: np.ndarray, found: Sequence[Seen | None]) -> np.ndarray:
    """Values of the frames that were seen, spread over all frames: linear between, held at the ends."""
    seen = [i for i, each in enumerate(found) if each is not None]
    if len(seen) in (0, len(found)):
        return values
    flat = values.reshape(len(seen), -1)
    columns = [np.interp(np.arange(len(found)), seen, flat[:, c]) for c in range(flat.shape[1])]
    return np.stack(columns, axis=1).reshape(len(found), *values.shape[1:]).astype(np.float32)


def _save(path: Path, rows: np.ndarray, points: np.ndarray, fps: Fraction) -> None:
    draft = path.with_name(f".{path.name}.draft")
    with draft.open("wb") as file:
        np.savez(file, allow_pickle=False, rows=rows, points=points, fps=np.array([fps.numerator, fps.denominator]))
    draft.replace(path)


def _load(path: Path) -> Tracked | None:
    with np.load(path, allow_pickle=False) as file:
        rows, points, fps = file["rows"], file["points"], file["fps"]
    return Tracked(rows, points, Fraction(int(fps[0]), int(fps[1]))) if len(rows) else None
