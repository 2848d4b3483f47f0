"""`Facts`: what is measured of one performance; and the same as values that JSON has."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from animator.core.audio import Audio
from animator.core.emotion import Emotion
from animator.core.features import Word
from animator.core.motion import Motion
from animator.core.rig import Rig
from animator.metrics import lips
from animator.metrics.blinks import Blinks
from animator.metrics.spans import Span
from animator.metrics.sync import Sync

FELT = 0.3
"""Intensity from which on a feeling should be read back."""


@dataclass(frozen=True)
class Closure:
    """One sound that closes the lips, or several in a row: when, which, whether they met, and how far apart they stayed."""

    start: float
    stop: float
    phone: str
    met: bool
    opening: float


@dataclass(frozen=True)
class Leak:
    """A stretch of settled silence in which the lips are farther apart than what is felt has them, and how far at most."""

    start: float
    stop: float
    opening: float


@dataclass(frozen=True)
class Curve:
    """A control's curve in short, in the rig's unit; ``busy`` is its standard deviation."""

    name: str
    region: str
    unit: str
    lowest: float
    mean: float
    highest: float
    busy: float


@dataclass(frozen=True)
class Feeling:
    """A feeling over a clip: mean and peak of what was asked for and of what is read back from the face, [0, 1], None where
    nobody knows; and how well the whole face goes with the feeling's prototype, a cosine.
    """

    name: str
    asked: float | None
    asked_peak: float | None
    read: float | None
    read_peak: float | None
    prototype: float


@dataclass(frozen=True, eq=False)
class Facts:
    """What is known of one performance.

    Parameters
    ----------
    title, recipe
        What it is called, and the recipe it was made by (TOML), if that is known.
    motion, rig
        The performance.
    audio
        Its sound, if there is one.
    spoken, words
        What was heard in it, phone by phone, silence included, and words where a transcript told them.
    voice
        Feelings that the voice tells, likeliest first, with their odds, if it was asked.
    sure
        Mean posterior of the phones that win, [0, 1].
    closures, leaks, still
        Lips that had to meet; lips apart in silence, and the share of its settled frames without any leak.
    precision, onset
        Share of closed time in speech that is called for; seconds from a bilabial to its closure, median.
    sync
        Of the opening with the phones, if the clip is long enough.
    blinks
        All of them.
    jitter
        Of the opening, and of the head's turns, by name; of what does not move, none.
    asked, read
        What was to be felt, and what is read back from the face, over time.
    agreed
        Of the time in which the whole face is to feel something at `FELT` or more, and no region something else, the share in
        which the strongest feeling is read back as the strongest; None if there is no such time.
    feelings, curves
        In short.
    """

    title: str
    recipe: str
    motion: Motion
    rig: Rig
    audio: Audio | None
    spoken: tuple[Span, ...]
    words: tuple[Word, ...]
    voice: tuple[tuple[str, float], ...]
    sure: float | None
    closures: tuple[Closure, ...]
    leaks: tuple[Leak, ...]
    still: float | None
    precision: float | None
    onset: float | None
    sync: Sync | None
    blinks: Blinks | None
    jitter: dict[str, float]
    asked: Emotion | None
    read: Emotion | None
    agreed: float | None
    feelings: tuple[Feeling, ...]
    curves: tuple[Curve, ...]

    @property
    def met(self) -> int:
        """Closures during which the lips meet."""
        return sum(closure.met for closure in self.closures)


def as_json(facts: Facts) -> dict[str, Any]:
    """The same as values that JSON has, numbers to four digits after the point, curves over time at the motion's own rate."""
    blinks = facts.blinks
    plain: dict[str, Any] = {
        "schema": "animator.Report/1",
        "title": facts.title,
        "recipe": facts.recipe,
        "seconds": facts.motion.seconds,
        "frames": len(facts.motion),
        "fps": str(facts.motion.fps),
        "rig": facts.rig.name,
        "heard": {
            "sure": facts.sure,
            "voice": [{"feeling": name, "odds": odds} for name, odds in facts.voice],
            "words": [word._asdict() for word in facts.words],
            "phones": [span._asdict() for span in facts.spoken],
        },
        "lips": {
            "closures": [asdict(closure) for closure in facts.closures],
            "met": facts.met,
            "precision": facts.precision,
            "onset": facts.onset,
            "quiet in silence": facts.still,
            "leaks": [asdict(leak) for leak in facts.leaks],
            "sync": facts.sync and asdict(facts.sync),
        },
        "blinks": blinks and asdict(blinks),
        "jitter": facts.jitter,
        "feelings": [asdict(feeling) for feeling in facts.feelings],
        "agreed": facts.agreed,
        "curves": [asdict(curve) for curve in facts.curves],
        "over time": {
            "opening": lips.opening(facts.motion, facts.rig).tolist(),
            "asked": _over_time(facts.asked),
            "read": _over_time(facts.read),
        },
    }
    rounded: dict[str, Any] = _rounded(plain)
    return rounded


def _over_time(emotion: Emotion | None) -> dict[str, Any] | None:
    if emotion is None:
        return None
    return {"fps": str(emotion.fps), "intensities": {name: emotion[name].tolist() for name in emotion.names}}


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    return [_rounded(each) for each in value] if isinstance(value, list | tuple) else value
