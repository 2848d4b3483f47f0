"""Keys of emotions of NVIDIA's Audio2Face-3D: a time code, and how strong each of its ten emotions is.

They stand in the YAML with which its sample client is set up, or in JSON of the same shape.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from animator.core.cues import Direction
from animator.core.script import Cue
from animator.errors import FormatError, LossWarning, UnknownNameError
from animator.io.scripts.keys import Key, cues_of

EMOTIONS = ("amazement", "anger", "cheekiness", "disgust", "fear", "grief", "joy", "outofbreath", "pain", "sadness")
"""Names of the service's emotions; all but the breath are feelings here, too."""

BREATH = "outofbreath"
_TIMES, _VALUES = ("time_code", "timeCode", "time"), ("emotion", "emotions", "values")
_LISTS = ("emotion_with_timecode_list", "emotion_with_timecode", "emotions", "keyframes", "keys")
_TIME = re.compile(rf"[\"']?\b(?:{'|'.join(_TIMES)})\b[\"']?\s*:")


def read_audio2face(text: str, where: str, yaml: bool = False) -> Direction:
    """Keys from a list of ``{"time_code": 0.5, "emotion": {"joy": 0.8}}``, or from an object that holds such a list or table.

    Raises
    ------
    FormatError
        It is not JSON, or with ``yaml`` not YAML, or holds no such keys.
    UnknownNameError
        The service has no such emotion.
    """
    found = _yaml(text, where) if yaml else _json(text, where)
    if isinstance(found, dict):
        found = next((found[name] for name in _LISTS if name in found), found)
    entries = list(found.values()) if isinstance(found, dict) else found
    if not isinstance(entries, list) or not entries:
        raise FormatError(f"{where} holds no keys of emotions, such as a list of {{'time_code': 0.5, 'emotion': {{'joy': 0.8}}}}")
    lines = [text.count("\n", 0, time.start()) + 1 for time in _TIME.finditer(text)]
    if len(lines) != len(entries):  # elsewhere in the file there is a time, too
        lines = [0] * len(entries)
    return Direction(
        cues_of_keys([_key(entry, where, i, line) for i, (entry, line) in enumerate(zip(entries, lines, strict=True), 1)], where)
    )


def cues_of_keys(keys: Sequence[Key], where: str) -> tuple[Cue, ...]:
    """A cue for each key of the service's emotions.

    Warns
    -----
    LossWarning
        Somebody is out of breath, which is no feeling.
    """
    if any(key.felt.get(BREATH) for key in keys):
        warnings.warn(f"{where}: {BREATH!r} is no feeling, and is not used", LossWarning, stacklevel=5)
    for start, values, line in keys:
        bad = next((name for name, value in values.items() if not 0 <= value <= 1), None)
        if bad is not None or not start >= 0:
            told = f"{bad} {values[bad]:g}" if bad is not None else f"a time {start:g}"
            place = where + (f", line {line}" if line else "")
            raise FormatError(f"{place}: a key has a time from 0 and values in [0, 1], not {told}")
    return cues_of(
        [key._replace(felt={name: value for name, value in key.felt.items() if value and name != BREATH}) for key in keys], where
    )


def _json(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise FormatError(f"{where} is not JSON: {error}") from None


def _yaml(text: str, where: str) -> Any:
    import yaml

    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:  # ValueError: a date that is none
        raise FormatError(f"{where} is not YAML: {' '.join(str(error).split())}") from None


def _key(entry: Any, where: str, number: int, line: int) -> Key:
    where += f", key {number}" + (f" (line {line})" if line else "")
    entry = entry if isinstance(entry, Mapping) else {}
    time = next((entry[name] for name in _TIMES if name in entry), None)
    values = next((entry[name] for name in _VALUES if name in entry), None)
    numbers = [time, *(values.values() if isinstance(values, Mapping) else [None])]
    if not all(isinstance(number, int | float) and not isinstance(number, bool) for number in numbers):
        raise FormatError(f"{where} is an object with a time_code and a table of emotions, each a number")
    for name in values or ():
        if name not in EMOTIONS:
            raise UnknownNameError("emotion", str(name), EMOTIONS, where)
    return Key(float(time or 0.0), {name: float(value) for name, value in (values or {}).items()}, line)
