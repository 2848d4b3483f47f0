"""Phones to a talking face by rule: coarticulated visemes, feelings on top, contacts kept, and a face that lives."""

from __future__ import annotations

from dataclasses import dataclass, fields
from fractions import Fraction

import numpy as np
from scipy.ndimage import gaussian_filter1d

from animator.core.emotion import Emotion
from animator.core.features import Features
from animator.core.motion import GENERATOR_FPS, Motion
from animator.core.rig import Rig
from animator.core.track import frame_count
from animator.errors import InputError
from animator.generators.expression import accent, expression, feelings
from animator.generators.gestures import add_gesture, blink, turn_eyes, turn_head
from animator.generators.life.blinks import blinks, lids
from animator.generators.life.breath import breath
from animator.generators.life.gaze import gaze, look
from animator.generators.life.head import head, temper
from animator.generators.speech.coarticulation import mouth
from animator.generators.speech.contacts import keep_contacts
from animator.generators.speech.prosody import prosody
from animator.generators.speech.segments import phones, targets

FOLLOW = 0.25
"""Share of a look away that the head takes over, later and slower than the eyes."""

LATE = 0.16
"""Seconds by which the head comes after the eyes, and over which it turns."""

RANGES = {"jaw": 2.0, "lips": 2.0, "blink": 5.0, "gaze": 2.0, "head_motion": 3.0, "breath": 3.0, "effort": 5.0, "pre_roll": 0.4}
"""Highest value of each dial; the lowest is 0."""


@dataclass(frozen=True)
class Visemes:
    """A talking face by rule.

    Parameters
    ----------
    jaw, lips
        Gains of the jaw's and the lips' part in speech (JALI's two dials), [0, 2]; contacts are made at any setting.
    blink
        Rate of blinks as a multiple of people's, [0, 5]; 0 = none.
    gaze
        Size of looks away, [0, 2]; at 0 the eyes stay on the camera.
    head_motion
        Range of head motion, [0, 3].
    breath
        Size of the signs of breath, [0, 3].
    effort
        How much brows and lids answer stress and vocal effort, [0, 5].
    pre_roll
        Seconds before the first sound at which silence lets go of the mouth, [0, 0.4]; people's lips lead by 0.1 to 0.3.

    Raises
    ------
    InputError
        A dial is out of its range.

    Notes
    -----
    Each kind of life draws from a stream of its own: turning one dial leaves the others' chances as they were, and no chance
    reaches the speaking mouth.
    """

    jaw: float = 1.0
    lips: float = 1.0
    blink: float = 1.0
    gaze: float = 1.0
    head_motion: float = 1.0
    breath: float = 1.0
    effort: float = 1.0
    pre_roll: float = 0.1

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not 0 <= value <= RANGES[field.name]:
                raise InputError(f"{field.name} lies in [0, {RANGES[field.name]:g}], not {value:g}")

    def generate(self, features: Features, emotion: Emotion, rig: Rig, rng: np.random.Generator) -> Motion:
        """Move a face; see `base.Generator`. Features need phone channels; loudness, pitch and effort are used if there."""
        if len(features) == 0 or len(emotion) == 0:
            raise InputError("features and emotion of at least one frame are needed to move a face")
        frames = frame_count(Fraction(len(features)) / features.fps, GENERATOR_FPS)
        times = np.arange(frames) / float(GENERATOR_FPS)
        feeling_rng, gaze_rng, drift_rng, blink_rng, head_rng, breath_rng = rng.spawn(6)

        heard = phones(features)
        said = targets(heard)
        delivery = prosody(features, heard, times)
        felt = feelings(emotion, rig, times)
        chest = self.breath * breath(times, delivery, breath_rng)
        raised = self.effort * accent(times, delivery)

        spoken = mouth(times, said, rig, jaw=self.jaw, lips=self.lips, pre_roll=self.pre_roll)
        values = rig.rest + spoken + expression(felt, spoken, delivery, times, rig, rng=feeling_rng)
        add_gesture(values, rig, "accent", raised)
        add_gesture(values, rig, "inhale", chest)
        values = keep_contacts(np.clip(values, rig.low, rig.high), spoken, times, said, rig)

        saccades = gaze(times, delivery, gaze_rng)
        looking = self.gaze * look(times, saccades, drift_rng)
        turning = head(times, delivery, *temper(felt, frames), head_rng)
        turning[:, :2] += FOLLOW * _late(looking)
        turned = turn_head(values, rig, self.head_motion * turning)
        turn_eyes(values, rig, looking - turned)
        closing = lids(times, blinks(times, delivery, saccades, self.blink, blink_rng))
        for side, name in enumerate(("blink_left", "blink_right")):
            blink(values, rig, name, closing[:, side])
        return Motion(rig.names, np.clip(values, rig.low, rig.high).astype(np.float32), GENERATOR_FPS)


def _late(looking: np.ndarray) -> np.ndarray:
    """The look as the head follows it, ``[T 2]``: `LATE` seconds later, without haste."""
    frames = round(LATE * float(GENERATOR_FPS))
    slow = gaussian_filter1d(looking, frames, axis=0, mode="nearest")
    followed: np.ndarray = slow[np.maximum(np.arange(len(slow)) - frames, 0)]
    return followed
