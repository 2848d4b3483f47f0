"""Captions, WebVTT and SRT: what is said, with cues at the tags inside it; or a track of cues alone.

A tag before the first word of a caption acts when the caption begins; one within it, at its word. A caption of tags alone, or of
one JSON object with a cue's keys (a metadata track), holds while it is shown.

Captions also hold what no face does. What stands in brackets is a direction where it is a look, a gesture (``[nod]``, and as
captions have it ``[sighs]``), a description in quotes, or feelings, in capitals or not; and if any name in it is a known one or
is spelt almost like one (``[hapy]``), it is read as a direction, so that a slip is told. Everything else in brackets, what stands
in parentheses, who speaks (``ANA:``, ``Aunt Bea:`` at the beginning of a line) and notes (``♪``) are left out, which is told.
"""

from __future__ import annotations

import difflib
import html
import json
import re
import warnings
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from animator.core.cues import LOOK, TAG, Direction, gesture_name, meaning, tagged
from animator.core.look import Look
from animator.core.rig import REGIONS
from animator.core.script import Cue
from animator.core.wording import words
from animator.errors import FormatError, InputError, LossWarning
from animator.io.toml import require_keys

ALMOST = 0.8
"""How much of two words is the same (`difflib`) from which on one is taken for a slip of the other."""

MOST = 12
"""Things that are told to be left out, one by one."""

_TIME = r"(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{3})"
_TIMING = re.compile(rf"\s*{_TIME}\s+-->\s+{_TIME}.*")
_MARKUP = re.compile(r"<[^>]*>|\{\\[^}]*\}")
_LEADING = re.compile(r"\s*\[([^\[\]]*)\]")
_ASIDE = re.compile(r"\([^()]*\)|（[^（）]*）|[♩♪♫♬]")
_SPEAKER = re.compile(r"^[ \t]*(?:[-–—>]+[ \t]*)?((?:[^\W\d_][\w.'’&-]*)(?:[ \t]+[\w.'’&#-]+){0,2}:)(?=\s|$)", re.MULTILINE)
_KEYS = tuple(f.name for f in fields(Cue) if f.name not in ("start", "word", "after", "line"))


@dataclass(frozen=True)
class _Caption:
    start: float
    end: float
    text: str
    line: int


def read_captions(text: str, where: str, gestures: Collection[str], feelings: Collection[str]) -> Direction:
    """What captions say, and do; ``gestures`` and ``feelings`` are the names that are known.

    Raises
    ------
    FormatError, InputError
        A caption ends before it starts, or a cue cannot be read; the line is told.

    Warns
    -----
    LossWarning
        It holds what no face does; each is told with its line.
    """
    cues: list[Cue] = []
    looks: list[Look] = []
    said: list[str] = []
    lines: list[int] = []
    left: list[tuple[int, str]] = []
    for caption in _captions(text, where):
        payload = html.unescape(_blanked(_MARKUP, caption.text)).rstrip()
        if payload.lstrip().startswith("{"):
            cues.append(_cue(_object(payload.strip(), where, caption), caption, where))
            continue
        payload, aside = _directing(payload, gestures, {*feelings, *gestures, *REGIONS})
        left += [(caption.line + 1 + line, what) for line, what in aside]
        at = caption.line + 1
        plain = _blanked(TAG, payload)
        if stray := re.search(r"[\[\]]", plain):
            line = at + plain.count("\n", 0, stray.start())
            raise FormatError(f"{where}, line {line}: a tag is left open; write [happy:0.7], [nod] or [music]")
        spoken = bool(words(plain))
        while leading := _LEADING.match(payload):
            line = at + payload.count("\n", 0, leading.start(1))
            each = meaning(leading[1], gestures, f"{where}, line {line}", start=caption.start, line=line)
            if not spoken and not (isinstance(each, Cue) and each.gesture):
                each = replace(each, hold=caption.end - caption.start)
            if isinstance(each, Look):
                looks.append(each)
            else:
                cues.append(each)
            at += payload.count("\n", 0, leading.end())
            payload = payload[leading.end() :]
        if spoken:
            said.append(payload.strip())
            lines += [at + payload.count("\n", 0, tag.start()) for tag in TAG.finditer(payload)]
    if left:
        told = ", ".join(f"{what} in line {line}" for line, what in left[:MOST])
        told += f" and {len(left) - MOST} more" if len(left) > MOST else ""
        warnings.warn(f"{where} also holds what is neither said nor done, and is left out: {told}", LossWarning, stacklevel=3)
    inside = tagged("\n".join(said), gestures, where, lines)
    return Direction((*cues, *inside.cues), inside.said or None, looks=(*looks, *inside.looks))


def _directing(payload: str, gestures: Collection[str], known: Collection[str]) -> tuple[str, list[tuple[int, str]]]:
    """What is said and done in a caption, its lines as they were; and what is neither, with its line, from 0."""
    left: list[tuple[int, str]] = []

    def out(found: re.Match[str], group: int = 0) -> str:
        left.append((payload.count("\n", 0, found.start(group)), " ".join(found[group].split())))
        return "\n" * found[0].count("\n") or " "

    def tag(found: re.Match[str]) -> str:
        wanted = _direction(found[1].strip(), gestures, known)
        return out(found) if wanted is None else f"[{wanted}]" + "\n" * found[0].count("\n")

    payload = TAG.sub(tag, payload)
    payload = _ASIDE.sub(out, payload)
    payload = _SPEAKER.sub(lambda found: out(found, 1) if _is_name(found[1]) else found[0], payload)
    return payload, sorted(left)


def _direction(tag: str, gestures: Collection[str], known: Collection[str]) -> str | None:
    """A tag as it is written in a transcript, or nothing of one that is no direction."""
    if LOOK.fullmatch(tag) or tag[:1] in "\"'“‘" or tag[:5].casefold() == "text:" or not tag:
        return tag
    gesture = gesture_name(tag)
    if gesture in gestures or gesture.removesuffix("s") in gestures:
        return gesture if gesture in gestures else gesture.removesuffix("s")
    names = [part.strip() for part in re.split(r"[:,+]", tag.casefold())]
    if tag[:4].casefold() == "vad(" or any(difflib.get_close_matches(name, known, 1, ALMOST) for name in names):
        return tag if any(name in known for name in re.split(r"\s*[:,+]\s*", tag)) else tag.casefold()
    return None


def _is_name(label: str) -> bool:
    """Whether a few words before a colon are somebody's name, as captions write it: each begins with a capital or a digit."""
    return all(word[0].isupper() or not word[0].isalpha() for word in label.split())


def _blanked(pattern: re.Pattern[str], text: str) -> str:
    """A text without what matches, its lines as they were."""
    return pattern.sub(lambda found: "\n" * found[0].count("\n"), text)


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


def _cue(keys: Mapping[str, Any], caption: _Caption, where: str) -> Cue:
    from animator.io.script import cues_from

    hold = {"hold": caption.end - caption.start} if "gesture" not in keys else {}
    try:
        (cue,) = cues_from([{"start": caption.start, "line": caption.line, **hold, **keys}], where)
    except InputError as error:
        error.args = (str(error).replace(", cue 1 (", " (", 1),)
        raise
    return cue
