"""Plain curves from comma-separated values, as `animator export` and most other programs write them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from animator.core.layers import Curves
from animator.core.motion import Motion
from animator.core.rig import Rig
from animator.errors import FormatError, UnknownNameError
from animator.importers.clock import on_a_clock
from animator.importers.names import matched
from animator.importers.table import read_table
from animator.io.rig import load_rig


@dataclass(frozen=True)
class Csv:
    """Plain curves, one row a frame: ``time`` in seconds, then controls by name in any case; what is not named rests.

    The times tell the rate. Frames that are missing are filled in on a straight line, and told.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".csv",)
    rig: ClassVar[str] = "arkit"

    def recognises(self, path: Path) -> bool:
        """Whether the file begins with a header whose first column is ``time``."""
        with path.open("rb") as file:
            return file.read(8).removeprefix(b"\xef\xbb\xbf").lower().startswith(b"time,")

    def read(self, path: Path) -> Motion:
        """The curves; see `importers.base.Importer`."""
        rig = load_rig(self.rig)
        found = read_curves(path, rig)
        values = np.tile(rig.rest, (len(found), 1))
        values[:, [rig.columns[name] for name in found.names]] = found.values
        return Motion(rig.names, values, found.fps)


def read_curves(path: Path, rig: Rig) -> Curves:
    """The curves that a file holds, of those controls of a rig that it names, from the time of its first row on.

    Raises
    ------
    InputError, FormatError, UnknownNameError
        As `importers.base.Importer.read`.
    """
    table = read_table(path)
    if table.header[0].casefold() != "time":
        raise FormatError(f"{path.name!r}, line 1: the first column is time, not {table.header[0]!r}")
    names = table.header[1:]
    controls = matched(names, rig, f"the header of {path.name!r}")
    for i, name in enumerate(names):
        if i not in controls:
            raise UnknownNameError("control", name, rig.names, f"the header of {path.name!r}")
    numbers = table.numbers(list(range(len(table.header))))
    curves, rate = on_a_clock(numbers[:, 0], numbers[:, 1:], path.name, table.lines)
    return Curves(tuple(controls[i] for i in range(len(names))), curves.astype(np.float32), rate, start=float(numbers[0, 0]))
