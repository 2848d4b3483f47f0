"""Scenes: dialogue in TOML. Paths start in the file's own folder.

::

    schema = "animator.Scene/1"

    [[face]]                     # from left to right
    name = "Ana"
    head = "ana.toml"            # or photo = "ana.jpg"; optional, as all that follows
    camera = "three-quarter"
    mood = "calm:0.3"
    inertia = 0.5                # 0 to 1
    contagion = 0.6
    feedback = 1.0               # 0 to 2: nods while listening
    traits = { extraversion = 0.8, neuroticism = 0.3 }     # the Big Five, 0 to 1
    generator = { style = "animated" }                     # settings of the generator for this face

    [[turn]]
    who = "Ana"
    sound = "hello.wav"
    at = 0.5                     # seconds; or gap = 0.3 after the turn before, or overlap = 0.3 with it
    emotion = "happy:0.7"        # or "auto", or script = "feelings.toml"; neither: the mood they are in
    transcript = "Well, hello."  # or a .txt file
    to = "Bo"                    # or a list; all, if left out
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

import tomli_w

from animator.core.scene import Face, Scene, Traits, Turn
from animator.core.settings import fitted, setting_types
from animator.errors import FormatError, InputError
from animator.io.toml import parse_toml, read_text, require_keys

SCHEMA = "animator.Scene/1"
T = TypeVar("T")
_HEADERS = {key: re.compile(rf"^[ \t]*\[\[[ \t]*{key}[ \t]*\]\]", re.MULTILINE) for key in ("face", "turn")}
_FACE = tuple(f.name for f in fields(Face))
_TURN = (*(f.name for f in fields(Turn) if f.name != "line"), "overlap")


def read_scene(path: Path) -> Scene:
    """A scene whose files are all there; complaints name the file, the face or turn with its line, and the key.

    Raises
    ------
    InputError
        There is no such file, or none that it names, or a value is out of its range.
    FormatError
        It is not TOML (the line is told), or not a scene.
    UnknownNameError
        A key or a face is not known; the nearest is offered.
    """
    text, where = read_text(path), repr(path.name)
    table = parse_toml(text, where, SCHEMA)
    require_keys(table, ("face", "turn"), where)
    folder = path.absolute().parent
    faces = [_face(entry, place, folder) for entry, _, place in _entries(table, "face", text, where)]
    turns = [_turn(entry, line, place, folder) for entry, line, place in _entries(table, "turn", text, where)]
    return _built(Scene, {"faces": tuple(faces), "turns": tuple(turns)}, where)


def scene_to_toml(scene: Scene, folder: Path) -> str:
    """A scene as TOML text, from which, as a file in ``folder``, `read_scene` makes the same scene.

    Files inside the folder are named from there, others by their whole paths. ``gap`` is left out where ``at`` overrules it.

    Raises
    ------
    InputError
        A turn's transcript would be read as the name of a file.
    """
    home = folder.absolute()
    faces = [_table(face, home, ("head", "photo")) for face in scene.faces]
    turns = []
    for i, turn in enumerate(scene.turns, 1):
        if _is_file(turn.transcript):
            raise InputError(f"turn {i} says {turn.transcript!r}, which a scene takes for a file's name; end it in another way")
        table = _table(turn, home, ("sound", "script"))
        turns.append({key: value for key, value in table.items() if key != "line" and not (key == "gap" and "at" in table)})
    return tomli_w.dumps({"schema": SCHEMA, "face": faces, "turn": turns})


def _table(entry: Face | Turn | Traits, home: Path, paths: tuple[str, ...] = ()) -> dict[str, Any]:
    """What of an entry is not as usual, as plain values."""
    usual = {f.name: f.default for f in fields(entry)}
    table = {name: value for name, value in vars(entry).items() if value != usual[name] and value not in ({}, ())}
    for key in paths:
        if key in table and Path(table[key]).is_relative_to(home):
            table[key] = str(Path(table[key]).relative_to(home))
    if "traits" in table:
        table["traits"] = _table(table["traits"], home)
    return table


def _entries(table: Mapping[str, Any], key: str, text: str, where: str) -> list[tuple[dict[str, Any], int, str]]:
    """The tables of one kind, each with its line where that can be told, and what complaints call it."""
    entries = table.get(key)
    if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
        raise FormatError(f"{where} needs [[{key}]] tables: two faces or more, and a turn or more")
    found = [text.count("\n", 0, header.start()) + 1 for header in _HEADERS[key].finditer(text)]
    lines = found if len(found) == len(entries) else [0] * len(entries)
    told = [f"{where}, {key} {i}" + (f" (line {line})" if line else "") for i, line in enumerate(lines, 1)]
    return list(zip(entries, lines, told, strict=True))


def _face(entry: dict[str, Any], where: str, folder: Path) -> Face:
    require_keys(entry, _FACE, where)
    _need(entry, ("name",), where)
    traits = entry.pop("traits", {})
    if not isinstance(traits, Mapping):
        raise FormatError(f"{where}: traits are a table, such as {{ extraversion = 0.8 }}")
    kinds = {key: kind for key, kind in setting_types(Face).items() if key != "traits"}
    values = fitted(entry, kinds, where) | {"traits": _built(Traits, fitted(traits, setting_types(Traits), where), where)}
    return _built(Face, _found(values, ("head", "photo"), where, folder), where)


def _turn(entry: dict[str, Any], line: int, where: str, folder: Path) -> Turn:
    require_keys(entry, _TURN, where)
    _need(entry, ("who", "sound"), where)
    placed = [key for key in ("at", "gap", "overlap") if key in entry]
    if len(placed) > 1:
        raise InputError(f"{where}: {' and '.join(placed)} both say when it begins; give one of them")
    if isinstance(entry.get("to"), str):
        entry["to"] = [entry["to"]]
    kinds = setting_types(Turn)
    values = fitted(entry, {**kinds, "overlap": kinds["gap"]}, where)
    if "overlap" in values:
        values["gap"] = -values.pop("overlap")
    if "to" in values:
        values["to"] = tuple(values["to"])
    if _is_file(values.get("transcript")):
        values["transcript"] = read_text(folder / values["transcript"])
    return _built(Turn, _found(values, ("sound", "script"), where, folder) | {"line": line}, where)


def _is_file(said: str | None) -> bool:
    """Whether what a turn says is the name of a file that tells it."""
    return said is not None and said.casefold().endswith(".txt") and "\n" not in said


def _need(entry: Mapping[str, Any], keys: tuple[str, ...], where: str) -> None:
    lacking = next((key for key in keys if not entry.get(key)), None)
    if lacking is not None:
        raise FormatError(f"{where} lacks {lacking!r}")


def _found(values: dict[str, Any], keys: tuple[str, ...], where: str, folder: Path) -> dict[str, Any]:
    """The values with paths from the root, each of a file that is there."""
    for key in keys:
        if values.get(key):
            path = folder / values[key]
            if not path.is_file():
                raise InputError(f"{where}: there is no file {values[key]!r} for {key!r}")
            values[key] = str(path)
    return values


def _built(kind: Callable[..., T], values: Mapping[str, Any], where: str) -> T:
    try:
        return kind(**values)
    except InputError as error:
        error.args = (f"{where}: {error}",)
        raise
