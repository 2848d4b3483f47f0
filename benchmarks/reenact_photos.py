"""Photos that say a line in every feeling: is it the same person, do the lips follow, is the feeling seen, what else moved?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from importlib.resources import files
from pathlib import Path

import numpy as np
from jaxtyping import Float, UInt8

from animator import pipeline
from animator.core.emotion import NEUTRAL, Emotion
from animator.core.motion import Motion, retime
from animator.core.portrait import Portrait
from animator.core.rig import Rig
from animator.errors import InputError
from animator.heads.fitting.marks import OUTER_CORNERS
from animator.io.audio import read_audio
from animator.io.landmarks import Seen, Tracker
from animator.io.rig import load_rig
from animator.recipe import Choice, Recipe
from benchmarks.judges import Feelings, Judges
from benchmarks.moved import Move
from benchmarks.result import Row, row

SPEECH = Path(str(files("animator.assets"))) / "librivox_young_man.wav"

FPS = Fraction(25)

EVERY = 8
"""One of so many frames is judged by networks, and of clips that feel no other is drawn."""

INNER_LIPS = (13, 14)
"""Of the tracker's points, between the lips."""

WITHIN = 5
"""Frames by which a mouth may be early or late."""

Takes = Mapping[str, tuple[Motion, Emotion]]
"""Feeling to a performance of `SPEECH` in it."""

AVERAGED = ("identity", "feelings")
"""Measures of which the mean is told too."""

BETTER = {"background pixels changed by more than 1": "lower", "background changed": "lower", "opening of the mouth: lag": "none"}
"""Which way figures are good that are not the better the higher."""


def measure(move: Move, name: str, photos: Sequence[Portrait], judges: Judges) -> list[Row]:
    """Rows of one system, which ``move`` is and ``name`` calls."""
    rig = load_rig("arkit")
    takes, figures = performances(rig), defaultdict[tuple[str, str], list[float]](list)
    with Tracker(rig) as tracker:
        for portrait in photos:
            for key, value in _judged(move, portrait, takes, judges, tracker, rig):
                figures[key].append(value)
    for (measure, unit), values in list(figures.items()):
        if measure.startswith(AVERAGED):
            figures[f"{measure}, mean", unit] = [float(np.mean(values))]
    case = f"{len(photos)} photos"
    return [row(case, name, *key, values, BETTER.get(key[0], "higher")) for key, values in figures.items()]


def portraits(paths: Iterable[Path]) -> Iterator[Portrait]:
    """Those that can be fitted; of the others it is said why not."""
    for path in paths:
        try:
            yield pipeline.portray(path)
        except InputError as error:
            print(f"note: {error}")


def performances(rig: Rig) -> Takes:
    """The line in every feeling at full strength."""
    audio, takes = read_audio(SPEECH), {}
    heard = pipeline.hear(audio, Recipe())
    for name in rig.emotions:
        recipe = Recipe(embedder=Choice("label", {"feelings": name}))
        emotion = pipeline.feel(audio, recipe)
        takes[name] = (retime(pipeline.move(heard, emotion, recipe), FPS, rig), emotion)
    return takes


def _judged(
    move: Move, portrait: Portrait, takes: Takes, judges: Judges, tracker: Tracker, rig: Rig
) -> Iterator[tuple[tuple[str, str], float]]:
    """Measure and unit, and a figure."""
    identity, people, feelings = judges
    own, odds = identity.code(portrait.image, portrait.landmarks), {}
    for feeling, (motion, emotion) in takes.items():
        fewer = 1 if feeling == NEUTRAL else EVERY
        pictures = list(move(replace(motion, values=motion.values[::fewer], fps=FPS / fewer), portrait, emotion))
        read = read_each(pictures, tracker)
        judged = [(picture, seen.points[:, :2]) for picture, seen in zip(pictures, read, strict=True) if seen is not None]
        judged = judged[:: EVERY // fewer]
        odds[feeling] = np.mean([feelings(*each) for each in judged], axis=0)
        yield ("identity with the photo", "cosine"), float(np.mean([own @ identity.code(*each) for each in judged]))
        if feeling == NEUTRAL:
            lag, r = _follows(motion.values @ rig.opening_row, np.array([_opening(seen) for seen in read]))
            yield ("opening of the mouth", "r"), r
            yield ("opening of the mouth: lag", "frames"), lag
            behind, apart = people.background(portrait.image), []
            for picture in pictures[::EVERY]:
                still = behind & people.background(picture)
                apart.append(np.abs(picture[still].astype(int) - portrait.image[still]).max(axis=1))
            yield ("background pixels changed by more than 1", "share"), float(np.mean([(each > 1).mean() for each in apart]))
            yield ("background changed", "1 / 255"), float(np.mean([each.mean() for each in apart]))
    shown = {at: feeling for at, feeling in enumerate(Feelings.NAMES) if feeling != NEUTRAL}
    for at, feeling in shown.items():
        yield (f"feelings: odds of {feeling} more than without", "share"), float(odds[feeling][at] - odds[NEUTRAL][at])
    likeliest = [odds[feeling].argmax() == at for at, feeling in shown.items()]
    yield ("feelings read as the likeliest", "share"), float(np.mean(likeliest))
    yield (
        ("feelings likelier than without", "share"),
        float(np.mean([odds[f][at] > odds[NEUTRAL][at] for at, f in shown.items()])),
    )


def read_each(pictures: Iterable[UInt8[np.ndarray, "H W 3"]], tracker: Tracker) -> list[Seen | None]:
    """What the tracker reads in each picture; one that comes again is not read again."""
    found: list[Seen | None] = []
    last = None
    for picture in pictures:
        found.append(found[-1] if picture is last else tracker.read(picture))
        last = picture
    return found


def _opening(seen: Seen | None) -> float:
    """How far the lips are apart, as a share of the distance between the eyes' outer corners."""
    if seen is None:
        return np.nan
    eyes = np.linalg.norm(np.subtract(*seen.points[list(OUTER_CORNERS)]))
    return float(np.linalg.norm(np.subtract(*seen.points[list(INNER_LIPS)])) / eyes)


def _follows(wanted: Float[np.ndarray, " T"], shown: Float[np.ndarray, " T"]) -> tuple[float, float]:
    """By how many frames a mouth comes late, and its correlation as it comes; 0 where nothing moves."""
    known = np.isfinite(shown)
    if known.sum() < 3 * WITHIN or np.std(shown[known]) < 1e-6:
        return 0.0, 0.0
    shown = np.interp(np.arange(len(shown)), np.flatnonzero(known), shown[known])

    def r(lag: int) -> float:
        early, late = max(0, -lag), max(0, lag)
        return float(np.corrcoef(wanted[early : len(wanted) - late], shown[late : len(shown) - early])[0, 1])

    return float(max(range(-WITHIN, WITHIN + 1), key=r)), r(0)
