"""Phones to a talking face by rule: coarticulated visemes, feelings on top, contacts kept, and a face that lives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from animator.core.emotion import Emotion
from animator.core.features import Features
from animator.core.lips import Lips, lips_from
from animator.core.look import Look, looks_from
from animator.core.motion import GENERATOR_FPS, Motion
from animator.core.rig import Rig
from animator.core.settings import check_dials
from animator.core.spoken import phones, targets
from animator.core.track import frame_count
from animator.errors import InputError
from animator.generators.expression import accent, expression, feelings_by_region
from animator.generators.gestures import add_gesture, add_moves
from animator.generators.life import living
from animator.generators.life.living import Life
from animator.generators.speech.articulation import articulated
from animator.generators.speech.coarticulation import mouth
from animator.generators.speech.contacts import keep_contacts
from animator.generators.speech.prosody import prosody

RANGES = {"jaw": 2.0, "lips": 2.0, "effort": 5.0, "pre_roll": 0.4} | living.RANGES
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
    articulation
        How a director has it said, throughout, for spans or for words: `Lips`, or tables of their fields, as in a recipe.
    looks
        What a director has it look at, those in seconds in order: `Look`, or tables of their fields.

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
    articulation: Sequence[Lips | Mapping[str, Any]] = ()
    looks: Sequence[Look | Mapping[str, Any]] = ()

    def __post_init__(self) -> None:
        check_dials(self, RANGES)
        object.__setattr__(self, "articulation", lips_from(self.articulation, "articulation"))
        object.__setattr__(self, "looks", looks_from(self.looks, "looks"))

    @property
    def timed(self) -> bool:
        """Whether it is directed by seconds or words, so that whole speech must be known."""
        return any(way.timed or way.words is not None for way in self._ways()) or self._life().timed

    def generate(self, features: Features, emotion: Emotion, rig: Rig, rng: np.random.Generator) -> Motion:
        """Move a face; see `base.Generator`. Features need phone channels; loudness, pitch and effort are used if there."""
        if len(features) == 0 or len(emotion) == 0:
            raise InputError("features and emotion of at least one frame are needed to move a face")
        frames = frame_count(Fraction(len(features)) / features.fps, GENERATOR_FPS)
        times = np.arange(frames) / float(GENERATOR_FPS)

        heard = phones(features)
        said = targets(heard)
        delivery = prosody(features, heard, times)
        felt, own = feelings_by_region(emotion, rig, times)
        raised = self.effort * accent(times, delivery)

        spoken = mouth(times, said, rig, jaw=self.jaw, lips=self.lips, pre_roll=self.pre_roll)
        values = rig.rest + spoken + expression(felt, spoken, delivery, times, rig, rng=rng.spawn(1)[0], own=own)
        add_gesture(values, rig, "accent", raised)
        values, spoken = next(articulated(iter([(values, spoken)]), self._ways(), features.words, times, said, rig))
        add_moves(values, rig, emotion.gestures, times)
        values = keep_contacts(np.clip(values, rig.low, rig.high), spoken, times, said, rig)
        self._life().among(features.words).add(values, times, delivery, own.get("head", felt), rig, rng)
        return Motion(rig.names, values.astype(np.float32), GENERATOR_FPS)

    def _ways(self) -> tuple[Lips, ...]:
        return lips_from(self.articulation, "articulation")

    def _life(self) -> Life:
        return Life(self.blink, self.gaze, self.head_motion, self.breath, looks_from(self.looks, "looks"))
