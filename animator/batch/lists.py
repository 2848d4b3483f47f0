"""Lists of dialogue: comma-separated values, a JSON list of objects, or JSON Lines, told apart by how they begin."""

from __future__ import annotations

import csv
import difflib
import io
import json
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from animator.batch.columns import column_names, column_of, value_of
from animator.errors import FormatError, InputError, LossWarning
from animator.io.toml import read_text

LARGEST = 1 << 26
"""Bytes of a list."""

DELIMITERS = ",;\t"

TYPO = 0.75
"""Likeness, by Ratcliff and Obershelp, from which on an unknown name is taken for a slip and not for a column of another's."""


@dataclass(frozen=True)
class Row:
    """One line of dialogue: columns by name, without those that say nothing.

    ``line`` is where it stands in the list, from 1; ``written`` has each column's name as the list writes it.
    """

    values: Mapping[str, Any]
    list_name: str
    line: int
    written: Mapping[str, str]

    def place(self, column: str | None = None) -> str:
        """Where it stands, for complaints: file, line, column."""
        told = f"{self.list_name!r}, line {self.line}"
        return f"{told}, column {self.written.get(column, column)!r}" if column else told


def read_list(path: Path) -> tuple[Row, ...]:
    """The rows of a list, in its order.

    Columns that no batch knows are told with one `LossWarning` and passed over, unless their name is almost that of a known
    one; names that begin with ``_`` or ``#`` are the author's own. Where a column stands under its own name and under another
    that it goes by, its own counts.

    Raises
    ------
    InputError
        The file cannot be read, or a value is of another kind; file, line and column are told.
    FormatError
        It is no such list, holds no rows, names a column twice, or a row has no file.
    """
    text = read_text(path, LARGEST).removeprefix("\ufeff")
    readers = {"[": _json_list, "{": _json_lines}
    unused: dict[str, None] = {}
    rows = tuple(_row(record, path.name, unused) for record in readers.get(text.lstrip()[:1], _csv)(text, path.name))
    if not rows:
        raise FormatError(f"{path.name!r} holds no lines; each needs a file")
    if unused:
        told = ", ".join(map(repr, unused))
        warnings.warn(f"{path.name!r}: not used are the columns {told}", LossWarning, stacklevel=2)
    return rows


class Record(NamedTuple):
    """What stands on one line, under keys that stand on that line or another."""

    line: int
    keys_line: int
    entries: Mapping[str, Any]


def _row(record: Record, list_name: str, unused: dict[str, None]) -> Row:
    written = _columns(record.entries, f"{list_name!r}, line {record.keys_line}", unused)
    row = Row({}, list_name, record.line, written)
    values: dict[str, Any] = {}
    for name, key in written.items():
        try:
            value = value_of(name, record.entries[key])
        except InputError as error:
            raise InputError(f"{row.place(name)}: {error}") from None
        if value is not None:
            values[name] = value
    if "file" not in values:
        raise FormatError(f"{row.place()} names no file of speech (a column 'file' or 'audio')")
    return Row(values, list_name, record.line, written)


def _columns(keys: Iterable[str], where: str, unused: dict[str, None]) -> dict[str, str]:
    """Column to the key under which it stands."""
    written: dict[str, str] = {}
    for key in keys:
        if key.startswith(("_", "#")):
            continue
        name = column_of(key)
        if name is None:
            near = difflib.get_close_matches(key.casefold(), column_names(), n=1, cutoff=TYPO)
            if near:
                raise FormatError(
                    f"{where}: there is no column {key!r}; did you mean {near[0]!r}? A column of your own begins with '_'"
                )
            unused[key] = None
        elif name not in written or key.casefold() == name:
            if name in written:
                unused[written[name]] = None
            written[name] = key
        elif written[name].casefold() == name:
            unused[key] = None
        else:
            raise FormatError(f"{where}: the columns {written[name]!r} and {key!r} both are the {name}; keep one of them")
    return written


def _csv(text: str, list_name: str) -> Iterator[Record]:
    """Rows below a header, parted by whichever of `DELIMITERS` the header uses; empty lines are passed over."""
    delimiter = max(DELIMITERS, key=text.lstrip().partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] = []
    header_line, line = 0, 1
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                pass
            elif not header:
                header, header_line = [cell.strip() for cell in cells], line
                twice = next((name for i, name in enumerate(header) if name and name in header[:i]), None)
                if twice:
                    raise FormatError(f"{list_name!r}, line {line}: the column {twice!r} stands there twice")
            elif len(cells) != len(header):
                raise FormatError(
                    f"{list_name!r}, line {line}: {len(header)} columns belong here, as in the header, not {len(cells)}; "
                    "a text with commas stands in quotes"
                )
            else:
                yield Record(line, header_line, {key: cell for key, cell in zip(header, cells, strict=True) if key})
            line = reader.line_num + 1
    except csv.Error as error:
        raise FormatError(f"{list_name!r}, line {reader.line_num}: no comma-separated values ({error})") from None


def _json_list(text: str, list_name: str) -> Iterator[Record]:
    """The objects of a JSON list, each with the line on which it begins."""
    before = text.index("[") + 1
    at, line = _after_space(text, before), 1 + text.count("\n", 0, before)
    while text[at : at + 1] != "]":
        line += text.count("\n", before, at)
        record, end = _object(text, at, line, list_name)
        yield Record(line, line, record)
        before, at = at, _after_space(text, end)
        if text[at : at + 1] == ",":
            at = _after_space(text, at + 1)
        elif text[at : at + 1] != "]":
            told = line + text.count("\n", before, at)
            raise FormatError(f"{list_name!r}, line {told}: a comma or the closing bracket of the list belongs here")
    if text[at + 1 :].strip():
        told = line + text.count("\n", before, at)
        raise FormatError(f"{list_name!r}, line {told}: nothing belongs after the list")


def _json_lines(text: str, list_name: str) -> Iterator[Record]:
    """One object a line."""
    for line, each in enumerate(text.split("\n"), 1):
        if each.strip():
            record, end = _object(each, _after_space(each, 0), line, list_name)
            if each[end:].strip():
                raise FormatError(f"{list_name!r}, line {line}: one object stands on a line, or all of them in a list")
            yield Record(line, line, record)


def _object(text: str, at: int, line: int, list_name: str) -> tuple[dict[str, Any], int]:
    """The object that begins there, and where it ends."""
    try:
        record, end = _DECODER.raw_decode(text, at)
    except json.JSONDecodeError as error:
        told = line + text.count("\n", at, error.pos)
        raise FormatError(f"{list_name!r}, line {told}, character {error.colno}: no JSON ({error.msg})") from None
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{list_name!r}, line {line}: {error}") from None
    if not isinstance(record, dict):
        raise FormatError(f"{list_name!r}, line {line}: an object with a file belongs here, not {record!r}")
    return record, end


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number of JSON's")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    twice = next((name for i, name in enumerate(names) if name in names[:i]), None)
    if twice is not None:
        raise ValueError(f"the key {twice!r} stands there twice")
    return dict(pairs)


_DECODER = json.JSONDecoder(parse_constant=_no_number, object_pairs_hook=_once)


def _after_space(text: str, at: int) -> int:
    while text[at : at + 1] in (" ", "\t", "\n", "\r"):
        at += 1
    return at
