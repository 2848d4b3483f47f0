"""Long sound in chapters, so that nothing grows with its length but the motion: cut where it is quiet, joined without a seam."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from animator.core.audio import Audio
from animator.core.motion import Motion

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


def joined(parts: Iterable[Motion]) -> Motion:
    """Motions of chapters as one: each begins `RUN` seconds before the one before it ends.

    What is joined grows where it stands, so that beside it no more than a chapter is held.
    """
    first = next(coming := iter(parts))
    run = round(RUN * first.fps)
    share = np.arange(1, run + 1, dtype=np.float32)[:, None] / (run + 1)
    share = share * share * (3 - 2 * share)
    whole, last = bytearray(), first.values
    for part in coming:
        whole += last[:-run].tobytes()
        last = np.concatenate([last[-run:] * (1 - share) + part.values[:run] * share, part.values[run:]])
    whole += last.tobytes()
    values = np.frombuffer(whole, dtype=np.float32).reshape(-1, last.shape[1])
    values.flags.writeable = False  # nobody else can write to it, so it need not be copied
    return replace(first, values=values)
