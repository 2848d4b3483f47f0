"""Scripts: timelines of feelings in TOML.

::

    schema = "animator.Script/1"

    [[cue]]
    start = 1.5              # seconds
    feeling = "happy:0.7"    # or "happy:0.6,surprised:0.4"
    intensity = 1.0          # optional: scales the weights, 0 to 1
    ease = 0.5               # optional: seconds that the change takes

Beside its cues a script may hold directions (`io.directions`), or nothing else than these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from itertools import pairwise
from pathlib import Path
from typing import Any

from animator.core.script import Cue
from animator.errors import FormatError, InputError
from animator.io.directions import TABLES
from animator.io.toml import parse_toml, read_text, require_keys

SCHEMA = "animator.Script/1"


def read_script(path: Path) -> tuple[Cue, ...]:
    """The cues of a script file, in order; complaints name the file, the cue and the key.

    Raises
    ------
    InputError
        There is no such file, or a value is out of its range.
    FormatError
        It is not TOML (the line is told), not a script, or has its cues out of order.
    UnknownNameError
        A key is not known; the nearest is offered.
    """
    return parse_script(read_text(path), repr(path.name))


def parse_script(text: str, where: str) -> tuple[Cue, ...]:
    """The cues in a script's text; ``where`` is what complaints call it."""
    table = parse_toml(text, where, SCHEMA)
    require_keys(table, ("cue", *TABLES), where)
    entries = table.get("cue")
    if entries is None and table:
        return ()
    if not isinstance(entries, list) or not entries:
        raise FormatError(f"{where} needs at least one [[cue]] with start and feeling")
    for i, entry in enumerate(entries, 1):
        if not isinstance(entry, Mapping):
            raise FormatError(f"{where}, cue {i} is a table with start and feeling, not {entry!r}")
    return cues_from(entries, where)


def cues_from(entries: Sequence[Cue | Mapping[str, Any]], where: str) -> tuple[Cue, ...]:
    """Cues from tables of plain values, checked and in order; a `Cue` passes as it is."""
    cues = tuple(entry if isinstance(entry, Cue) else _cue(entry, f"{where}, cue {i}") for i, entry in enumerate(entries, 1))
    for i, (before, after) in enumerate(pairwise(cues), 2):
        if after.start <= before.start:
            raise FormatError(f"{where}, cue {i} starts at {after.start:g} s, not after the one before it ({before.start:g} s)")
    return cues


def _cue(entry: Mapping[str, Any], where: str) -> Cue:
    require_keys(entry, (f.name for f in fields(Cue)), where)
    for key in ("start", "feeling"):
        if key not in entry:
            raise FormatError(f"{where} lacks {key!r}")
    numbers = dict(entry)
    feeling = numbers.pop("feeling")
    if not isinstance(feeling, str):
        raise FormatError(f"{where}: 'feeling' is text such as 'happy:0.7', not {feeling!r}")
    for key, value in numbers.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise FormatError(f"{where}: {key!r} is a number, not {value!r}")
    try:
        return Cue(feeling=feeling, **{key: float(value) for key, value in numbers.items()})
    except InputError as error:
        raise InputError(f"{where}: {error}") from None
