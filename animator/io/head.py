"""A person's settings from a TOML file."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from animator import registry
from animator.errors import FormatError
from animator.io.toml import parse_toml, read_text, require_keys

SCHEMA = "animator.Head/1"


def read_head(path: Path, part: str = "makehuman") -> dict[str, Any]:
    """The settings of a head from a TOML file, by name.

    The file opens with ``schema = "animator.Head/1"``; its other keys are settings of the head ``part``. A ``look`` that is
    not an absolute path is taken from the file's own folder. The values are checked by the part itself.

    Raises
    ------
    FormatError
        The file is not TOML, or of another schema.
    UnknownNameError
        A key is no setting of that head; it is named with its file and the nearest setting.
    """
    table = parse_toml(read_text(path), path.name, SCHEMA)
    fields = {f.name: f.type for f in dataclasses.fields(registry.find("heads", part))}
    require_keys(table, fields, path.name)
    settings = {key: value if fields[key] == "int" else _real(value) for key, value in table.items()}
    if "look" in settings:
        if not isinstance(settings["look"], str):
            raise FormatError(f"{path.name}: 'look' is the path of a folder, in quotes, not {settings['look']!r}")
        settings["look"] = str(path.parent / settings["look"])
    return settings


def _real(value: Any) -> Any:
    """A whole number as the real one it stands for, in tables too: TOML tells 1 from 1.0, people do not."""
    if isinstance(value, dict):
        return {key: _real(entry) for key, entry in value.items()}
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
