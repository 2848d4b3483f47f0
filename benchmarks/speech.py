"""Real speech whose phones are known: by hand (EMO-DB), or by laying the transcript along the sound (shipped samples, GRID)."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

from animator.core.audio import Audio
from animator.encoders.phones import Phones
from animator.errors import LossWarning
from animator.io.audio import read_audio
from animator.metrics.spans import Span, spans_of
from animator.training.phones.emodb import HELD_OUT, read_lablaut


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
