"""Phones from sound and its transcript: the words' own phones, laid along the sound by pocketsphinx."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float32

from animator.core.phones import PHONES, SILENCE
from animator.core.wording import words
from animator.encoders.hearing.prosody import HOP
from animator.encoders.hearing.recogniser import LONGEST, SHORTEST, Run, feed, settled
from animator.encoders.hearing.transcript import spell
from animator.errors import LossWarning

_PHONE = "_"
"""Before a phone, makes the dictionary word that is that one phone."""

_PAUSE = "<sil>"
_PAUSE_ODDS = 0.1

BRIEFEST = 3
"""Frames that a phone lasts at least, one for each state of its model."""

MISFIT = 0.3
"""Above this `misfit`, words are not those of the sound. Of 79 short clips (GRID, speechocean762, RAVDESS), 95 % lie below it
with their own words; of 55 with the words of another clip, 87 % lie above it (RAVDESS aside, whose two sentences are twins)."""


class AlignmentError(Exception):
    """The words cannot be laid along the sound; the message says why."""


def align(samples: Float32[np.ndarray, " N"], voiced: Bool[np.ndarray, " T"], text: str) -> list[Run]:
    """The phones of a transcript, laid along a sound at 16 kHz of which ``voiced`` frames are voiced.

    Words that the dictionary lacks are spelt by rule, which is told with a `LossWarning`.

    Raises
    ------
    AlignmentError
        The text holds no words, is not English, or does not fit the sound.
    """
    said = words(text)
    if not said:
        raise AlignmentError("it holds no words")
    aligner = Aligner()
    unknown = sorted({word for word in said if not aligner.knows(word)})
    spelt = {word: phones for word in unknown if (phones := spell(word))}
    if len(spelt) < len(unknown) or len(unknown) > max(2, len(set(said)) // 3):
        raise AlignmentError(f"it does not look like English ({', '.join(unknown[:4])})")
    for word, phones in spelt.items():
        aligner.add(word, phones)
    runs = aligner.align(samples, len(voiced), said)
    if misfit(runs, voiced) > MISFIT:
        raise AlignmentError("its words do not fit the sound")
    if unknown:
        warnings.warn(f"not in the dictionary, so spelt by rule: {', '.join(unknown)}", LossWarning, stacklevel=4)
    return runs


def misfit(runs: Sequence[Run], voiced: Bool[np.ndarray, " T"]) -> float:
    """How badly words fit: the share of phones squeezed to `BRIEFEST`, and the share of voiced frames that fell to pauses."""
    phones = [run for run in runs if run.phone != SILENCE]
    squeezed = sum(run.stop - run.start <= BRIEFEST for run in phones) / (len(phones) + 4)
    unsaid = sum(int(voiced[run.start : run.stop].sum()) for run in runs if run.phone == SILENCE)
    return squeezed + unsaid / max(int(voiced.sum()), 1)


class Aligner:
    """Lays known words along a sound.

    Words are placed over the whole sound first; then, stretch by stretch, their phones, as a chain in which silence may stand
    between words. (The library's own alignment of phones puts 78 % of EMO-DB's onsets within 20 ms of the hand's, the chain
    76 %; but it ends in an error on 11 of 30 clips of speechocean762, the chain on none.)

    Parameters
    ----------
    beam
        How unlikely a path may grow, beside the best one, before it is given up: smaller is slower and loses fewer voices.
    """

    def __init__(self, beam: float = 1e-80) -> None:
        from pocketsphinx import Decoder

        self._decoder = Decoder(
            lm=None, fsgusefiller=False, bestpath=False, beam=beam, wbeam=beam, pbeam=beam, loglevel="FATAL", logfn=os.devnull
        )
        for phone in PHONES:
            if phone != SILENCE:
                self.add(_PHONE + phone, [phone])

    def add(self, word: str, phones: Sequence[str]) -> None:
        """Add a word to the dictionary."""
        self._decoder.add_word(word, " ".join(phones))

    def knows(self, word: str) -> bool:
        """Whether the dictionary has a word."""
        return self._decoder.lookup_word(word) is not None

    def align(self, samples: Float32[np.ndarray, " N"], frames: int, words: Sequence[str]) -> list[Run]:
        """The phones of known words, laid along ``frames`` frames of sound at 16 kHz.

        Raises
        ------
        AlignmentError
            The words do not fit the sound.
        """
        runs: list[Run] = []
        for first, stop, said in _sentences(self._place(samples, 0, frames, [[word] for word in words]), frames):
            phones = [[_PHONE + phone for phone in self._decoder.lookup_word(word).split()] for word in said]
            found = self._place(samples, first, stop, phones) if said else []
            begun = iter(
                [text for word, spelt in zip(said, phones, strict=True) for text in (_written(word), *[""] * (len(spelt) - 1))]
            )
            runs += settled(
                [(a, b, SILENCE if word == _PAUSE else word.removeprefix(_PHONE)) for a, b, word in found],
                first,
                stop,
                ["" if word == _PAUSE else next(begun) for _, _, word in found],
            )
        return runs

    def _place(
        self, samples: Float32[np.ndarray, " N"], first: int, stop: int, groups: Sequence[Sequence[str]]
    ) -> list[tuple[int, int, str]]:
        """Dictionary words in their order along the frames ``first`` to ``stop``, with pauses allowed between groups of them."""
        steps: list[tuple[int, int, float, str]] = []
        state = 0
        for group in groups:
            steps.append((state, state, _PAUSE_ODDS, _PAUSE))
            for word in group:
                steps.append((state, state + 1, 1.0, word))
                state += 1
        steps.append((state, state, _PAUSE_ODDS, _PAUSE))
        self._decoder.add_fsg(_PAUSE, self._decoder.create_fsg(_PAUSE, 0, state, steps))
        self._decoder.activate_search(_PAUSE)
        feed(self._decoder, samples[first * HOP : stop * HOP])
        found = [(s.start_frame, s.end_frame + 1, s.word) for s in self._decoder.seg() or () if s.word != "(NULL)"]
        if sum(word != _PAUSE for _, _, word in found) < state:
            raise AlignmentError("it does not fit the sound: the search ended before the last word")
        return found


def _written(word: str) -> str:
    """A dictionary word without the number of its pronunciation: ``was(2)`` is written ``was``."""
    return word.partition("(")[0]


def _sentences(placed: Sequence[tuple[int, int, str]], frames: int) -> list[tuple[int, int, list[str]]]:
    """Placed words in stretches of some 8 to 20 s, cut in the middle of a pause where there is one."""
    out: list[tuple[int, int, list[str]]] = []
    first, said = 0, list[str]()
    for start, stop, word in placed:
        pause = word == _PAUSE
        if pause and stop - start >= 8 and stop - first >= SHORTEST:
            middle = (start + stop) // 2
            out.append((first, middle, said))
            first, said = middle, []
        elif not pause and stop - first > LONGEST and said:
            out.append((first, start, said))
            first, said = start, []
        if not pause:
            said.append(word)
    out.append((first, frames, said))
    return out
