"""`Ongoing`: the life of a face whose next words nobody knows yet: chapters of it, one running into the other, and late nods."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from animator.core.curves import smoothstep
from animator.core.motion import GENERATOR_FPS
from animator.core.rig import Rig
from animator.generators.life.head import beats, temper
from animator.generators.life.living import Course, Life
from animator.generators.speech.prosody import Prosody

CHAPTER = 12.0
"""Seconds of a chapter: blinks and looks are those of a talker or of a listener throughout it."""

RUN = 1.0
"""Seconds over which one chapter runs into the next."""

GLANCE = 0.06
"""Seconds that the eyes take from one chapter's look to the next one's, as in a saccade."""

NOD = 0.26
"""Seconds after which a nod meets a stress that could not be foreseen; it takes 0.28 to go down."""

NODDING = 0.7
"""Seconds of a nod."""


class Ongoing:
    """One face.

    Parameters
    ----------
    life
        How much of each kind.
    rig
        The controls.
    rng
        The only source of chance.
    """

    def __init__(self, life: Life, rig: Rig, rng: np.random.Generator) -> None:
        self._life, self._rig, self._rng = life, rig, rng
        self._coming = self._chapter(False)
        self._nods = np.zeros((round(NODDING * float(GENERATOR_FPS)), 3))

    def next(self, values: np.ndarray, talking: bool, stresses: np.ndarray, felt: Mapping[str, np.ndarray]) -> None:
        """Bring the next frames to life, in place.

        Parameters
        ----------
        values
            ``float [K C]``: what the face says and feels, within the rig's limits.
        talking
            Whether the speaker talks now.
        stresses
            Prominence, in [0, 1], of stressed syllables heard since the last frames.
        felt
            Intensity of each feeling, ``[K]`` each.
        """
        frames, run = len(values), round(RUN * float(GENERATOR_FPS))
        while len(self._coming.breath) < frames + run:
            self._coming = _joined(self._coming, self._chapter(talking), run)
        now = Course(*(each[:frames] for each in self._coming))
        self._coming = Course(*(each[frames:] for each in self._coming))
        if len(stresses):
            self._nod(float(stresses.max()))
        nods = np.concatenate([self._nods, np.zeros((frames, 3))])
        self._nods = nods[frames:]
        reach, lively = temper(felt, frames)
        turning = now.turning * reach[:, None] + self._life.head_motion * lively[:, None] * nods[:frames]
        self._life.put(values, now._replace(turning=turning), self._rig)

    def _chapter(self, talking: bool) -> Course:
        times = np.arange(round(CHAPTER * float(GENERATOR_FPS))) / float(GENERATOR_FPS)
        none = np.zeros(0)
        delivery = Prosody(np.full(len(times), float(talking)), np.zeros((0, 2)), none, none, np.zeros(len(times)))
        return self._life.course(times, delivery, {}, self._rng.spawn(1)[0])

    def _nod(self, prominence: float) -> None:
        times = np.arange(len(self._nods)) / float(GENERATOR_FPS)
        stress = Prosody(np.zeros(len(times)), np.zeros((0, 2)), np.array([NOD]), np.array([prominence]), np.zeros(len(times)))
        self._nods = self._nods + np.deg2rad(beats(times, stress, self._rng, lift=0.0))


def _joined(first: Course, second: Course, run: int) -> Course:
    """Two chapters as one; the last ``run`` frames of the first are the first of the second."""
    share = smoothstep(np.arange(1, run + 1) / (run + 1))
    glance = smoothstep(np.arange(1, run + 1) / (GLANCE * float(GENERATOR_FPS)))
    both = Course(*(each[-run:] for each in first)), Course(*(each[:run] for each in second))
    breath, turning = (_mixed(*parts, share) for parts in ((both[0].breath, both[1].breath), (both[0].turning, both[1].turning)))
    looking = _mixed(both[0].looking, both[1].looking, glance)
    closing = np.maximum(both[0].closing, both[1].closing)
    middle = Course(breath, looking, turning, closing)
    return Course(*(np.concatenate([a[:-run], m, b[run:]]) for a, m, b in zip(first, middle, second, strict=True)))


def _mixed(first: np.ndarray, second: np.ndarray, share: np.ndarray) -> np.ndarray:
    share = share.reshape(-1, *(1,) * (first.ndim - 1))
    mixed: np.ndarray = first * (1.0 - share) + second * share
    return mixed
