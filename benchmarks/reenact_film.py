"""Clips of GRID that nothing learned from, made again from one of their pictures, beside what was filmed.

The motion is what the face tracker and the fit read in the clip. A speaker sits still, but not quite, and a moved photo's head
stays where it is: so every picture, filmed or made, is laid over the photo by the tracker's points of eyes and nose before they
are compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jaxtyping import Float32, Float64, UInt8

from animator.core.motion import Motion
from animator.core.portrait import Portrait
from animator.core.rig import Rig
from animator.geometry.pose import HEAD_ANGLES
from animator.geometry.rotation import euler_angles
from animator.heads.fitting.footage import fit_footage
from animator.io.footage import open_footage
from animator.io.landmarks import Tracker
from animator.io.rig import load_rig
from animator.training.portrait.filmed import clips, similar
from animator.training.portrait.score import psnr, ssim
from benchmarks.moved import Move
from benchmarks.reenact_photos import read_each
from benchmarks.result import Row, row

FIRM = (33, 133, 362, 263, 168, 6, 197, 195)
"""Of the tracker's points, those that speech does not move: corners of the eyes, bridge of the nose."""

LIPS = (61, 291, 0, 17, 37, 267, 84, 314)
"""Of the tracker's points, around the mouth."""

INNER = (78, 308, 13, 14, 82, 312, 87, 317)
"""Of the tracker's points, along the inner edge of the lips."""

FOREHEAD = (105, 334, 10)
"""Of the tracker's points, around a part of the forehead."""

MOUTH, BOX = 1.5, 24
"""Side of the mouth's box as a share of the mouth; and of the mouth's inside as the probe sees it, pixels."""


class Filmed(NamedTuple):
    """A held-out clip."""

    portraits: list[Portrait]
    fps: Fraction


class Laid(NamedTuple):
    """A clip's pictures ``uint8 [T H W 3]`` laid over the photo, and the tracker's points there, ``float64 [T P 2]``."""

    pictures: np.ndarray
    points: np.ndarray


def films(folder: Path, count: int) -> list[Filmed]:
    """So many of GRID's held-out clips in which the face is seen all along."""
    found: list[Filmed] = []
    _, held = clips(folder)
    for path in held[:: max(1, len(held) // count)][:count]:
        footage = open_footage(path)
        portraits = [each for each in fit_footage(footage, path.name) if each is not None]
        if len(portraits) > 1:
            found.append(Filmed(portraits, footage.fps))
    return found


def measure(move: Move, name: str, filmed: Sequence[Filmed]) -> list[Row]:
    """Rows of one system."""
    rig = load_rig("arkit")
    figures: dict[tuple[str, str, str], list[float]] = {}
    insides: list[tuple[np.ndarray, np.ndarray]] = []
    with Tracker(rig) as tracker:
        for clip in filmed:
            photo = _photo(clip.portraits, rig)
            made = _laid(list(move(_motion(clip, photo, rig), photo, None)), photo, tracker)
            true = _laid([each.image for each in clip.portraits], photo, tracker)
            for key, value in _compared(made, true).items():
                figures.setdefault(key, []).append(value)
            insides.append((_inside(made), _inside(true)))
    rows = [row(f"{len(filmed)} clips of GRID", name, *key[:2], values, key[2]) for key, values in figures.items()]
    return [*rows, row(f"{len(filmed)} clips of GRID", name, "mouth is told from a filmed one", "share", _told(insides), "lower")]


def _photo(portraits: Sequence[Portrait], rig: Rig) -> Portrait:
    """The picture with the lips nearest to each other."""
    return min(portraits, key=lambda each: float(each.row @ rig.opening_row))


def _motion(clip: Filmed, photo: Portrait, rig: Rig) -> Motion:
    """What makes the photo look as each picture of the clip: a performance is added to the photo's own expression, but for what
    parts the lips.
    """
    added = photo.row - rig.rest
    added[[rig.column(name) for name in rig.opening]] = 0
    rows = np.stack([each.row - added for each in clip.portraits])
    for values, each in zip(rows, clip.portraits, strict=True):
        turned = (photo.view.rotation.T @ each.view.rotation).astype(np.float32)
        values[[rig.column(name) for name in HEAD_ANGLES]] = euler_angles(turned)
    return Motion(rig.names, rows, clip.fps)


def _laid(pictures: Sequence[UInt8[np.ndarray, "H W 3"]], photo: Portrait, tracker: Tracker) -> Laid:
    """Pictures laid over the photo; one in which no face is seen as it is."""
    import cv2

    onto, out, where = photo.landmarks.astype(np.float64), [], []
    for picture, seen in zip(pictures, read_each(pictures, tracker), strict=True):
        points = onto if seen is None else seen.points[:, :2].astype(np.float64)
        place = similar(points[list(FIRM)], onto[list(FIRM)])
        matrix = np.column_stack([place.matrix, place.matrix @ (0.5, 0.5) + place.shift - 0.5])
        size = picture.shape[1::-1]
        out.append(cv2.warpAffine(np.array(picture), matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE))
        where.append(points @ place.matrix.T + place.shift)
    return Laid(np.stack(out), np.stack(where))


def _compared(made: Laid, true: Laid) -> dict[tuple[str, str, str], float]:
    """Measure, unit and which way is better, to the mean over a clip."""
    boxes = {"mouth": LIPS, "face": tuple(range(468))}
    found: dict[tuple[str, str, str], float] = {}
    for part, points in boxes.items():
        cuts = [_box(place[list(points)], MOUTH if part == "mouth" else 1.0) for place in true.points]
        pairs = [(_colours(a[cut]), _colours(b[cut])) for a, b, cut in zip(made.pictures, true.pictures, cuts, strict=True)]
        found[f"{part}: PSNR", "dB", "higher"] = float(np.mean([psnr(*pair) for pair in pairs]))
        found[f"{part}: SSIM", "", "higher"] = float(np.mean([ssim(*pair) for pair in pairs]))
    forehead = _box(true.points[0][list(FOREHEAD)], 1.0)
    own, filmed = (_flicker(each.pictures[:, forehead[0], forehead[1]]) for each in (made, true))
    found["flicker of the forehead, of the filmed one's", "share", "lower"] = own / filmed
    return found


def _box(points: Float64[np.ndarray, "M 2"], share: float) -> tuple[slice, slice]:
    low, high = points.min(axis=0), points.max(axis=0)
    middle, half = (low + high) / 2, share * (high - low) / 2
    (left, top), (right, bottom) = (middle - half).round().astype(int).clip(0), (middle + half).round().astype(int)
    return slice(top, max(bottom, top + 12)), slice(left, max(right, left + 12))


def _colours(picture: UInt8[np.ndarray, "H W 3"]) -> Float32[np.ndarray, "H W 3"]:
    return picture.astype(np.float32) / np.float32(255)


def _flicker(pictures: UInt8[np.ndarray, "T H W 3"]) -> float:
    """Mean second difference in time, of 255."""
    return float(np.abs(np.diff(pictures.astype(np.float32), n=2, axis=0)).mean())


def _inside(clip: Laid) -> Float32[np.ndarray, "T N"]:
    """Mouths that are open, as the cosine transform of their brightness in a square of `BOX` pixels, whatever the light."""
    import cv2

    found = []
    for picture, points in zip(clip.pictures, clip.points, strict=True):
        inner = points[list(INNER)]
        if np.linalg.norm(inner[2] - inner[3]) > 0.1 * np.linalg.norm(inner[0] - inner[1]):
            cut = cv2.resize(picture[_box(inner, 1.3)], (BOX, BOX), interpolation=cv2.INTER_AREA).mean(axis=2)
            found.append(cv2.dct(((cut - cut.mean()) / (cut.std() + 1)).astype(np.float32)).ravel())
    return np.array(found, dtype=np.float32).reshape(-1, BOX * BOX)


def _told(insides: Sequence[tuple[np.ndarray, np.ndarray]]) -> list[float]:
    """How often a linear probe tells made mouths from filmed ones, in clips that it did not learn from; 0.5 is a guess."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import balanced_accuracy_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    found = []
    for left in range(len(insides)):
        mine, theirs = (np.concatenate([pair[which] for i, pair in enumerate(insides) if i != left]) for which in (0, 1))
        judged = insides[left]
        if all(map(len, (mine, theirs, *judged))):
            probe = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=500, class_weight="balanced"))
            probe.fit(np.concatenate([mine, theirs]), np.repeat([1, 0], [len(mine), len(theirs)]))
            truth = np.repeat([1, 0], [len(each) for each in judged])
            found.append(float(balanced_accuracy_score(truth, probe.predict(np.concatenate(judged)))))
    return found or [1.0]
