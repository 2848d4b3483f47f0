"""A performance, measured: `Facts` of a motion, and of what was heard and asked for where that is known."""

from __future__ import annotations

from collections.abc import Sequence

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
from animator.metrics import lips
from animator.metrics.blinks import Blinks, blinks
from animator.metrics.feeling import prototype_cosines
from animator.metrics.jitter import CUTOFF, jitter
from animator.metrics.spans import Span, merged, within
from animator.metrics.sync import BAND, expected_opening, phone_sync
from animator.report.facts import FELT, Closure, Curve, Facts, Feeling, Leak

SETTLED = 0.2
"""Seconds from speech to settled silence, in which lips rest."""

PARTED = 1.5
"""How much farther than its pose a felt face may part its lips in silence, before that is a leak."""

CANONICAL = "arkit"
"""The rig that feelings are read from."""


def gather(
    title: str,
    motion: Motion,
    rig: Rig,
    recipe: str = "",
    audio: Audio | None = None,
    features: Features | None = None,
    asked: Emotion | None = None,
    voice: Sequence[tuple[str, float]] = (),
) -> Facts:
    """Measure a performance of at least one frame; what was not heard or asked for is left out. Parameters as in `Facts`."""
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
        voice=tuple(voice),
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


def _blinks(motion: Motion, rig: Rig) -> Blinks | None:
    """By the controls that close the lids when a rig blinks; None for a rig without lids."""
    shut = [max(pose, key=lambda name: pose[name]) for side in ("left", "right") if (pose := rig.gestures.get(f"blink_{side}"))]
    if not shut:
        return None
    down = np.stack([motion[name] for name in shut]).mean(axis=0, dtype=np.float64)
    return blinks(np.asarray(down), motion.fps)


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
    whole = [name for name in asked.names if name in read.names]
    wanted = asked.values[:, [asked.index(name) for name in whole]]
    apart = [asked.index(name) for name in asked.names if name not in read.names]  # what a region feels besides
    clear = (wanted.max(axis=1, initial=0.0) >= FELT) & (asked.values[:, apart].max(axis=1, initial=0.0) < FELT)
    if not clear.any():
        return None
    told = sample(read, np.arange(len(asked)) / float(asked.fps))
    strongest = np.array([read.index(name) for name in whole])[wanted.argmax(axis=1)]
    right = (told.argmax(axis=1) == strongest) & (told.max(axis=1) > 0)
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
