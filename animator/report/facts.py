"""`Facts`: what is measured of one performance, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool

from animator.core.audio import Audio
from animator.core.emotion import Emotion
from animator.core.features import Features, Word
from animator.core.motion import CLOSED, Motion
from animator.core.phones import BILABIALS, PHONES, SILENCE
from animator.core.rig import Rig
from animator.core.spoken import phones
from animator.core.track import sample
from animator.errors import MissingWeightsError
from animator.metrics import blinks as lids
from animator.metrics import lips
from animator.metrics.feeling import prototype_cosines
from animator.metrics.jitter import CUTOFF, jitter
from animator.metrics.spans import Span, merged, within
from animator.metrics.sync import BAND, Sync, expected_opening, phone_sync

SETTLED = 0.2
"""Seconds from speech to settled silence, in which lips rest."""

FELT = 0.3
"""Intensity from which on a feeling should be read back."""

PARTED = 1.5
"""How much farther than its pose a felt face may part its lips in silence, before that is a leak."""

CANONICAL = "arkit"
"""The rig that feelings are read from."""


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
        Of the time in which a feeling is asked for at `FELT` or more, the share in which the strongest is read back as the
        strongest; None if nothing is felt so strongly.
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
    sure: float | None
    closures: tuple[Closure, ...]
    leaks: tuple[Leak, ...]
    still: float | None
    precision: float | None
    onset: float | None
    sync: Sync | None
    blinks: lids.Blinks | None
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


def gather(
    title: str,
    motion: Motion,
    rig: Rig,
    recipe: str = "",
    audio: Audio | None = None,
    features: Features | None = None,
    asked: Emotion | None = None,
) -> Facts:
    """Measure a performance of at least one frame; what was not heard or asked for is left out."""
    parted = lips.opening(motion, rig)
    spoken: tuple[Span, ...] = ()
    words: tuple[Word, ...] = ()
    sure = sync = None
    if features is not None:
        won = phones(features)
        rows = zip(won.start.tolist(), won.end.tolist(), won.phone.tolist(), strict=True)
        spoken, words = tuple(Span(a, b, PHONES[p]) for a, b, p in rows), features.words
        sounding = ~won.among({SILENCE})
        sure = float(np.average(won.confidence[sounding], weights=(won.end - won.start)[sounding])) if sounding.any() else None
        if float(motion.fps) > 2 * BAND[1] and len(motion) >= 2 * float(motion.fps):
            sync = phone_sync(parted, expected_opening(spoken, len(motion), motion.fps), motion.fps)
    closed = lips.is_closed(motion, rig)
    measured = lips.closures(closed, motion.fps, spoken)
    read = _read(motion, rig)
    leaks, still = _leaks(parted, motion, rig, spoken, asked)
    return Facts(
        title=title,
        recipe=recipe,
        motion=motion,
        rig=rig,
        audio=audio,
        spoken=spoken,
        words=words,
        sure=sure,
        closures=tuple(_closure(span, parted, closed, motion) for span in merged(spoken, BILABIALS)),
        leaks=leaks,
        still=still,
        precision=measured.precision,
        onset=measured.onset,
        sync=sync,
        blinks=_blinks(motion, rig),
        jitter=_jitter(motion, rig, parted),
        asked=asked,
        read=read,
        agreed=_agreed(asked, read),
        feelings=_feelings(motion, rig, asked, read),
        curves=_curves(motion, rig),
    )


def as_json(facts: Facts) -> dict[str, Any]:
    """The same as values that JSON has, numbers to four digits after the point, curves over time at the motion's own rate."""
    from dataclasses import asdict

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


def _closure(span: Span, parted: np.ndarray, closed: Bool[np.ndarray, " T"], motion: Motion) -> Closure:
    inside = within([span], len(parted), motion.fps, lips.MARGIN)
    opening = float(parted[inside].min()) if inside.any() else float("inf")
    return Closure(span.start, span.stop, span.phone, bool((closed & inside).any()), max(0.0, opening))


def _leaks(
    parted: np.ndarray, motion: Motion, rig: Rig, spoken: Sequence[Span], asked: Emotion | None
) -> tuple[tuple[Leak, ...], float | None]:
    """Leaks, and the share of the frames of settled silence that have none; None where there is no such silence."""
    silent = within([span for span in spoken if span.phone == SILENCE], len(parted), motion.fps, -SETTLED)
    if not silent.any():
        return (), None
    apart = silent & (parted > CLOSED + 1e-6 + _parted_by_feeling(motion, rig, asked))
    edges = np.flatnonzero(np.diff(np.concatenate([[False], apart, [False]]).astype(np.int8))).reshape(-1, 2).tolist()
    fps = float(motion.fps)
    leaks = tuple(Leak(a / fps, b / fps, float(parted[a:b].max())) for a, b in edges)
    return leaks, 1.0 - float(apart.sum() / silent.sum())


def _parted_by_feeling(motion: Motion, rig: Rig, asked: Emotion | None) -> np.ndarray:
    """How far what is felt may part the lips, ``[T]``: a smile shows teeth."""
    allowed = np.zeros(len(motion))
    if asked is not None:
        felt = sample(asked, np.arange(len(motion)) / float(motion.fps))
        for k, name in enumerate(asked.names):
            pose = rig.row(rig.emotions.get(name.rpartition("/")[2], {})) - rig.rest
            allowed += PARTED * felt[:, k] * max(0.0, float(pose @ rig.opening_row))
    return allowed


def _blinks(motion: Motion, rig: Rig) -> lids.Blinks | None:
    """By the controls that close the lids when a rig blinks; None for a rig without lids."""
    shut = [max(pose, key=lambda name: pose[name]) for side in ("left", "right") if (pose := rig.gestures.get(f"blink_{side}"))]
    if not shut:
        return None
    down = np.stack([motion[name] for name in shut]).mean(axis=0, dtype=np.float64)
    return lids.blinks(np.asarray(down), motion.fps)


def _jitter(motion: Motion, rig: Rig, parted: np.ndarray) -> dict[str, float]:
    if float(motion.fps) <= 2 * CUTOFF:
        return {}
    turns = {control.name: motion[control.name].astype(np.float64) for control in rig.controls if control.region == "head"}
    found = {name: jitter(curve, motion.fps) for name, curve in ({"opening of the lips": parted} | turns).items()}
    return {name: value for name, value in found.items() if value is not None}


def _read(motion: Motion, rig: Rig) -> Emotion | None:
    """What the embedder ``face`` reads from the curves, over time; nothing for other rigs or without its weights."""
    from animator.embedders.face import emotion_of

    if rig.name != CANONICAL:
        return None
    try:
        return emotion_of(motion, tuple(rig.emotions))[0]
    except MissingWeightsError:
        return None


def _agreed(asked: Emotion | None, read: Emotion | None) -> float | None:
    if asked is None or read is None or not asked.names:
        return None
    names = [name for name in asked.names if name in read.names]
    wanted = asked.values[:, [asked.index(name) for name in names]]
    clear = wanted.max(axis=1) >= FELT
    if not clear.any():
        return None
    told = sample(read, np.arange(len(asked)) / float(asked.fps))[:, [read.index(name) for name in names]]
    right = (wanted.argmax(axis=1) == told.argmax(axis=1)) & (told.max(axis=1) > 0)
    return float(right[clear].mean())


def _feelings(motion: Motion, rig: Rig, asked: Emotion | None, read: Emotion | None) -> tuple[Feeling, ...]:
    def mean_and_peak(emotion: Emotion | None, name: str) -> tuple[float | None, float | None]:
        if emotion is None or name not in emotion.names:
            return None, None
        return float(emotion[name].mean()), float(emotion[name].max())

    cosines = prototype_cosines(motion, rig) if rig.emotions else {}
    return tuple(
        Feeling(name, *mean_and_peak(asked, name), *mean_and_peak(read, name), cosine) for name, cosine in cosines.items()
    )


def _curves(motion: Motion, rig: Rig) -> tuple[Curve, ...]:
    return tuple(
        Curve(c.name, c.region, c.unit, float(x.min()), float(x.mean()), float(x.max()), float(x.std()))
        for c, x in ((control, motion[control.name].astype(np.float64)) for control in rig.controls)
    )
