"""When an emotion of EmotionML is felt, in seconds of the sound.

That is the part of the sound that a reference to what expresses it points at (``a.wav#t=2,3.5``), if one does. Otherwise it is
told by ``start``, ``end`` and ``duration`` in milliseconds, where the first start of the calendar, if there are such, is the
sound's beginning; or by ``offset-to-start``, from the sound's beginning or from another emotion (``time-ref-uri``).
"""

from __future__ import annotations

import re

from animator.errors import FormatError
from animator.io.scripts.elements import Element, number

DAY = 86400.0
"""Seconds from which on a time is one of the calendar, whose year 0 is 1970."""

_FRAGMENT = re.compile(r"[^#]*#(?:.*&)?t=(?:npt:)?([\d:.]*)(?:,([\d:.]+))?(?:&.*)?")
_CLOCK = re.compile(r"(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d*)?)")

Span = tuple[float, float | None]
"""Start and end; no end, if nothing tells it."""


class Clock:
    """The time of one document, from its root."""

    def __init__(self, root: Element, where: str) -> None:
        self._where = where
        self._by_id = {each.attributes["id"]: each for each in root.children("emotion") if "id" in each.attributes}
        starts = [self._told(each, "start") for each in root.children("emotion")]
        dates = [start for start in starts if start is not None and start >= DAY]
        self.beginning = min(dates, default=None)
        """Seconds from 1970 to the first emotion with a date, if any has one."""

    def span(self, emotion: Element, above: tuple[Element, ...] = ()) -> Span:
        """When it is felt; `FormatError` where that cannot be read."""
        pointed = self._pointed(emotion)
        if pointed is not None:
            return self._checked(*pointed, emotion)
        start, end, duration, offset = (self._told(emotion, key) for key in ("start", "end", "duration", "offset-to-start"))
        if start is None:
            start = (self._anchor(emotion, above) if "time-ref-uri" in emotion.attributes else 0.0) + (offset or 0.0)
        elif start >= DAY:
            start -= self.beginning or 0.0
        if end is not None and end >= DAY:
            end -= self.beginning or 0.0
        return self._checked(start, start + duration if end is None and duration is not None else end, emotion)

    def _pointed(self, emotion: Element) -> Span | None:
        """The part of a recording that expresses it, if a reference tells one."""
        for each in emotion.children("reference"):
            found = _FRAGMENT.fullmatch(each.attributes.get("uri", ""))
            if found and each.attributes.get("role", "expressedBy") == "expressedBy" and (found[1] or found[2]):
                return self._clock(found[1] or "0", each), self._clock(found[2], each) if found[2] else None
        return None

    def _clock(self, text: str, each: Element) -> float:
        told = _CLOCK.fullmatch(text)
        if told is None:
            raise FormatError(
                f"{self._where}, line {each.line}: a part of a recording is written #t=2,3.5 (seconds), not {text!r}"
            )
        hours, minutes, seconds = (float(part or 0) for part in told.groups())
        return hours * 3600 + minutes * 60 + seconds

    def _anchor(self, emotion: Element, above: tuple[Element, ...]) -> float:
        """When the other emotion that this one refers to begins, or ends; of anything else, the sound's beginning."""
        uri = emotion.attributes["time-ref-uri"]
        if not uri.startswith("#"):
            return 0.0
        place, other = f"{self._where}, line {emotion.line}", self._by_id.get(uri[1:])
        if other is None:
            raise FormatError(f"{place}: there is no emotion {uri!r} for a time to refer to")
        if other is emotion or other in above:
            raise FormatError(f"{place}: a time refers back to itself")
        start, end = self.span(other, (*above, emotion))
        if emotion.attributes.get("time-ref-anchor-point", "start") == "start":
            return start
        if end is None:
            raise FormatError(f"{place}: a time refers to the end of {uri!r}, which has none")
        return end

    def _told(self, emotion: Element, key: str) -> float | None:
        if key not in emotion.attributes:
            return None
        return number(emotion.attributes[key], key, f"{self._where}, line {emotion.line}") / 1000

    def _checked(self, start: float, end: float | None, emotion: Element) -> Span:
        if start < 0 or (end is not None and end < start):
            place = f"{self._where}, line {emotion.line}"
            raise FormatError(f"{place}: an emotion starts at 0 or later and ends after its start (milliseconds)")
        return start, end
