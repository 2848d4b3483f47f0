"""All of a face's own life, put on whatever it says and feels: breath, gaze, head motion and blinks, each with a dial."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from scipy.ndimage import gaussian_filter1d

from animator.core.cues import placed
from animator.core.features import Word
from animator.core.look import Look
from animator.core.motion import GENERATOR_FPS
from animator.core.rig import Rig
from animator.generators.gestures import add_gesture, blink, turn_eyes, turn_head
from animator.generators.life.attention import FOLLOW, attended, attention, share_of_head
from animator.generators.life.blinks import blinks, lids
from animator.generators.life.breath import breath
from animator.generators.life.gaze import gaze, look
from animator.generators.life.head import head, temper
from animator.generators.speech.prosody import Prosody

LATE = 0.16
"""Seconds by which the head comes after the eyes, and over which it turns."""

RANGES = {"blink": 5.0, "gaze": 2.0, "head_motion": 3.0, "breath": 3.0}
"""Highest value of each dial; the lowest is 0."""


class Course(NamedTuple):
    """What life does, frame by frame."""

    breath: np.ndarray
    """``[T]``: how much of the gesture of breathing in."""
    looking: np.ndarray
    """``[T 3]``: yaw and pitch of the look in space, and by how much each eye turns in, radians."""
    turning: np.ndarray
    """``[T 3]``: yaw, pitch and roll of the head, radians."""
    closing: np.ndarray
    """``[T 2]``: how far the left and right lids are closed, [0, 1]."""


@dataclass(frozen=True)
class Life:
    """How much of each, and what to look at: a generator's settings of these names."""

    blink: float
    gaze: float
    head_motion: float
    breath: float
    looks: tuple[Look, ...] = ()

    @property
    def timed(self) -> bool:
        """Whether there is something to look at for a while, and not throughout."""
        return any(look.timed for look in self.looks)

    def among(self, words: Sequence[Word]) -> Life:
        """The same with its looks in seconds, where they stand at words; raises as `core.cues.placed`."""
        return replace(self, looks=placed(self.looks, words, "the directions"))

    def add(
        self,
        values: np.ndarray,
        times: np.ndarray,
        delivery: Prosody,
        felt: Mapping[str, np.ndarray],
        rig: Rig,
        rng: np.random.Generator,
    ) -> None:
        """Bring a face to life, in place.

        Each kind of life draws from a stream of its own: turning one dial leaves the others' chances as they were.

        Parameters
        ----------
        values
            ``float [T C]``: what the face says and feels, within the rig's limits; the lids are where the feeling has them.
        times
            Seconds, ``[T]``, at `GENERATOR_FPS`.
        delivery, felt
            How it is said, and the intensity ``[T]`` of each feeling.
        rig, rng
            The controls; the only source of chance.
        """
        self.put(values, self.course(times, delivery, felt, rng), rig)

    def course(self, times: np.ndarray, delivery: Prosody, felt: Mapping[str, np.ndarray], rng: np.random.Generator) -> Course:
        """What life does at these instants, whatever face it is put on; parameters as in `add`."""
        gaze_rng, drift_rng, blink_rng, head_rng, breath_rng = rng.spawn(5)
        full = self.breath * breath(times, delivery, breath_rng)
        saccades = gaze(times, delivery, gaze_rng)
        directed = attention(self.looks, float(times[-1]) + 1.0 / float(GENERATOR_FPS))
        wanted, about = attended(times, directed, self.gaze * look(times, saccades, drift_rng))
        turning = head(times, delivery, *temper(felt, len(times)), head_rng)
        turning[:, :2] += FOLLOW * _late(about)
        turning *= self.head_motion
        turning[:, :2] += min(self.head_motion, 1.0) * _late(share_of_head(wanted[:, :2]))
        start, size = np.append(saccades.start, directed.start), np.append(saccades.size, directed.size)
        shifts = replace(saccades, start=start, size=size)
        closing = lids(times, blinks(times, delivery, shifts, self.blink, blink_rng))
        return Course(full, wanted + np.pad(about, ((0, 0), (0, 1))), turning, closing)

    def put(self, values: np.ndarray, course: Course, rig: Rig) -> None:
        """Put a course of as many frames on a face, in place."""
        add_gesture(values, rig, "inhale", course.breath)
        turned = turn_head(values, rig, course.turning)
        turn_eyes(values, rig, course.looking[:, :2] - turned, course.looking[:, 2])
        for side, name in enumerate(("blink_left", "blink_right")):
            blink(values, rig, name, course.closing[:, side])
        np.clip(values, rig.low, rig.high, out=values)


def _late(looking: np.ndarray) -> np.ndarray:
    """The look as the head follows it, ``[T 2]``: `LATE` seconds later, without haste."""
    frames = round(LATE * float(GENERATOR_FPS))
    slow = gaussian_filter1d(looking, frames, axis=0, mode="nearest")
    followed: np.ndarray = slow[np.maximum(np.arange(len(slow)) - frames, 0)]
    return followed
