"""`Line`: all that decides a clip. Every control of the page turns one into another; undo is a list of them."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import animator

RECIPE_FILE, SCRIPT_FILE = "line.recipe.toml", "feelings.toml"
"""Files that tell what no option of the command line can."""

TOLD = {"encoder", "embedder", "generator", "head", "renderer", "reenactor", "picture", "transcript", "seed"}
"""Fields of a recipe that options can say."""

BY_SCRIPT = ("articulation", "looks")
"""Settings of the generator that a script tells."""


@dataclass(frozen=True)
class Line:
    """What is said, by whom, and how: a value.

    Parameters
    ----------
    sound
        The speech, a file at the visitor's desk; its name is the one that the visitor knows. Absent until there is any.
    recipe
        Everything else that decides the motion and the drawn head.
    photo
        A picture at the visitor's desk, whose person speaks in the drawn head's place.
    face
        Which of several in the photo, from the left, from 1.
    agreed
        Whether the person in the photo has said yes to this line. Who speaks and what is said are changed by `saying` and
        `showing`, after which nobody has.
    """

    sound: Path | None = None
    recipe: animator.Recipe = field(default_factory=animator.Recipe)
    photo: Path | None = None
    face: int | None = None
    agreed: bool = False

    def __hash__(self) -> int:
        """Of the text that tells it, since settings are tables."""
        return hash(repr(self))


def saying(line: Line, sound: Path | None, transcript: str | None = None) -> Line:
    """The line with other speech, and what is said in it where that is known."""
    return replace(having(line, transcript=transcript), sound=sound, agreed=False)


def showing(line: Line, photo: Path | None, face: int | None = None) -> Line:
    """The line said by the person in a photo, or, without one, by the drawn head."""
    return replace(line, photo=photo, face=face, agreed=False)


def having(line: Line, **values: Any) -> Line:
    """The line with other values of its recipe: ``having(line, seed=3)``."""
    return replace(line, recipe=replace(line.recipe, **values))


def choosing(line: Line, role: str, name: str, **settings: Any) -> Line:
    """The line with another part, and these of its settings: ``choosing(line, "embedder", "label", feelings="sad")``."""
    return having(line, **{role: animator.Choice(name, settings)})


def dialled(line: Line, role: str, **settings: Any) -> Line:
    """The line with other settings of the part it has: ``dialled(line, "generator", blink=0.5)``."""
    choice = getattr(line.recipe, role)
    return having(line, **{role: animator.Choice(choice.name, {**choice.settings, **settings})})


def draft(line: Line, side: int = 256, fps: int = 12) -> Line:
    """The same line, quick to draw: small, and few pictures a second. The performance is the same."""
    picture = line.recipe.picture
    scale = min(1.0, side / max(picture.width, picture.height))
    width, height = (2 * max(1, round(length * scale / 2)) for length in (picture.width, picture.height))
    return having(line, picture=replace(picture, width=width, height=height, fps=type(picture.fps)(min(picture.fps, fps))))


def command(line: Line, output: str = "clip.mp4", format_name: str | None = None) -> str:
    """What to type for the same clip, motion (``.npz``) or file of a format, beside the line's own files and its `companions`."""
    verb = "export" if format_name else "generate" if output.endswith(".npz") else "render"
    words = ["animator", verb, line.sound.name if line.sound else "speech.wav", "-o", output]
    if format_name:
        words += ["--format", format_name]
    if line.photo and verb == "render":
        words += ["--photo", line.photo.name]
        words += ["--face", str(line.face)] if line.face else []
    if RECIPE_FILE in companions(line):
        return shlex.join([*words, "--recipe", RECIPE_FILE])
    return shlex.join([*words, *_performance(line), *_drawing(line, verb)])


def companions(line: Line) -> Mapping[str, str]:
    """Text files, by name, that `command` refers to: a script of feelings, or, where options cannot say everything, a recipe."""
    recipe, usual = line.recipe, animator.Recipe()
    embedder = recipe.embedder
    told = {"label": {"feelings"}, "voice": set(), "script": {"cues", "inertia"}}
    said_otherwise = [
        each.name for each in fields(recipe) if each.name not in TOLD and getattr(recipe, each.name) != getattr(usual, each.name)
    ]
    if said_otherwise or not set(embedder.settings) <= told.get(embedder.name, set()) or embedder.name not in told:
        return {RECIPE_FILE: animator.recipe_to_toml(beside(recipe))}
    return {SCRIPT_FILE: script(line)} if embedder.name == "script" and script(line) else {}


def script(line: Line) -> str:
    """All of a line that a script tells: cues and their inertia, lips, looks, and feelings of its own; empty if it has none."""
    recipe, generator = line.recipe, line.recipe.part("generator")
    part = animator.build("embedders", recipe.embedder) if recipe.embedder.name == "script" else None
    cues, inertia = (tuple(part.cues), part.inertia) if part else ((), 0.0)
    told = animator.Direction(cues, None, inertia, generator.articulation, generator.looks, recipe.feelings)
    return "" if told == animator.Direction() else str(animator.script_to_toml(told))


def beside(recipe: animator.Recipe) -> animator.Recipe:
    """The recipe for where the curves that are laid over lie beside it, each by its own name."""
    return replace(recipe, layers=tuple(replace(layer, path=Path(layer.path).name) for layer in recipe.layers))


def _performance(line: Line) -> Iterator[str]:
    recipe, usual = line.recipe, animator.Recipe()
    embedder = recipe.embedder
    if SCRIPT_FILE in companions(line):
        yield from ("--script", SCRIPT_FILE)
    elif embedder != usual.embedder and embedder.name != "script":
        yield from ("--emotion", "auto" if embedder.name == "voice" else str(embedder.settings.get("feelings", "neutral")))
    if recipe.transcript is not None:
        yield from ("--transcript", recipe.transcript)
    if recipe.seed != usual.seed:
        yield from ("--seed", str(recipe.seed))
    for role in ("encoder", "generator"):
        if getattr(recipe, role).name != getattr(usual, role).name:
            yield from (f"--{role}", getattr(recipe, role).name)
        yield from _settings(recipe, role)


def _drawing(line: Line, verb: str) -> Iterator[str]:
    """What a photo shows already, or a motion has no use for, is left out: the command line refuses it."""
    recipe, usual = line.recipe, animator.Recipe()
    roles = (
        () if verb == "generate" else ("head",) if verb == "export" else ("reenactor",) if line.photo else ("head", "renderer")
    )
    for role in roles:
        if getattr(recipe, role).name != getattr(usual, role).name:
            yield from (f"--{role}", getattr(recipe, role).name)
        yield from _settings(recipe, role)
    picture, plain = recipe.picture, usual.picture
    if picture.fps != plain.fps and verb != "generate":
        yield from ("--fps", str(picture.fps))
    if line.photo or verb != "render":
        return
    if (picture.width, picture.height) != (plain.width, plain.height):
        yield from ("--size", f"{picture.width}x{picture.height}")
    for each in ("camera", "background"):
        if getattr(picture, each) != getattr(plain, each):
            yield from (f"--{each}", getattr(picture, each))


def _settings(recipe: animator.Recipe, role: str) -> list[str]:
    settings = dict(getattr(recipe, role).settings)
    if role == "generator" and recipe.embedder.name == "script":
        settings = {name: value for name, value in settings.items() if name not in BY_SCRIPT}
    return [word for name, value in settings.items() for word in ("--set", f"{role}.{name}={_toml(value)}")]


def _toml(value: Any) -> str:
    """A value in one line, as ``--set`` reads it; a plain word needs no quotes."""
    if isinstance(value, str) and re.fullmatch(r"[a-z][a-z-]*", value) and value not in ("true", "false", "inf", "nan"):
        return value
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(key)} = {_inner(each)}" for key, each in value.items()) + "}"
    return _inner(value)


def _inner(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_inner, value)) + "]"
    return _toml(value) if isinstance(value, Mapping) else json.dumps(value, ensure_ascii=False)
