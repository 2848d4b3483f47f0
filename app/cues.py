"""The timeline of feelings of a `Line`: its cues, and each change of them as another `Line`."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import animator

from .line import Line, choosing

DIGITS = 2
"""Cues stand on a clock of hundredths of a second."""


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
    ordered = sorted(timeline, key=lambda cue: cue.start or 0.0)
    made = choosing(line, "embedder", "script", cues=[_plain(cue) for cue in ordered])
    made.recipe.part("embedder")  # says what is wrong with them
    return made


def added(line: Line, cue: animator.Cue) -> Line:
    """The line with one cue more."""
    return cued(line, (*cues(line), cue))


def changed(line: Line, number: int, **values: Any) -> Line:
    """The line whose cue of this number, from 0, has other values: ``changed(line, 2, start=1.4)``."""
    return cued(line, tuple(replace(cue, **values) if k == number else cue for k, cue in enumerate(cues(line))))


def moved(line: Line, number: int, start: float, seconds: float) -> Line:
    """The line whose cue of this number, from 0, begins elsewhere within the sound of so many seconds."""
    return changed(line, number, start=round(min(max(start, 0.0), seconds - 0.1**DIGITS), DIGITS))


def removed(line: Line, number: int) -> Line:
    """The line without the cue of this number, from 0; without any, nothing is felt."""
    return cued(line, tuple(cue for k, cue in enumerate(cues(line)) if k != number))


def _plain(cue: animator.Cue) -> dict[str, Any]:
    """A cue as a recipe holds it: a table of what is not as usual."""
    return {each.name: getattr(cue, each.name) for each in fields(cue) if getattr(cue, each.name) != each.default}
