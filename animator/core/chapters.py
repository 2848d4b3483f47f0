"""Long sound in chapters, so that nothing grows with its length but the motion: cut where it is quiet, joined without a seam."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from animator.core.audio import Audio
from animator.core.motion import Motion

LONG = 600
"""Seconds of sound beyond which it is performed in chapters."""

CHAPTER = 300
"""Seconds of a chapter, about."""

SEARCH = 60
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
    held, since = next(coming), 0
    for piece in coming:
        rate = held.rate
        seconds = len(held.samples) // rate
        first = max(1, seconds - SEARCH)
        loud = np.square(held.samples[first * rate : seconds * rate].reshape(-1, rate), dtype=np.float64).mean(axis=1)
        cut = first + int(np.argmin(loud))
        yield Audio(held.samples[: (cut + RUN) * rate], rate), since
        held, since = Audio(np.concatenate([held.samples[cut * rate :], piece.samples]), rate), since + cut
    yield held, since


def joined(parts: Iterable[Motion]) -> Motion:
    """Motions of chapters as one: each begins `RUN` seconds before the one before it ends."""
    rows: list[np.ndarray] = []
    first = next(coming := iter(parts))
    run = round(RUN * first.fps)
    share = np.arange(1, run + 1, dtype=np.float32)[:, None] / (run + 1)
    share = share * share * (3 - 2 * share)
    last = first.values
    for part in coming:
        rows.append(last[:-run])
        last = np.concatenate([last[-run:] * (1 - share) + part.values[:run] * share, part.values[run:]])
    return replace(first, values=np.concatenate([*rows, last]))
