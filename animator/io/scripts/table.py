"""Tables of cues: comma- or tab-separated values with a header, one cue a line, under a cue's own keys or other usual names."""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from animator.core.cues import Direction
from animator.errors import FormatError, LossWarning
from animator.io.scripts.audio2face import EMOTIONS, cues_of_keys
from animator.io.scripts.keys import Key

KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "start": ("time", "seconds", "begin", "timecode", "start_time"),
        "end": ("stop", "end_time"),
        "feeling": ("emotion", "emotions", "mood", "label"),
        "gesture": ("action",),
        "intensity": ("weight", "value", "strength"),
        "ease": ("fade",),
        "hold": ("duration",),
        "word": ("at",),
        "after": (),
        "offset": (),
    }
)
"""Columns and the other names they go by; ``end`` is another way to say ``hold``."""

_NUMBERS = ("start", "end", "intensity", "ease", "hold", "offset")


def read_table(text: str, where: str) -> Direction:
    """The cues; also the keys of emotions that Audio2Face's sample client writes (``timeCode``, ``emotion_values.joy`` …).

    Raises
    ------
    FormatError, InputError
        There is no such header, or a cell cannot be read; the line is told.

    Warns
    -----
    LossWarning
        Columns that nobody knows are left out.
    """
    from animator.io.script import cues_from

    head = text.removeprefix("\ufeff").partition("\n")[0]
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=max(",;\t", key=head.count))
    header = [name.strip().casefold().replace(" ", "_").replace("-", "_") for name in next(rows, [])]
    emotions = {i: name.rpartition(".")[2] for i, name in enumerate(header) if name.rpartition(".")[2] in EMOTIONS}
    names = {other: key for key, others in KEYS.items() for other in (key, *others)}
    columns = {i: names[name] for i, name in enumerate(header) if name in names and i not in emotions}
    if not columns or not (emotions or {"feeling", "gesture"} & set(columns.values())):
        raise FormatError(f"{where}, line 1: a header with start and feeling, or the like, belongs here, not {head.strip()!r}")
    unknown = [name for i, name in enumerate(header) if name and i not in columns and i not in emotions]
    if unknown:
        warnings.warn(f"{where}: nobody knows the columns {', '.join(unknown)}; they are not used", LossWarning, stacklevel=4)
    entries, keys = [], []
    for row in rows:
        if not any(cell.strip() for cell in row):
            continue
        cells = {key: _cell(row[i], key, where, rows.line_num) for i, key in columns.items() if i < len(row) and row[i].strip()}
        if emotions:
            values = {name: _cell(row[i], "value", where, rows.line_num) for i, name in emotions.items() if i < len(row)}
            keys.append(Key(float(cells.get("start", 0.0)), values, rows.line_num))
            continue
        if "end" in cells:
            cells["hold"] = _held(cells.get("start"), cells.pop("end"), f"{where}, line {rows.line_num}")
        entries.append({**cells, "line": rows.line_num})
    if emotions:
        return Direction(cues_of_keys(keys, where))
    return Direction(cues_from(entries, where))


def _held(start: float | None, end: float, place: str) -> float:
    """Seconds from a cue's start to its end."""
    if start is None:
        raise FormatError(f"{place}: an end goes with a start in seconds; after words, say how long by 'hold'")
    if not start <= end:
        raise FormatError(f"{place}: a cue that starts at {start:g} s ends after that, not at {end:g} s")
    return end - start


def _cell(text: str, key: str, where: str, line: int) -> Any:
    if key not in (*_NUMBERS, "value"):
        return text.strip()
    try:
        return float(text)
    except ValueError:
        raise FormatError(f"{where}, line {line}: {key!r} is a number, not {text.strip()!r}") from None
