"""Motions and emotions as lossless files: plain arrays in an ``.npz``, for ``numpy.load(allow_pickle=False)``.

``schema`` (text, "animator.Motion/1" or "animator.Emotion/1"), ``names`` (text ``[C]``), ``values`` (float32 ``[T, C]``), ``fps``
(two whole numbers, numerator and denominator) and ``recipe`` (text: how the track was made; may be empty); an emotion that has
a Gaussian code also has its ``mean`` and ``scale`` (float32 ``[T, K]``). The same track gives the same bytes.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.lib import format as npy

from animator.core.emotion import Code, Emotion
from animator.core.motion import Motion
from animator.core.track import Track
from animator.errors import FormatError, InputError

Arrays = dict[str, np.ndarray]

UPGRADES: tuple[Callable[[Arrays], Arrays], ...] = ()
"""The first takes the arrays of a version 1 motion to version 2, and so on up to the version that is written."""

EMOTION_UPGRADES: tuple[Callable[[Arrays], Arrays], ...] = ()
"""The same for emotions."""

_NAMES, _CODE = ("schema", "names", "values", "fps", "recipe"), ("mean", "scale")
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, KeyError, NotImplementedError, RuntimeError,
    OverflowError, MemoryError,
)  # fmt: skip


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
    except _BROKEN:
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
    _write(path, "Emotion", len(EMOTION_UPGRADES) + 1, emotion, recipe, code)


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
    names, values, fps, recipe, code = _read(path, "Emotion", EMOTION_UPGRADES, _CODE)
    if len(code) == 1:
        lacking = next(name for name in _CODE if name not in code)
        raise FormatError(f"{path.name!r} lacks the array {lacking!r}: a code has both a mean and a scale")
    for name, array in code.items():
        if array.dtype != np.float32 or array.ndim != 2 or array.shape != (len(values), *code["mean"].shape[1:]):
            raise FormatError(f"{path.name!r}, array {name!r}: float32 [{len(values)}, K] belongs here, not {_shape(array)}")
    try:
        return Emotion(names, values, fps, Code(**code) if code else None), recipe
    except InputError as error:
        raise FormatError(f"{path.name!r}: {error}") from None


def _check_name(path: Path, what: str) -> None:
    if path.suffix.lower() != SUFFIX:
        raise InputError(f"{_a(what)} cannot be written as {path.name!r}; end it in {SUFFIX}, such as {path.stem}.{what}{SUFFIX}")


def _write(path: Path, kind: str, version: int, track: Track, recipe: str, more: Mapping[str, np.ndarray]) -> None:
    arrays: Arrays = {
        "schema": np.array(f"animator.{kind}/{version}"),
        "names": np.array(track.names, dtype=np.str_),
        "values": track.values,
        "fps": np.array([track.fps.numerator, track.fps.denominator], dtype=np.int64),
        "recipe": np.array(recipe, dtype=np.str_),
        **more,
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            entry = zipfile.ZipInfo(f"{name}.npy")  # dated 1980 whenever it is written, so that bytes depend on the track alone
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            with archive.open(entry, "w") as file:
                npy.write_array(file, array, allow_pickle=False)


def _read(
    path: Path, kind: str, upgrades: tuple[Callable[[Arrays], Arrays], ...], optional: tuple[str, ...]
) -> tuple[tuple[str, ...], np.ndarray, Fraction, str, Arrays]:
    """Names, values, rate, recipe and the optional arrays of a file, each of the shape and kind that belongs there."""
    where = repr(path.name)
    arrays = _upgraded(_arrays(path, kind.lower()), kind, upgrades, where)
    for name in sorted((arrays.keys() - set(optional)) ^ set(_NAMES)):
        raise FormatError(
            f"{where} {'lacks the' if name in _NAMES else 'has an unknown'} array {name!r}; "
            f"known: {', '.join((*_NAMES, *optional))}"
        )
    names, values, fps = arrays["names"], arrays["values"], arrays["fps"]
    columns = "controls" if kind == "Motion" else "feelings"
    if names.ndim != 1 or names.dtype.kind != "U":
        raise FormatError(f"{where}, array 'names': text [{columns}] belongs here, not {_shape(names)}")
    if values.shape[1:] != names.shape or values.dtype != np.float32:
        raise FormatError(f"{where}, array 'values': float32 [frames, {len(names)}] belongs here, not {_shape(values)}")
    if fps.shape != (2,) or fps.dtype.kind not in "iu" or (fps < 1).any():
        raise FormatError(f"{where}, array 'fps': two whole numbers above 0 belong here, not {_shape(fps)} {fps.tolist()}")
    recipe = _text(arrays, "recipe", kind, where)
    more = {name: arrays[name] for name in optional if name in arrays}
    return tuple(map(str, names)), values, Fraction(int(fps[0]), int(fps[1])), recipe, more


def _arrays(path: Path, what: str) -> Arrays:
    try:
        stream = path.open("rb")
    except OSError as error:
        raise InputError(f"the {what} file {str(path)!r} cannot be read: {error.strerror}") from None
    where = place = repr(path.name)
    arrays: Arrays = {}
    with stream:
        try:
            with zipfile.ZipFile(stream) as archive:
                for entry in archive.namelist():
                    place = f"{where}, array {entry.removesuffix('.npy')!r}"
                    with archive.open(entry) as file:
                        arrays[entry.removesuffix(".npy")] = npy.read_array(file, allow_pickle=False)
                        file.read()  # to the end, where the checksum is compared
        except _BROKEN as error:
            raise FormatError(f"{place}: not {_a(what)} file that can be read ({error or type(error).__name__})") from None
    return arrays


def _upgraded(arrays: Arrays, kind: str, upgrades: tuple[Callable[[Arrays], Arrays], ...], where: str) -> Arrays:
    found, _, version = _text(arrays, "schema", kind, where).partition("/")
    newest = len(upgrades) + 1
    wanted = f"animator.{kind}"
    if found != wanted or not version.isdecimal() or int(version) < 1:
        raise FormatError(f"{where}, array 'schema': {wanted}/{newest} belongs here, not {found}/{version}")
    if int(version) > newest:
        raise FormatError(f"{where} is {wanted}/{version}, but up to {wanted}/{newest} can be read here; update animator")
    for upgrade in upgrades[int(version) - 1 :]:
        arrays = upgrade(arrays)
    return arrays


def _text(arrays: Arrays, name: str, kind: str, where: str) -> str:
    array = arrays.get(name)
    if array is None:
        raise FormatError(f"{where} is not {_a(kind.lower())} file: it lacks the array {name!r}")
    if array.shape != () or array.dtype.kind != "U":
        raise FormatError(f"{where}, array {name!r}: one text belongs here, not {_shape(array)}")
    return str(array)


def _shape(array: np.ndarray) -> str:
    return f"{array.dtype} {list(array.shape)}"


def _a(what: str) -> str:
    return f"an {what}" if what[0] in "aeiou" else f"a {what}"
