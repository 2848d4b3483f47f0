"""A script in plain words: one row for each thing that it asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import degrees
from typing import NamedTuple

from animator.core.cues import called
from animator.core.emotion import ALL, NEUTRAL, parts_of
from animator.core.feelings import Own
from animator.core.lips import DIALS, Lips
from animator.core.look import Look
from animator.core.script import Cue, parse_feelings, point_of
from animator.core.wording import words
from animator.core.words import parse_words

_TURNED = {
    "scale": "lips move {:g} times as far",
    "jaw": "the jaw moves {:g} times as far",
    "purse": "lips round {:g} times as far",
    "widen": "lips spread {:g} times as far",
    "open": "lips part {:g} times as far",
    "crisp": "sounds are {:g} times as distinct",
}
"""What each dial of the lips does."""


class Row(NamedTuple):
    """What is asked for: what complaints call it, its line, when (seconds where known, and in words), and what it does."""

    name: str
    line: int
    start: float | None
    when: str
    does: str


def rows(cues: Iterable[Cue], ways: Iterable[Lips], looks: Iterable[Look], transcript: str | None = None) -> list[Row]:
    """Cues, then lips, then looks; ``transcript`` is what is said, if that is known."""
    said = words(transcript or "")
    out = [Row(called(i, each), each.line, each.start, _when(each, said), _does(each)) for i, each in enumerate(cues, 1)]
    for i, way in enumerate(ways, 1):
        out.append(Row(f"lips {i}", way.line, way.start, _while(way, said), _turned(way)))
    return out + [Row(called(i, each), each.line, each.start, _when(each, said), _looks(each)) for i, each in enumerate(looks, 1)]


def meanings(own: Own) -> list[str]:
    """What feelings of a director's own, and described ones, are."""
    out = []
    for name, entry in own.items():
        table = {"near": entry} if isinstance(entry, str) else entry
        near = " and ".join(f"{_place(*each)}" for each in _by_region(table["near"], 1.0).items()) if table.get("near") else ""
        posed = f"a pose of {', '.join(table['pose'])}" if table.get("pose") else ""
        by = f", by the {table['by']}" if "by" in table else ""
        out.append(f"“{name}” is {' with '.join(part for part in (posed, near) if part)}{by}")
    return out


def _when(each: Cue | Look, said: Sequence[str]) -> str:
    offset = f" {each.offset:+g} s" if each.offset else ""
    if each.words:
        return f"{'at' if each.word else 'after'} {_spoken(each.words, said)}{offset}"
    return f"{each.start or 0.0:.2f} s{offset}"


def _while(way: Lips, said: Sequence[str]) -> str:
    if way.words is not None:
        return f"during {_spoken(way.words, said)}"
    if not way.timed:
        return "all along"
    return f"{way.start or 0.0:.2f} s" + (" on" if way.stop is None else f" to {way.stop:.2f} s")


def _spoken(text: str, said: Sequence[str]) -> str:
    """Words, and which time they are said, where they are said several times as far as is known."""
    wanted, count = parse_words(text)
    times = sum(tuple(said[i : i + len(wanted)]) == wanted for i in range(len(said)))
    quoted = f"“{text.partition('#')[0].strip()}”"
    if count is None:
        return f"each {quoted}" if times > 1 else quoted
    return quoted if times == 1 else f"the {' '.join(words(f'{count}th'))} {quoted}"


def _does(cue: Cue) -> str:
    """What a cue does, as one would say it."""
    if cue.gesture:
        strength = "" if cue.intensity == 1 else f" at {cue.intensity:g} of its strength"
        held = f", held for {cue.hold:g} s" if cue.hold else ""
        return f"{cue.gesture.replace('_', ' ')}, once{strength}{held}"
    what = "; ".join(_place(*each, whole="the whole face: ") for each in _by_region(cue.feeling, cue.intensity).items())
    how = "at once" if cue.ease == 0 or (cue.start == 0 and not cue.offset) else f"over {cue.ease:g} s"
    return f"{what}, {how}" + ("" if cue.hold is None else f"; after {cue.hold:g} s back to what was before")


def _turned(way: Lips) -> str:
    what = ", ".join(_TURNED[name].format(getattr(way, name)) for name in DIALS if getattr(way, name) != 1.0)
    eased = f"; coming and going over {way.ease:g} s" if way.timed or way.words is not None else ""
    return f"{what or 'as it is'}{eased}"


def _looks(look: Look) -> str:
    if not look.at:
        return "eyes back to the camera"
    if len(look.at) == 3:
        x, y, z = look.at
        parts = [f"{abs(x):g} m to the {'left' if x > 0 else 'right'}"] if x else []
        parts += [f"{abs(y):g} m {'up' if y > 0 else 'down'}"] if y else []
        where = f"to a point {', '.join([*parts, f'{z:g} m ahead'])}"
    else:
        yaw, pitch = (degrees(angle) for angle in look.at)
        parts = [f"{abs(yaw):.0f}° to the {'left' if yaw > 0 else 'right'}"] if yaw else []
        parts += [f"{abs(pitch):.0f}° {'down' if pitch > 0 else 'up'}"] if pitch else []
        where = " and ".join(parts) or "to the camera"
    how = f", over {look.ease:g} s" if look.ease else ""
    end = "until the next look, or the end"
    if look.hold is not None or look.stop is not None:
        end = f"for {look.hold:g} s" if look.hold is not None else f"until {look.stop:.2f} s"
    return f"eyes and some of the head go {where}{how}, {end}"


def _by_region(text: str, intensity: float) -> dict[str, dict[str, float]]:
    places: dict[str, dict[str, float]] = {}
    for name, weight in parse_feelings(text).items():
        region, feeling = parts_of(name)
        places.setdefault(region, {})[feeling] = weight * intensity
    return places


def _place(region: str, felt: Mapping[str, float], whole: str = "") -> str:
    mixture = " and ".join(_named(feeling, weight) for feeling, weight in felt.items() if feeling != NEUTRAL)
    if region == ALL:
        return f"{whole}{mixture or NEUTRAL}"
    return f"the {region} besides: {mixture}" if mixture else f"the {region}: nothing besides"


def _named(feeling: str, weight: float) -> str:
    point = point_of(feeling)
    if point is None:
        return f"{feeling} {weight:g}"
    return f"{weight:g} of the point of " + "valence {:g}, arousal {:g}, dominance {:g}".format(*point)
