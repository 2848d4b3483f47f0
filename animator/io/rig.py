"""Rigs from TOML files."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from animator.core.rig import Control, Pose, Rig
from animator.errors import FormatError, UnknownNameError
from animator.io.toml import parse_toml, require_keys

SCHEMA = "animator.Rig/1"
_CONTROL_KEYS = ("name", "region", "low", "high", "rest", "unit", "mirror", "flips")


@cache
def load_rig(name: str) -> Rig:
    """A rig that animator carries, by name."""
    shipped = {Path(entry.name).stem: entry for entry in files("animator.rigs").iterdir() if entry.name.endswith(".toml")}
    if name not in shipped:
        raise UnknownNameError("rig", name, shipped)
    return parse_rig(shipped[name].read_text(encoding="utf-8"), f"rigs/{name}.toml")


def parse_rig(text: str, where: str) -> Rig:
    """A rig from the text of its TOML file; ``where`` is what complaints call it."""
    table = parse_toml(text, where, SCHEMA)
    require_keys(table, ("name", "controls", "opening", "visemes", "emotions", "gestures"), where)
    controls = table.get("controls")
    if not isinstance(controls, list) or not controls:
        raise FormatError(f"{where} needs a list of controls")
    return Rig(
        name=str(table.get("name", Path(where).stem)),
        controls=tuple(_control(entry, f"{where}, control {i + 1}") for i, entry in enumerate(controls)),
        visemes=_poses(table.get("visemes", {}), f"{where}, visemes"),
        emotions=_poses(table.get("emotions", {}), f"{where}, emotions"),
        gestures=_poses(table.get("gestures", {}), f"{where}, gestures"),
        opening=_pose(table.get("opening", {}), f"{where}, opening"),
    )


def _control(entry: Any, where: str) -> Control:
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str) or not isinstance(entry.get("region"), str):
        raise FormatError(f"{where} needs a name and a region")
    require_keys(entry, _CONTROL_KEYS, where)
    return Control(**entry)


def _poses(table: Any, where: str) -> dict[str, Pose]:
    if not isinstance(table, dict):
        raise FormatError(f"{where} is a table of poses")
    return {name: _pose(pose, f"{where}, {name}") for name, pose in table.items()}


def _pose(table: Any, where: str) -> Pose:
    if not isinstance(table, dict) or not all(isinstance(v, int | float) and not isinstance(v, bool) for v in table.values()):
        raise FormatError(f"{where} is a table of control names and numbers")
    return {name: float(value) for name, value in table.items()}
