"""EmotionML 1.0 (W3C Recommendation of 22 May 2014): emotions with times (`timestamps`), as cues.

Each lasts from its start to its end, or else until the next one starts; what is felt at once adds up, to 1. Pleasure or valence,
arousal, and dominance or potency are a point; an intensity scales what stands beside it; of an emotion with both categories and a
point, the categories count.

The assertions that are enforced have the numbers of W3C's implementation report.
"""

from __future__ import annotations

import math
import re
import warnings
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from animator.core.cues import Direction
from animator.errors import FormatError, LossWarning, UnknownNameError
from animator.io.scripts.elements import Element, number
from animator.io.scripts.keys import Key, cues_of
from animator.io.scripts.timestamps import Clock

ROOT = "emotionml"
_OCC = (
    "admiration anger disappointment distress fear fears-confirmed gloating gratification gratitude happy-for hate hope joy love "
    "pity pride relief remorse reproach resentment satisfaction shame"
)
_FSRE = (
    "anger anxiety being-hurt compassion contempt contentment despair disappointment disgust fear guilt happiness hate interest "
    "irritation jealousy joy love pleasure pride sadness shame stress surprise"
)
_EVERYDAY = (
    "affectionate afraid amused angry bored confident content disappointed excited happy interested loving pleased relaxed sad "
    "satisfied worried"
)
CATEGORIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "big6": ("anger", "disgust", "fear", "happiness", "sadness", "surprise"),
        "everyday-categories": tuple(_EVERYDAY.split()),
        "occ-categories": tuple(_OCC.split()),
        "fsre-categories": tuple(_FSRE.split()),
        "frijda-categories": (),
    }
)
"""Vocabularies of categories by their id; of one without names, any name is taken."""

DIMENSIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "pad-dimensions": ("pleasure", "arousal", "dominance"),
        "fsre-dimensions": ("valence", "potency", "arousal", "unpredictability"),
        "intensity-dimension": ("intensity",),
    }
)
"""The same of dimensions."""

AXES: Mapping[str, int] = MappingProxyType({"pleasure": 0, "valence": 0, "arousal": 1, "dominance": 2, "potency": 2})
"""Which coordinate of a point a dimension is."""

INTENSITY = "intensity"
"""The dimension that scales what stands beside it."""

UNUSED = ("appraisal", "action-tendency")
"""Descriptions of an emotion that no face is made from."""

_MIME = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+( *;.*)?")
_TRACE = re.compile(r"\s*(\d+(?:\.\d*)?|\.\d+)\s*Hz\s*")


@dataclass(frozen=True)
class _Felt:
    """An emotion: from which instants on it is felt how strongly, the first its start, and when it ends, if that is told."""

    instants: Sequence[float]
    weights: Sequence[Mapping[str, float]]
    end: float | None
    line: int


def read_emotionml(root: Element, where: str) -> Direction:
    """A cue wherever an emotion begins or ends, or a trace has another sample.

    Raises
    ------
    FormatError
        An assertion of the specification does not hold; the line is told.
    UnknownNameError
        A name is not in its vocabulary.

    Warns
    -----
    LossWarning
        It describes emotions by what no face is made from, or has times of the calendar.
    """
    if root.name != ROOT:
        raise FormatError(f"{where}, line {root.line}: the root is <{ROOT}>, not <{root.name}> (assertion 101)")
    reader = _Reader(root, where)
    emotions = [felt for each in root.children("emotion") if (felt := reader.read(each)) is not None]
    if reader.unused:
        told = f"{where} describes emotions by {', '.join(sorted(reader.unused))}, which is not used"
        warnings.warn(told, LossWarning, stacklevel=4)
    if reader.clock.beginning is not None:
        told = f"{where} has times of the calendar; the first emotion that has one begins with the sound"
        warnings.warn(told, LossWarning, stacklevel=4)
    return Direction(cues_of(_keys(emotions), where))


def _keys(emotions: Iterable[_Felt]) -> list[Key]:
    """What is felt in all from each instant on at which that changes."""
    emotions = sorted(emotions, key=lambda each: each.instants[0])
    starts = sorted({each.instants[0] for each in emotions})
    spans, lines = [], dict[float, int]()
    for each in emotions:
        following = bisect_right(starts, each.instants[0])
        end = each.end if each.end is not None else starts[following] if following < len(starts) else math.inf
        spans.append((each, end))
        changes = [instant for instant in each.instants if instant < end]
        lines |= dict.fromkeys(changes if end == math.inf else [*changes, end], each.line)
    keys = []
    for instant, line in lines.items():
        total: dict[str, float] = {}
        for each, end in spans:
            if each.instants[0] <= instant < end:
                for name, weight in each.weights[bisect_right(each.instants, instant) - 1].items():
                    total[name] = min(1.0, total.get(name, 0.0) + weight)
        keys.append(Key(instant, total, line))
    return keys


class _Reader:
    """Reads the emotions of one document, and notes what of them is not ``unused``."""

    def __init__(self, root: Element, where: str) -> None:
        self.clock = Clock(root, where)
        self.unused: set[str] = set()
        self._root, self._where = root, where
        self._defined = {
            each.attributes["id"]: (
                f"{each.attributes.get('type', 'category')}-set",
                tuple(item.attributes.get("name", "") for item in each.children("item")),
            )
            for each in root.children("vocabulary")
            if "id" in each.attributes
        }

    def read(self, emotion: Element) -> _Felt | None:
        """What it says is felt; None if that is nothing of which a face is made."""
        place = f"{self._where}, line {emotion.line}"
        if emotion.attributes.get("version", "1.0") != "1.0":
            raise FormatError(f"{place}: an emotion's version is 1.0, not {emotion.attributes['version']!r} (assertion 172)")
        for each in emotion.children("reference"):
            if "media-type" in each.attributes and not _MIME.fullmatch(each.attributes["media-type"]):
                told = f"{each.attributes['media-type']!r} is no MIME type (assertion 417)"
                raise FormatError(f"{self._where}, line {each.line}: {told}")
        start, end = self.clock.span(emotion)
        dimensions = {
            self._name(each, emotion, "dimension-set", DIMENSIONS, (220, 222)): self._dimension(each, start)
            for each in emotion.children("dimension")
        }
        categories = {
            self._name(each, emotion, "category-set", CATEGORIES, (210, 212)): self._category(each, start)
            for each in emotion.children("category")
        }
        points = dimensions.keys() & AXES.keys()
        self.unused |= {each.name for each in emotion.children(*UNUSED)}
        self.unused |= {f"the dimension {name}" for name in dimensions.keys() - AXES.keys() - {INTENSITY}}
        self.unused |= {"a point beside categories"} if categories and points else set()
        if not categories and not points:
            return None
        used = categories | {name: dimensions[name] for name in dimensions if name == INTENSITY or not categories}
        instants = sorted(
            {instant for values in used.values() for instant in values if end is None or instant < end or instant == start}
        )
        now: dict[str, float] = {}
        weights = []
        for instant in instants:
            now |= {name: values[instant] for name, values in used.items() if instant in values}
            weights.append(_weights(now, tuple(categories)))
        return _Felt(instants, weights, end, emotion.line)

    def _category(self, each: Element, start: float) -> dict[float, float]:
        trace = next(each.children("trace"), None)
        if trace is not None and "value" in each.attributes:
            raise FormatError(f"{self._where}, line {each.line}: a category has a value or a trace, not both (assertion 216)")
        return {start: self._share(each.attributes.get("value", "1"), each)} if trace is None else self._samples(trace, start)

    def _dimension(self, each: Element, start: float) -> dict[float, float]:
        trace = next(each.children("trace"), None)
        if (trace is None) == ("value" not in each.attributes):
            raise FormatError(f"{self._where}, line {each.line}: a dimension has a value or a trace, one of them (assertion 224)")
        return {start: self._share(each.attributes["value"], each)} if trace is None else self._samples(trace, start)

    def _name(
        self, each: Element, emotion: Element, key: str, sets: Mapping[str, tuple[str, ...]], rules: tuple[int, int]
    ) -> str:
        """The name of a category or a dimension, if its vocabulary has it."""
        place = f"{self._where}, line {each.line}"
        vocabulary = emotion.attributes.get(key, self._root.attributes.get(key))
        if vocabulary is None:
            raise FormatError(f"{place}: <{each.name}> needs a {key} on its emotion or on the root (assertion {rules[0]})")
        known = vocabulary.rpartition("#")[2]
        kind, names = key, sets.get(known, ())
        if vocabulary.startswith("#"):
            kind, names = self._defined.get(known, ("", ()))
        elif known in {**CATEGORIES, **DIMENSIONS}.keys() - sets.keys():
            kind = ""
        if kind != key:
            raise FormatError(f"{place}: {known!r} is no vocabulary for a {key} (assertions 114 and 117)")
        name = each.attributes.get("name", "")
        if not name:
            raise FormatError(f"{place}: <{each.name}> lacks its name (assertion {rules[1] - 1})")
        if names and name not in names:
            raise UnknownNameError(each.name, name, names, f"{place}, vocabulary {known!r} (assertion {rules[1]})")
        return name

    def _samples(self, trace: Element, start: float) -> dict[float, float]:
        """A trace's values by second."""
        frequency = _TRACE.fullmatch(trace.attributes.get("freq", ""))
        samples = trace.attributes.get("samples", "").split()
        if frequency is None or not samples or not float(frequency[1]) > 0:
            raise FormatError(f"{self._where}, line {trace.line}: a trace has a freq such as '10Hz' and samples")
        return {start + i / float(frequency[1]): self._share(sample, trace) for i, sample in enumerate(samples)}

    def _share(self, text: str, each: Element) -> float:
        place = f"{self._where}, line {each.line}"
        value = number(text, "value", place)
        if not 0 <= value <= 1:
            raise FormatError(f"{place}: a value lies in [0, 1], not {text}")
        return value


def _weights(now: Mapping[str, float], categories: Sequence[str]) -> dict[str, float]:
    """Feelings with weights, of what categories, or else dimensions, are at an instant; dimensions have their middle at 0.5."""
    scale = now.get(INTENSITY, 1.0)
    if categories:
        return {name: scale * now[name] for name in categories if scale * now[name]}
    point = [0.0, 0.0, 0.0]
    for name, value in now.items():
        if name in AXES:
            point[AXES[name]] = round(2 * value - 1, 6)
    return {"vad({:g},{:g},{:g})".format(*point): scale} if scale else {}
