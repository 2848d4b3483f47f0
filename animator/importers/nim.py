"""Curves that the sample client of NVIDIA's Audio2Face-3D service saves: a time code and blend shapes by name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from animator.core.motion import Motion
from animator.errors import FormatError
from animator.importers.clock import on_a_clock
from animator.importers.names import matched, tell_unused
from animator.importers.table import read_table
from animator.io.rig import load_rig

_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?,?timecode,blendshapes\.", re.IGNORECASE)
_PREFIX = "blendshapes."


@dataclass(frozen=True)
class Nim:
    """``animation_frames.csv`` of the Audio2Face-3D sample client: a row's number, ``timeCode`` in seconds, and the columns
    ``blendShapes.EyeBlinkLeft`` and so on.

    Weights are kept as they are, also beyond [0, 1], which the service allows. Shapes of the tongue beyond ARKit's one are left
    out, and told.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".csv",)
    rig: ClassVar[str] = "arkit"

    def recognises(self, path: Path) -> bool:
        """Whether the file begins with a time code and a blend shape."""
        with path.open("rb") as file:
            return _HEAD.match(file.read(64)) is not None

    def read(self, path: Path) -> Motion:
        """The curves; see `importers.base.Importer`."""
        table = read_table(path)
        header = [name.casefold() for name in table.header]
        columns = [i for i, name in enumerate(header) if name.startswith(_PREFIX)]
        if "timecode" not in header or not columns:
            raise FormatError(f"{path.name!r}, line 1: timeCode and blendShapes.… belong here")
        numbers = table.numbers([header.index("timecode"), *columns])
        curves, rate = on_a_clock(numbers[:, 0], numbers[:, 1:], path.name, table.lines)
        rig, names = load_rig(self.rig), [table.header[i][len(_PREFIX) :] for i in columns]
        controls = matched(names, rig, path.name)
        tell_unused([name for i, name in enumerate(names) if i not in controls], path.name)
        values = np.tile(rig.rest, (len(curves), 1))
        for i, control in controls.items():
            values[:, rig.columns[control]] = curves[:, i]
        return Motion(rig.names, values, rate)
