"""Directions in a script's file, beside its feelings: lips and looks.

::

    [[lips]]
    words = "never"          # or start and stop, in seconds; or neither: throughout
    open = 1.4               # scale, jaw, purse, widen, open, crisp: 1 is as it is

    [[look]]
    at = [0.4, 0.0, 1.0]     # metres from between the eyes, or [yaw, pitch] in radians
    start = 1.2              # or word = "glad", "glad#2", "so glad"; or after = "glad"; or neither: from the first frame
    stop = 2.0               # or hold = 0.8; or neither: until the next look, of which at = [] is none, or the end
    offset = -0.1            # optional: seconds, added
    ease = 0.3               # optional: seconds that the eyes take, if more than a saccade
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, NamedTuple

from animator.core.lips import Lips, lips_from
from animator.core.look import Look, looks_from
from animator.errors import FormatError
from animator.io.toml import header_lines, require_keys

TABLES = ("lips", "look")
"""Keys of a script's file that hold directions."""

_KEYS = {key: tuple(f.name for f in fields(kind) if f.name != "line") for key, kind in zip(TABLES, (Lips, Look), strict=True)}


class Directions(NamedTuple):
    """How it is said, and what is looked at."""

    lips: tuple[Lips, ...]
    looks: tuple[Look, ...]


def directions(found: Mapping[str, Any], text: str, where: str) -> Directions:
    """The directions in a script's table, whose ``text`` tells their lines; complaints name the file, the table and the key.

    Raises
    ------
    InputError, FormatError, UnknownNameError
        As `io.script.read_script`.
    """
    ways, looks = (_tables(found, key, text, where) for key in TABLES)
    return Directions(lips_from(ways, where), looks_from(looks, where))


def _tables(found: Mapping[str, Any], key: str, text: str, where: str) -> list[Mapping[str, Any]]:
    """The tables of one kind, each with the line on which it stands where that can be told."""
    entries = found.get(key, [])
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        raise FormatError(f"{where}: {key} is written as tables, [[{key}]]")
    lines = header_lines(text, key, len(entries))
    for i, (entry, line) in enumerate(zip(entries, lines, strict=True), 1):
        require_keys(entry, _KEYS[key], f"{where}, {key} {i}" + (f" (line {line})" if line else ""))
    return [{**entry, "line": line} for entry, line in zip(entries, lines, strict=True)]
