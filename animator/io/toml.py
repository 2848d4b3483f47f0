"""TOML in, with every complaint naming the file and the place."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from animator.errors import FormatError, InputError, UnknownNameError


def read_text(path: Path) -> str:
    """The text of a file; `InputError` if there is none to read, `FormatError` if it is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
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
