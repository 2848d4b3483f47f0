"""What a director wrote: cues in order, at seconds, at words or at tags inside what is said; and where words put them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from animator.core.emotion import parts_of
from animator.core.features import Word
from animator.core.feelings import Own
from animator.core.lips import Lips
from animator.core.look import Look
from animator.core.script import Cue, parse_feelings, point_of
from animator.core.wording import words
from animator.core.words import spans_of_words
from animator.errors import FormatError, InputError, UnknownNameError

_TAG = re.compile(r"\[([^\[\]]*)\]")


@dataclass(frozen=True)
class Direction:
    """A script: cues in order, what is said if it tells that, how feelings follow, how lips say it, and what is looked at.

    ``inertia`` is a time constant in seconds, as of `animator.embedders.script.Script`; ``feelings`` are the director's own
    (`core.feelings`).
    """

    cues: tuple[Cue, ...] = ()
    transcript: str | None = None
    inertia: float = 0.0
    lips: tuple[Lips, ...] = ()
    looks: tuple[Look, ...] = ()
    feelings: Own = field(default_factory=dict)


def gesture_name(text: str) -> str:
    """A gesture's name as rigs have it: ``Brow flash`` and ``brow-flash`` are ``brow_flash``."""
    return "_".join(re.findall(r"[^\W_]+", text.casefold()))


def tagged(text: str, gestures: Container[str], where: str = "the transcript") -> tuple[str, tuple[Cue, ...]]:
    """What is said, without the tags inside it, and a cue for each: ``I am [happy:0.7] so glad [brows:sad] really [nod]``.

    A tag acts from the next word on, or when the last one ends; it is a gesture if ``gestures`` has it, otherwise feelings.

    Raises
    ------
    InputError
        A tag cannot be read, is left open, or no word is said; the line is told.
    """
    said = _TAG.sub(" ", text)
    spoken = words(said)
    cues = []
    for tag in _TAG.finditer(text):
        line = text.count("\n", 0, tag.start()) + 1
        place = f"{where}, line {line}, {tag.group()!r}"
        if not spoken:
            raise InputError(f"{place}: no word is said, so a tag has no place")
        count = len(words(_TAG.sub(" ", text[: tag.start()])))
        last = count == len(spoken)
        word = spoken[count - last]
        at = f"{word}#{Counter(spoken[: count + 1 - last])[word]}"
        name = gesture_name(tag.group(1))
        gesture, feeling = (name, "") if name in gestures else ("", tag.group(1).strip())
        try:
            cues.append(Cue(feeling=feeling, gesture=gesture, word="" if last else at, after=at if last else "", line=line))
        except InputError as error:
            error.args = (f"{place}: {error}",)
            raise
    if "[" in said or "]" in said:
        line = text.count("\n", 0, min(found for found in (text.find("["), text.find("]")) if found >= 0)) + 1
        raise FormatError(f"{where}, line {line}: a tag is left open; write [happy:0.7] or [nod]")
    return re.sub(r"[ \t]+", " ", said).strip() if cues else text, tuple(cues)


def called(number: int, cue: Cue) -> str:
    """How complaints call a cue."""
    return f"cue {number}" + (f" (line {cue.line})" if cue.line else "")


def check_names(cues: Sequence[Cue], feelings: Iterable[str], gestures: Iterable[str], where: str) -> None:
    """Raise `UnknownNameError` for the first feeling or gesture that nobody knows; the cue is told, and the nearest name."""
    feelings, gestures = set(feelings), set(gestures)
    for i, cue in enumerate(cues, 1):
        place = f"{where}, {called(i, cue)}"
        if cue.gesture and cue.gesture not in gestures:
            raise UnknownNameError("gesture", cue.gesture, gestures, place)
        for name in parse_feelings(cue.feeling) if cue.feeling else ():
            feeling = parts_of(name)[1]
            if feeling not in feelings and point_of(feeling) is None:
                raise UnknownNameError("feeling", feeling, feelings, place)


def in_order(cues: Sequence[Cue], where: str) -> None:
    """Raise `FormatError` unless cues in seconds follow each other, and no two set the same at the same instant."""
    timed = [(i, cue, cue.start + cue.offset) for i, cue in enumerate(cues, 1) if cue.start is not None and cue.feeling]
    for (_, before, earlier), (i, after, later) in pairwise(timed):
        if later < earlier or (later == earlier and before.tracks & after.tracks):
            raise FormatError(f"{where}, {called(i, after)} starts at {later:g} s, not after the one before it ({earlier:g} s)")


def placed(cues: Sequence[Cue], said: Sequence[Word], where: str) -> tuple[Cue, ...]:
    """The same cues in seconds alone, in the order of their starts; one at words that are said several times is as many.

    Raises
    ------
    InputError, UnknownNameError
        Words are not said, or nobody knows when; the cue is told.
    """
    out = []
    for i, cue in enumerate(cues, 1):
        if cue.start is not None:
            out.append(replace(cue, start=max(cue.start + cue.offset, 0.0), offset=0.0))
            continue
        try:
            spans = spans_of_words(said, cue.words)
        except InputError as error:
            error.args = (f"{where}, {called(i, cue)}: {error}",)
            raise
        instants = [start if cue.word else end for start, end in spans]
        out += [replace(cue, start=max(at + cue.offset, 0.0), word="", after="", offset=0.0) for at in instants]
    return tuple(sorted(out, key=lambda cue: cue.start or 0.0))
