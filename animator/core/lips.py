"""`Lips`: how a director has lips articulate, throughout or for a while."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any

from animator.core.settings import check_dials, fitted, setting_types
from animator.core.words import parse_words
from animator.errors import InputError

DIALS: Mapping[str, float] = MappingProxyType({"scale": 3.0, "jaw": 3.0, "purse": 3.0, "widen": 3.0, "open": 3.0, "crisp": 2.0})
"""Highest value of each; the lowest is 0, and 1 is as the generator speaks."""


@dataclass(frozen=True)
class Lips:
    """Gains of speech's part in the mouth; what is felt, and every contact of the lips, stay as they are.

    Parameters
    ----------
    scale
        Of all that the lips do, [0, 3] (PC-Talk's lip scale, without the jaw's part).
    jaw
        Of all that the jaw does, [0, 3].
    purse, widen, open
        Of rounded, of spread and of parted lips, [0, 3] (PC-Talk's articulation).
    crisp
        How distinct sounds are from their neighbours, [0, 2]: 0 = run together, 2 = each one for itself.
    start, stop
        Seconds between which this holds; from the beginning and to the end, if absent.
    words
        Words for which it holds, instead of seconds: ``never``, ``never#2``, ``so glad`` (`core.words.parse_words`).
    ease
        Seconds, [0.02, 5], over which it comes before a span, and goes after it.
    line
        Where it stands in the file that it comes from, counted from 1; 0 = nobody knows. No part of its meaning.

    Raises
    ------
    InputError
        A value is out of its range, a span ends before it starts, or it has both seconds and words.
    """

    scale: float = 1.0
    jaw: float = 1.0
    purse: float = 1.0
    widen: float = 1.0
    open: float = 1.0
    crisp: float = 1.0
    start: float | None = None
    stop: float | None = None
    words: str | None = None
    ease: float = 0.08
    line: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        check_dials(self, DIALS)
        check_span(self.start, self.stop, self.ease)
        if self.words is not None:
            parse_words(self.words)
            if self.timed:
                raise InputError(f"lips hold for the words {self.words!r} or for a span of seconds; give one of them")

    @property
    def timed(self) -> bool:
        """Whether it holds for a span of seconds, and not throughout nor for words."""
        return self.start is not None or self.stop is not None

    @property
    def called(self) -> str:
        """How complaints call it."""
        return f"lips (line {self.line})" if self.line else "lips"

    @property
    def changes(self) -> bool:
        """Whether any dial is turned."""
        return any(getattr(self, name) != 1.0 for name in DIALS)


def check_span(start: float | None, stop: float | None, ease: float = 0.02) -> None:
    """Raise `InputError` unless a span starts at 0 or later, ends after its start, and takes its time to come and go."""
    since = 0.0 if start is None else start
    if not 0 <= since <= 86400:
        raise InputError(f"a span starts in [0, 86400] s, not at {since:g}")
    if stop is not None and not since < stop:
        raise InputError(f"a span ends after it starts at {since:g} s, not at {stop:g}")
    if not 0.02 <= ease <= 5:
        raise InputError(f"a span takes [0.02, 5] s to come and to go, not {ease:g}")


def lips_from(entries: Sequence[Lips | Mapping[str, Any]], where: str) -> tuple[Lips, ...]:
    """Lips from tables of plain values, checked; a `Lips` passes as it is. Complaints name the entry."""
    return tuple(each if isinstance(each, Lips) else lips_of(each, f"{where}, lips {i}") for i, each in enumerate(entries, 1))


def lips_of(entry: Mapping[str, Any], where: str) -> Lips:
    """Lips from one table, as `lips_from`."""
    where += f" (line {entry['line']})" if entry.get("line") else ""
    entry = fitted(entry, written(Lips, entry), where)
    if not entry.keys() & DIALS.keys():
        raise InputError(f"{where} turns no dial; give one or more of {', '.join(DIALS)}")
    try:
        return Lips(**entry)
    except InputError as error:
        raise InputError(f"{where}: {error}") from None


def written(kind: Any, entry: Mapping[str, Any]) -> dict[str, Any]:
    """What may be written of lips or looks, with types: all but the line, where nobody knows it."""
    return {name: each for name, each in setting_types(kind).items() if name != "line" or name in entry}


def told(lips: Lips, line: bool = False) -> dict[str, Any]:
    """What is not as it is by default, as plain values; `lips_from` gives the same lips again, with ``line`` its line, too."""
    given = {f.name: getattr(lips, f.name) for f in fields(Lips) if getattr(lips, f.name) != f.default}
    return {name: value for name, value in given.items() if line or name != "line"}
