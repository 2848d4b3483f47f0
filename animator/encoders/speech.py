"""The encoder ``speech``: our own ear, trained here, small and quick, the same for whole clips and for sound as it comes."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float32

from animator.core.audio import Audio, resampled
from animator.core.features import CONTENT_PREFIX, EFFORT, LOUDNESS, PHONE_PREFIX, PITCH, VOICING, Features, Word
from animator.core.phones import PHONES
from animator.core.track import frame_count
from animator.encoders.hearing import prosody
from animator.encoders.hearing.pauses import settle
from animator.encoders.hearing.recogniser import Run
from animator.encoders.hearing.told import laid, posteriors, timed
from animator.encoders.listening.decode import course
from animator.encoders.listening.speaker import Speaker
from animator.errors import InputError
from animator.io.weights import read_weights

if TYPE_CHECKING:
    from animator.encoders.listening.net import Ear
    from animator.encoders.listening.stream import Piece
    from animator.nn.asking import Asking

FPS = Fraction(100)
STEP = 20
"""Milliseconds of one step of look-ahead."""

ALL = 2000
"""Milliseconds of look-ahead that stand for the whole clip."""

DOUBT = 0.2
"""Share that a frame's own evidence keeps in its posteriors beside the clip's likeliest course."""

_PIECE = 10 * prosody.RATE


@dataclass(frozen=True)
class Speech:
    """Phones, prosody and content, 100 frames a second, from a small convolutional net.

    It learned from speech of people and of engines in several languages (its file's header lists them), and takes about a two
    hundredth of the sound's length on one core. With a transcript, the words are laid along the sound and take the place of the
    phones heard; where they do not fit it, this is told with a `LossWarning`.

    Parameters
    ----------
    look_ahead
        Milliseconds into the future that each frame may use, in steps of 20. 2000, the most, is the whole clip: loudness and
        pitch are then relative to all that the speaker says, phones take their likeliest course through it, and pauses are
        silent for certain. With less, loudness and pitch are relative to what was said before, and `listen` gives the same for
        sound that is still coming; live use takes 80 at most.
    """

    look_ahead: int = ALL

    def __post_init__(self) -> None:
        if not 0 <= self.look_ahead <= ALL or self.look_ahead % STEP:
            raise InputError(f"the look-ahead lies in [0, {ALL}] ms in steps of {STEP}, not {self.look_ahead}")

    def encode(self, audio: Audio, transcript: str | None = None) -> Features:
        """Hear a whole sound.

        Parameters
        ----------
        audio
            Any rate, any length above 0 samples.
        transcript
            The English words that are said, if known.

        Returns
        -------
        Features
            At 100 Hz: ``phone/AA`` … posteriors that sum to 1, loudness, pitch, voicing, effort, ``content/00`` ….

        Raises
        ------
        InputError
            The sound has no sample.
        MissingWeightsError
            The net's weights are not installed.
        """
        if not len(audio.samples):
            raise InputError("there is no sound to hear: 0 samples")
        samples = resampled(audio.samples, audio.rate, prosody.RATE)
        frames = frame_count(audio.seconds, FPS)
        listener = self.listen()
        pieces, voices = [], []
        for first in range(0, len(samples), _PIECE):
            pieces.append(listener.feed(samples[first : first + _PIECE]))
            voices.append(listener.voice)
        pieces.append(listener.finish())
        voices.append(listener.voice)
        heard, voice = (np.concatenate(parts)[:frames] for parts in (pieces, voices))
        heard, voice = (np.pad(each, ((0, frames - len(each)), (0, 0)), mode="edge") for each in (heard, voice))
        words = _over_all(heard, voice, samples, transcript) if self.look_ahead == ALL or transcript is not None else ()
        return Features(channels(), heard, FPS, words)

    def listen(self) -> Listener:
        """Hear a sound that is still coming, piece by piece."""
        return Listener(self.look_ahead // STEP)


class Listener:
    """One sound at 16 kHz, heard as it comes; `Speech.encode` with the same look-ahead gives the same frames."""

    def __init__(self, ahead: int) -> None:
        from animator.encoders.listening.stream import Stream

        self._stream = Stream(ear(), ahead)
        self._speaker = Speaker()
        self.voice: Float32[np.ndarray, "T 3"] = np.zeros((0, 3), dtype=np.float32)
        """Level (A-weighted dB), octaves from 200 Hz, and voicing of the frames told last."""

    @property
    def names(self) -> tuple[str, ...]:
        """Channels of the frames, in order."""
        return channels()

    def feed(self, samples: Float32[np.ndarray, " N"]) -> Float32[np.ndarray, "T C"]:
        """Take the next samples, in [-1, 1]; returns the frames, as `channels` names them, that can be told by now."""
        from animator.nn.asking import alone

        return alone(self.feeding(samples))

    def feeding(self, samples: Float32[np.ndarray, " N"]) -> Asking[Float32[np.ndarray, "T C"]]:
        """`feed`, beside others."""
        import torch

        return self._told((yield from self._stream.feeding(torch.tensor(samples))))

    def finish(self) -> Float32[np.ndarray, "T C"]:
        """The frames that are left when no more sound comes."""
        return self._told(self._stream.finish())

    def _told(self, piece: Piece) -> Float32[np.ndarray, "T C"]:
        import torch

        heard = piece.heard
        level, octave = piece.level.numpy(), heard.octave[0].numpy()
        voicing = torch.sigmoid(heard.voicing[0]).numpy()
        self.voice = np.stack([level, octave, voicing], axis=1)
        loudness, pitch = self._speaker.relate(level, octave, voicing)
        effort = np.clip(heard.effort[0].numpy(), 0.0, 2.0)
        phones = torch.softmax(heard.phones[0], dim=1).numpy()
        content = np.repeat(heard.content[0].numpy(), 2, axis=0)
        return np.concatenate([phones, np.stack([loudness, pitch, voicing, effort], axis=1), content], axis=1)


@cache
def ear() -> Ear:
    """The net with the shipped weights, made once a process."""
    import torch

    from animator.encoders.listening.net import Ear

    tensors, header = read_weights("encoder")
    net = Ear(width=header["recipe"]["width"], hidden=header["recipe"]["hidden"])
    net.load_state_dict({name: torch.from_numpy(tensor) for name, tensor in tensors.items()})
    return net.eval().requires_grad_(False)


def channels() -> tuple[str, ...]:
    """Names of what is heard, in order."""
    phones = (PHONE_PREFIX + phone for phone in PHONES)
    content = (f"{CONTENT_PREFIX}{k:02d}" for k in range(ear().content.out_features))
    return (*phones, LOUDNESS, PITCH, VOICING, EFFORT, *content)


def _over_all(
    heard: Float32[np.ndarray, "T C"], voice: Float32[np.ndarray, "T 3"], samples: Float32[np.ndarray, " N"], words: str | None
) -> tuple[Word, ...]:
    """Put what only the whole clip tells into ``heard``, in place.

    The speaker's usual level and height, pauses, and the words where they are known; returns when each word is said.
    """
    level, octave, voicing = voice.T
    # `relate` takes likeness from period to period, and makes this of it.
    known = prosody.relate(level, 200.0 * np.exp2(octave), 0.35 + 0.4 * voicing)
    names = channels()
    for name, curve in ((LOUDNESS, known.loudness), (PITCH, known.pitch), (VOICING, known.voicing)):
        heard[:, names.index(name)] = curve
    phones = heard[:, : len(PHONES)]
    runs = None if words is None else laid(samples, known, words, "the transcript", stacklevel=4)
    if runs is not None:
        settled = settle(runs, known.quiet, known.voicing)
        phones[:] = posteriors(settled)
        return timed(runs, settled)
    path = course(phones)
    edges = [0, *(np.flatnonzero(np.diff(path)) + 1).tolist(), len(path)]
    runs = [Run(start, stop, PHONES[path[start]]) for start, stop in pairwise(edges)]
    phones[:] = DOUBT * phones + (1 - DOUBT) * posteriors(settle(runs, known.quiet, known.voicing))
    return ()
