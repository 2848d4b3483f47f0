"""`Script`: feelings that change over time and gestures, as a director writes them down."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from animator.core.audio import Audio
from animator.core.cues import called, in_order, placed
from animator.core.emotion import ALL, Emotion, Gesture
from animator.core.features import Word
from animator.core.feelings import Own, written_out
from animator.core.motion import GENERATOR_FPS
from animator.core.script import Cue, felt, weigh
from animator.core.settings import check_dials
from animator.core.track import frame_count
from animator.embedders.base import LENGTH
from animator.embedders.space import blends, directed
from animator.errors import InputError, LossWarning
from animator.io.script import cues_from


@dataclass(frozen=True)
class Script:
    """Feelings over time, from cues; neutral before the first.

    Parameters
    ----------
    cues
        In the order of their starts; a table of a cue's fields, as in a recipe, becomes a `Cue` at birth.
    inertia
        Time constant in seconds, [0, 30], with which feelings follow their cues: after so long, they have come 63 % of the way.
    """

    hears: ClassVar[str] = LENGTH

    cues: Sequence[Cue | Mapping[str, Any]] = ()
    inertia: float = 0.0

    def __post_init__(self) -> None:
        check_dials(self, {"inertia": 30.0})
        object.__setattr__(self, "cues", cues_from(self.cues, "the script"))

    @property
    def worded(self) -> bool:
        """Whether cues stand at words, so that it has to be `placed` first."""
        return any(cue.words for cue in self._cues())

    def placed(self, said: Sequence[Word]) -> Script:
        """The same script in seconds alone; `InputError` where a cue's words are not said, or nobody knows when."""
        return replace(self, cues=placed(self._cues(), said, "the script"))

    def knowing(self, own: Own) -> Script:
        """The same, with feelings of a director's own written out."""
        return replace(self, cues=[replace(c, feeling=written_out(c.feeling, own)) if c.feeling else c for c in self._cues()])

    def embed(self, audio: Audio, feelings: Sequence[str]) -> Emotion:
        """The feelings over the length of ``audio``, at 50 Hz, with their code and the gestures.

        Each cue moves what is felt, in the regions that it names, from where the cues before it have it to its own state, by the
        smoothstep 3s² - 2s³ over ``ease`` seconds, and back after ``hold``; a cue that interrupts another takes over without a
        jump.

        Raises
        ------
        InputError
            A cue starts when the sound is over, two that set the same start at one instant, or one stands at words.
        UnknownNameError
            A cue names a feeling that is neither among ``feelings`` nor a category.

        Warns
        -----
        LossWarning
            A cue is taken over by another before its hold is over.
        """
        if self.worded:
            raise InputError("cues of the script stand at words, which have no time before the speech is heard")
        times = np.arange(frame_count(audio.seconds, GENERATOR_FPS)) / float(GENERATOR_FPS)
        nothing = np.zeros((len(times), len(felt(feelings))), dtype=np.float32)
        tracks, gestures = {ALL: nothing}, []
        known = blends(tuple(feelings))
        cues = placed(self._cues(), (), "the script")
        in_order(cues, "the script")
        tell_overlaps(cues)
        for i, cue in enumerate(cues, 1):
            start = cue.start or 0.0
            if start >= audio.seconds:
                raise InputError(
                    f"{_named(i, cue)} of the script starts at {start:g} s, but the sound ends at {float(audio.seconds):.2f} s; "
                    "move or remove it"
                )
            if cue.gesture:
                gestures.append(Gesture(cue.gesture, start, cue.intensity, cue.hold or 0.0))
                continue
            share = _share(times, start, cue)[:, None]
            for region, weights in weigh(cue.feeling, feelings, f"{_named(i, cue)} of the script", known).items():
                before = tracks.get(region, nothing)
                tracks[region] = before + share * (np.float32(cue.intensity) * weights - before)
        shown = {region: _lagging(np.clip(values, 0.0, 1.0), self.inertia) for region, values in tracks.items()}
        return replace(directed(shown, feelings), gestures=tuple(gestures))

    def _cues(self) -> tuple[Cue, ...]:
        return cues_from(self.cues, "the script")


def _share(times: np.ndarray, start: float, cue: Cue) -> np.ndarray:
    """How far the change has come at each instant, ``float32 [T]`` in [0, 1]."""
    share = _eased(times, start, 0.0 if start == 0 else cue.ease)
    return share if cue.hold is None else share * (1.0 - _eased(times, start + cue.hold, cue.ease))


def _eased(times: np.ndarray, start: float, seconds: float) -> np.ndarray:
    if seconds == 0:
        return (times >= start).astype(np.float32)
    s = np.clip((times - start) / seconds, 0.0, 1.0)
    share: np.ndarray = s * s * (3.0 - 2.0 * s)
    return share.astype(np.float32)


def _lagging(values: np.ndarray, seconds: float) -> np.ndarray:
    """What follows ``values [T E]`` as a first-order lag of this time constant, from the first frame on."""
    if seconds == 0:
        return values
    from scipy.signal import lfilter

    kept = float(np.exp(-1.0 / (seconds * float(GENERATOR_FPS))))
    late, _ = lfilter([1.0 - kept], [1.0, -kept], values, axis=0, zi=kept * values[:1].astype(np.float64))
    lagging: np.ndarray = np.clip(late, 0.0, 1.0).astype(np.float32)
    return lagging


def tell_overlaps(cues: Sequence[Cue]) -> None:
    """Warn of each cue in seconds that another takes over before its hold is over; they are in the order of their starts."""
    feelings = [(i, cue, cue.start or 0.0) for i, cue in enumerate(cues, 1) if cue.feeling]
    for k, (i, cue, start) in enumerate(feelings):
        end = start + (cue.hold or 0.0)
        over = next(((j, other, at) for j, other, at in feelings[k + 1 :] if at < end and other.tracks & cue.tracks), None)
        if over is not None:
            told = f"{_named(i, cue)} of the script is held until {end:g} s, but {_named(*over[:2])} takes over at {over[2]:g} s"
            warnings.warn(told, LossWarning, stacklevel=3)


def _named(number: int, cue: Cue) -> str:
    """How complaints call a cue whose place among the others may have changed: by its line, if that is known."""
    return f"the cue in line {cue.line}" if cue.line else called(number, cue)
