"""Does a face answer the voice? Correlation over many clips, with its significance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from jaxtyping import Float, Float64

from animator.errors import InputError

APART = 0.5
"""Seconds: the least shift by which chance is asked; nearer ones are still nearly the same pair."""


@dataclass(frozen=True)
class Answer:
    """``correlation`` in [-1, 1], the mean over clips by their length, and the share of ``chance`` that does at least as well."""

    correlation: float
    chance: float


def answer(
    face: Sequence[Float[np.ndarray, " _"]],
    voice: Sequence[Float[np.ndarray, " _"]],
    fps: Fraction,
    rng: np.random.Generator,
    draws: int = 999,
) -> Answer:
    """Correlation of what faces do with what voices do.

    Chance is asked by turning each clip's voice round in time by a random amount, which keeps how slowly both curves change: the
    usual test for independent samples would find significance in any two slow curves. ``chance`` counts the pair as it is
    among the draws (Phipson and Smyth 2010), so it is never 0. A clip in which one of the two does not move adds nothing.

    Parameters
    ----------
    face, voice
        A curve a clip, such as the height of the brows and vocal effort, each pair of one length of 1 s at least.
    fps
        Rate of all of them.
    rng
        Of the turns.
    draws
        How many turns are asked.

    Raises
    ------
    InputError
        There is no clip, a pair is not of one length, or one is shorter than 1 s.
    """
    if not face or len(face) != len(voice):
        raise InputError(f"as many faces as voices are compared, and at least one, not {len(face)} and {len(voice)}")
    least, whole = round(APART * float(fps)), np.zeros(draws + 1)
    frames = sum(map(len, face))
    for moved, heard in zip(face, voice, strict=True):
        if len(moved) != len(heard) or len(moved) < 2 * least:
            raise InputError(f"a face and a voice of one length of 1 s or more are compared, not {len(moved)} and {len(heard)}")
        turns = np.concatenate([[0], rng.integers(least, len(moved) - least + 1, draws)])
        whole += len(moved) / frames * _turned(moved, heard)[turns]
    return Answer(float(whole[0]), float(np.mean(whole >= whole[0] - 1e-12)))


def _turned(moved: np.ndarray, heard: np.ndarray) -> Float64[np.ndarray, " T"]:
    """Correlation with the voice turned by 0, 1, … frames: a circular cross-correlation, by its spectrum."""
    a, b = (curve.astype(np.float64) - curve.mean() for curve in (moved, heard))
    size = float(np.linalg.norm(a) * np.linalg.norm(b))
    if size < 1e-9:
        return np.zeros(len(a))
    return np.fft.irfft(np.fft.rfft(a) * np.conj(np.fft.rfft(b)), len(a)) / size
