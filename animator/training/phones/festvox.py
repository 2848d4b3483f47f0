"""A Russian voice of festvox (Shmyrev 2005): read sentences with the end of each phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from animator.metrics.spans import Span
from animator.training.phones.sound import read_16_khz
from animator.training.phones.store import Utterance, shared, utterance

_RUSSIAN = {
    "SIL": "pau", "AA": "aa a", "AH": "ae ay", "EH": "ee e", "IY": "ii", "IH": "i y yy", "OW": "oo", "UW": "uu u", "UH": "ur",
    "P": "p pp", "B": "b bb", "T": "t tt", "D": "d dd", "K": "k kk", "G": "g gg", "F": "f ff", "V": "v vv", "S": "s ss",
    "Z": "z zz", "SH": "sh sch", "ZH": "zh", "HH": "h hh", "M": "m mm", "N": "n nn", "L": "l ll", "R": "r rr", "Y": "j",
    "CH": "ch", "T S": "c",
}  # fmt: skip
"""Phones of ARPAbet and those of the voice that they stand for: a doubled consonant is soft, a doubled vowel stressed."""

_PHONES = {name: phones.split() for phones, names in _RUSSIAN.items() for name in names.split()}


def utterances(folder: Path) -> Iterator[Utterance]:
    """All sentences of the voice ``msu_ru_nsh_clunits`` (``lab/*.lab``, ``wav/*.wav``), in the order of their names."""
    for path in sorted((folder / "lab").glob("*.lab")):
        sound = folder / "wav" / f"{path.stem}.wav"
        if sound.is_file():
            yield utterance(path.stem, read_16_khz(sound), read_lab(path), "msu_ru_nsh")


def read_lab(path: Path) -> list[Span]:
    """Phones of a label file of festival: end in seconds, colour and name a line; each begins where the last ends."""
    spans: list[Span] = []
    for line in path.read_text(encoding="ascii").partition("#\n")[2].splitlines():
        end, _, name = line.split()
        spans += shared(spans[-1].stop if spans else 0.0, float(end), _PHONES.get(name, [""]))
    return spans
