"""Features as the actor hears them: 50 steps a second, what is said beside how it is said."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from jaxtyping import Float32

from animator.core.features import EFFORT, LOUDNESS, PHONE_PREFIX, PITCH, VOICING, Features
from animator.core.motion import GENERATOR_FPS
from animator.core.phones import PHONES, SILENCE
from animator.core.track import frame_count, sample
from animator.errors import InputError

EACH = 2
"""Instants of a step: its own and one 10 ms later."""

RATE = EACH * GENERATOR_FPS
"""Instants a second."""

SPEECH = EACH * (len(PHONES) + 1)
"""Channels of what is said: posteriors and loudness."""

PROSODY = EACH * 4
"""Channels of how it is said: loudness, pitch in octaves, voicing, effort."""


def heard(features: Features, frames: int) -> Iterator[Float32[np.ndarray, "T D"]]:
    """What is heard in ``frames`` steps, in pieces of `PIECE`, ``float32 [T SPEECH + PROSODY]`` each.

    Features at any rate; silence holds after their end. A phone that the encoder does not know is never heard; without loudness
    or voicing, whatever is not silence is of usual loudness and voiced.

    Raises
    ------
    InputError
        The features name no phones.
    """
    if not any(name.startswith(PHONE_PREFIX) for name in features.names):
        raise InputError(
            f"these features name no phones ({PHONE_PREFIX}…), which lips are moved by; use an encoder that hears them"
        )
    known = frame_count(Fraction(len(features)) / features.fps, GENERATOR_FPS)
    for first in range(0, frames, PIECE):
        count = min(PIECE, frames - first)
        times = (first * EACH + np.arange(count * EACH)) / float(RATE)
        values = _channels(features.names, sample(features, times))
        over = np.arange(first, first + count).repeat(EACH) >= known
        values[over] = _SILENT
        yield _side_by_side(values)


def steps(names: tuple[str, ...], values: Float32[np.ndarray, "N C"]) -> Float32[np.ndarray, "T D"]:
    """The same of features at `RATE` that are still coming, an even number of frames."""
    return _side_by_side(_channels(names, values))


PIECE = 1000
"""Steps: 20 s."""

_SILENT = np.array([float(p == SILENCE) for p in PHONES] + [0.0] * 4, dtype=np.float32)


def _channels(names: tuple[str, ...], values: Float32[np.ndarray, "N C"]) -> Float32[np.ndarray, "N D"]:
    """Posteriors in the order of `PHONES`, loudness, pitch in octaves, voicing, effort."""
    columns = {name: i for i, name in enumerate(names)}
    out = np.zeros((len(values), len(PHONES) + 4), dtype=np.float32)
    for p, phone in enumerate(PHONES):
        if PHONE_PREFIX + phone in columns:
            out[:, p] = values[:, columns[PHONE_PREFIX + phone]]
    out[~out.any(axis=1), PHONES.index(SILENCE)] = 1.0
    sounding = 1.0 - out[:, PHONES.index(SILENCE)]
    for c, (name, scale) in enumerate(((LOUDNESS, 1.0), (PITCH, 1 / 12), (VOICING, 1.0), (EFFORT, 1.0)), start=len(PHONES)):
        if name in columns:
            out[:, c] = scale * values[:, columns[name]]
        elif name in (LOUDNESS, VOICING):
            out[:, c] = sounding
    return out


def _side_by_side(values: Float32[np.ndarray, "N C"]) -> Float32[np.ndarray, "T D"]:
    said, how = values[:, : len(PHONES) + 1], values[:, len(PHONES) :]
    return np.concatenate([said.reshape(-1, SPEECH), how.reshape(-1, PROSODY)], axis=1)
