"""`Features`: what an encoder heard, frame by frame."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float32

from animator.core.phones import PHONES
from animator.core.track import Track

PHONE_PREFIX = "phone/"
"""Channels ``phone/AA`` … hold phone posteriors in [0, 1]; silence is ``phone/SIL``."""

CONTENT_PREFIX = "content/"
"""Channels ``content/00`` … hold an embedding of what is said, of no unit; an encoder may give none."""

LOUDNESS = "loudness"
"""Loudness of the frame relative to the speaker's usual level: 0 = silence, 1 = usual speech, up to about 2 for a shout."""

PITCH = "pitch"
"""Fundamental frequency in semitones from the speaker's median; 0 where unvoiced."""

VOICING = "voicing"
"""Share of voicing, [0, 1]."""

EFFORT = "effort"
"""Vocal effort relative to the speaker's usual: 0 = usual or less, 1 = marked (about +7 dB and +5 semitones)."""


class Word(NamedTuple):
    """A word and when it is said, in seconds."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, eq=False)
class Features(Track):
    """What an encoder heard: phone posteriors and prosody as named channels (the names above).

    ``words`` are those that are said, in order, where a transcript told them; they do not overlap.
    """

    words: tuple[Word, ...] = ()

    def beside(self, change: Callable[..., np.ndarray], *others: Track) -> dict[str, Any]:
        """Words of all the parts, on the clock of what becomes of them; one that is cut through keeps what is left of it."""
        words: list[Word] = []
        instants, end = [], 0.0
        for part in (self, *others):
            if isinstance(part, Features):
                words += (Word(text, end + a, end + b) for text, a, b in part.words)
            instants.append(end + np.arange(len(part))[:, None] / float(part.fps))
            end += part.seconds
        kept = change(*instants)
        if not words or not len(kept):
            return {"words": ()}
        first, last = float(kept[0, 0]), float(kept[-1, 0]) + 1 / float(self.fps)
        cut = (Word(text, max(a, first) - first, min(b, last) - first) for text, a, b in words if b > first and a < last)
        return {"words": tuple(cut)}


def phone_posteriors(features: Features) -> Float32[np.ndarray, "T P"]:
    """Posteriors in the order of `PHONES`; a phone that the encoder does not know is 0 throughout."""
    columns = {name: i for i, name in enumerate(features.names)}
    out = np.zeros((len(features), len(PHONES)), dtype=np.float32)
    for p, phone in enumerate(PHONES):
        column = columns.get(PHONE_PREFIX + phone)
        if column is not None:
            out[:, p] = features.values[:, column]
    return out
