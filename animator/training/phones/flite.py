"""Speech from flite (Carnegie Mellon University): four voices, and where each phone ends."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from animator.core.phones import PHONES, SILENCE
from animator.errors import MissingDependencyError
from animator.io.audio import read_audio
from animator.metrics.spans import Span
from animator.training.phones import making, sentences
from animator.training.phones.store import Utterance

VOICES = ("awb", "kal16", "rms", "slt")

_PHONES = {"pau": SILENCE, "ax": "AH", "axr": "ER", "dx": "D", "el": "L", "em": "M", "en": "N"}
"""flite's phones whose names are not ARPAbet's own."""


def utterances(minutes: float, seed: int = 0) -> Iterator[Utterance]:
    """English, in all voices, slow and fast, low and high; all held out.

    Raises
    ------
    MissingDependencyError
        There is no program ``flite``.
    """
    if shutil.which("flite") is None:
        raise MissingDependencyError("making training speech needs the program flite; install the system package flite")
    return making.utterances("flite", _say, minutes, seed, held=True)


def _say(rng: np.random.Generator) -> making.Said:
    voice = str(rng.choice(VOICES))
    text = next(sentences.english(rng))
    manner = {"duration_stretch": rng.uniform(0.75, 1.35), "f0_shift": rng.uniform(0.8, 1.3)}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        settings = [word for name, value in manner.items() for word in ("--setf", f"{name}={value:.3f}")]
        done = subprocess.run(
            ["flite", "-voice", voice, *settings, "-psdur", "-t", text, str(path)], capture_output=True, text=True, check=True
        )
        audio = read_audio(path)
    return making.Said(audio.samples, audio.rate, read_ends(done.stdout), voice)


def read_ends(text: str) -> list[Span]:
    """Phones from ``phone:end`` pairs, seconds, as flite's ``-psdur`` prints them; each begins where the one before it ends."""
    spans: list[Span] = []
    for pair in text.split():
        name, _, end = pair.partition(":")
        phone = _PHONES.get(name, name.upper())
        start = spans[-1].stop if spans else 0.0
        if float(end) < start:  # flite counts from 0 again where it begins another sentence
            raise ValueError(f"times of flite run backwards at {pair}")
        spans.append(Span(start, float(end), phone if phone in PHONES else ""))
    return spans
