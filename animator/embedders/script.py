"""`Script`: feelings that change over time, as a director writes them down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from animator.core.audio import Audio
from animator.core.emotion import ALL, Emotion
from animator.core.motion import GENERATOR_FPS
from animator.core.script import Cue, felt, weigh
from animator.core.track import frame_count
from animator.embedders.base import LENGTH
from animator.embedders.space import blends, directed
from animator.errors import InputError
from animator.io.script import cues_from


@dataclass(frozen=True)
class Script:
    """Feelings over time, from cues; neutral before the first.

    Parameters
    ----------
    cues
        In the order of their starts; a table of a cue's fields, as in a recipe, becomes a `Cue` at birth.
    """

    hears: ClassVar[str] = LENGTH

    cues: Sequence[Cue | Mapping[str, Any]] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "cues", cues_from(self.cues, "the script"))

    def embed(self, audio: Audio, feelings: Sequence[str]) -> Emotion:
        """The feelings over the length of ``audio``, at 50 Hz, with their code.

        Each cue moves what is felt from where the cues before it have it to its own state, by the smoothstep 3s² - 2s³ over
        ``ease`` seconds; a cue that interrupts another takes over without a jump.

        Raises
        ------
        InputError
            A cue starts when the sound is over.
        UnknownNameError
            A cue names a feeling that is neither among ``feelings`` nor a category.
        """
        times = np.arange(frame_count(audio.seconds, GENERATOR_FPS)) / float(GENERATOR_FPS)
        nothing = np.zeros((len(times), len(felt(feelings))), dtype=np.float32)
        tracks = {ALL: nothing}
        known = blends(tuple(feelings))
        for i, cue in enumerate(cues_from(self.cues, "the script"), 1):
            if cue.start >= audio.seconds:
                raise InputError(
                    f"cue {i} of the script starts at {cue.start:g} s, but the sound ends at {float(audio.seconds):.2f} s; "
                    "move or remove it"
                )
            share = _share(times, cue)[:, None]
            for region, weights in weigh(cue.feeling, feelings, f"cue {i} of the script", known).items():
                before = tracks.get(region, nothing)
                tracks[region] = before + share * (np.float32(cue.intensity) * weights - before)
        return directed({region: np.clip(values, 0.0, 1.0) for region, values in tracks.items()}, feelings)


def _share(times: np.ndarray, cue: Cue) -> np.ndarray:
    """How far the change has come at each instant, ``float32 [T]`` in [0, 1]."""
    if cue.start == 0 or cue.ease == 0:
        return (times >= cue.start).astype(np.float32)
    s = np.clip((times - cue.start) / cue.ease, 0.0, 1.0)
    share: np.ndarray = s * s * (3.0 - 2.0 * s)
    return share.astype(np.float32)
