"""Audio2Face: blend-shape weights from JSON."""

from __future__ import annotations

import json
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from animator.core.motion import Motion
from animator.errors import FormatError, InputError, LossWarning
from animator.importers.clock import nominal
from animator.importers.names import matched, tell_unused
from animator.io.rig import load_rig

_KEYS = (b'"weightMat"', b'"facsNames"', b'"exportFps"')
_BEGINNING = 4096
_MOVES = ("joints", "rotations", "translations")  # of newer exports: bones of the character that was solved


@dataclass(frozen=True)
class A2F:
    """Audio2Face blend-shape weights, of 52 poses, of 46 as older solvers give them, or of any whose names are ARKit's.

    Weights are kept as they are, also beyond [0, 1]. Joints of newer exports belong to the character that they were solved for,
    and are left out, as are poses that are no controls; both are told.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".json",)
    rig: ClassVar[str] = "arkit"

    def recognises(self, path: Path) -> bool:
        """Whether a key of the format stands near the beginning of the file."""
        with path.open("rb") as file:
            beginning = file.read(_BEGINNING)
        return any(key in beginning for key in _KEYS)

    def read(self, path: Path) -> Motion:
        """The weights; see `importers.base.Importer`."""
        try:
            with path.open(encoding="utf-8") as file:
                table = json.load(file)
        except OSError as error:
            raise InputError(f"the weights {str(path)!r} cannot be read: {error.strerror}") from None
        except (ValueError, RecursionError) as error:
            raise FormatError(f"{path.name!r} is not JSON ({error})") from None
        where = repr(path.name)
        names, rate = _names(table, where), _rate(table, where)
        weights = _weights(table, len(names), where)
        rig = load_rig(self.rig)
        controls = matched(names, rig, f"{where}, 'facsNames'")
        tell_unused([name for i, name in enumerate(names) if i not in controls], path.name)
        moves = [key for key in _MOVES if table.get(key)]
        if moves:
            warnings.warn(f"{', '.join(moves)} in {where} are left out; only weights are read", LossWarning, stacklevel=2)
        values = np.tile(rig.rest, (len(weights), 1))
        for i, control in controls.items():
            values[:, rig.columns[control]] = weights[:, i]
        return Motion(rig.names, values, rate)


def _names(table: Any, where: str) -> list[str]:
    names = _entry(table, "facsNames", list, "a list of names", where)
    if not names or not all(isinstance(name, str) for name in names):
        raise FormatError(f"{where}, 'facsNames': a list of names belongs here")
    count = table.get("numPoses", len(names))
    if count != len(names):
        raise FormatError(f"{where}, 'numPoses': {count!r} does not count the {len(names)} names of 'facsNames'")
    return list(names)


def _rate(table: Any, where: str) -> Any:
    rate = _entry(table, "exportFps", int | float, "a rate", where)
    try:
        return nominal(float(rate))
    except FormatError as error:
        raise FormatError(f"{where}, 'exportFps': {error}") from None


def _weights(table: Any, poses: int, where: str) -> np.ndarray:
    rows = _entry(table, "weightMat", list, "a list of rows", where)
    count = table.get("numFrames", len(rows))
    if count != len(rows):
        raise FormatError(f"{where}, 'numFrames': {count!r} does not count the {len(rows)} rows of 'weightMat'")
    if not rows:
        raise FormatError(f"{where}, 'weightMat': there is no row")
    out = np.empty((len(rows), poses), dtype=np.float32)
    for i, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != poses:
            raise FormatError(f"{where}, 'weightMat', row {i}: a list of {poses} weights belongs here")
        for weight in row:
            if not isinstance(weight, int | float) or isinstance(weight, bool) or not abs(weight) < 1e6:
                raise FormatError(f"{where}, 'weightMat', row {i}: a number belongs here, not {json.dumps(weight)[:40]}")
        out[i] = row
    return out


def _entry(table: Any, key: str, kind: Any, words: str, where: str) -> Any:
    if not isinstance(table, dict):
        raise FormatError(f"{where}: a table with 'facsNames' and 'weightMat' belongs here")
    if key not in table:
        raise FormatError(f"{where} lacks {key!r}: {words}")
    if not isinstance(table[key], kind) or isinstance(table[key], bool):
        raise FormatError(f"{where}, {key!r}: {words} belongs here, not {json.dumps(table[key])[:40]}")
    return table[key]
