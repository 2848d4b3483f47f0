"""EmotionML 1.0 (W3C Recommendation of 22 May 2014): emotions with times, as cues that hold.

The assertions that are enforced have the numbers of W3C's implementation report.
"""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Mapping
from itertools import pairwise
from types import MappingProxyType

from animator.core.cues import Direction
from animator.core.script import Cue, feelings_text
from animator.errors import FormatError, LossWarning, UnknownNameError
from animator.io.scripts.elements import Element

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

UNUSED = ("dimension", "appraisal", "action-tendency")
"""Descriptions of an emotion that no face is made from."""

_MIME = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+( *;.*)?")


def read_emotionml(root: Element, where: str) -> Direction:
    """Each emotion as a cue from its start to its end, or, with a trace, as one cue a sample.

    Raises
    ------
    FormatError
        An assertion of the specification does not hold; the line is told.
    UnknownNameError
        A name is not in its vocabulary.

    Warns
    -----
    LossWarning
        It describes emotions by dimensions, appraisals or action tendencies, which are left out.
    """
    if root.name != ROOT:
        raise FormatError(f"{where}, line {root.line}: the root is <{ROOT}>, not <{root.name}> (assertion 101)")
    cues = [cue for emotion in root.children("emotion") for cue in _cues(emotion, root, where)]
    left = {each.name for emotion in root.children("emotion") for each in emotion.children(*UNUSED)}
    if left:
        warnings.warn(f"{where} describes emotions by {', '.join(sorted(left))}, which is not used", LossWarning, stacklevel=4)
    return Direction(tuple(sorted(cues, key=lambda cue: cue.start or 0.0)))


def _cues(emotion: Element, root: Element, where: str) -> list[Cue]:
    place = f"{where}, line {emotion.line}"
    if emotion.attributes.get("version", "1.0") != "1.0":
        raise FormatError(f"{place}: an emotion's version is 1.0, not {emotion.attributes['version']!r} (assertion 172)")
    for each in emotion.children("reference"):
        if "media-type" in each.attributes and not _MIME.fullmatch(each.attributes["media-type"]):
            raise FormatError(f"{where}, line {each.line}: {each.attributes['media-type']!r} is no MIME type (assertion 417)")
    for each in emotion.children("dimension"):
        _known(each, emotion, root, "dimension-set", DIMENSIONS, (114, 117, 220, 222), where)
        if ("value" in each.attributes) == bool(list(each.children("trace"))):
            raise FormatError(f"{where}, line {each.line}: a dimension has a value or a trace, one of them (assertion 224)")
    start, end = _span(emotion, place)
    constant: dict[str, float] = {}
    traced: dict[str, dict[float, float]] = {}
    for each in emotion.children("category"):
        name = _known(each, emotion, root, "category-set", CATEGORIES, (114, 117, 210, 212), where)
        trace = next(each.children("trace"), None)
        if trace is not None and "value" in each.attributes:
            raise FormatError(f"{where}, line {each.line}: a category has a value or a trace, not both (assertion 216)")
        if trace is not None:
            traced[name] = _samples(trace, start, where)
        else:
            constant[name] = _share(each.attributes.get("value", "1"), each, where)
    if not traced:
        held = None if end is None else end - start
        return [Cue(start, feelings_text(constant), hold=held, line=emotion.line)] if constant else []
    instants = sorted({instant for samples in traced.values() for instant in samples})
    ease = min((after - before for before, after in pairwise(instants)), default=0.5)
    now, cues = dict(constant), []
    for instant in instants:
        now |= {name: samples[instant] for name, samples in traced.items() if instant in samples}
        cues.append(Cue(instant, feelings_text(now), ease=ease, line=emotion.line))
    if end is not None and end > instants[-1]:
        cues.append(Cue(end, "neutral", line=emotion.line))
    return cues


def _known(
    each: Element,
    emotion: Element,
    root: Element,
    key: str,
    sets: Mapping[str, tuple[str, ...]],
    rules: tuple[int, int, int, int],
    where: str,
) -> str:
    """The name of a category or a dimension, if its vocabulary has it."""
    place = f"{where}, line {each.line}"
    vocabulary = emotion.attributes.get(key, root.attributes.get(key))
    if vocabulary is None:
        raise FormatError(f"{place}: <{each.name}> needs a {key} on its emotion or on the root (assertion {rules[2]})")
    known = vocabulary.rpartition("#")[2]
    others = {**CATEGORIES, **DIMENSIONS}.keys() - sets.keys()
    if known in others:
        raise FormatError(f"{place}: {known!r} is no vocabulary for a {key} (assertions {rules[0]} and {rules[1]})")
    name = each.attributes.get("name", "")
    if not name:
        raise FormatError(f"{place}: <{each.name}> lacks its name (assertion {rules[3] - 1})")
    if sets.get(known) and name not in sets[known]:
        raise UnknownNameError(each.name, name, sets[known], f"{place}, vocabulary {known!r} (assertion {rules[3]})")
    return name


def _span(emotion: Element, place: str) -> tuple[float, float | None]:
    """Start and end in seconds."""
    given = {
        key: _number(emotion.attributes[key], key, place) / 1000
        for key in ("start", "end", "duration")
        if key in emotion.attributes
    }
    start = given.get("start", 0.0)
    end = given.get("end", start + given["duration"] if "duration" in given else None)
    if start < 0 or (end is not None and end < start):
        raise FormatError(f"{place}: an emotion starts at 0 or later and ends after its start (milliseconds)")
    return start, end


def _samples(trace: Element, start: float, where: str) -> dict[float, float]:
    """A trace's values by second."""
    frequency = re.fullmatch(r"\s*([\d.]+)\s*Hz\s*", trace.attributes.get("freq", ""))
    samples = trace.attributes.get("samples", "").split()
    if frequency is None or not samples or not float(frequency[1]) > 0:
        raise FormatError(f"{where}, line {trace.line}: a trace has a freq such as '10Hz' and samples")
    return {start + i / float(frequency[1]): _share(sample, trace, where) for i, sample in enumerate(samples)}


def _share(text: str, each: Element, where: str) -> float:
    value = _number(text, "value", f"{where}, line {each.line}")
    if not 0 <= value <= 1:
        raise FormatError(f"{where}, line {each.line}: a value lies in [0, 1], not {text}")
    return value


def _number(text: str, key: str, place: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise FormatError(f"{place}: {key!r} is a number, not {text!r}")
    return value
