"""`Both`: what a voice and a face feel together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from animator.core.audio import Audio
from animator.core.emotion import Code, Emotion
from animator.core.motion import GENERATOR_FPS, Motion
from animator.core.script import felt
from animator.core.track import frame_count
from animator.embedders.base import WHOLE
from animator.embedders.face import read_face, watch
from animator.embedders.fusion import fuse, moments
from animator.embedders.space import load_space
from animator.embedders.voice import Voice, between, code_of
from animator.errors import InputError
from animator.io.weights import read_weights

HOP = 10
"""Frames from one judged instant to the next."""


@dataclass(frozen=True)
class Both:
    """The feelings of the voice and of a face recorded with it, each asking the other by cross-modal attention.

    Parameters
    ----------
    path
        A motion file in the ARKit rig, a picture or a video; without one, the voice alone is asked.
    strength
        0 to 1.5: scales what was felt, before it is limited to full intensity.

    Raises
    ------
    InputError
        A setting leaves its range.
    """

    hears: ClassVar[str] = WHOLE

    path: str = ""
    strength: float = 1.0

    def __post_init__(self) -> None:
        if not 0 <= self.strength <= 1.5:
            raise InputError(f"strength of both lies in [0, 1.5], not {self.strength:g}")

    def embed(self, audio: Audio, feelings: Sequence[str]) -> Emotion:
        """What both feel over the length of ``audio``, at 50 Hz; where there is no voice, the face alone is asked.

        Raises
        ------
        InputError
            There is no such file, no face in it, or its curves are not ARKit's.
        FormatError
            It is not a file that can be read.
        MissingDependencyError
            It is a picture or video, and no face tracker is installed.
        MissingWeightsError
            The shipped weights are not there.
        """
        return together(audio, read_face(Path(self.path)) if self.path else None, feelings, self.strength)


def together(audio: Audio, motion: Motion | None, feelings: Sequence[str], strength: float = 1.0) -> Emotion:
    """What a voice and a face in that motion feel together, at 50 Hz over the length of ``audio``; raises as `face.watch`.

    Where there is no voice the face alone is asked; without a motion, the voice alone.
    """
    space, net = load_space(), read_weights("embedder")[0]
    total, fps = frame_count(audio.seconds, GENERATOR_FPS), float(GENERATOR_FPS)
    frames = np.unique(np.r_[0:total:HOP, total - 1])
    verdict = Voice().hear(audio)
    voice = moments(code_of(verdict.odds, space), frames, fps)
    present = verdict.present[frames, None]
    if motion is None:
        mean, spread = fuse({"voice": voice}, space.bank, net)
        mean = present * mean
    else:
        face = moments(watch(motion)[0], frames, fps)
        heard, seen = fuse({"voice": voice, "face": face}, space.bank, net), fuse({"face": face}, space.bank, net)
        mean, spread = (present * a + (1 - present) * b for a, b in zip(heard, seen, strict=True))
    judged = space.independent(np.float32(strength) * mean, spread)
    code = Code(*(between(np.arange(total), frames, rows) for rows in (judged.mean, judged.scale)))
    channels = felt(feelings)
    return Emotion(channels, space.decode(code.mean, channels), GENERATOR_FPS, code)
