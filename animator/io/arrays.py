"""Named arrays as one file that ``numpy.load(allow_pickle=False)`` reads: written the same way each time, read with suspicion.

What is written here says in ``schema`` what it is and in which version ("animator.Motion/1"); older ones are brought up to date.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.lib import format as npy

from animator.errors import FormatError, InputError

Arrays = dict[str, np.ndarray]

BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, KeyError, NotImplementedError, RuntimeError,
    OverflowError, MemoryError,
)  # fmt: skip
"""What reading a damaged file may raise."""


def write_arrays(arrays: Arrays, path: Path) -> None:
    """Write arrays by name; the bytes depend on nothing else."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            entry = zipfile.ZipInfo(f"{name}.npy")  # dated 1980 whenever it is written
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            with archive.open(entry, "w") as file:
                npy.write_array(file, array, allow_pickle=False)


def read_arrays(path: Path, what: str) -> Arrays:
    """All arrays of a file; ``what`` it should be is said where it is not.

    Raises
    ------
    InputError
        There is no such file, or it cannot be opened.
    FormatError
        It is no such file, or a broken one; the message names the array.
    """
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
        except BROKEN as error:
            raise FormatError(f"{place}: not {a(what)} file that can be read ({error or type(error).__name__})") from None
    return arrays


def check_names(arrays: Arrays, known: Sequence[str], where: str, optional: Sequence[str] = ()) -> None:
    """Raise `FormatError` unless the known arrays are there, and none besides but optional ones."""
    for name in sorted((arrays.keys() - set(optional)) ^ set(known)):
        fault = "lacks the" if name in known else "has an unknown"
        raise FormatError(f"{where} {fault} array {name!r}; known: {', '.join((*known, *optional))}")


def upgraded(arrays: Arrays, kind: str, upgrades: tuple[Callable[[Arrays], Arrays], ...], where: str) -> Arrays:
    """The arrays in the newest version of their kind; `FormatError` if they are another kind's, or of a newer version yet."""
    found, _, version = one_text(arrays, "schema", kind, where).partition("/")
    newest = len(upgrades) + 1
    wanted = f"animator.{kind}"
    if found != wanted or not version.isdecimal() or int(version) < 1:
        raise FormatError(f"{where}, array 'schema': {wanted}/{newest} belongs here, not {found}/{version}")
    if int(version) > newest:
        raise FormatError(f"{where} is {wanted}/{version}, but up to {wanted}/{newest} can be read here; update animator")
    for upgrade in upgrades[int(version) - 1 :]:
        arrays = upgrade(arrays)
    return arrays


def one_text(arrays: Arrays, name: str, kind: str, where: str) -> str:
    """The text in an array of a file of some kind; `FormatError` if it holds none."""
    array = arrays.get(name)
    if array is None:
        raise FormatError(f"{where} is not {a(kind.lower())} file: it lacks the array {name!r}")
    if array.shape != () or array.dtype.kind != "U":
        raise FormatError(f"{where}, array {name!r}: one text belongs here, not {told(array)}")
    return str(array)


def told(array: np.ndarray) -> str:
    """An array's type and shape in words."""
    return f"{array.dtype} {list(array.shape)}"


def a(what: str) -> str:
    """A word with its article."""
    return f"an {what}" if what[0] in "aeiou" else f"a {what}"
