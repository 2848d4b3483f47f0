"""Real speech whose phones are known: by hand (EMO-DB), or by laying the transcript along the sound (shipped samples, GRID)."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

from animator.core.audio import Audio
from animator.core.phones import SILENCE
from animator.encoders.phones import Phones
from animator.errors import LossWarning
from animator.io.audio import read_audio
from animator.metrics.spans import Span, spans_of

HELD_OUT = ("03", "08", "09", "10")
"""Speakers of EMO-DB that nothing is ever trained on."""

_SAMPA = {
    "SIL": "_ .", "AA": "a a6 ia", "IH": "I I6 I@", "IY": "i i6", "EY": "e e@ e6", "EH": "E E6", "AH": "@ @6 6 4", "ER": "9",
    "OW": "o o6", "AO": "O", "UH": "U U6", "UW": "u y Y", "AY": "aI", "AW": "aU AU AO aO ao", "OY": "OY", "P": "p", "B": "b",
    "T": "t", "D": "d D", "K": "k", "G": "g G", "M": "m", "N": "n nn", "NG": "N NN", "F": "f", "V": "v V w", "S": "s",
    "Z": "z", "SH": "S", "ZH": "Z", "HH": "x X C h H", "Y": "j", "L": "l L", "R": "r R",
}  # fmt: skip
"""Phones of ARPAbet and the labels of EMO-DB that they stand for: the nearest. The bilabial fricative B, neither closed nor open,
and creak have none."""

SAMPA = {label: phone for phone, labels in _SAMPA.items() for label in labels.split()}


@dataclass(frozen=True)
class Clip:
    """A recording, when each phone was said, and the words, if they are known in English."""

    corpus: str
    audio: Audio
    known: list[Span]
    transcript: str | None


def clips(data: Path | None, quick: bool) -> Iterator[Clip]:
    """The shipped samples, and of ``data``, where they are there, EMO-DB's held-out speakers and GRID's last hundred clips."""
    shipped = files("animator.assets")
    names = sorted(entry.name for entry in shipped.iterdir() if entry.name.endswith((".wav", ".flac")))
    for name in names:
        words = shipped / f"{name.rpartition('.')[0]}.txt"
        if words.is_file():
            with as_file(shipped / name) as path:
                yield from _aligned("shipped samples, aligned", path, words.read_text(encoding="utf-8"))
    if data is not None and (data / "emodb").is_dir():
        labels = [path for path in sorted((data / "emodb" / "phones").glob("*.lablaut")) if path.name.startswith(HELD_OUT)]
        for path in labels[:: 12 if quick else 3]:
            known = read_lablaut(path)
            sound = next((data / "emodb" / "audio").glob(f"{path.name[:7]}*"), None)
            if known and sound is not None:
                yield Clip("EMO-DB, hand labels", read_audio(sound), known, None)
    if data is not None and (data / "grid_s1").is_dir():
        for path in sorted((data / "grid_s1" / "audio").glob("*.flac"))[800 : 900 : 20 if quick else 4]:
            lines = (data / "grid_s1" / "words" / f"{path.stem}.align").read_text().splitlines()
            said = [line.split()[2] for line in lines]
            yield from _aligned("GRID, aligned", path, " ".join(word for word in said if word not in ("sil", "sp")))


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


def _aligned(corpus: str, path: Path, words: str) -> Iterator[Clip]:
    """A clip whose phones are its transcript's, laid along the sound; none where they cannot be."""
    audio = read_audio(path)
    with warnings.catch_warnings():
        warnings.simplefilter("error", LossWarning)
        try:
            known = spans_of(Phones().encode(audio, words))
        except LossWarning:
            return
    yield Clip(corpus, audio, known, words)
