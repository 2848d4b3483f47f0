"""Comma-separated text with a header -> cells and numbers, every complaint with the file and its line."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float64

from animator.errors import FormatError, InputError


@dataclass(frozen=True)
class Table:
    """The header and the rows of a file, each row of as many cells as the header; blanks round cells are gone.

    ``lines`` are the rows' line numbers in the file, from 1.
    """

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]

    def place(self, row: int) -> str:
        """What to call a row in complaints."""
        return f"{self.name!r}, line {self.lines[row]}"

    def numbers(self, columns: list[int]) -> Float64[np.ndarray, "N C"]:
        """The cells of some columns as numbers.

        Raises
        ------
        FormatError
            One of them is no finite number; its line and column are told.
        """
        out = np.empty((len(self.rows), len(columns)))
        for i, row in enumerate(self.rows):
            try:
                out[i] = [row[k] for k in columns]
            except ValueError:
                out[i] = np.nan
            if not np.isfinite(out[i]).all():
                k = next(k for k in columns if not _is_number(row[k]))
                raise FormatError(f"{self.place(i)}, {self.header[k]!r}: a number belongs here, not {row[k]!r}")
        return out


def read_table(path: Path) -> Table:
    """The table in a file; lines without any cell are passed over.

    Raises
    ------
    InputError
        The file cannot be opened.
    FormatError
        It is no comma-separated text in UTF-8, has no header, or a row does not fit the header.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            kept = [(reader.line_num, tuple(cell.strip() for cell in row)) for row in reader if row]
    except OSError as error:
        raise InputError(f"the curves {str(path)!r} cannot be read: {error.strerror}") from None
    except (ValueError, csv.Error) as error:
        raise FormatError(f"{path.name!r} is no comma-separated text ({error})") from None
    if not kept:
        raise FormatError(f"{path.name!r} is empty; a header and rows belong there")
    (_, header), *rows = kept
    for line, row in rows:
        if len(row) != len(header):
            told = f"{len(header)} columns belong here, as in the header, not {len(row)}"
            raise FormatError(f"{path.name!r}, line {line}: {told}")
    return Table(path.name, header, tuple(row for _, row in rows), tuple(line for line, _ in rows))


def _is_number(cell: str) -> bool:
    try:
        return bool(np.isfinite(float(cell)))
    except ValueError:
        return False
