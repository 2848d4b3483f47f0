"""Phones or words from sound alone, by pocketsphinx."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float32

from animator.core.phones import PHONES, SILENCE
from animator.encoders.hearing.noise import is_noisy, reduced
from animator.encoders.hearing.prosody import HOP

_LATE = 1
"""Frames by which the recogniser's numbering runs early: its frame i sees samples 160 i to 160 i + 410. Against the
hand-labelled EMO-DB, boundaries shifted by one frame lie +1 ms late in the median."""

LONGEST, SHORTEST = 2000, 800
"""Frames: sound is heard in stretches of 8 to 20 s, cut where it is quietest."""

NOISE = "NOISE"
"""What the recogniser calls noise or babble; no phone of ours."""


class Run(NamedTuple):
    """Frames ``start`` up to, not including, ``stop`` hold one phone."""

    start: int
    stop: int
    phone: str
    word: str = ""
    """The word that begins here, where words are known and one does."""


def hear(samples: Float32[np.ndarray, " N"], level: Float32[np.ndarray, " T"], language_weight: float) -> list[Run]:
    """Any phones in any order, weighed by how they follow one another in English.

    Parameters
    ----------
    samples
        Sound at 16 kHz.
    level
        Level of each frame, dB: stretches are cut where it is low.
    language_weight
        How much the English phone sequence counts against the sound, >= 0.
    """
    from pocketsphinx import Decoder, get_model_path

    model = get_model_path("en-us/en-us-phone.lm.bin")
    decoder = Decoder(
        allphone=model, lm=None, dict=None, lw=language_weight, beam=1e-100, pbeam=1e-10, loglevel="FATAL", logfn=os.devnull
    )
    runs: list[Run] = []
    for first, stop in stretches(level):
        feed(decoder, _clear(samples, level, first, stop))
        found = [(segment.start_frame, segment.end_frame + 1, segment.word) for segment in decoder.seg() or ()]
        runs += settled(found, first, stop)
    return runs


def transcribe(samples: Float32[np.ndarray, " N"], level: Float32[np.ndarray, " T"]) -> str:
    """The English words that are said, as pocketsphinx's language model makes them out; parameters as in `hear`."""
    from pocketsphinx import Decoder

    decoder = Decoder(loglevel="FATAL", logfn=os.devnull)
    heard: list[str] = []
    for first, stop in stretches(level):
        feed(decoder, _clear(samples, level, first, stop))
        best = decoder.hyp()
        heard.append(best.hypstr if best else "")
    return " ".join(heard)


def stretches(level: Float32[np.ndarray, " T"]) -> list[tuple[int, int]]:
    """Frames in stretches of at most 20 s, cut at the quietest moment from 8 s on."""
    from scipy.ndimage import uniform_filter1d

    smooth = uniform_filter1d(level, 15, mode="nearest")
    cuts = [0]
    while len(level) - cuts[-1] > LONGEST:
        first = cuts[-1] + SHORTEST
        cuts.append(first + int(np.argmin(smooth[first : cuts[-1] + LONGEST])))
    return list(zip(cuts, [*cuts[1:], len(level)], strict=True))


def _clear(samples: np.ndarray, level: np.ndarray, first: int, stop: int) -> Float32[np.ndarray, " M"]:
    """A stretch of the sound, without its noise if that is loud."""
    sound: np.ndarray = samples[first * HOP : stop * HOP]
    return reduced(sound) if is_noisy(level[first:stop]) else sound


def feed(decoder: Any, samples: Float32[np.ndarray, " N"]) -> None:
    """One utterance, in 16 bits; where the search ends in an error, nothing is found."""
    decoder.start_utt()
    decoder.process_raw((samples * 32767.0).astype("<i2").tobytes(), full_utt=True)
    with suppress(RuntimeError):
        decoder.end_utt()


def settled(found: Sequence[tuple[int, int, str]], first: int, stop: int, words: Sequence[str] = ()) -> list[Run]:
    """What was found, on our clock, covering ``first`` to ``stop`` without a hole; ``words`` begin there, as in `Run`."""
    starts = [first, *(min(first + start + _LATE, stop) for start, _, _ in found[1:]), stop]
    phones = [phone if phone in PHONES else NOISE for _, _, phone in found] or [SILENCE]
    if len(phones) == 1:
        starts = [first, stop]
    begun = words or [""] * len(phones)
    return [Run(a, b, phone, word) for a, b, phone, word in zip(starts[:-1], starts[1:], phones, begun, strict=True) if b > a]
