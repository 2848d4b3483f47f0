"""Plain curves from comma-separated values, as `animator export` and most other programs write them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import ClassVar

import numpy as np

from animator.core.motion import Motion
from animator.errors import FormatError, InputError, UnknownNameError
from animator.io.rig import load_rig

LARGEST_DENOMINATOR = 1001
"""Of a rate: 30000/1001 is the finest in use."""


@dataclass(frozen=True)
class Csv:
    """Plain curves, one row a frame: ``time`` in seconds, then controls by name; what is not named rests.

    Frames are evenly spaced; the rate is told by the first and the last time, to a fraction over at most 1001.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".csv",)
    rig: ClassVar[str] = "arkit"

    def recognises(self, path: Path) -> bool:
        """Whether the file begins with a header whose first column is ``time``."""
        with path.open("rb") as file:
            return file.read(5).lower() == b"time,"

    def read(self, path: Path) -> Motion:
        """The curves; see `importers.base.Importer`."""
        try:
            with path.open(encoding="utf-8", newline="") as file:
                header, *rows = csv.reader(file)
        except OSError as error:
            raise InputError(f"the curves {str(path)!r} cannot be read: {error.strerror}") from None
        except (ValueError, csv.Error) as error:
            raise FormatError(f"{path.name!r} is no comma-separated text ({error})") from None
        rig = load_rig(self.rig)
        for name in header[1:]:
            if name not in rig.columns:
                raise UnknownNameError("control", name, rig.names, f"the header of {path.name!r}")
        table = np.array([_numbers(row, len(header), f"{path.name!r}, line {i + 2}") for i, row in enumerate(rows)])
        if len(table) < 2:
            raise FormatError(f"{path.name!r} holds {len(table)} rows; a rate needs two at least")
        values = np.tile(rig.rest, (len(table), 1))
        values[:, [rig.columns[name] for name in header[1:]]] = table[:, 1:]
        return Motion(rig.names, values, _rate(table[:, 0], path.name))


def _numbers(row: list[str], columns: int, where: str) -> list[float]:
    if len(row) != columns:
        raise FormatError(f"{where}: {columns} columns belong here, as in the header, not {len(row)}")
    try:
        return [float(cell) for cell in row]
    except ValueError as error:
        raise FormatError(f"{where}: {error}") from None


def _rate(times: np.ndarray, name: str) -> Fraction:
    """Frames a second of evenly spaced times."""
    span = float(times[-1] - times[0])
    if not span > 0:
        raise FormatError(f"{name!r}: times rise from row to row")
    rate = Fraction((len(times) - 1) / span).limit_denominator(LARGEST_DENOMINATOR)
    uneven = np.abs(times - times[0] - np.arange(len(times)) / float(rate))
    if uneven.max() > 0.25 / float(rate):
        raise FormatError(f"{name!r}, line {int(np.argmax(uneven)) + 2}: frames are evenly spaced, but this one is not")
    return rate
