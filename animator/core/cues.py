"""What a director wrote: cues in order, at seconds, at words or at tags inside what is said; and where words put them."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar

from animator.core.emotion import parts_of
from animator.core.features import Word
from animator.core.feelings import Own
from animator.core.lips import Lips
from animator.core.look import Look, look_of_text
from animator.core.script import Cue, parse_feelings, point_of
from animator.core.wording import words
from animator.core.words import spans_of_words
from animator.errors import FormatError, InputError, LossWarning, UnknownNameError

TAG = re.compile(r"\[([^\[\]]*)\]")
LOOK = re.compile(r"look[\s_-]+(?:at\b[\s:]*(?P<point>.*)|(?P<back>back))", re.IGNORECASE | re.DOTALL)

Directed = TypeVar("Directed", Cue, Look)
"""What stands at an instant."""


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


class Tagged(NamedTuple):
    """What is said, and what the tags inside it ask for."""

    said: str
    cues: tuple[Cue, ...] = ()
    looks: tuple[Look, ...] = ()


def tagged(
    text: str, gestures: Container[str], where: str = "the transcript", lines: Sequence[int] | None = None, first: int = 1
) -> Tagged:
    """What is said, without the tags inside it, and what they ask for: ``I am [happy:0.7] so glad [brows:sad] really [nod]``.

    A tag acts from the next word on, or when the last one ends. It is a look if it is written ``[look at 0.4,0,1,hold=2]`` (as
    `core.look.look_of_text` has it) or ``[look back]``, a gesture if ``gestures`` has it, and feelings otherwise. ``first`` is
    the line on which ``text`` begins, and ``lines`` are those of the tags, where it does not stand in its file as it is.

    Raises
    ------
    InputError
        A tag cannot be read, is left open, or no word is said; the line is told.
    """
    said = TAG.sub(" ", text)
    spoken = words(said)
    cues, looks = [], []
    for i, tag in enumerate(TAG.finditer(text)):
        line = lines[i] if lines else text.count("\n", 0, tag.start()) + first
        place = f"{where}, line {line}, {tag.group()!r}"
        if not spoken:
            raise InputError(f"{place}: no word is said, so a tag has no place")
        count = len(words(TAG.sub(" ", text[: tag.start()])))
        last = count == len(spoken)
        word = spoken[count - last]
        at = f"{word}#{Counter(spoken[: count + 1 - last])[word]}"
        meant = meaning(tag[1], gestures, place, **{"after" if last else "word": at}, line=line)
        if isinstance(meant, Look):
            looks.append(meant)
        else:
            cues.append(meant)
    if "[" in said or "]" in said:
        blank = TAG.sub(lambda tag: re.sub(r"[^\n]", " ", tag[0]), text)
        line = blank.count("\n", 0, min(found for found in (blank.find("["), blank.find("]")) if found >= 0)) + first
        raise FormatError(f"{where}, line {line}: a tag is left open; write [happy:0.7] or [nod]")
    return Tagged(re.sub(r"[ \t]+", " ", said).strip() if cues or looks else text, tuple(cues), tuple(looks))


def meaning(tag: str, gestures: Container[str], where: str, **place: Any) -> Cue | Look:
    """What a tag asks for, `tagged` tells how; ``place`` is when, and its line. Complaints begin with ``where``."""
    look = LOOK.fullmatch(tag.strip())
    if look is not None:
        return look_of_text(look["back"] or look["point"], where, **place)
    name = gesture_name(tag)
    gesture, feeling = (name, "") if name in gestures else ("", tag.strip())
    try:
        return Cue(feeling=feeling, gesture=gesture, **place)
    except InputError as error:
        error.args = (f"{where}: {error}",)
        raise


def called(number: int, each: Cue | Look) -> str:
    """How complaints call a cue or a look."""
    return f"{'look' if isinstance(each, Look) else 'cue'} {number}" + (f" (line {each.line})" if each.line else "")


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
                if feeling == cue.feeling:  # as in a tag, which may be either
                    raise UnknownNameError("feeling or gesture", feeling, feelings | gestures, place)
                raise UnknownNameError("feeling", feeling, feelings, place)


def in_order(cues: Sequence[Cue], where: str) -> None:
    """Raise `FormatError` unless cues in seconds follow each other, and no two set the same at the same instant."""
    timed = [(i, cue, cue.start + cue.offset) for i, cue in enumerate(cues, 1) if cue.start is not None and cue.feeling]
    for (_, before, earlier), (i, after, later) in pairwise(timed):
        if later < earlier or (later == earlier and before.tracks & after.tracks):
            raise FormatError(f"{where}, {called(i, after)} starts at {later:g} s, not after the one before it ({earlier:g} s)")


def placed(asked: Sequence[Directed], said: Sequence[Word], where: str) -> tuple[Directed, ...]:
    """The same cues, or looks, in seconds alone, in the order of their starts; one at words that are said again is as many.

    Raises
    ------
    InputError, UnknownNameError
        Words are not said, or nobody knows when; the cue or look is told.

    Warns
    -----
    LossWarning
        An offset leads to before the sound, with which it begins then.
    """
    out: list[Directed] = []
    for i, each in enumerate(asked, 1):
        name = f"{where}, {called(i, each)}"
        if not each.words:
            start = None if each.start is None else _within(each.start + each.offset, name)
            out.append(replace(each, start=start, offset=0.0))
            continue
        instants = [start if each.word else end for start, end in spans_of_words(said, each.words, name)]
        out += [replace(each, start=_within(at + each.offset, name), word="", after="", offset=0.0) for at in instants]
    return tuple(sorted(out, key=lambda each: each.start or 0.0))


def _within(start: float, name: str) -> float:
    if start < 0:
        warnings.warn(f"{name} would begin {-start:.2f} s before the sound, and begins with it", LossWarning, stacklevel=3)
    return max(start, 0.0)
