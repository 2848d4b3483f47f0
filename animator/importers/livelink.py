"""Live Link Face: face recordings of an iPhone, by the app, by Unreal's own plug-in, and by those who copy them."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from animator.core.motion import Motion
from animator.errors import FormatError, LossWarning
from animator.importers.clock import nominal, on_a_clock
from animator.importers.names import matched, spelling, tell_unused
from animator.importers.table import Table, read_table
from animator.io import livelink
from animator.io.rig import load_rig

_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?\s*timecode\s*,\s*(?:blendshapecount|framerate)\s*,", re.IGNORECASE)
_CODE = re.compile(r"(\d+):(\d+):(\d+):(\d+(?:\.\d*)?)")
_DAY = 24 * 3600
HALF_TURN = 3.2
"""No head or eye turns by more, in radians."""

LOOK_TURNS = 0.35
"""A full look turns an eye by 0.6 radians, in the app's recordings; by less than this where radians are not meant."""

_ROWS, _TELLING, _TOGETHER = 30, 0.3, 0.9  # looks that tell the unit: so many rows, spanning so much, so correlated with the turn


@dataclass(frozen=True)
class LiveLink:
    """Live Link Face recordings: a timecode, then weights and rotations by name, in any order, spelling and number.

    The last field of timecodes counts sixtieths of a second if it exceeds 30 anywhere, else thirtieths, as Unreal reads them;
    in files of Unreal's own plug-in, which name a frame rate, it counts frames. Weights beyond [0, 1] are kept. The eyes' roll
    and curves that are no controls are left out, and told.

    Parameters
    ----------
    rotation_unit
        Of head and eyes: radians, degrees, deg180 (degrees / 180), or auto. Auto takes rotations that exceed a half turn for
        degrees; those of Unreal's plug-in, and those where a full look turns the eyes by a third of what it turns them by in
        recordings of the app, for deg180; and others for radians.
    flip
        Rotations that are written with the other sign, such as HeadRoll or LeftEyeYaw,RightEyeYaw.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".csv",)
    rig: ClassVar[str] = livelink.RIG

    rotation_unit: str = "auto"
    flip: str = ""

    def __post_init__(self) -> None:
        if self.rotation_unit != "auto":
            livelink.check_unit(self.rotation_unit)
        livelink.signs(self.flip)

    def recognises(self, path: Path) -> bool:
        """Whether the file begins with a timecode, and a count of blend shapes or a frame rate."""
        with path.open("rb") as file:
            return _HEAD.match(file.read(64)) is not None

    def read(self, path: Path) -> Motion:
        """The recording; see `importers.base.Importer`."""
        table = read_table(path)
        if len(table.header) < 3:
            raise FormatError(f"{path.name!r}, line 1: a timecode, a count and at least one curve belong here")
        names, rig = table.header[2:], load_rig(self.rig)
        numbers = table.numbers(list(range(2, len(table.header))))
        rows, rate = on_a_clock(_seconds(table), numbers, path.name, table.lines)
        controls = {i: name for i, name in matched(names, rig, path.name).items() if rig.control(name).unit == "weight"}
        rotations = {spelling(name): name for name in livelink.ROTATIONS}
        turned = {rotations[spelling(name)]: rows[:, i] for i, name in enumerate(names) if spelling(name) in rotations}
        values = np.tile(rig.rest, (len(rows), 1))
        for i, control in controls.items():
            values[:, rig.columns[control]] = rows[:, i]
        looked = values[:, rig.columns["eyeLookInLeft"]] - values[:, rig.columns["eyeLookOutLeft"]]
        unit = self._unit(table, turned, looked)
        sign = livelink.signs(self.flip)
        for name, turn in turned.items():
            to = livelink.ROTATIONS[name]
            if to is not None:
                values[:, rig.columns[to[0]]] = turn * (sign[name] / livelink.UNITS[unit])
        rolled = [name for name, turn in turned.items() if livelink.ROTATIONS[name] is None and turn.any()]
        unknown = [name for i, name in enumerate(names) if i not in controls and spelling(name) not in rotations]
        tell_unused([*unknown, *rolled], path.name)
        return Motion(rig.names, values, rate)

    def _unit(self, table: Table, turned: Mapping[str, np.ndarray], looked: np.ndarray) -> str:
        if self.rotation_unit != "auto":
            return self.rotation_unit
        guess = "radians"
        if any(np.abs(turn).max() > HALF_TURN for turn in turned.values()):
            guess = "degrees"
        elif _is_plugin(table) or _little_turned(turned, looked):
            guess = "deg180"
        if guess != "radians" and any(turn.any() for turn in turned.values()):
            warnings.warn(f"the rotations in {table.name!r} are taken for {guess}, by their size", LossWarning, stacklevel=3)
        return guess


def _is_plugin(table: Table) -> bool:
    return table.header[1].casefold() == "framerate"


def _little_turned(turned: Mapping[str, np.ndarray], looked: np.ndarray) -> bool:
    """Whether looks to the right turn the left eye by far less than they do in radians, where the two go together at all."""
    turn = turned.get("LeftEyeYaw")
    if turn is None or len(turn) < _ROWS or np.ptp(looked) < _TELLING or np.ptp(turn) == 0:
        return False
    if abs(np.corrcoef(looked, turn)[0, 1]) < _TOGETHER:
        return False
    return bool(abs(np.polyfit(looked, turn, 1)[0]) < LOOK_TURNS)


def _seconds(table: Table) -> np.ndarray:
    """The instant of each row, in seconds on a clock that does not jump at midnight."""
    if table.header[0].casefold() != "timecode":
        raise FormatError(f"{table.name!r}, line 1: the first column is Timecode, not {table.header[0]!r}")
    fields = np.empty((len(table.rows), 4))
    for i, row in enumerate(table.rows):
        code = _CODE.fullmatch(row[0])
        if code is None:
            raise FormatError(f"{table.place(i)}: a timecode is HH:MM:SS:FF.fff, not {row[0]!r}")
        fields[i] = [float(field) for field in code.groups()]
    base = 60.0 if (fields[:, 3] > 30).any() else 30.0
    counted = fields[:, 3] / (_rates(table) if _is_plugin(table) else base)
    times = fields[:, 0] * 3600 + fields[:, 1] * 60 + fields[:, 2] + counted
    days = np.cumsum(np.diff(times, prepend=times[:1]) < -_DAY / 2)
    return np.asarray(times + days * _DAY)


def _rates(table: Table) -> np.ndarray:
    """What each row's second column says of the rate, a number or a fraction."""
    rates = np.empty(len(table.rows))
    for i, row in enumerate(table.rows):
        top, _, bottom = row[1].partition("/")
        try:
            rates[i] = float(nominal(float(top) / float(bottom or 1)))
        except (ValueError, ZeroDivisionError):
            raise FormatError(f"{table.place(i)}: a frame rate belongs here, not {row[1]!r}") from None
    return rates
