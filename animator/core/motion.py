"""`Motion`: the narrow waist. Every generator ends here; every renderer, exporter and live sender starts here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from animator.core.rig import Rig
from animator.core.track import Track, frame_count, sample
from animator.errors import InputError

GENERATOR_FPS = Fraction(50)
"""Generators work at 50 Hz, so that a 60 ms lip closure keeps three frames."""

CLOSED = 0.02
"""Lips whose opening (`Rig.opening`) is at most this are closed."""


@dataclass(frozen=True, eq=False)
class Motion(Track):
    """One curve a control, in the rig's own names and units; head pose and gaze are controls too.

    Values are not limited at birth: a captured performance may exceed a rig's range. `limit` is a step of its own.
    """


def require_rig(motion: Motion, rig: Rig) -> None:
    """Raise `InputError` unless the motion's channels are the rig's controls, in order."""
    if motion.names != rig.names:
        other = sorted(set(motion.names) ^ set(rig.names))
        detail = f": {', '.join(other[:4])}{' …' if len(other) > 4 else ''} not in both" if other else " in order"
        raise InputError(f"this motion is not written in rig {rig.name!r}{detail}")


def limit(motion: Motion, rig: Rig) -> Motion:
    """Every control within its range."""
    require_rig(motion, rig)
    return replace(motion, values=np.clip(motion.values, rig.low, rig.high))


def mirror(motion: Motion, rig: Rig) -> Motion:
    """The same performance with left and right exchanged; mirrored twice, it is itself."""
    require_rig(motion, rig)
    columns = [rig.columns[c.mirror] for c in rig.controls]
    signs = np.array([-1.0 if c.flips else 1.0 for c in rig.controls], dtype=np.float32)
    return replace(motion, values=motion.values[:, columns] * signs)


def retime(motion: Motion, fps: Fraction, rig: Rig, seconds: Fraction | None = None) -> Motion:
    """The same performance on another clock, without losing a lip closure.

    Linear interpolation alone can step over a closure shorter than two output frames. Where the lips close within half an
    output frame of an instant, but not at it, mouth and jaw are taken at the moment they are most closed, so a closure moves
    by at most half an output frame and is never lost.

    Parameters
    ----------
    motion
        The performance.
    fps
        The wanted rate.
    rig
        The rig the motion is written in.
    seconds
        The wanted span; the motion's own if absent. A longer one holds the last frame.

    Raises
    ------
    InputError
        The motion has no frame, or is not written in that rig.
    """
    require_rig(motion, rig)
    if len(motion) == 0:
        raise InputError("a motion without a frame cannot be shown; at least one is needed")
    span = Fraction(len(motion)) / motion.fps if seconds is None else seconds
    frames = frame_count(span, fps)
    if fps == motion.fps:
        at = np.minimum(np.arange(frames), len(motion) - 1)
        return motion if frames == len(motion) else replace(motion, values=motion.values[at])
    times = np.arange(frames) / float(fps)
    values = sample(motion, times)
    opening = motion.values @ rig.opening_row
    lips = np.flatnonzero(rig.region("mouth", "jaw", "tongue"))
    half = 0.5 / float(fps)
    low = np.clip(np.ceil((times - half) * float(motion.fps) - 1e-9), 0, len(motion) - 1).astype(np.int64)
    high = np.clip(np.floor((times + half) * float(motion.fps) + 1e-9), 0, len(motion) - 1).astype(np.int64)
    open_now = values @ rig.opening_row > CLOSED
    for i in np.flatnonzero(open_now & (high >= low)):
        nearby = opening[low[i] : high[i] + 1]
        tightest = int(np.argmin(nearby))
        if nearby[tightest] <= CLOSED:
            values[i, lips] = motion.values[low[i] + tightest, lips]
    return replace(motion, values=values, fps=fps)
