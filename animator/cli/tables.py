"""Figures as tables on the terminal."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

WIDTH = 120
"""Columns where the output is no terminal."""


def print_scores(scores: Mapping[str, object], title: str = "") -> None:
    """Nested scores: tables of the rows that hold figures, headed by the way to them; what lies deeper, below."""
    scores = {name: _numbered(row) for name, row in scores.items()}
    deeper = {name: row for name, row in scores.items() if isinstance(row, Mapping) and any(map(_is_table, row.values()))}
    rows = {name: row if isinstance(row, Mapping) else {"": row} for name, row in scores.items() if name not in deeper}
    for alike in _alike(rows):
        print_table(title, alike)
    for name, below in deeper.items():
        print_scores(below, f"{title}, {name}" if title else name)


def _numbered(value: object) -> object:
    """A list of rows as rows with numbers for names; anything else as it is."""
    if isinstance(value, list) and value and all(isinstance(row, Mapping) for row in value):
        return {str(k): row for k, row in enumerate(value, start=1)}
    return value


def _alike(rows: Mapping[str, Mapping[str, object]]) -> list[dict[str, Mapping[str, object]]]:
    """Rows together with those that have a column in common with them, so that no table is mostly empty."""
    tables: list[dict[str, Mapping[str, object]]] = []
    for name, row in rows.items():
        for table in tables:
            if any(row.keys() & other.keys() for other in table.values()):
                table[name] = row
                break
        else:
            tables.append({name: row})
    return tables


def print_table(title: str, rows: Mapping[str, Mapping[str, object]]) -> None:
    """Rows of figures by name; a figure that a row lacks, or that is None, is a dash."""
    columns = list(dict.fromkeys(column for row in rows.values() for column in row))
    table = Table("", *columns, box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name, row in rows.items():
        table.add_row(name, *(_figure(row.get(column)) for column in columns))
    console = Console() if Console().is_terminal else Console(width=WIDTH)
    if title:
        console.print(title, highlight=False)
    console.print(table, highlight=False)
    console.print()


def _is_table(value: object) -> bool:
    return isinstance(_numbered(value), Mapping)


def _figure(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
