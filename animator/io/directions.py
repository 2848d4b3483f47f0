"""Directions in a script's file, beside its feelings: lips and looks.

::

    [[lips]]
    words = "never"          # or start and stop, in seconds; or neither: throughout
    open = 1.4               # scale, jaw, purse, widen, open, crisp: 1 is as it is

    [[look]]
    at = [0.4, 0.0, 1.0]     # metres from between the eyes, or [yaw, pitch] in radians
    start = 1.2
    stop = 2.0
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from animator.core.lips import Lips, lips_from
from animator.core.look import Look, looks_from
from animator.errors import FormatError

TABLES = ("lips", "look")
"""Keys of a script's file that hold directions."""


class Directions(NamedTuple):
    """How it is said, and what is looked at."""

    lips: tuple[Lips, ...]
    looks: tuple[Look, ...]


def directions(found: Mapping[str, Any], where: str) -> Directions:
    """The directions in a script's table; complaints name ``where`` it is, the table and the key.

    Raises
    ------
    InputError, FormatError, UnknownNameError
        As `io.script.read_script`.
    """
    return Directions(lips_from(_tables(found, "lips", where), where), looks_from(_tables(found, "look", where), where))


def _tables(found: Mapping[str, Any], key: str, where: str) -> list[Mapping[str, Any]]:
    entries = found.get(key, [])
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        raise FormatError(f"{where}: {key} is written as tables, [[{key}]]")
    return entries
