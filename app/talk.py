"""`Talk`: a dialogue that a visitor works on, and each change of it as another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import animator

NAMES = ("Ana", "Bea", "Cem", "Dina", "Eli", "Fay")
"""What new faces are called; there are at most so many here."""

DIGITS = 2
"""Turns stand on a clock of hundredths of a second."""


@dataclass(frozen=True)
class Talk:
    """A dialogue and how it is drawn: a value.

    Parameters
    ----------
    scene
        Faces and turns, whose files lie at the visitor's desk. Absent until there are any.
    side, fps
        Pixels of a drawn face's picture, which is square, and pictures a second.
    agreed
        Whether everybody in its photos has said yes to this dialogue. Once it is changed, nobody has.
    """

    scene: animator.Scene | None = None
    side: int = 256
    fps: int = 25
    agreed: bool = False

    def __hash__(self) -> int:
        """Of the text that tells it, since settings are tables."""
        return hash(repr(self))

    @property
    def recipe(self) -> animator.Recipe:
        """What holds where the scene says nothing."""
        return animator.Recipe(picture=animator.Picture(width=self.side, height=self.side, fps=Fraction(self.fps)))

    @property
    def photos(self) -> bool:
        """Whether anybody in it is shown by a photo."""
        return self.scene is not None and any(face.photo for face in self.scene.faces)


def held(talk: Talk) -> animator.Scene:
    """The scene of a dialogue; `animator.InputError` if there is none yet."""
    if talk.scene is None:
        raise animator.InputError("there is no dialogue yet; begin with the example, with the line of Perform, or open a scene")
    return talk.scene


def staged(talk: Talk, scene: animator.Scene) -> Talk:
    """The dialogue with another scene."""
    return replace(talk, scene=scene, agreed=False)


def faced(talk: Talk, number: int, **values: Any) -> Talk:
    """The dialogue whose face of this number, from 0 at the left, has other values; turns go along with its name."""
    scene = held(talk)
    old = scene.faces[number]
    new = replace(old, **values)
    told = {old.name: new.name}
    turns = tuple(
        replace(turn, who=told.get(turn.who, turn.who), to=tuple(told.get(name, name) for name in turn.to))
        for turn in scene.turns
    )
    return staged(talk, animator.Scene((*scene.faces[:number], new, *scene.faces[number + 1 :]), turns))


def joined(talk: Talk) -> Talk:
    """The dialogue with one more face, at the right, who only listens as yet; `animator.InputError` if there are `NAMES`."""
    scene = held(talk)
    taken = {face.name.casefold() for face in scene.faces}
    free = [name for name in NAMES if name.casefold() not in taken]
    if len(scene.faces) >= len(NAMES) or not free:
        raise animator.InputError(f"here a dialogue has at most {len(NAMES)} faces; use the command line for more")
    return staged(talk, replace(scene, faces=(*scene.faces, animator.Face(free[0]))))


def left(talk: Talk, number: int) -> Talk:
    """The dialogue without the face of this number, and without its turns.

    Raises
    ------
    animator.InputError
        Nobody would be left to listen, or nothing to be said.
    """
    scene = held(talk)
    name = scene.faces[number].name
    faces = tuple(face for face in scene.faces if face.name != name)
    turns = (replace(turn, to=tuple(each for each in turn.to if each != name)) for turn in scene.turns if turn.who != name)
    return staged(talk, animator.Scene(faces, tuple(turns)))


def reseated(talk: Talk, number: int, by: int) -> Talk:
    """The dialogue whose face of this number sits so many seats further to the right."""
    scene = held(talk)
    return staged(talk, replace(scene, faces=_exchanged(scene.faces, number, by)))


def said(talk: Talk, turn: animator.Turn) -> Talk:
    """The dialogue with one more turn, at its end."""
    scene = held(talk)
    return staged(talk, replace(scene, turns=(*scene.turns, turn)))


def turned(talk: Talk, number: int, **values: Any) -> Talk:
    """The dialogue whose turn of this number, from 0, has other values.

    Of ``at`` and ``gap``, and of ``emotion`` and ``script``, the one that is given takes the other's place; and nobody speaks to
    themselves.
    """

    def change(turn: animator.Turn) -> animator.Turn:
        for given, other, usual in (("at", "gap", animator.Turn.gap), ("gap", "at", None), ("emotion", "script", "")):
            if values.get(given) not in (None, ""):
                values.setdefault(other, usual)
        new = {"to": turn.to, "who": turn.who, **values}
        return replace(turn, **{**new, "to": tuple(name for name in new["to"] if name != new["who"] or "to" in values)})

    return _with_turn(talk, number, change)


def moved(talk: Talk, number: int, start: float) -> Talk:
    """The dialogue whose turn of this number begins at so many seconds; those that follow by a gap go along."""
    return turned(talk, number, at=round(max(start, 0.0), DIGITS))


def unsaid(talk: Talk, number: int) -> Talk:
    """The dialogue without the turn of this number; `animator.InputError` if it is the only one."""
    scene = held(talk)
    return staged(talk, replace(scene, turns=(*scene.turns[:number], *scene.turns[number + 1 :])))


def reordered(talk: Talk, number: int, by: int) -> Talk:
    """The dialogue whose turn of this number is said so many places later: the two change places, and places keep their times."""
    scene = held(talk)
    order = _exchanged(scene.turns, number, by)
    turns = tuple(replace(turn, at=place.at, gap=place.gap) for turn, place in zip(order, scene.turns, strict=True))
    return staged(talk, replace(scene, turns=turns))


def addressed(text: str) -> tuple[str, ...]:
    """Names as they are written into a field: ``Ana, Bo``."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _with_turn(talk: Talk, number: int, change: Callable[[animator.Turn], animator.Turn]) -> Talk:
    scene = held(talk)
    turns = tuple(change(turn) if k == number else turn for k, turn in enumerate(scene.turns))
    return staged(talk, replace(scene, turns=turns))


def _exchanged(things: tuple[Any, ...], number: int, by: int) -> tuple[Any, ...]:
    there = min(max(number + by, 0), len(things) - 1)
    order = list(things)
    order[number], order[there] = order[there], order[number]
    return tuple(order)
