"""TOML in, with every complaint naming the file and the place."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from animator.errors import FormatError, InputError, UnknownNameError

LARGEST = 1 << 22
"""Bytes of a text that somebody wrote."""


def read_text(path: Path, largest: int = LARGEST) -> str:
    """The text of a file of at most ``largest`` bytes.

    Raises
    ------
    InputError
        There is no file to read, or it is larger; an endless one, such as a device, is larger too.
    FormatError
        It is not UTF-8.
    """
    try:
        with path.open("rb") as file:
            content = file.read(largest + 1)
        if len(content) > largest:
            raise InputError(
                f"{str(path)!r} is larger than the {largest >> 20} MiB that are read here as text; give a smaller file"
            )
        return content.decode("utf-8")
    except FileNotFoundError:
        raise InputError(f"there is no file {str(path)!r}") from None
    except OSError as error:
        raise InputError(f"{str(path)!r} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise FormatError(f"{str(path)!r} is not text in UTF-8 (byte {error.start})") from None


def parse_toml(text: str, where: str, schema: str) -> dict[str, Any]:
    """A TOML document of the wanted schema, without its ``schema`` key.

    Parameters
    ----------
    text
        The document.
    where
        What to call it in complaints, usually the file's name.
    schema
        As in ``"animator.Rig/1"``; a document that names another is refused, one that names none is taken at its word.

    Raises
    ------
    FormatError
        The text is not TOML (the line is told) or has another schema.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FormatError(f"{where} is not valid TOML: {error}") from None
    found = table.pop("schema", schema)
    if found != schema:
        raise FormatError(f"{where} has schema {found!r}, but {schema!r} is what can be read here")
    return table


def require_keys(table: Mapping[str, Any], known: Iterable[str], where: str) -> None:
    """Raise `UnknownNameError` for the first key that is not known."""
    names = tuple(known)
    for key in table:
        if key not in names:
            raise UnknownNameError("key", key, names, where)


def header_lines(text: str, key: str, count: int) -> list[int]:
    """The line, from 1, of each of the ``count`` tables ``[[key]]`` of a document; 0 for all where that cannot be told."""
    header = re.compile(rf"^[ \t]*\[\[[ \t]*{re.escape(key)}[ \t]*\]\]", re.MULTILINE)
    found = [text.count("\n", 0, each.start()) + 1 for each in header.finditer(text)]
    return found if len(found) == count else [0] * count
