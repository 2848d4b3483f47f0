"""Motions and emotions as lossless files: plain arrays in an ``.npz``, for ``numpy.load(allow_pickle=False)``.

``schema`` (text, "animator.Motion/1" or "animator.Emotion/1"), ``names`` (text ``[C]``), ``values`` (float32 ``[T, C]``), ``fps``
(two whole numbers, numerator and denominator) and ``recipe`` (text: how the track was made; may be empty); an emotion that has
a Gaussian code also has its ``mean`` and ``scale`` (float32 ``[T, K]``), and one with gestures their names (``gestures``, text
``[G]``) and each one's start, strength and hold (``done``, float64 ``[G, 3]``). The same track gives the same bytes.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.lib import format as npy

from animator.core.emotion import Code, Emotion, Gesture
from animator.core.motion import Motion
from animator.core.track import Track
from animator.errors import FormatError, InputError
from animator.io.arrays import BROKEN, Arrays, a, check_names, one_text, read_arrays, told, upgraded, write_arrays

UPGRADES: tuple[Callable[[Arrays], Arrays], ...] = ()
"""The first takes the arrays of a version 1 motion to version 2, and so on up to the version that is written."""

EMOTION_UPGRADES: tuple[Callable[[Arrays], Arrays], ...] = ()
"""The same for emotions."""

_NAMES, _CODE = ("schema", "names", "values", "fps", "recipe"), ("mean", "scale")
_GESTURES = ("gestures", "done")

SUFFIX = ".npz"
"""What the name of a motion or emotion file ends in."""


def is_motion(path: Path) -> bool:
    """Whether a file of this name is taken for a motion."""
    return path.suffix.lower() == SUFFIX


def holds_emotion(path: Path) -> bool:
    """Whether a file says that it holds an emotion; whether it can be read is for `read_emotion` to find out."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open("schema.npy") as file:
            return str(npy.read_array(file, allow_pickle=False)).startswith("animator.Emotion/")
    except BROKEN:
        return False


def check_motion(path: Path) -> None:
    """Raise `InputError` unless a motion can be written to a file of this name."""
    _check_name(path, "motion")


def check_emotion(path: Path) -> None:
    """Raise `InputError` unless an emotion can be written to a file of this name."""
    _check_name(path, "emotion")


def write_motion(motion: Motion, path: Path, recipe: str = "") -> None:
    """Write a motion and the text of the recipe it was made by."""
    _write(path, "Motion", len(UPGRADES) + 1, motion, recipe, {})


def write_emotion(emotion: Emotion, path: Path, recipe: str = "") -> None:
    """Write an emotion, with its code if it has one, and the text of the recipe it was made by."""
    code = {} if emotion.code is None else {"mean": emotion.code.mean, "scale": emotion.code.scale}
    acts: Arrays = {}
    if emotion.gestures:
        done = np.array([gesture[1:] for gesture in emotion.gestures], dtype=np.float64)
        acts = {"gestures": np.array([gesture.name for gesture in emotion.gestures], dtype=np.str_), "done": done}
    _write(path, "Emotion", len(EMOTION_UPGRADES) + 1, emotion, recipe, code | acts)


def read_motion(path: Path) -> tuple[Motion, str]:
    """A motion and the text of the recipe it was made by.

    Raises
    ------
    InputError
        There is no such file, or it cannot be opened.
    FormatError
        It is not a motion file, or one of a newer version; the message names the file and the array.
    """
    names, values, fps, recipe, _ = _read(path, "Motion", UPGRADES, ())
    try:
        return Motion(names, values, fps), recipe
    except InputError as error:
        raise FormatError(f"{path.name!r}: {error}") from None


def read_emotion(path: Path) -> tuple[Emotion, str]:
    """An emotion and the text of the recipe it was made by; raises as `read_motion`."""
    names, values, fps, recipe, more = _read(path, "Emotion", EMOTION_UPGRADES, (*_CODE, *_GESTURES))
    for pair, why in ((_CODE, "a code has both a mean and a scale"), (_GESTURES, "gestures have both names and times")):
        lacking = [name for name in pair if name not in more]
        if len(lacking) == 1:
            raise FormatError(f"{path.name!r} lacks the array {lacking[0]!r}: {why}")
    code = {name: more[name] for name in _CODE if name in more}
    for name, array in code.items():
        if array.dtype != np.float32 or array.ndim != 2 or array.shape != (len(values), *code["mean"].shape[1:]):
            raise FormatError(f"{path.name!r}, array {name!r}: float32 [{len(values)}, K] belongs here, not {told(array)}")
    try:
        return Emotion(names, values, fps, Code(**code) if code else None, _gestures(more, path)), recipe
    except InputError as error:
        raise FormatError(f"{path.name!r}: {error}") from None


def _gestures(more: Arrays, path: Path) -> tuple[Gesture, ...]:
    if "gestures" not in more:
        return ()
    names, done = more["gestures"], more["done"]
    if names.ndim != 1 or names.dtype.kind != "U":
        raise FormatError(f"{path.name!r}, array 'gestures': text [gestures] belongs here, not {told(names)}")
    if done.shape != (len(names), 3) or done.dtype != np.float64 or not np.isfinite(done).all():
        raise FormatError(f"{path.name!r}, array 'done': finite float64 [{len(names)}, 3] belongs here, not {told(done)}")
    return tuple(Gesture(str(name), *map(float, times)) for name, times in zip(names, done, strict=True))


def _check_name(path: Path, what: str) -> None:
    if path.suffix.lower() != SUFFIX:
        raise InputError(f"{a(what)} cannot be written as {path.name!r}; end it in {SUFFIX}, such as {path.stem}.{what}{SUFFIX}")


def _write(path: Path, kind: str, version: int, track: Track, recipe: str, more: Mapping[str, np.ndarray]) -> None:
    arrays: Arrays = {
        "schema": np.array(f"animator.{kind}/{version}"),
        "names": np.array(track.names, dtype=np.str_),
        "values": track.values,
        "fps": np.array([track.fps.numerator, track.fps.denominator], dtype=np.int64),
        "recipe": np.array(recipe, dtype=np.str_),
        **more,
    }
    write_arrays(arrays, path)


def _read(
    path: Path, kind: str, upgrades: tuple[Callable[[Arrays], Arrays], ...], optional: tuple[str, ...]
) -> tuple[tuple[str, ...], np.ndarray, Fraction, str, Arrays]:
    """Names, values, rate, recipe and the optional arrays of a file, each of the shape and kind that belongs there."""
    where = repr(path.name)
    arrays = upgraded(read_arrays(path, kind.lower()), kind, upgrades, where)
    check_names(arrays, _NAMES, where, optional)
    names, values, fps = arrays["names"], arrays["values"], arrays["fps"]
    columns = "controls" if kind == "Motion" else "feelings"
    if names.ndim != 1 or names.dtype.kind != "U":
        raise FormatError(f"{where}, array 'names': text [{columns}] belongs here, not {told(names)}")
    if values.shape[1:] != names.shape or values.dtype != np.float32:
        raise FormatError(f"{where}, array 'values': float32 [frames, {len(names)}] belongs here, not {told(values)}")
    if fps.shape != (2,) or fps.dtype.kind not in "iu" or (fps < 1).any():
        raise FormatError(f"{where}, array 'fps': two whole numbers above 0 belong here, not {told(fps)} {fps.tolist()}")
    recipe = one_text(arrays, "recipe", kind, where)
    more = {name: arrays[name] for name in optional if name in arrays}
    return tuple(map(str, names)), values, Fraction(int(fps[0]), int(fps[1])), recipe, more
