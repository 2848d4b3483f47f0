"""Captions, WebVTT and SRT: what is said, with cues at the tags inside it; or a track of cues alone.

A tag before the first word of a caption acts when the caption begins; one within it, at its word. A caption of tags alone, or of
one JSON object with a cue's keys (a metadata track), holds while it is shown.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from animator.core.cues import Direction, gesture_name, tagged
from animator.core.script import Cue
from animator.core.wording import words
from animator.errors import FormatError, InputError
from animator.io.toml import require_keys

_TIME = r"(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{3})"
_TIMING = re.compile(rf"\s*{_TIME}\s+-->\s+{_TIME}.*")
_MARKUP = re.compile(r"<[^>]*>")
_LEADING = re.compile(r"\s*\[([^\[\]]*)\]")
_KEYS = tuple(f.name for f in fields(Cue) if f.name not in ("start", "word", "after", "line"))


@dataclass(frozen=True)
class _Caption:
    start: float
    end: float
    text: str
    line: int


def read_captions(text: str, where: str, gestures: Container[str]) -> Direction:
    """What captions say, and do.

    Raises
    ------
    FormatError, InputError
        A caption ends before it starts, or a cue cannot be read; the line is told.
    """
    cues: list[Cue] = []
    said: list[str] = []
    lines: list[int] = []
    for caption in _captions(text, where):
        payload = html.unescape(_MARKUP.sub("", caption.text)).strip()
        spoken = bool(words(re.sub(r"\[[^\[\]]*\]", " ", payload))) and not payload.startswith("{")
        if payload.startswith("{"):
            cues.append(_cue(_object(payload, where, caption), caption, where, held=True))
            continue
        while leading := _LEADING.match(payload):
            name = gesture_name(leading[1])
            meaning = {"gesture": name} if name in gestures else {"feeling": leading[1].strip()}
            cues.append(_cue(meaning, caption, where, held=not spoken))
            payload = payload[leading.end() :]
        if spoken:
            said.append(payload.strip())
            lines += [caption.line] * payload.count("[")
    transcript, tags = tagged("\n".join(said), gestures, where) if said else ("", ())
    tags = tuple(replace(cue, line=line) for cue, line in zip(tags, lines, strict=True))
    return Direction((*cues, *tags), transcript or None)


def _captions(text: str, where: str) -> list[_Caption]:
    found = []
    lines = text.removeprefix("\ufeff").splitlines()
    at = 0
    while at < len(lines):
        timing = _TIMING.fullmatch(lines[at])
        at += 1
        if timing is None:
            continue
        number = at
        payload = []
        while at < len(lines) and lines[at].strip():
            payload.append(lines[at])
            at += 1
        start, end = _seconds(*timing.groups()[:4]), _seconds(*timing.groups()[4:])
        if end < start:
            raise FormatError(f"{where}, line {number}: a caption ends after it starts")
        found.append(_Caption(start, end, "\n".join(payload), number))
    if not found:
        raise FormatError(f"{where} holds no caption; one begins with 00:00:01.000 --> 00:00:02.500")
    return sorted(found, key=lambda caption: caption.start)


def _seconds(hours: str | None, minutes: str, seconds: str, thousandths: str) -> float:
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + int(thousandths) / 1000


def _object(payload: str, where: str, caption: _Caption) -> dict[str, Any]:
    place = f"{where}, line {caption.line}"
    try:
        table = json.loads(payload)
    except (json.JSONDecodeError, RecursionError) as error:
        raise FormatError(f"{place}: this caption is no JSON: {error}") from None
    require_keys(table, _KEYS, place)
    return dict(table)


def _cue(meaning: Mapping[str, Any], caption: _Caption, where: str, held: bool) -> Cue:
    from animator.io.script import cues_from

    hold = {"hold": caption.end - caption.start} if held and "gesture" not in meaning else {}
    try:
        (cue,) = cues_from([{"start": caption.start, "line": caption.line, **hold, **meaning}], where)
    except InputError as error:
        error.args = (str(error).replace(", cue 1 (", " (", 1),)
        raise
    return cue
