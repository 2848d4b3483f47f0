"""The face that is meant in a picture, read from as near as it allows; and why it cannot be, where it cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from jaxtyping import Float64, UInt8
from PIL import Image

from animator.errors import InputError
from animator.io.image import read_image
from animator.io.landmarks import Seen

Read = Callable[[np.ndarray], list[Seen]]
"""Whoever finds the faces of a picture ``uint8 [H W 3]``: `io.landmarks.Tracker.read_all`."""

AT_MOST = 12
"""Faces looked for in a picture."""

SMALLEST = 64
"""Pixels from the brows to the chin, at least."""

NEAR, SHARP = 2.0, 768
"""The face is read again in a square so many times its size, of so many pixels at most: the tracker sees more from near."""

_BROWS, _CHIN = (105, 334), 152


def read_photo(path: Path) -> UInt8[np.ndarray, "H W 3"]:
    """A picture in sRGB as its camera was held, before grey where it is transparent; raises as `io.image.read_image`."""
    pixels = read_image(path)
    if (pixels[..., 3] == 255).all():
        return np.ascontiguousarray(pixels[..., :3])
    alpha = pixels[..., 3:] / np.float32(255)
    return (pixels[..., :3] * alpha + 128 * (1 - alpha)).round().astype(np.uint8)


def find_face(read: Read, image: UInt8[np.ndarray, "H W 3"], number: int | None, name: str) -> Seen:
    """The face of a picture that is meant: the only one, or the one of that number, counted from the left, from 1.

    Raises
    ------
    InputError
        No face is seen, or several and none is chosen, or fewer; the sentence lists them. Or it is too small.
    """
    faces = sorted(_faces(read, image), key=lambda seen: float(seen.points[:, 0].mean()))
    height, width = image.shape[:2]
    if not faces:
        raise InputError(f"no face is seen in {name!r} ({width}x{height} pixels); give a picture of a face, upright and well lit")
    listed = "; ".join(f"{k} at {_place(seen)}" for k, seen in enumerate(faces, start=1))
    if number is None and len(faces) > 1:
        raise InputError(f"{len(faces)} faces are seen in {name!r} ({listed}); choose one of them with --face")
    if number is not None and not 1 <= number <= len(faces):
        raise InputError(f"there is no face {number} in {name!r}; seen from the left: {listed}")
    face = _nearer(read, image, faces[(number or 1) - 1])
    if (tall := _tall(face)) < SMALLEST:
        raise InputError(
            f"the face in {name!r} is {tall:.0f} pixels from brow to chin, and {SMALLEST} are needed; give a larger picture"
        )
    return face


def _faces(read: Read, image: np.ndarray) -> list[Seen]:
    """All faces of a picture; where none is seen, in parts of it, which show smaller ones."""
    found = read(image)
    for parts in () if found else (2, 4):
        for x, y, part in _parts(image, parts):
            for seen in read(part):
                moved = _moved(seen, 1.0, (x, y))
                middle = moved.points[:, :2].mean(axis=0)
                if all(np.linalg.norm(middle - other.points[:, :2].mean(axis=0)) > 0.5 * _tall(other) for other in found):
                    found.append(moved)
        if found:
            break
    return found


def _parts(image: np.ndarray, count: int) -> Iterator[tuple[int, int, np.ndarray]]:
    """Overlapping parts, ``count`` and one more along either side, with the places of their corners."""
    height, width = image.shape[:2]
    tall, wide = (-(-2 * side // (count + 1)) for side in (height, width))
    for top in np.linspace(0, height - tall, count, dtype=int).tolist():
        for left in np.linspace(0, width - wide, count, dtype=int).tolist():
            yield left, top, image[top : top + tall, left : left + wide]


def _nearer(read: Read, image: np.ndarray, face: Seen) -> Seen:
    """The face read again from a close-up; as it was, if it is not seen there."""
    return read_near(read, image, square_around(face), middle_of(face)) or face


def square_around(face: Seen) -> tuple[int, int, int]:
    """Left, top and side of the square around a face from which it is read; it may leave the picture."""
    low, high = face.points[:, :2].min(axis=0), face.points[:, :2].max(axis=0)
    side = NEAR * float((high - low).max())
    left, top = np.floor((low + high) / 2 - side / 2)
    return int(left), int(top), int(side) + 1


def read_near(read: Read, image: np.ndarray, square: tuple[int, int, int], near: np.ndarray) -> Seen | None:
    """The face in a square of the picture that lies where ``near [2]`` says, if one does."""
    left, top, side = square
    right, bottom = min(left + side, image.shape[1]), min(top + side, image.shape[0])
    left, top = max(left, 0), max(top, 0)
    part = image[top:bottom, left:right]
    if min(part.shape) == 0:
        return None
    shrink = min(1.0, SHARP / max(part.shape[:2]))
    if shrink < 1:
        size = (max(1, round(part.shape[1] * shrink)), max(1, round(part.shape[0] * shrink)))
        part = np.asarray(Image.fromarray(part).resize(size, Image.Resampling.BOX))
    found = [_moved(seen, 1 / shrink, (left, top)) for seen in read(part)]
    nearest = min(found, key=lambda seen: apart(seen, near), default=None)
    return nearest if nearest is not None and apart(nearest, near) < side / 8 else None


def middle_of(seen: Seen) -> Float64[np.ndarray, " 2"]:
    """The middle of a face, pixels."""
    middle: np.ndarray = seen.points[:, :2].mean(axis=0, dtype=np.float64)
    return middle


def apart(seen: Seen, place: Float64[np.ndarray, " 2"]) -> float:
    """How far the middle of a face is from a place, pixels."""
    return float(np.linalg.norm(middle_of(seen) - place))


def _moved(seen: Seen, grow: float, to: tuple[int, int]) -> Seen:
    return replace(seen, points=seen.points * np.float32(grow) + np.array([*to, 0], dtype=np.float32))


def _tall(seen: Seen) -> float:
    return float(np.linalg.norm(seen.points[list(_BROWS), :2].mean(axis=0) - seen.points[_CHIN, :2]))


def _place(seen: Seen) -> str:
    x, y = seen.points[:, :2].mean(axis=0)
    wide, tall = np.ptp(seen.points[:, :2], axis=0)
    return f"({x:.0f}, {y:.0f}), {wide:.0f}x{tall:.0f} pixels"
