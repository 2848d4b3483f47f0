"""`Look`: a point that a director has a face look at, throughout or for a while."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from math import atan, atan2, hypot
from typing import Any

from animator.core.lips import check_span
from animator.core.settings import fitted, setting_types
from animator.errors import InputError

FARTHEST = (1.0, 0.6)
"""Radians of yaw and pitch that eyes and head reach together."""

APART = 0.031
"""Metres from between the eyes to each of them, in most adults."""

BETWEEN = 0.2
"""Seconds at least from one shift of the eyes to the next."""


@dataclass(frozen=True)
class Look:
    """Where eyes look; the head follows some of the way, and they come back to the camera afterwards.

    Parameters
    ----------
    at
        ``x, y, z`` in metres from between the eyes of a head at rest: to the subject's left, up and to the front; eyes converge
        on it. Or ``yaw, pitch`` in radians, far away: yaw above 0 is to the subject's left, pitch above 0 is down.
    start, stop
        Seconds: when the eyes leave for it, and when they come back. From the first frame, if absent, and until the next look or
        the end.

    Raises
    ------
    InputError
        It is no point, or one that eyes and head do not reach; or the span ends before it starts.
    """

    at: Sequence[float]
    start: float | None = None
    stop: float | None = None

    def __post_init__(self) -> None:
        check_span(self.start, self.stop)
        if len(self.at) not in (2, 3):
            raise InputError(f"a look goes to x,y,z in metres or to yaw,pitch in radians, not to {len(self.at)} numbers")
        yaw, pitch, _ = self.direction
        if not (abs(yaw) <= FARTHEST[0] and abs(pitch) <= FARTHEST[1]):
            told = f"yaw {yaw:.2f} and pitch {pitch:.2f}"
            raise InputError(f"eyes and head reach {FARTHEST[0]:g} rad to each side and {FARTHEST[1]:g} up and down, not {told}")

    @property
    def direction(self) -> tuple[float, float, float]:
        """Yaw and pitch of the look, and by how much each eye turns in, radians."""
        if len(self.at) == 2:
            return self.at[0], self.at[1], 0.0
        x, y, z = self.at
        return atan2(x, z), -atan2(y, hypot(x, z)), atan(APART / max(hypot(x, y, z), 4 * APART))


def looks_from(entries: Sequence[Look | Mapping[str, Any]], where: str) -> tuple[Look, ...]:
    """Looks from tables of plain values, checked and in order; a `Look` passes as it is. Complaints name the entry."""
    looks = tuple(each if isinstance(each, Look) else look_of(each, f"{where}, look {i}") for i, each in enumerate(entries, 1))
    for i, (before, after) in enumerate(pairwise(looks), 2):
        earliest = before.stop if before.stop is not None else (before.start or 0.0) + BETWEEN
        if (after.start or 0.0) < earliest:
            raise InputError(f"{where}, look {i} starts at {after.start or 0:g} s, before the one ahead of it is over")
    return looks


def look_of(entry: Mapping[str, Any], where: str) -> Look:
    """A look from one table, as `looks_from`."""
    entry = fitted(entry, setting_types(Look), where)
    if "at" not in entry:
        raise InputError(f"{where} goes nowhere; give 'at', such as [0.3, 0.0, 1.0]")
    try:
        return Look(**entry)
    except InputError as error:
        raise InputError(f"{where}: {error}") from None


def told(look: Look) -> dict[str, Any]:
    """What is not as it is by default, as plain values; `looks_from` gives the same look again."""
    given = {f.name: getattr(look, f.name) for f in fields(Look) if getattr(look, f.name) != f.default}
    return given | {"at": [float(number) for number in look.at]}
