"""The encoder ``phones``: phones at 10 ms from pocketsphinx, prosody beside them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from jaxtyping import Float32

from animator.core.audio import Audio, resampled
from animator.core.features import EFFORT, LOUDNESS, PHONE_PREFIX, PITCH, VOICING, Features
from animator.core.phones import PHONES
from animator.core.track import frame_count
from animator.encoders.hearing import prosody
from animator.encoders.hearing.pauses import settle
from animator.encoders.hearing.recogniser import Run, hear, transcribe
from animator.encoders.hearing.told import full_scale, laid, posteriors, timed
from animator.errors import InputError

FPS = Fraction(100)
CHANNELS = (*(PHONE_PREFIX + phone for phone in PHONES), LOUDNESS, PITCH, VOICING, EFFORT)


@dataclass(frozen=True)
class Phones:
    """Phones and prosody, 100 frames a second.

    Without a transcript, phones come from a free loop over the phones of English, which takes any language for English. With
    one, its words are laid along the sound; words that the dictionary lacks are spelt by rule, and where the words do not
    fit the sound the free loop is used. Each of these is told with a `LossWarning`.

    Parameters
    ----------
    language_weight
        How much the usual order of English phones counts against the sound in the free loop, [0, 20].
    words
        Without a transcript, make out English words first and take their phones. On English speech this gets 85 % of the visemes
        right where the free loop gets 68 %, at eight times the cost; in any other language it hears nonsense.
    """

    language_weight: float = 2.0
    words: bool = False

    def __post_init__(self) -> None:
        if not 0.0 <= self.language_weight <= 20.0:
            raise InputError(f"the language weight lies in [0, 20], not {self.language_weight:g}")

    def encode(self, audio: Audio, transcript: str | None = None) -> Features:
        """Hear phones and prosody.

        Parameters
        ----------
        audio
            Any rate, any length above 0 samples.
        transcript
            The English words that are said, if known.

        Returns
        -------
        Features
            At 100 Hz: ``phone/AA`` … posteriors that sum to 1 (a frame at a boundary is shared by both sides), then loudness,
            pitch, voicing and effort.

        Raises
        ------
        InputError
            The sound has no sample.
        """
        if not len(audio.samples):
            raise InputError("there is no sound to hear: 0 samples")
        frames = frame_count(audio.seconds, FPS)
        samples = resampled(audio.samples, audio.rate, prosody.RATE)
        voice = prosody.measure(samples, frames)
        runs = self._runs(samples, voice, transcript)
        phones = settle(runs, voice.quiet, voice.voicing)
        curves = np.stack([voice.loudness, voice.pitch, voice.voicing, voice.effort], axis=1)
        return Features(CHANNELS, np.concatenate([posteriors(phones), curves], axis=1), FPS, timed(runs, phones))

    def _runs(self, samples: Float32[np.ndarray, " N"], voice: prosody.Prosody, transcript: str | None) -> list[Run]:
        if transcript is not None:
            runs = laid(samples, voice, transcript, "the transcript", stacklevel=4)
            if runs is not None or voice.quiet.all():
                return runs or []
        if voice.quiet.all():
            return []
        samples = full_scale(samples, len(voice.level))
        if transcript is None and self.words and (text := transcribe(samples, voice.level)) is not None:
            runs = laid(samples, voice, text, "the words made out", stacklevel=4)
            if runs is not None:
                return runs
        return hear(samples, voice.level, self.language_weight)
