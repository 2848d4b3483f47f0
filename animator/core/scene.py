"""`Scene`: who talks to whom, with which sound, from when on; and how each of them is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from animator.core.motion import GENERATOR_FPS
from animator.core.script import parse_feelings
from animator.core.settings import check_dials
from animator.errors import InputError, UnknownNameError

GAP = 0.2
"""Seconds from one turn to the next in most languages (Stivers et al. 2009, PNAS 106)."""

AUTO = "auto"
"""The feeling of a turn that is heard in its voice."""


@dataclass(frozen=True)
class Traits:
    """A person's Big Five, each in [0, 1]; 0.5 is how most people are.

    Raises
    ------
    InputError
        A trait lies outside [0, 1].
    """

    openness: float = 0.5
    conscientiousness: float = 0.5
    extraversion: float = 0.5
    agreeableness: float = 0.5
    neuroticism: float = 0.5

    def __post_init__(self) -> None:
        check_dials(self, dict.fromkeys(vars(self), 1.0))


@dataclass(frozen=True)
class Face:
    """Somebody in a scene.

    Parameters
    ----------
    name
        Letters, digits, spaces, ``-`` and ``_``: files are called so.
    head, photo
        Files of who it is, at most one: an ``animator.Head/1``, or a picture or ``.portrait``. The usual head, if both are empty.
    camera
        A camera by name or settings; turned a little towards the others, if empty. A photo has its own.
    mood
        Feelings in which they come, as `parse_feelings` reads them; neutral, if empty.
    traits
        What kind of person it is.
    inertia
        [0, 1]: how much of a mood is left after `dialogue.mood.STEP` seconds of something else; 1 = nothing changes it.
    contagion
        [0, 1]: how far others' feelings reach them; 0 = not at all.
    feedback
        [0, 2]: how often they nod and raise their brows while they listen, as a multiple of the usual.
    generator
        Settings of the generator for this face alone.

    Raises
    ------
    InputError
        A value is out of its range, or there are both a head and a photo.
    """

    name: str
    head: str = ""
    photo: str = ""
    camera: str = ""
    mood: str = ""
    traits: Traits = Traits()
    inertia: float = 0.5
    contagion: float = 0.6
    feedback: float = 1.0
    generator: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[\w-][\w -]*", self.name):
            raise InputError(
                f"a face's name is letters, digits, spaces, '-' and '_', since files are called so, not {self.name!r}"
            )
        if self.head and self.photo:
            raise InputError(f"{self.name} has a head and a photo; give one of them")
        if self.photo and self.camera:
            raise InputError(f"the photo of {self.name} was taken by a camera of its own; leave 'camera' out")
        check_dials(self, {"inertia": 1.0, "contagion": 1.0, "feedback": 2.0})
        if self.mood:
            parse_feelings(self.mood)


@dataclass(frozen=True)
class Turn:
    """What somebody says, from the first to the last of one sound.

    Parameters
    ----------
    who
        The face that says it.
    sound
        A sound file.
    at
        Seconds in [0, a day] at which it begins; ``gap`` after the turn before it, if absent.
    gap
        Seconds in [-60, 600]; below 0 it begins before the turn ahead of it is over.
    emotion
        Feelings, or ``auto``: as the voice. Without it and a script, they show the mood that they are in.
    script
        A file of what is felt, done and said in this turn, on its own clock, in the place of ``emotion``.
    transcript
        What is said.
    to
        Whom it is meant for; all, if empty.
    line
        Where it stands in its file, counted from 1; 0 = nobody knows.

    Raises
    ------
    InputError
        A value is out of its range, or two of them contradict each other.
    """

    who: str
    sound: str
    at: float | None = None
    gap: float = GAP
    emotion: str = ""
    script: str = ""
    transcript: str | None = None
    to: Sequence[str] = ()
    line: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        if self.at is not None and not 0 <= self.at <= 86400:
            raise InputError(f"a turn begins in [0, 86400] s, not at {self.at:g}")
        if not -60 <= self.gap <= 600:
            raise InputError(f"the gap before a turn lies in [-60, 600] s, not {self.gap:g}")
        if self.emotion and self.script:
            raise InputError("'emotion' and 'script' both say what is felt; give one of them")
        if self.emotion and self.emotion != AUTO:
            parse_feelings(self.emotion)


@dataclass(frozen=True)
class Scene:
    """Two or more faces, from left to right as they are seen, and their turns in order.

    Raises
    ------
    InputError
        There are fewer than two faces or no turn, or two faces share a name.
    UnknownNameError
        A turn is said by, or to, nobody in the scene; the turn is told, and the nearest name.
    """

    faces: tuple[Face, ...]
    turns: tuple[Turn, ...]

    def __post_init__(self) -> None:
        names = [face.name for face in self.faces]
        if len(names) < 2:
            raise InputError(f"a scene has two or more faces, not {len(names)}")
        if len({name.casefold() for name in names}) < len(names):
            raise InputError(f"each face of a scene has a name of its own, but two of {', '.join(names)} are alike")
        if not self.turns:
            raise InputError("a scene has one or more turns, and this one none")
        for i, turn in enumerate(self.turns, 1):
            for name in (turn.who, *turn.to):
                if name not in names:
                    raise UnknownNameError("face", name, names, called(i, turn))
            if turn.who in turn.to:
                raise InputError(f"{called(i, turn)}: {turn.who} speaks to others, not to themselves")

    def number(self, name: str) -> int:
        """Which face has this name, counted from 0."""
        return [face.name for face in self.faces].index(name)


def called(number: int, turn: Turn) -> str:
    """How complaints call a turn."""
    return f"turn {number}" + (f" (line {turn.line})" if turn.line else "")


def starts(scene: Scene, lengths: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """When each turn begins, seconds, each at a frame of generators; ``lengths`` are those of the sounds.

    Raises
    ------
    InputError
        A turn would begin before the scene, before the turn ahead of it, or while the same face still says another.
    """
    out: list[Fraction] = []
    over: dict[str, Fraction] = {}
    end = Fraction(0)
    for i, (turn, length) in enumerate(zip(scene.turns, lengths, strict=True), 1):
        wanted = float(end) + turn.gap if turn.at is None else turn.at
        start = Fraction(round(wanted * GENERATOR_FPS)) / GENERATOR_FPS
        if start < 0 or (out and start < out[-1]):
            ahead = "the scene" if start < 0 else "the turn ahead of it"
            raise InputError(f"{called(i, turn)} begins at {float(start):.2f} s, before {ahead}")
        free = over.get(turn.who, Fraction(0))
        if start < free:
            told = f"{turn.who} still says another, until {float(free):.2f} s"
            raise InputError(f"{called(i, turn)} begins at {float(start):.2f} s, while {told}")
        out.append(start)
        over[turn.who] = start + length
        end = max(end, start + length)
    return tuple(out)
