"""`Look`: a point that a director has a face look at, throughout or for a while; and the short way of writing it down."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import pairwise
from math import atan, atan2, hypot
from typing import Any

from animator.core.lips import check_span, written
from animator.core.settings import fitted
from animator.core.words import parse_words, places
from animator.errors import InputError, LossWarning

FARTHEST = (1.0, 0.6)
"""Radians of yaw and pitch that eyes and head reach together."""

APART = 0.031
"""Metres from between the eyes to each of them, in most adults."""

BETWEEN = 0.2
"""Seconds at least from one shift of the eyes to the next."""


BACK = "back"
"""What is written in a point's place where the look before it is to be over."""

_SHORT = {"from": "start", "to": "stop"}
_RANGES = {"ease": (0, 5), "hold": (0, 3600), "offset": (-60, 60)}


@dataclass(frozen=True)
class Look:
    """Where eyes look; the head follows some of the way, and they come back to the camera afterwards.

    Parameters
    ----------
    at
        ``x, y, z`` in metres from between the eyes of a head at rest: to the subject's left, up and to the front; eyes converge
        on it. Or ``yaw, pitch`` in radians, far away: yaw above 0 is to the subject's left, pitch above 0 is down. Or nothing:
        the look before it is over.
    start, stop
        Seconds: when the eyes leave for it, and when they come back. From the first frame, if absent, and until the next look or
        the end.
    word, after
        In the place of ``start``: when these words begin, or end, each time that they are said (`core.words.parse_words`).
    offset
        Seconds, in [-60, 60], added to ``start`` and to when words are said.
    hold
        In the place of ``stop``: seconds, in [0, an hour], after which the eyes come back.
    ease
        Seconds, in [0, 5], that the eyes take to get there and to come back, if those are more than a saccade takes.
    line
        Where it stands in the file that it comes from, counted from 1; 0 = nobody knows. No part of the look's meaning.

    Raises
    ------
    InputError
        It is no point, or one that eyes and head do not reach; it has several places in time or ends, or ends before it starts.
    """

    at: Sequence[float]
    start: float | None = None
    stop: float | None = None
    word: str = ""
    after: str = ""
    offset: float = 0.0
    hold: float | None = None
    ease: float = 0.0
    line: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        if len(told := places(self)) > 1:
            raise InputError(f"a look begins by one of 'start', 'word' and 'after', and this one by {' and '.join(told)}")
        check_span(self.start, None)
        check_span(self.begins, self.stop)
        for name, (low, high) in _RANGES.items():
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                raise InputError(f"{name!r} of a look is in [{low}, {high}] s, not {value:g}")
        if self.stop is not None and (self.words or self.hold is not None):
            raise InputError("'stop' of a look goes with seconds in 'start'; give 'hold' alone, the seconds that it lasts")
        if self.words:
            parse_words(self.words)
        if len(self.at) not in (0, 2, 3):
            raise InputError(f"a look goes to x,y,z in metres or to yaw,pitch in radians, not to {len(self.at)} numbers")
        yaw, pitch, _ = self.direction
        if not (abs(yaw) <= FARTHEST[0] and abs(pitch) <= FARTHEST[1]):
            far = f"yaw {yaw:.2f} and pitch {pitch:.2f}"
            raise InputError(f"eyes and head reach {FARTHEST[0]:g} rad to each side and {FARTHEST[1]:g} up and down, not {far}")

    @property
    def words(self) -> str:
        """The words at which it begins, if it is not placed in seconds."""
        return self.word or self.after

    @property
    def begins(self) -> float:
        """When it begins, of a look that is placed in seconds."""
        return max((self.start or 0.0) + self.offset, 0.0)

    @property
    def ends(self) -> float | None:
        """When it ends, if it says so, of a look that is placed in seconds."""
        return self.begins + self.hold if self.hold is not None else self.stop

    @property
    def timed(self) -> bool:
        """Whether it holds for a while, and not throughout."""
        return bool(self.words) or not self.at or any(each is not None for each in (self.start, self.stop, self.hold))

    @property
    def direction(self) -> tuple[float, float, float]:
        """Yaw and pitch of the look, and by how much each eye turns in, radians."""
        if not self.at:
            return 0.0, 0.0, 0.0
        if len(self.at) == 2:
            return self.at[0], self.at[1], 0.0
        x, y, z = self.at
        return atan2(x, z), -atan2(y, hypot(x, z)), atan(APART / max(hypot(x, y, z), 4 * APART))


def looks_from(entries: Sequence[Look | Mapping[str, Any]], where: str) -> tuple[Look, ...]:
    """Looks from tables of plain values, checked, those in seconds in order; a `Look` passes as it is. The entry is told."""
    looks = tuple(each if isinstance(each, Look) else look_of(each, f"{where}, look {i}") for i, each in enumerate(entries, 1))
    timed = [(i, look) for i, look in enumerate(looks, 1) if not look.words]
    for (_, before), (i, after) in pairwise(timed):
        if after.begins < (before.begins + BETWEEN if before.stop is None else before.stop):
            line = f" (line {after.line})" if after.line else ""
            raise InputError(f"{where}, look {i}{line} starts at {after.begins:g} s, before the one ahead of it is over")
    return looks


def look_of(entry: Mapping[str, Any], where: str) -> Look:
    """A look from one table, as `looks_from`."""
    where += f" (line {entry['line']})" if entry.get("line") else ""
    entry = fitted(entry, written(Look, entry), where)
    if "at" not in entry:
        raise InputError(f"{where} goes nowhere; give 'at', such as [0.3, 0.0, 1.0]")
    try:
        return Look(**entry)
    except InputError as error:
        raise InputError(f"{where}: {error}") from None


def look_of_text(text: str, where: str, **place: Any) -> Look:
    """A look as it is written in short: ``0.4,0,1``, ``0.4,0,1,from=2,to=3.5``, ``0.3,0,word=never#2,hold=1`` or ``back``.

    ``place`` is what is known of it besides. Raises as `look_of`.
    """
    line = place.pop("line", 0)
    parts = [part.strip() for part in text.split(",")]
    at = [part for part in parts if "=" not in part]
    try:
        point = [] if at == [BACK] else [float(part) for part in at]
    except ValueError:
        told = f"a point is x,y,z in metres or yaw,pitch in radians, or {BACK!r}, not {','.join(at)!r}"
        raise InputError(f"{where}: {told}") from None
    entry: dict[str, Any] = {**place, "at": point} if at else dict(place)
    for part in parts[len(at) :]:
        name, _, value = (each.strip() for each in part.partition("="))
        name = _SHORT.get(name, name)
        if not value or name in entry:
            raise InputError(f"{where} says {part!r}, which {'has no value' if not value else 'is said already'}")
        entry[name] = value if name in ("word", "after") else _number(value)
    return replace(look_of(entry, where), line=line)


def settled(looks: Sequence[Look]) -> tuple[Look, ...]:
    """Looks in seconds, in order, each with its ``stop``, unless it is the last and goes on to the end; those that only end the
    one before are no more.

    Raises
    ------
    InputError
        Two begin so soon after each other that eyes cannot follow.

    Warns
    -----
    LossWarning
        A look is to last longer than up to the next one's start.
    """
    out: list[Look] = []
    for look in sorted(looks, key=lambda each: each.begins):
        start = look.begins
        if out and not out[-1].at and start < out[-1].begins + BETWEEN:
            out.pop()
        if out and start < out[-1].begins + BETWEEN:
            late = start - out[-1].begins
            raise InputError(f"{_called(look)} comes {late:.2f} s after the one before it; eyes need {BETWEEN:g} s")
        if out and out[-1].at:
            before = out[-1].stop
            if look.at and before is not None and before > start:
                told = f"{_called(out[-1])} was to last until {before:.2f} s, but the next one takes over at {start:.2f} s"
                warnings.warn(told, LossWarning, stacklevel=3)
            out[-1] = replace(out[-1], stop=start if before is None else min(before, start))
        first = None if look.start is None and not look.offset else start
        out.append(replace(look, start=first, offset=0.0, hold=None, stop=look.ends))
    return tuple(look for look in out if look.at)


def told(look: Look, line: bool = False) -> dict[str, Any]:
    """What is not as it is by default, as plain values; `looks_from` gives the same look again, with ``line`` its line, too."""
    given = {f.name: getattr(look, f.name) for f in fields(Look) if getattr(look, f.name) != f.default}
    given["at"] = [float(number) for number in look.at]
    return {name: value for name, value in given.items() if line or name != "line"}


def _called(look: Look) -> str:
    """How complaints call a look that has its place."""
    line = f" (line {look.line})" if look.line else ""
    return f"the look at {look.begins:.2f} s{line}"


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
