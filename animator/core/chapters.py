"""Long sound in chapters, so that nothing grows with its length but the motion: cut where it is quiet, joined without a seam."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np

from animator.core.audio import Audio
from animator.core.motion import Motion
from animator.core.track import frame_count

LONG = 90
"""Seconds of sound beyond which it is performed in chapters: no chapter is longer."""

CHAPTER = 60
"""Seconds of a chapter, about: enough to know a speaker's usual level and height by."""

SEARCH = 20
"""Seconds at the end of a chapter in which the quietest one is looked for."""

RUN = 1
"""Seconds over which one chapter's motion runs into the next one's."""


def pieces(audio: Audio) -> Iterator[Audio]:
    """Sound in pieces of `CHAPTER` seconds, the last one as long or shorter."""
    step = CHAPTER * audio.rate
    yield from (Audio(audio.samples[first : first + step], audio.rate) for first in range(0, len(audio.samples), step))


def chapters(sound: Iterable[Audio]) -> Iterator[tuple[Audio, int]]:
    """Chapters of a sound that comes in pieces of `CHAPTER` seconds, each with the second at which it begins.

    A chapter begins with the quietest second near the end of the one before, which has it too.
    """
    coming = iter(sound)
    first = next(coming)
    rate, held, since = first.rate, first.samples, 0
    del first
    for piece in coming:
        seconds = len(held) // rate
        search = max(1, seconds - SEARCH)
        loud = np.square(held[search * rate : seconds * rate].reshape(-1, rate), dtype=np.float64).mean(axis=1)
        cut = search + int(np.argmin(loud))
        chapter = Audio(held[: (cut + RUN) * rate], rate)
        held = np.concatenate([held[cut * rate :], piece.samples])
        del piece  # while a chapter is performed, no sound is held twice
        yield chapter, since
        since += cut
    yield Audio(held, rate), since


def joined(parts: Iterable[tuple[Motion, int]], seconds: Fraction) -> Motion:
    """Motions of chapters, each with the second at which it begins, as one of so many seconds; where two overlap, one runs into
    the other.

    What is joined is laid out once and filled as the chapters come, so that beside it no more than a chapter is held.
    """
    coming = iter(parts)
    first, _ = next(coming)
    values = np.empty((frame_count(seconds, first.fps), len(first.names)), dtype=np.float32)
    values[: len(first)] = first.values
    done = len(first)
    for part, since in coming:
        at = round(since * part.fps)
        share = (np.arange(1, done - at + 1, dtype=np.float32)[:, None]) / (done - at + 1)
        share = share * share * (3 - 2 * share)
        told = part.values[: len(values) - at]
        values[at:done] = values[at:done] * (1 - share) + told[: done - at] * share
        values[done : at + len(told)] = told[done - at :]
        done = at + len(told)
    values[done:] = values[done - 1]  # one frame at most, where a second is no whole number of them
    values.flags.writeable = False  # nobody else can write to it, so it need not be copied
    return replace(first, values=values)
