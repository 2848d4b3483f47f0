"""Keys of emotions of NVIDIA's Audio2Face-3D, as JSON: a time code, and how strong each of its ten emotions is."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from animator.core.cues import Direction
from animator.core.script import Cue, feelings_text
from animator.errors import FormatError, LossWarning, UnknownNameError

EMOTIONS = ("amazement", "anger", "cheekiness", "disgust", "fear", "grief", "joy", "outofbreath", "pain", "sadness")
"""Names of the service's emotions; all but the breath are feelings here, too."""

BREATH = "outofbreath"
_TIMES, _VALUES = ("time_code", "timeCode", "time"), ("emotion", "emotions", "values")
_LISTS = ("emotion_with_timecode_list", "emotion_with_timecode", "emotions", "keyframes", "keys")


def read_audio2face(text: str, where: str) -> Direction:
    """Keys from a list of ``{"time_code": 0.5, "emotion": {"joy": 0.8}}``, or from an object that holds such a list or table.

    Raises
    ------
    FormatError
        It is not JSON, or holds no such keys.
    UnknownNameError
        The service has no such emotion.
    """
    try:
        found = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise FormatError(f"{where} is not JSON: {error}") from None
    if isinstance(found, dict):
        found = next((found[name] for name in _LISTS if name in found), found)
    entries = list(found.values()) if isinstance(found, dict) else found
    if not isinstance(entries, list) or not entries:
        raise FormatError(f"{where} holds no keys of emotions, such as a list of {{'time_code': 0.5, 'emotion': {{'joy': 0.8}}}}")
    return Direction(cues_of_keys([(*_key(entry, f"{where}, key {i}"), 0) for i, entry in enumerate(entries, 1)], where))


def cues_of_keys(keys: Sequence[tuple[float, Mapping[str, float], int]], where: str) -> tuple[Cue, ...]:
    """A cue for each key of seconds, values by emotion, and line; each takes half a second, or as long as there is to the next.

    Warns
    -----
    LossWarning
        Somebody is out of breath, which is no feeling.
    """
    ordered = sorted(keys, key=lambda key: key[0])
    if any(values.get(BREATH) for _, values, _ in ordered):
        warnings.warn(f"{where}: {BREATH!r} is no feeling, and is not used", LossWarning, stacklevel=5)
    gaps = [after[0] - before[0] for before, after in pairwise(ordered)]
    cues = []
    for (start, values, line), gap in zip(ordered, [*gaps, 0.5], strict=True):
        felt = {name: value for name, value in values.items() if value and name != BREATH}
        bad = next((name for name, value in values.items() if not 0 <= value <= 1), None)
        if bad is not None or start < 0:
            raise FormatError(
                f"{where}: a key has a time from 0 and values in [0, 1], not {bad or 'a time'} {values.get(bad or '', start):g}"
            )
        cues.append(Cue(start, feelings_text(felt) if felt else "neutral", ease=min(0.5, gap), line=line))
    return tuple(cues)


def _key(entry: Any, where: str) -> tuple[float, dict[str, float]]:
    entry = entry if isinstance(entry, Mapping) else {}
    time = next((entry[name] for name in _TIMES if name in entry), None)
    values = next((entry[name] for name in _VALUES if name in entry), None)
    numbers = [time, *(values.values() if isinstance(values, Mapping) else [None])]
    if not all(isinstance(number, int | float) and not isinstance(number, bool) for number in numbers):
        raise FormatError(f"{where} is an object with a time_code and a table of emotions, each a number")
    for name in values or ():
        if name not in EMOTIONS:
            raise UnknownNameError("emotion", name, EMOTIONS, where)
    return float(time or 0.0), {name: float(value) for name, value in (values or {}).items()}
