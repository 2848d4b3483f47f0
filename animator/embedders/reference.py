"""`Reference`: what somebody's voice in another recording feels, felt again over a line of another length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import ClassVar

import numpy as np

from animator.core.audio import Audio
from animator.core.emotion import Emotion
from animator.core.motion import GENERATOR_FPS
from animator.core.script import felt
from animator.core.track import Track, frame_count, sample
from animator.embedders.base import LENGTH
from animator.embedders.space import load_space
from animator.embedders.voice import Voice
from animator.errors import InputError
from animator.io.audio import read_audio


@dataclass(frozen=True)
class Reference:
    """The feelings of a voice in another recording, whoever's it is.

    They are stretched or drawn together in time, so that the line begins and ends as the recording does.

    Parameters
    ----------
    path
        A sound file; without one, nothing is felt.
    strength
        0 to 1.5: intensity of a feeling that is heard for sure, before it is limited to 1.

    Raises
    ------
    InputError
        A setting leaves its range.
    """

    hears: ClassVar[str] = LENGTH

    path: str = ""
    strength: float = 0.8

    def __post_init__(self) -> None:
        Voice(self.strength)

    def embed(self, audio: Audio, feelings: Sequence[str]) -> Emotion:
        """What the recording's voice feels over the length of ``audio``, at 50 Hz.

        Raises
        ------
        InputError
            There is no such file, or it holds no sound.
        FormatError
            It is not a sound that can be read.
        MissingWeightsError
            The shipped weights are not there.
        """
        channels, frames = felt(feelings), frame_count(audio.seconds, GENERATOR_FPS)
        if not self.path:
            return Emotion(channels, np.zeros((frames, len(channels)), dtype=np.float32), GENERATOR_FPS)
        heard = Voice(self.strength).embed(read_audio(Path(self.path)), channels).code
        if heard is None or not len(heard):
            raise InputError(f"{self.path!r} holds no sound, so it does not say what is felt")
        at = np.linspace(0.0, len(heard) - 1.0, frames)
        mean, scale = (
            sample(Track(tuple(map(str, range(rows.shape[1]))), rows, Fraction(1)), at) for rows in (heard.mean, heard.scale)
        )
        return Emotion(channels, load_space().decode(mean, channels), GENERATOR_FPS, type(heard)(mean, scale))
