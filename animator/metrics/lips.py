"""Do the lips close when they must, only when they must, and rest when nothing is said?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from jaxtyping import Bool, Float

from animator.core.motion import CLOSED, Motion, require_rig
from animator.core.phones import BILABIALS, LABIODENTALS, SILENCE
from animator.core.rig import Rig
from animator.metrics.spans import Span, merged, within

MARGIN = 0.02
"""Seconds by which a closure may lie beside the sound of its phone: one frame at 50 Hz."""


@dataclass(frozen=True)
class Closures:
    """How lip closures meet the bilabials that were said; a share of nothing is None.

    Parameters
    ----------
    recall
        Share of bilabials during which the lips close, [0, 1].
    precision
        Share of the time with closed lips, within speech, that belongs to a bilabial, [0, 1].
    onset
        Median distance between the start of a bilabial and the start of its closure, seconds.
    bilabials
        How many bilabials were said.
    """

    recall: float | None
    precision: float | None
    onset: float | None
    bilabials: int


def opening(motion: Motion, rig: Rig) -> Float[np.ndarray, " T"]:
    """How far the lips part in each frame, by the rig's measure: 1 = the jaw alone fully open, 0 or less = closed."""
    require_rig(motion, rig)
    parted: np.ndarray = motion.values.astype(np.float64) @ rig.opening_row.astype(np.float64)
    return parted


def closures(closed: Bool[np.ndarray, " T"], fps: Fraction, spans: Sequence[Span]) -> Closures:
    """Closures of the lips against the phones /p b m/ that were said.

    A bilabial counts as closed if any frame in [start - 20 ms, stop + 20 ms] is. Closed time counts for precision where it lies
    in speech, 20 ms away from silence and from /f v/, where the lip nears the teeth and may well touch the other lip.

    Parameters
    ----------
    closed
        Which frames have closed lips: ``opening(motion, rig) <= CLOSED``, or a lip gap on the mesh below 3 % of the nose.
    fps
        Rate of those frames.
    spans
        What was said when, silence included.
    """
    wanted = merged(spans, BILABIALS)
    starts = np.flatnonzero(np.diff(np.concatenate([[False], closed]).astype(np.int8)) == 1) / float(fps)
    stops = (np.flatnonzero(np.diff(np.concatenate([closed, [False]]).astype(np.int8)) == -1) + 1) / float(fps)
    met = [bool((closed & within([span], len(closed), fps, MARGIN)).any()) for span in wanted]
    late = [
        float(np.abs(starts[touching] - span.start).min())
        for span in wanted
        if (touching := (starts <= span.stop + MARGIN) & (stops >= span.start - MARGIN)).any()
    ]
    excused = [span for span in spans if span.phone == SILENCE or span.phone in LABIODENTALS]
    counted = closed & within(spans, len(closed), fps) & ~within(excused, len(closed), fps, MARGIN)
    rightly = counted & within(wanted, len(closed), fps, MARGIN)
    return Closures(
        recall=float(np.mean(met)) if met else None,
        precision=float(rightly.sum() / counted.sum()) if counted.any() else None,
        onset=float(np.median(late)) if late else None,
        bilabials=len(wanted),
    )


def is_closed(motion: Motion, rig: Rig) -> Bool[np.ndarray, " T"]:
    """Frames whose opening is at most `CLOSED`."""
    return np.asarray(opening(motion, rig) <= CLOSED + 1e-6)


def opening_in_silence(
    parted: Float[np.ndarray, " T"], fps: Fraction, spans: Sequence[Span], settled: float = 0.2
) -> float | None:
    """Mean opening while nothing is said, from ``settled`` seconds after the last phone to as long before the next.

    The mouth needs that time to close and to prepare. None where no silence is long enough.
    """
    silent = _settled(len(parted), fps, spans, settled)
    return float(parted[silent].mean()) if silent.any() else None


def closed_in_silence(
    parted: Float[np.ndarray, " T"], fps: Fraction, spans: Sequence[Span], settled: float = 0.2
) -> float | None:
    """Share of the frames of `opening_in_silence` in which the lips are closed, [0, 1]; None where no silence is long enough."""
    silent = _settled(len(parted), fps, spans, settled)
    return float((parted[silent] <= CLOSED + 1e-6).mean()) if silent.any() else None


def _settled(frames: int, fps: Fraction, spans: Sequence[Span], settled: float) -> Bool[np.ndarray, " T"]:
    return within([span for span in spans if span.phone == SILENCE], frames, fps, -settled)
