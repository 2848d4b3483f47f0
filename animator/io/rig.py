"""Rigs from TOML files: one a rig, ours in ``rigs/`` by name and anybody's by path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

from animator.core.rig import Control, Move, Pose, Rig
from animator.core.settings import check_kinds, setting_types
from animator.errors import FormatError, InputError, UnknownNameError
from animator.io.toml import parse_toml, read_text, require_keys

SCHEMA = "animator.Rig/1"
Made = TypeVar("Made")
_CONTROL_KEYS = ("name", "region", "low", "high", "rest", "unit", "mirror", "flips")


BETWEEN = "_to_"
"""In the name of a file of `rigs/` that holds no rig but a map: ``arkit_to_vrm``."""


@cache
def shipped() -> Mapping[str, Traversable]:
    """The files of `rigs/`, by name without suffix: rigs, and maps between them."""
    return {Path(entry.name).stem: entry for entry in files("animator.rigs").iterdir() if entry.name.endswith(".toml")}


def rig_names() -> tuple[str, ...]:
    """The rigs that animator carries."""
    return tuple(sorted(name for name in shipped() if BETWEEN not in name))


def is_rig_file(rig: str) -> bool:
    """Whether a rig is called by its file and not by its name."""
    return rig.lower().endswith(".toml")


def load_rig(rig: str) -> Rig:
    """A rig that animator carries, by name, or one in a file, by a path that ends in .toml."""
    if is_rig_file(rig):
        return parse_rig(read_text(Path(rig)), Path(rig).name)
    if rig not in rig_names():
        raise UnknownNameError("rig", rig, rig_names())
    return _shipped(rig)


@cache
def _shipped(name: str) -> Rig:
    return parse_rig(shipped()[name].read_text(encoding="utf-8"), f"rigs/{name}.toml")


def read_sources(path: str) -> dict[str, dict[str, Any]]:
    """The tables ``[from.<rig>]`` of a rig's file, by rig: how it is reached from there."""
    found = parse_toml(read_text(Path(path)), Path(path).name, SCHEMA).get("from", {})
    if not isinstance(found, dict) or not all(isinstance(table, dict) for table in found.values()):
        raise FormatError(f"{Path(path).name}: a way from another rig is a table, such as [from.arkit]")
    return found


def parse_rig(text: str, where: str) -> Rig:
    """A rig from the text of its TOML file; ``where`` is what complaints call it."""
    table = parse_toml(text, where, SCHEMA)
    poses = ("visemes", "emotions", "gestures", "articulation")
    require_keys(table, ("name", "controls", "opening", *poses, "seen", "moves", "from"), where)
    controls = table.get("controls")
    if not isinstance(controls, list) or not controls:
        raise FormatError(f"{where} needs a list of controls")
    fields = {
        "name": str(table.get("name", Path(where).stem)),
        "controls": tuple(_control(entry, f"{where}, control {i + 1}") for i, entry in enumerate(controls)),
        **{kind: _poses(table.get(kind, {}), f"{where}, {kind}") for kind in poses},
        "seen": _several(table.get("seen", {}), f"{where}, seen"),
        "moves": {name: _move(each, where) for name, each in _several(table.get("moves", {}), f"{where}, moves").items()},
        "opening": read_numbers(table.get("opening", {}), f"{where}, opening"),
    }
    return _placed(Rig, fields, where)


def _control(entry: Any, where: str) -> Control:
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str) or not isinstance(entry.get("region"), str):
        raise FormatError(f"{where} needs a name and a region")
    require_keys(entry, _CONTROL_KEYS, where)
    check_kinds(entry, setting_types(Control), where)
    return _placed(Control, entry, where)


def _placed(kind: type[Made], fields: Mapping[str, Any], where: str) -> Made:
    """A value of that kind; what it complains of is told with its place."""
    try:
        return kind(**fields)
    except InputError as error:
        error.args = (f"{where}: {error}",)
        raise


def _poses(table: Any, where: str) -> dict[str, Pose]:
    if not isinstance(table, dict):
        raise FormatError(f"{where} is a table of poses")
    return {name: read_numbers(pose, f"{where}, {name}") for name, pose in table.items()}


def _several(table: Any, where: str) -> dict[str, tuple[Pose, ...]]:
    if not isinstance(table, dict) or not all(isinstance(poses, list) for poses in table.values()):
        raise FormatError(f"{where} is a table of lists of poses")
    return {name: tuple(read_numbers(pose, f"{where}, {name}") for pose in poses) for name, poses in table.items()}


def _move(poses: Sequence[Pose], where: str) -> Move:
    """Poses that each say when they are reached, under ``at``."""
    if not all("at" in pose for pose in poses):
        raise FormatError(f"{where}, moves: each pose of a move says under 'at' after how many seconds it is reached")
    return tuple((pose["at"], {name: value for name, value in pose.items() if name != "at"}) for pose in poses)


def read_numbers(table: Any, where: str) -> Pose:
    """A table of names and numbers, as a pose is written."""
    if not isinstance(table, dict) or not all(isinstance(v, int | float) and not isinstance(v, bool) for v in table.values()):
        raise FormatError(f"{where} is a table of control names and numbers")
    return {name: float(value) for name, value in table.items()}
