"""Where faces sit, whom they look at when, and what turns each a little towards the others.

Seats stand side by side, as the faces are seen. A head that is drawn is seen from a little to a side, so that it looks at the
others when it looks straight ahead, with all the wandering of eyes that people have; whoever else is looked at, or sits before a
camera that is given, or in a photo, is reached by a shift of eyes and head (`core.look.Look`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from animator.core.look import BETWEEN, FARTHEST, Look
from animator.generators.life.gaze import DWELL

ASIDE = 0.38
"""Radians from the viewer to whoever sits beside."""

FURTHER = 0.22
"""Radians more for each seat beyond."""

NOTICED = 0.25
"""Seconds after which one turns to somebody who begins to speak."""

SHORTEST = 0.5
"""Seconds that a look at somebody takes at least."""

PATIENCE = 1.5
"""Seconds that a speaker who would look at somebody else waits for a pause to do it in."""


class Said(NamedTuple):
    """When somebody speaks, seconds, whom they mean, the first to be looked at first, and when they pause."""

    who: int
    start: float
    end: float
    to: tuple[int, ...]
    pauses: tuple[float, ...] = ()


def direction(here: int, there: int) -> float:
    """Yaw, radians, from a seat to another: above 0 to the sitter's left, which is to the right as they are seen."""
    away = abs(there - here)
    yaw = 0.0 if away == 0 else min(ASIDE + FURTHER * (away - 1), FARTHEST[0])
    return yaw if there > here else -yaw


def facing(here: int, seats: int) -> float:
    """Yaw of the middle of all others."""
    return float(np.mean([direction(here, there) for there in range(seats) if there != here]))


def passed(one: Said, rng: np.random.Generator) -> list[tuple[float, int]]:
    """When a speaker's eyes go to whom, seconds and seats: to each who is meant, again and again in the same order.

    They stay as long as talkers' do (Lee, Badler and Badler 2002), and pass on in the next pause, if one comes within `PATIENCE`.
    """
    shifts = [(one.start, one.to[0])]
    mean, spread = DWELL["talking"][0]
    while len(one.to) > 1:
        due = shifts[-1][0] + max(rng.gamma((mean / spread) ** 2, spread**2 / mean), 2 * SHORTEST)
        at = next((pause for pause in one.pauses if due <= pause <= due + PATIENCE), due)
        if at > one.end - SHORTEST:
            break
        shifts.append((at, one.to[len(shifts) % len(one.to)]))
    return shifts


def attended(here: int, said: Sequence[Said], seats: int, end: float, rng: np.random.Generator) -> list[tuple[float, float, int]]:
    """Whom somebody looks at: start and end in seconds, and the seat, without gaps up to ``end``.

    Whoever speaks is looked at, the last to begin if several do, from a moment after they begin; one's own listeners in turn
    while one speaks oneself; then on until somebody else speaks.
    """
    first = next((one for one in said), None)
    before = _other(here, first, seats)
    shifts = [(0.0, before)]
    for one in said:
        shifts += passed(one, rng) if one.who == here else [(one.start + NOTICED, one.who)]
    shifts = [shift for shift in sorted(shifts) if shift[0] < end]
    spans: list[tuple[float, float, int]] = []
    for (start, seat), (stop, _) in zip(shifts, [*shifts[1:], (end, 0)], strict=True):
        if spans and (spans[-1][2] == seat or stop - start < SHORTEST):
            spans[-1] = (spans[-1][0], stop, spans[-1][2])
        else:
            spans.append((start, stop, seat))
    return spans


def looks(here: int, ahead: float, said: Sequence[Said], seats: int, end: float, rng: np.random.Generator) -> tuple[Look, ...]:
    """Shifts of the eyes of somebody who looks at yaw ``ahead`` when looking straight ahead.

    Nobody is stared at: looks last as long as those of talkers and of listeners do, with glances elsewhere between, both as
    `generators.life.gaze` has them (Lee, Badler and Badler 2002). Whoever sits straight ahead needs no shift.
    """
    out: list[Look] = []
    for start, stop, seat in attended(here, said, seats, end, rng):
        yaw = direction(here, seat) - ahead
        if abs(yaw) < 0.02:
            continue
        talking = any(one.who == here and one.start < stop and start < one.end for one in said)
        (held, held_spread), (away, away_spread) = DWELL["talking" if talking else "listening"]
        now = start
        while stop - now >= SHORTEST:
            until = min(now + max(rng.gamma((held / held_spread) ** 2, held_spread**2 / held), SHORTEST), stop)
            out.append(Look((round(yaw, 4), 0.0), round(now, 3), round(until, 3)))
            now = until + max(rng.gamma((away / away_spread) ** 2, away_spread**2 / away), 2 * BETWEEN)
    return tuple(out)


def _other(here: int, first: Said | None, seats: int) -> int:
    """Whom somebody looks at before anybody speaks."""
    if first is None or first.who == here:
        return first.to[0] if first else (here + 1) % seats
    return first.who
