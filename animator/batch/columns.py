"""What a list of dialogue may say of a line, under which names, and of what kind."""

from __future__ import annotations

import math
import types
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from animator.core.emotion import NEUTRAL, channel, parts_of
from animator.core.script import feelings_text, parse_feelings
from animator.directing import known_feelings
from animator.errors import InputError
from animator.recipe import Recipe

Kind = type[str | float | int | tuple[str, ...]]


@dataclass(frozen=True)
class Column:
    """One column, or one key.

    Parameters
    ----------
    meaning
        What it holds, in a few words.
    kind
        ``str``, ``float`` or ``int``; ``tuple`` for several texts, parted by `PARTING` or in a JSON list.
    also
        Other names it goes by in lists that people have.
    option
        The option of the command line that it is, if it is one.
    """

    meaning: str
    kind: Kind = str
    also: tuple[str, ...] = ()
    option: str = ""


PARTING = ";"
"""Stands between several texts of a cell."""


def _as(option: str, kind: Kind = str, also: tuple[str, ...] = (), flag: str = "") -> Column:
    several = f"; several parted by {PARTING!r}" if kind is tuple else ""
    return Column(f"as --{flag or option.replace('_', '-')}{several}", kind, also, option)


COLUMNS: Mapping[str, Column] = types.MappingProxyType(
    {
        "file": Column(
            "speech, or a performance", also=("audio", "audio_file", "audio_path", "audio_filepath", "filename", "path", "wav")
        ),
        "sound": Column("the sound that goes with a performance"),
        "line": Column("name of the outputs; the file's if absent", also=("id", "line_id", "utterance_id")),
        "character": Column("folder of the outputs", also=("speaker", "speaker_id", "actor")),
        "feeling": _as("emotion", also=("emotion", "emotions", "emotion_label", "mood")),
        "intensity": Column("scales the feeling, 0 to 1", float, also=("emotion_intensity",)),
        "emotion_from": _as("emotion_from"),
        "heard": _as("heard", float),
        "feelings": _as("feelings"),
        "script": _as("script", also=("cues",)),
        "transcript": Column(
            "what is said, or a .txt file with it", also=("text", "sentence", "subtitle", "transcription"), option="transcript"
        ),
        "rig": Column("as --rig"),
        "formats": Column("names of 'animator list exporters', mp4 webm mov png, or motion", also=("format", "outputs")),
        "seed": _as("seed", int),
        "fps": _as("fps", also=("frame_rate",)),
        "start": Column("timecode of the first frame, in seconds", float),
        "head": _as("head_file", flag="head"),
        "look": _as("look"),
        "size": _as("size"),
        "camera": _as("camera"),
        "background": _as("background"),
        "lips": _as("lips", tuple),
        "word": _as("word", tuple, also=("words",)),
        "look_at": _as("look_at", tuple),
        "layer": _as("layer", tuple, also=("layers",)),
        "blink": _as("blink", float),
        "gaze": _as("gaze", float),
        "head_motion": _as("head_motion", float),
        "breath": _as("breath", float),
        "encoder": _as("encoder"),
        "generator": _as("generator"),
        "renderer": _as("renderer"),
        "recipe": _as("recipe_file", flag="recipe"),
        "set": _as("settings", tuple, flag="set"),
    }
)
"""Name to column, the usual ones first."""

LABELS: Mapping[str, str] = types.MappingProxyType({"none": NEUTRAL})
"""Labels in lists that ``--emotion`` lacks, as the feeling that they mean."""

_NAMES = {other: name for name, column in COLUMNS.items() for other in (name, *column.also)}


def column_of(key: str) -> str | None:
    """The column that goes by this name, whatever its case and whether its words are joined by ``_``, ``-`` or a space."""
    return _NAMES.get("_".join(key.casefold().replace("-", " ").replace("_", " ").split()))


def column_names() -> list[str]:
    """Every name of every column."""
    return list(_NAMES)


def value_of(name: str, given: Any) -> Any:
    """What a cell or a JSON value says for column ``name``; None where it says nothing.

    A table of feelings with their weights, and a list of formats, are what they would be as text.
    Text for a column of several is parted by `PARTING`.

    Raises
    ------
    InputError
        The value is of another kind.
    """
    if given is None or (isinstance(given, str) and not given.strip()):
        return None
    if name == "feeling" and isinstance(given, Mapping):
        given = ",".join(f"{feeling}:{weight}" for feeling, weight in given.items())
    if name == "formats" and isinstance(given, list):
        given = " ".join(map(str, given))
    kind = COLUMNS[name].kind
    several = kind is tuple and isinstance(given, list) and all(isinstance(text, str) for text in given)
    if isinstance(given, bool) or not (several or isinstance(given, str | int | float)):
        raise InputError(f"{_called(kind)} belongs here, not {given!r}")
    if kind is tuple:
        texts = given if isinstance(given, list) else str(given).split(PARTING)
        return tuple(text.strip() for text in texts if text.strip()) or None
    if kind is str:
        return str(given).strip()
    try:
        number = int(given) if kind is int else float(given)
    except (ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number) or (not isinstance(given, str) and number != given):
        raise InputError(f"{_called(kind)} belongs here, not {given!r}")
    return number


def feelings_of(text: str, intensity: float = 1.0) -> str:
    """Feelings as ``--emotion`` takes them, from the labels of any list: case does not matter, and `LABELS` are known.

    At full intensity, text without such labels, and text in which several words and no weight stand, stays as it is.

    Raises
    ------
    InputError
        The text is of no such form and has an intensity, or ``intensity`` is outside [0, 1].
    """
    if not 0 <= intensity <= 1:
        raise InputError(f"the intensity of a feeling lies in [0, 1], not {intensity:g}")
    if intensity == 1 and ":" not in text and any(len(part.split()) > 1 for part in text.split(",")):
        return text
    try:
        told = parse_feelings(text)
    except InputError:
        if intensity == 1:
            return text
        raise
    weights: dict[str, float] = {}
    for label, weight in told.items():
        region, feeling = parts_of(label)
        name = channel(region, _meant(feeling))
        weights[name] = min(1.0, weights.get(name, 0.0) + weight)
    return text if intensity == 1 and weights == told else feelings_text({n: weight * intensity for n, weight in weights.items()})


def _meant(label: str) -> str:
    folded = label.casefold()
    return LABELS.get(folded, folded if folded in _known() else label)


@cache
def _known() -> frozenset[str]:
    return frozenset(known_feelings(Recipe()))


def _called(kind: Kind) -> str:
    return {str: "text", float: "a number", int: "a whole number", tuple: "text, or a list of texts,"}[kind]
