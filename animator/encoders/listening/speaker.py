"""What is relative to the speaker, told as the sound goes by: loudness and pitch against all that was heard so far."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32

BELIEF = 100.0
"""Frames of voice that the first guess counts for: a second."""

FIRST_LEVEL, FIRST_OCTAVE = -26.0, -0.3
"""The first guess: dB, and octaves from 200 Hz (between a man's voice and a woman's)."""

FAINT = 30.0
"""dB under the usual where loudness ends."""


class Speaker:
    """The usual level and height of a voice, the means of its voiced frames so far.

    Sums run from frame to frame in one order, so pieces give exactly what the whole gives.
    """

    def __init__(self) -> None:
        self._sums = np.array([BELIEF, BELIEF * FIRST_LEVEL, BELIEF * FIRST_OCTAVE])

    def relate(
        self, level: Float32[np.ndarray, " T"], octave: Float32[np.ndarray, " T"], voicing: Float32[np.ndarray, " T"]
    ) -> tuple[Float32[np.ndarray, " T"], Float32[np.ndarray, " T"]]:
        """Loudness and pitch of the next frames, as in `animator.core.features`.

        Parameters
        ----------
        level, octave, voicing
            A-weighted dB; octaves from 200 Hz; [0, 1].
        """
        voiced = (voicing > 0.5).astype(np.float64)
        added = np.stack([voiced, voiced * level, voiced * octave], axis=1)
        sums = np.cumsum(np.concatenate([self._sums[None], added]), axis=0)
        self._sums = sums[-1]
        usual, height = (sums[1:, 1:] / sums[1:, :1]).T
        faint = 2.0 ** (-FAINT / 10.0)
        loudness = np.clip((2.0 ** ((level - usual) / 10.0) - faint) / (1.0 - faint), 0.0, 3.0)
        pitch = np.where(voiced > 0, np.clip(12.0 * (octave - height), -18.0, 18.0), 0.0)
        return loudness.astype(np.float32), pitch.astype(np.float32)
