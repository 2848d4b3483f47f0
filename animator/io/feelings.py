"""Feelings of a director's own in a file.

::

    schema = "animator.Feelings/1"

    [feeling]
    awe = "fear:0.4+surprised:0.5"     # a mixture by a name

    [feeling.smug]                     # a pose of the rig's controls, added to the face
    pose = { mouthSmileLeft = 0.6, mouthDimpleLeft = 0.4 }
    near = "contempt:0.3"              # optional: what is felt with it
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from animator.core.feelings import Own, check_own
from animator.errors import FormatError
from animator.io.toml import parse_toml, read_text, require_keys

SCHEMA = "animator.Feelings/1"


def read_feelings(path: Path) -> Own:
    """The feelings that a file defines, by name.

    Raises
    ------
    InputError
        There is no such file, or an entry cannot be used.
    FormatError
        It is not TOML (the line is told), or defines no feeling.
    UnknownNameError
        A key is not known; the nearest is offered.
    """
    where = repr(path.name)
    table = parse_toml(read_text(path), where, SCHEMA)
    require_keys(table, ("feeling",), where)
    if not table.get("feeling"):
        raise FormatError(f'{where} defines no feeling; write [feeling] and below it awe = "fear:0.4+surprised:0.5", say')
    return own_feelings(table["feeling"], where)


def own_feelings(table: Any, where: str) -> Own:
    """The entries of a table ``feeling``, checked; complaints begin with ``where``."""
    if not isinstance(table, Mapping):
        raise FormatError(f"{where}: 'feeling' is a table of feelings by name")
    check_own(table, where)
    return dict(table)
