"""`Recorded`: feelings from a file, as ``animator embed`` writes it."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from animator.core.audio import Audio
from animator.core.emotion import ALL, Emotion, parts_of
from animator.core.motion import GENERATOR_FPS
from animator.core.script import felt
from animator.core.track import frame_count, resample
from animator.embedders.base import LENGTH
from animator.errors import InputError, LossWarning, UnknownNameError
from animator.io.track import read_emotion


@dataclass(frozen=True)
class Recorded:
    """Feelings over time from an emotion file.

    Parameters
    ----------
    path
        The emotion file (.npz); without one, nothing is felt.
    """

    hears: ClassVar[str] = LENGTH

    path: str = ""

    def embed(self, audio: Audio, feelings: Sequence[str]) -> Emotion:
        """The file's feelings over the length of ``audio``, at 50 Hz, its code with them.

        A file that is shorter than the sound by more than a frame is held at its end, a longer one is cut; both are told with
        a `LossWarning`.

        Raises
        ------
        InputError
            There is no such file, or it holds no frame.
        FormatError
            It is not an emotion file that can be read.
        UnknownNameError
            It asks for a feeling that is not among ``feelings``.
        """
        channels, frames = felt(feelings), frame_count(audio.seconds, GENERATOR_FPS)
        if not self.path:
            return Emotion(channels, np.zeros((frames, len(channels)), dtype=np.float32), GENERATOR_FPS)
        emotion, _ = read_emotion(Path(self.path))
        if len(emotion) == 0:
            raise InputError(f"{self.path!r} holds no frame, so it does not say what is felt")
        own: list[str] = []  # of regions
        for name in (each for each in emotion.names if emotion[each].any()):
            region, feeling = parts_of(name)
            if feeling not in channels:
                raise UnknownNameError("feeling", feeling, channels, repr(self.path))
            own += [] if region == ALL else [name]
        if abs(emotion.seconds - float(audio.seconds)) > 1 / emotion.fps + 1 / GENERATOR_FPS:
            done = "held" if emotion.seconds < audio.seconds else "cut"
            text = (
                f"the feelings of {emotion.seconds:.2f} s in {self.path} are {done} for the {float(audio.seconds):.2f} s of sound"
            )
            warnings.warn(text, LossWarning, stacklevel=2)
        moved = resample(emotion, GENERATOR_FPS, frames)
        names = (*channels, *own)
        values = np.zeros((frames, len(names)), dtype=np.float32)
        for name in set(names) & set(moved.names):
            values[:, names.index(name)] = moved[name]
        return Emotion(names, values, GENERATOR_FPS, moved.code, moved.gestures)
