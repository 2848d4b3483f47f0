"""The timeline of feelings of a `Line`: its cues, and each change of them as another `Line`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import animator

from .line import Line, choosing

DIGITS = 2
"""Cues stand on a clock of hundredths of a second."""


class Spot(NamedTuple):
    """A cue in seconds, and its number on the line, from 0."""

    number: int
    start: float
    cue: animator.Cue


def cues(line: Line) -> tuple[animator.Cue, ...]:
    """The cues of a line, in order: those of its script; of a feeling that is told throughout, one from the start; of what a
    voice, a face or a file tells, none.
    """
    part = line.recipe.part("embedder")
    if line.recipe.embedder.name == "script":
        return tuple(part.cues)
    if line.recipe.embedder.name == "label":
        return (animator.Cue(0.0, part.feelings),)
    return ()


def cued(line: Line, timeline: tuple[animator.Cue, ...]) -> Line:
    """The line with these cues in place of what it felt, in any order.

    Raises
    ------
    animator.InputError
        Two cues start at one instant.
    """
    at_words = [cue for cue in timeline if cue.start is None]
    ordered = [*sorted((cue for cue in timeline if cue.start is not None), key=lambda cue: cue.start or 0.0), *at_words]
    kept = {name: value for name, value in line.recipe.embedder.settings.items() if name == "inertia"}
    made = choosing(line, "embedder", "script", cues=[animator.cue_table(cue) for cue in ordered], **kept)
    made.recipe.part("embedder")  # says what is wrong with them
    return made


def added(line: Line, cue: animator.Cue) -> Line:
    """The line with one cue more. It takes the place of one that sets the same, from the same instant."""
    others = (each for each in cues(line) if each.start is None or each.start != cue.start or not each.tracks & cue.tracks)
    return cued(line, (*others, cue))


def changed(line: Line, number: int, **values: Any) -> Line:
    """The line whose cue of this number, from 0, has other values: ``changed(line, 2, start=1.4)``."""
    return cued(line, tuple(replace(cue, **values) if k == number else cue for k, cue in enumerate(cues(line))))


def moved(line: Line, number: int, by: float) -> Line:
    """The line whose cue of this number, from 0, acts so many seconds later, or earlier if that is negative."""
    cue = cues(line)[number]
    if cue.start is None:
        return changed(line, number, offset=round(cue.offset + by, DIGITS))
    return changed(line, number, start=round(max(cue.start + by, 0.0), DIGITS))


def removed(line: Line, number: int) -> Line:
    """The line without the cue of this number, from 0; without any, nothing is felt."""
    return cued(line, tuple(cue for k, cue in enumerate(cues(line)) if k != number))


def spots(line: Line, features: animator.Features) -> list[Spot]:
    """Where the cues of a line act in what is heard, in order: one at words acts as often as they are said."""
    found = [
        Spot(number, each.start or 0.0, each)
        for number, cue in enumerate(cues(line))
        for each in animator.placed([cue], features.words, "the timeline")
    ]
    return sorted(found, key=lambda spot: spot.start)
