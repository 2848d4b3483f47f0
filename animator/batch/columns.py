"""What a list of dialogue may say of a line, under which names, and of what kind."""

from __future__ import annotations

import math
import types
from collections.abc import Mapping
from dataclasses import dataclass

from animator.core.emotion import NEUTRAL, channel, parts_of
from animator.core.script import feelings_text, parse_feelings
from animator.errors import InputError

Value = str | float | int


@dataclass(frozen=True)
class Column:
    """One column, or one key.

    Parameters
    ----------
    meaning
        What it holds, in a few words.
    kind
        ``str``, ``float`` or ``int``.
    also
        Other names it goes by in lists that people have.
    """

    meaning: str
    kind: type[str | float | int] = str
    also: tuple[str, ...] = ()


COLUMNS: Mapping[str, Column] = types.MappingProxyType(
    {
        "file": Column(
            "speech, or a performance", also=("audio", "audio_file", "audio_path", "audio_filepath", "filename", "path", "wav")
        ),
        "sound": Column("the sound that goes with a performance"),
        "line": Column("name of the outputs; the file's if absent", also=("id", "line_id", "utterance_id")),
        "character": Column("folder of the outputs", also=("speaker", "speaker_id", "actor")),
        "feeling": Column("as --emotion", also=("emotion", "emotions", "emotion_label", "mood")),
        "intensity": Column("scales the feeling, 0 to 1", float, also=("emotion_intensity",)),
        "script": Column("as --script", also=("cues",)),
        "transcript": Column("what is said, or a .txt file with it", also=("text", "sentence", "subtitle", "transcription")),
        "rig": Column("as --rig"),
        "formats": Column("names of 'animator list exporters', mp4 webm mov png, or motion", also=("format", "outputs")),
        "seed": Column("as --seed", int),
        "fps": Column("as --fps", also=("frame_rate",)),
        "start": Column("timecode of the first frame, in seconds", float),
        "head": Column("as --head"),
        "look": Column("as --look"),
        "size": Column("as --size"),
        "camera": Column("as --camera"),
        "background": Column("as --background"),
        "blink": Column("as --blink", float),
        "gaze": Column("as --gaze", float),
        "head_motion": Column("as --head-motion", float),
        "encoder": Column("as --encoder"),
        "generator": Column("as --generator"),
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


def value_of(name: str, given: object) -> Value | None:
    """What a cell or a JSON value says for column ``name``; None where it says nothing.

    A table of feelings with their weights, and a list of formats, are what they would be as text.

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
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        raise InputError(f"{_called(kind)} belongs here, not {given!r}")
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

    At full intensity, text in which several words and no weight stand is a description, and stays as it is.

    Raises
    ------
    InputError
        The text is of no such form, or ``intensity`` is outside [0, 1].
    """
    if not 0 <= intensity <= 1:
        raise InputError(f"the intensity of a feeling lies in [0, 1], not {intensity:g}")
    if intensity == 1 and ":" not in text and any(len(part.split()) > 1 for part in text.split(",")):
        return text
    weights: dict[str, float] = {}
    for label, weight in parse_feelings(text).items():
        region, feeling = parts_of(label)
        name = channel(region, LABELS.get(feeling.casefold(), feeling.casefold()))
        weights[name] = min(1.0, weights.get(name, 0.0) + weight)
    return feelings_text({name: weight * intensity for name, weight in weights.items()})


def _called(kind: type) -> str:
    return {str: "text", float: "a number", int: "a whole number"}[kind]
