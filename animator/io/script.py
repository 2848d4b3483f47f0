"""Scripts: timelines of feelings and gestures in TOML, and in whatever else `animator.io.scripts` reads.

::

    schema = "animator.Script/1"
    transcript = "I am [happy:0.7] so glad [brows:worried] really"   # optional, with or without tags
    inertia = 0.4            # optional: seconds in which feelings follow most of the way
    feeling.awe = "fear:0.4+surprised:0.5"   # optional: feelings of your own, as in `io.feelings`

    [[cue]]
    start = 1.5              # seconds; or word = "glad", "glad#2", "so glad"; or after = "glad", when it has been said
    feeling = "happy:0.7"    # or "happy:0.6,surprised:0.4", or "brows:angry:0.8" of a region
    intensity = 1.0          # optional: scales the weights, 0 to 1
    ease = 0.5               # optional: seconds that the change takes
    hold = 2.0               # optional: seconds after which what was before comes back
    offset = -0.1            # optional: seconds, added

    [[cue]]
    word = "glad"
    gesture = "nod"          # once; 'hold' keeps its last pose

Beside its cues a script may hold directions (`io.directions`), or nothing else than these.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import tomli_w

from animator.core import lips, look
from animator.core.cues import TAG, Direction, gesture_name, in_order, tagged
from animator.core.script import Cue
from animator.errors import FormatError, InputError
from animator.io.categories import names
from animator.io.directions import TABLES, directions
from animator.io.feelings import own_feelings
from animator.io.rig import load_rig
from animator.io.toml import header_lines, parse_toml, read_text, require_keys

SCHEMA = "animator.Script/1"
_TEXTS = ("feeling", "gesture", "word", "after")
_KEYS = tuple(f.name for f in fields(Cue) if f.name != "line")


def read_script(path: Path, rig: str = "arkit", own: Iterable[str] = ()) -> Direction:
    """What a script file says; complaints name the file, the cue with its line, and the key.

    ``rig`` says which tags inside a transcript are gestures, and with ``own``, names of the director's own, which of those in
    captions are feelings. Besides our own, by suffix: captions (.vtt, .srt), tables (.csv,
    .tsv), SSML and EmotionML (.xml, .ssml, .emotionml: the root decides) and Audio2Face's keys (.yml, .yaml, .json).

    Raises
    ------
    InputError
        There is no such file, or a value is out of its range.
    FormatError
        It is not of its format (the line is told), not a script, or has its cues out of order.
    UnknownNameError
        A key is not known; the nearest is offered.

    Warns
    -----
    LossWarning
        Another program's script says what we cannot do.
    """
    text, where = read_text(path), repr(path.name)
    kind, moves = path.suffix.lower(), load_rig(rig).moves
    known = {*names(load_rig(rig).emotions), *own}
    if kind in (".vtt", ".srt"):
        from animator.io.scripts.captions import read_captions

        return read_captions(text, where, moves, known)
    if kind in (".csv", ".tsv"):
        from animator.io.scripts.table import read_table

        return read_table(text, where)
    if kind in (".json", ".yml", ".yaml"):
        from animator.io.scripts.audio2face import read_audio2face

        return read_audio2face(text, where, yaml=kind != ".json")
    if kind in (".xml", ".ssml", ".emotionml"):
        return _read_xml(text, where, moves, known)
    return parse_script(text, where, rig)


def _read_xml(text: str, where: str, gestures: Container[str], feelings: Container[str]) -> Direction:
    from animator.io.scripts import emotionml, ssml
    from animator.io.scripts.elements import parse_xml

    root = parse_xml(text, where)
    if root.name == ssml.ROOT:
        return ssml.read_ssml(root, where, gestures, feelings)
    return emotionml.read_emotionml(root, where)


def parse_script(text: str, where: str, rig: str = "arkit") -> Direction:
    """What a script's text says; ``where`` is what complaints call it."""
    table = parse_toml(text, where, SCHEMA)
    require_keys(table, ("cue", "transcript", "inertia", "feeling", *TABLES), where)
    transcript, inertia = table.get("transcript"), table.get("inertia", 0.0)
    if not (transcript is None or (isinstance(transcript, str) and transcript.strip())):
        raise FormatError(f"{where}: 'transcript' is what is said, not {transcript!r}")
    if isinstance(inertia, bool) or not isinstance(inertia, int | float):
        raise FormatError(f"{where}: 'inertia' is a number of seconds, not {inertia!r}")
    own = own_feelings(table.get("feeling", {}), where)
    ways, looks = directions(table, text, where)
    written = [] if "cue" not in table and table else _cues(table.get("cue"), text, where)
    cues = cues_from(written, where)
    if transcript is not None:
        tags = tagged(transcript, load_rig(rig).moves, f"{where}, transcript", *_lines(transcript, text))
        transcript, cues, looks = tags.said, (*cues, *tags.cues), (*looks, *tags.looks)
    return Direction(cues, transcript, float(inertia), ways, looks, own)


def _lines(transcript: str, text: str) -> tuple[list[int], int]:
    """The lines of the tags inside a transcript in the text of its file, whose strings may be folded; and its first line."""
    key = re.search(r"^[ \t]*[\"']?transcript[\"']?[ \t]*=[ \t]*([\"']{3}\r?\n)?", text, re.MULTILINE)
    at = key.end() if key else 0
    first, lines = text.count("\n", 0, at) + 1, []
    for tag in TAG.finditer(transcript):
        found = text.find(tag[0], at)
        at = found + len(tag[0]) if found >= 0 else at
        lines.append(text.count("\n", 0, at) + 1)
    return lines, first


def script_to_toml(script: Direction) -> str:
    """A script as TOML text, from which `parse_script` makes the same script."""
    table: dict[str, Any] = {"schema": SCHEMA}
    if script.transcript is not None:
        table["transcript"] = script.transcript
    if script.inertia:
        table["inertia"] = script.inertia
    if script.feelings:
        table["feeling"] = dict(script.feelings)
    table["cue"] = [cue_table(cue) for cue in script.cues]
    table |= {"lips": [lips.told(each) for each in script.lips], "look": [look.told(each) for each in script.looks]}
    return tomli_w.dumps({key: value for key, value in table.items() if value != []})


def cue_table(cue: Cue, line: bool = False) -> dict[str, Any]:
    """What of a cue is not as usual, as plain values; `cues_from` gives the same cue again, and with ``line`` its line, too."""
    usual = {f.name: f.default for f in fields(Cue)}
    return {name: value for name, value in asdict(cue).items() if value != usual[name] and (line or name != "line")}


def cues_from(entries: Sequence[Cue | Mapping[str, Any]], where: str) -> tuple[Cue, ...]:
    """Cues from tables of plain values, checked and in order; a `Cue` passes as it is."""
    cues = tuple(entry if isinstance(entry, Cue) else _cue(entry, f"{where}, cue {i}") for i, entry in enumerate(entries, 1))
    in_order(cues, where)
    return cues


def _cues(entries: Any, text: str, where: str) -> list[dict[str, Any]]:
    """The tables of the cues, each with the line on which it stands where that can be told."""
    if not isinstance(entries, list) or not entries:
        raise FormatError(f"{where} needs at least one [[cue]] with start and feeling")
    lines = header_lines(text, "cue", len(entries))
    for i, (entry, line) in enumerate(zip(entries, lines, strict=True), 1):
        place = f"{where}, cue {i}" + (f" (line {line})" if line else "")
        if not isinstance(entry, Mapping):
            raise FormatError(f"{place} is a table with start and feeling, not {entry!r}")
        require_keys(entry, _KEYS, place)
    return [{**entry, "line": line} for entry, line in zip(entries, lines, strict=True)]


def _cue(entry: Mapping[str, Any], where: str) -> Cue:
    entry = {key: value for key, value in entry.items() if value is not None}
    if entry.get("line"):
        where += f" (line {entry['line']})"
    require_keys(entry, (*_KEYS, "line"), where)
    for keys in (("start", "word", "after"), ("feeling", "gesture")):
        if not any(key in entry for key in keys):
            raise FormatError(f"{where} lacks {keys[0]!r}, or else {' or '.join(map(repr, keys[1:]))}")
    values: dict[str, Any] = {}
    for key, value in entry.items():
        if key in _TEXTS:
            if not isinstance(value, str):
                raise FormatError(f"{where}: {key!r} is text such as 'happy:0.7', not {value!r}")
            values[key] = gesture_name(value) if key == "gesture" else value
        elif isinstance(value, bool) or not isinstance(value, int | float):
            raise FormatError(f"{where}: {key!r} is a number, not {value!r}")
        else:
            values[key] = int(value) if key == "line" else float(value)
    try:
        return Cue(**values)
    except InputError as error:
        error.args = (f"{where}: {error}",)
        raise
