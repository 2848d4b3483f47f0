"""Phones from sound by pocketsphinx: a free loop over phones, or the transcript's own phones laid along the sound."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float32

from animator.core.phones import PHONES, SILENCE
from animator.encoders.prosody import HOP

_LATE = 1
"""Frames by which the recogniser's numbering runs early: its frame i sees samples 160 i to 160 i + 410. Against the
hand-labelled EMO-DB, boundaries shifted by one frame lie +1 ms late in the median."""

_LONGEST, _SHORTEST = 2000, 800
"""Frames: sound is heard in stretches of 8 to 20 s, cut where it is quietest."""


NOISE = "NOISE"
"""What the recogniser calls noise or babble; no phone of ours."""


class Run(NamedTuple):
    """Frames ``start`` up to, not including, ``stop`` hold one phone."""

    start: int
    stop: int
    phone: str


class AlignmentError(Exception):
    """The words cannot be laid along the sound."""


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
        _feed(decoder, samples, first, stop)
        found = [(segment.start_frame, segment.end_frame + 1, segment.word) for segment in decoder.seg() or ()]
        runs += _settled(found, first, stop)
    return runs


def align(
    decoder: Any,
    samples: Float32[np.ndarray, " N"],
    frames: int,
    words: Sequence[str],
    added: Mapping[str, Sequence[str]],
) -> list[Run]:
    """The phones of known words, laid along the sound.

    Words are placed over the whole sound first, then, stretch by stretch, their phones: the second search needs memory that
    grows with the square of its length.

    Parameters
    ----------
    decoder
        As `dictionary` gives it.
    samples
        Sound at 16 kHz.
    frames
        How many frames it has.
    words
        What is said, each a word of the dictionary or of ``added``.
    added
        Phones of the words that the dictionary lacks.

    Raises
    ------
    AlignmentError
        The search ended before the last word.
    """
    for word, phones in added.items():
        decoder.add_word(word, " ".join(phones))
    try:
        decoder.set_align_text(" ".join(words))
        _feed(decoder, samples, 0, frames)
        placed = [
            (s.start_frame, s.end_frame + 1, s.word) for s in decoder.seg() or () if s.word not in ("<s>", "</s>", "(NULL)")
        ]
        if sum(not word.startswith("<") and not word.startswith("[") for _, _, word in placed) < len(words):
            raise AlignmentError("the search ended before the last word")
        runs: list[Run] = []
        for first, stop, said in _sentences(placed, frames):
            if not said:
                runs.append(Run(first, stop, SILENCE))
                continue
            decoder.set_align_text(" ".join(said))
            _feed(decoder, samples, first, stop)
            decoder.set_alignment()
            _feed(decoder, samples, first, stop)
            phones_found = [(p.start, p.start + p.duration, p.name) for word in decoder.get_alignment() for p in word]
            runs += _settled(phones_found, first, stop)
    except RuntimeError as error:
        raise AlignmentError(str(error)) from error
    return runs


def dictionary() -> Any:
    """An aligner, which also knows the English dictionary (``lookup_word``)."""
    from pocketsphinx import Decoder

    return Decoder(lm=None, loglevel="FATAL", logfn=os.devnull)


def stretches(level: Float32[np.ndarray, " T"]) -> list[tuple[int, int]]:
    """Frames in stretches of at most 20 s, cut at the quietest moment from 8 s on."""
    from scipy.ndimage import uniform_filter1d

    smooth = uniform_filter1d(level, 15, mode="nearest")
    cuts = [0]
    while len(level) - cuts[-1] > _LONGEST:
        first = cuts[-1] + _SHORTEST
        cuts.append(first + int(np.argmin(smooth[first : cuts[-1] + _LONGEST])))
    return list(zip(cuts, [*cuts[1:], len(level)], strict=True))


def _sentences(placed: Sequence[tuple[int, int, str]], frames: int) -> list[tuple[int, int, list[str]]]:
    """Placed words in stretches of some 8 to 20 s, cut in the middle of a pause where there is one."""
    out: list[tuple[int, int, list[str]]] = []
    first, said = 0, list[str]()
    for start, stop, word in placed:
        pause = word.startswith(("<", "["))
        if pause and stop - start >= 8 and stop - first >= _SHORTEST:
            middle = (start + stop) // 2
            out.append((first, middle, said))
            first, said = middle, []
        elif not pause and stop - first > _LONGEST and said:
            out.append((first, start, said))
            first, said = start, []
        if not pause:
            said.append(word)
    out.append((first, frames, said))
    return out


def _feed(decoder: Any, samples: Float32[np.ndarray, " N"], first: int, stop: int) -> None:
    """One utterance: frames ``first`` to ``stop`` of the sound."""
    decoder.start_utt()
    decoder.process_raw((samples[first * HOP : stop * HOP] * 32767.0).astype("<i2").tobytes(), full_utt=True)
    decoder.end_utt()


def _settled(found: Sequence[tuple[int, int, str]], first: int, stop: int) -> list[Run]:
    """What was found, on our clock, covering ``first`` to ``stop`` without a hole."""
    starts = [first, *(min(first + start + _LATE, stop) for start, _, _ in found[1:]), stop]
    phones = [phone if phone in PHONES else NOISE for _, _, phone in found] or [SILENCE]
    if len(phones) == 1:
        starts = [first, stop]
    return [Run(a, b, phone) for a, b, phone in zip(starts[:-1], starts[1:], phones, strict=True) if b > a]
