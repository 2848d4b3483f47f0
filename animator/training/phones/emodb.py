"""EMO-DB: acted German in seven feelings, its phones labelled by hand (Burkhardt et al. 2005)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType

from animator.core.phones import SILENCE
from animator.metrics.spans import Span
from animator.training.phones.sound import read_16_khz
from animator.training.phones.store import Utterance, utterance

HELD_OUT = ("03", "08", "09", "10")
"""Speakers that nothing is ever trained on for its phones."""

FEELINGS = MappingProxyType({"W": "angry", "L": "bored", "E": "disgusted", "A": "fear", "F": "happy", "T": "sad", "N": "neutral"})
"""The feeling that the sixth letter of a file's name stands for."""

_SAMPA = {
    "SIL": "_ . ( (gef", "AA": "a a6 ia", "IH": "I I6 I@", "IY": "i i6 i@", "EY": "e e@ e6", "EH": "E E6", "AH": "@ @6 6 4",
    "ER": "9", "OW": "o o6 OU", "AO": "O", "UH": "U U6", "UW": "u y Y", "AY": "aI", "AW": "aU AU AO aO ao", "OY": "OY",
    "P": "p", "B": "b", "T": "t", "D": "d D", "K": "k", "G": "g G", "M": "m mm", "N": "n nn", "NG": "N NN", "F": "f",
    "V": "v V w vv", "S": "s ss", "Z": "z", "SH": "S", "ZH": "Z", "HH": "x X C h H", "Y": "j", "L": "l L", "R": "r R",
}  # fmt: skip
"""Phones of ARPAbet and the labels of EMO-DB that they stand for: the nearest. The bilabial fricative B, neither closed nor open,
and creak have none."""

SAMPA = {label: phone for phone, labels in _SAMPA.items() for label in labels.split()}


def utterances(folder: Path) -> Iterator[Utterance]:
    """All clips of ``folder`` (``audio/*.flac``, ``phones/*.lablaut``), in the order of their names."""
    for path in sorted((folder / "phones").glob("*.lablaut")):
        spans = read_lablaut(path)
        sound = next(iter(sorted((folder / "audio").glob(f"{path.name[:7]}*"))), None)
        if spans and sound is not None:
            speaker, feeling = path.name[:2], FEELINGS[path.name[5].upper()]
            yield utterance(sound.stem, read_16_khz(sound), spans, speaker, feeling, held=speaker in HELD_OUT)


def read_lablaut(path: Path) -> list[Span]:
    """Phones of an EMO-DB label file, silence before and after them included.

    Each line holds a time, a colour and a label, and the time is where the label STARTS. ``!t`` is the release of ``t`` and
    ``tasp`` its aspiration: one phone. A line whose label is empty, ``+…`` or ``-…`` only says how the phone before it goes on.
    """
    starts: list[tuple[float, str]] = [(0.0, SILENCE)]
    for line in path.read_text(encoding="latin-1").partition("#\n")[2].splitlines():
        found = re.match(r"\s*([\d.]+)\s+-?\d+ ?([^\t]*)", line)
        label = found[2].split()[0] if found and found[2].strip() else ""
        if not found or not label or label[0] in "+-":
            continue
        bare = re.sub("(?<=^[ptkbdg])asp$", "", label.lstrip("!_"))
        phone = SAMPA.get(label if label in SAMPA else bare, "")
        goes_on = starts[-1][1] == phone and (label.startswith("!") or label.endswith("asp"))
        if not goes_on:
            starts.append((float(found[1]), phone))
    if len(starts) < 3:
        return []
    ends = [start for start, _ in starts[1:]]
    return [Span(start, stop, phone) for (start, phone), stop in zip(starts[:-1], ends, strict=True) if stop > start]
