"""Motion as a lossless file: plain arrays in an ``.npz``, for ``numpy.load(allow_pickle=False)``.

``schema`` (text, "animator.Motion/1"), ``names`` (text ``[C]``), ``values`` (float32 ``[T, C]``), ``fps`` (two whole numbers,
numerator and denominator) and ``recipe`` (text: how the motion was made; may be empty). The same motion gives the same bytes.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.lib import format as npy

from animator.core.motion import Motion
from animator.errors import FormatError, InputError

Arrays = dict[str, np.ndarray]

UPGRADES: tuple[Callable[[Arrays], Arrays], ...] = ()
"""The first takes the arrays of a version 1 file to version 2, and so on up to the version that is written."""

_KIND = "animator.Motion"
_NAMES = ("schema", "names", "values", "fps", "recipe")
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, KeyError, NotImplementedError, RuntimeError,
    OverflowError, MemoryError,
)  # fmt: skip


SUFFIX = ".npz"
"""What the name of a motion file ends in."""


def is_motion(path: Path) -> bool:
    """Whether a file of this name is taken for a motion."""
    return path.suffix.lower() == SUFFIX


def check_motion(path: Path) -> None:
    """Raise `InputError` unless a motion can be written to a file of this name."""
    if not is_motion(path):
        raise InputError(f"a motion cannot be written as {path.name!r}; end it in {SUFFIX}, such as {path.stem}.motion{SUFFIX}")


def write_motion(motion: Motion, path: Path, recipe: str = "") -> None:
    """Write a motion and the text of the recipe it was made by."""
    arrays: Arrays = {
        "schema": np.array(f"{_KIND}/{len(UPGRADES) + 1}"),
        "names": np.array(motion.names, dtype=np.str_),
        "values": motion.values,
        "fps": np.array([motion.fps.numerator, motion.fps.denominator], dtype=np.int64),
        "recipe": np.array(recipe, dtype=np.str_),
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            entry = zipfile.ZipInfo(f"{name}.npy")  # dated 1980 whenever it is written, so that bytes depend on the motion alone
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            with archive.open(entry, "w") as file:
                npy.write_array(file, array, allow_pickle=False)


def read_motion(path: Path) -> tuple[Motion, str]:
    """A motion and the text of the recipe it was made by.

    Raises
    ------
    InputError
        There is no such file, or it cannot be opened.
    FormatError
        It is not a motion file, or one of a newer version; the message names the file and the array.
    """
    where = repr(path.name)
    arrays = _upgraded(_arrays(path, where), UPGRADES, where)
    for name in sorted(arrays.keys() ^ set(_NAMES)):
        raise FormatError(
            f"{where} {'lacks the' if name in _NAMES else 'has an unknown'} array {name!r}; known: {', '.join(_NAMES)}"
        )
    names, values, fps = arrays["names"], arrays["values"], arrays["fps"]
    if names.ndim != 1 or names.dtype.kind != "U":
        raise FormatError(f"{where}, array 'names': text [controls] belongs here, not {_shape(names)}")
    if values.shape[1:] != names.shape or values.dtype != np.float32:
        raise FormatError(f"{where}, array 'values': float32 [frames, {len(names)}] belongs here, not {_shape(values)}")
    if fps.shape != (2,) or fps.dtype.kind not in "iu" or (fps < 1).any():
        raise FormatError(f"{where}, array 'fps': two whole numbers above 0 belong here, not {_shape(fps)} {fps.tolist()}")
    rate = Fraction(int(fps[0]), int(fps[1]))
    try:
        motion = Motion(tuple(map(str, names)), values, rate)
    except InputError as error:
        raise FormatError(f"{where}: {error}") from None
    return motion, _text(arrays, "recipe", where)


def _arrays(path: Path, where: str) -> Arrays:
    try:
        stream = path.open("rb")
    except OSError as error:
        raise InputError(f"the motion file {str(path)!r} cannot be read: {error.strerror}") from None
    place = where
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
            raise FormatError(f"{place}: not a motion file that can be read ({error or type(error).__name__})") from None
    return arrays


def _upgraded(arrays: Arrays, upgrades: tuple[Callable[[Arrays], Arrays], ...], where: str) -> Arrays:
    kind, _, version = _text(arrays, "schema", where).partition("/")
    newest = len(upgrades) + 1
    if kind != _KIND or not version.isdecimal() or int(version) < 1:
        raise FormatError(f"{where}, array 'schema': {_KIND}/{newest} belongs here, not {kind}/{version}")
    if int(version) > newest:
        raise FormatError(f"{where} is {kind}/{version}, but up to {kind}/{newest} can be read here; update animator")
    for upgrade in upgrades[int(version) - 1 :]:
        arrays = upgrade(arrays)
    return arrays


def _text(arrays: Arrays, name: str, where: str) -> str:
    array = arrays.get(name)
    if array is None:
        raise FormatError(f"{where} is not a motion file: it lacks the array {name!r}")
    if array.shape != () or array.dtype.kind != "U":
        raise FormatError(f"{where}, array {name!r}: one text belongs here, not {_shape(array)}")
    return str(array)


def _shape(array: np.ndarray) -> str:
    return f"{array.dtype} {list(array.shape)}"
