"""`Features`: what an encoder heard, frame by frame."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True, eq=False)
class Features(Track):
    """What an encoder heard: phone posteriors and prosody as named channels (the names above)."""


def phone_posteriors(features: Features) -> Float32[np.ndarray, "T P"]:
    """Posteriors in the order of `PHONES`; a phone that the encoder does not know is 0 throughout."""
    columns = {name: i for i, name in enumerate(features.names)}
    out = np.zeros((len(features), len(PHONES)), dtype=np.float32)
    for p, phone in enumerate(PHONES):
        column = columns.get(PHONE_PREFIX + phone)
        if column is not None:
            out[:, p] = features.values[:, column]
    return out
