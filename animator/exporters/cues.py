"""What is said, as cues: a mark and when it holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from animator.core.features import Features
from animator.core.phones import PHONES
from animator.core.spoken import phones
from animator.core.take import Take


class Cue(NamedTuple):
    """A mark and when it holds, in seconds."""

    start: float
    end: float
    mark: str


def heard(take: Take) -> Features:
    """What was heard; a take for an exporter that needs it has it."""
    assert take.features is not None
    return take.features


def seconds(take: Take) -> float:
    """How long the sound is, or what was heard where the sound is not known."""
    return float(take.audio.seconds) if take.audio else heard(take).seconds


def phone_cues(take: Take) -> list[Cue]:
    """The phones that win, one after the other, from 0 to the end of the sound without a gap."""
    spoken = phones(heard(take))
    rows = zip(spoken.start.tolist(), spoken.end.tolist(), (PHONES[p] for p in spoken.phone), strict=True)
    return within([Cue(*row) for row in rows], seconds(take))


def marked(cues: Iterable[Cue], marks: Mapping[str, str]) -> list[Cue]:
    """The same cues under other marks."""
    return joined(Cue(start, end, marks[mark]) for start, end, mark in cues)


def joined(cues: Iterable[Cue]) -> list[Cue]:
    """Neighbours with the same mark become one cue."""
    out: list[Cue] = []
    for cue in cues:
        if out and out[-1].mark == cue.mark:
            out[-1] = out[-1]._replace(end=cue.end)
        else:
            out.append(cue)
    return out


def within(cues: Iterable[Cue], end: float) -> list[Cue]:
    """Cues that begin before the end of the sound; the last lasts until then."""
    kept = [cue for cue in cues if cue.start < end]
    return [*kept[:-1], kept[-1]._replace(end=end)] if kept else []


def on_clock(cues: Iterable[Cue], rate: float) -> Iterator[tuple[int, int, str]]:
    """Start, end and mark on a clock of ``rate`` ticks a second, each to the nearest; cues shorter than a tick may vanish."""
    for start, end, mark in cues:
        first, last = round(start * rate), round(end * rate)
        if first < last:
            yield first, last, mark
