"""Quality of hearing and of lips on real speech with known phones, each figure beside trivial baselines."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from animator import pipeline
from animator.core.motion import Motion
from animator.core.rig import Rig
from animator.errors import LossWarning
from animator.io.rig import load_rig
from animator.metrics import lips, sync
from animator.metrics.blinks import blinks
from animator.metrics.jitter import jitter
from animator.recipe import Choice, Recipe
from benchmarks import hearing, motion
from benchmarks.baselines import loudness_jaw, mean_face
from benchmarks.result import Row, row
from benchmarks.speech import Clip, clips

System = Callable[[Clip], Motion]
"""Anything that moves a face to a clip, in the rig it is measured in."""

TOLD = "speech + visemes, transcript"

LIDS = ("eyeBlinkLeft", "eyeBlinkRight")


def measure(data: Path | None, cache: Path | None, rhubarb: Path | None, headaudio: Path | None, quick: bool) -> list[Row]:
    """Every quality figure: first of what is heard, then of the faces that are moved."""
    rows: list[Row] = []
    if cache is None:
        print("note: without --cache, ears are not compared")
    else:
        for name, folder in (("--rhubarb", rhubarb), ("--headaudio", headaudio)):
            if folder is None:
                print(f"note: without {name}, that peer is left out")
        rows += hearing.measure(data, cache, rhubarb, headaudio, quick)
    speech: dict[str, list[Clip]] = {}
    for clip in clips(data, quick):
        speech.setdefault(clip.corpus, []).append(clip)
    rig = load_rig("arkit")
    for corpus, items in speech.items():
        for name, system in systems(rig).items():
            rows += moving(corpus, name, system, items, rig)
    return [*rows, *motion.measure(data, cache, quick)]


def systems(rig: Rig) -> dict[str, System]:
    """The rule-made face with each encoder, and with the transcript, and two baselines that any face should beat."""
    recipes = {name: Recipe(encoder=Choice(name), generator=Choice("visemes")) for name in ("speech", "phones")}
    first = recipes["speech"]

    def performed(clip: Clip, recipe: Recipe) -> Motion:
        return pipeline.generate(clip.audio, recipe)

    return {
        **{f"{name} + visemes": partial(performed, recipe=recipe) for name, recipe in recipes.items()},
        TOLD: lambda clip: performed(clip, replace(first, transcript=clip.transcript)),
        "baseline: mean face": lambda clip: mean_face(performed(clip, first)),
        "baseline: loudness drives jaw": lambda clip: loudness_jaw(pipeline.hear(clip.audio, first), rig),
    }


def moving(corpus: str, name: str, system: System, items: list[Clip], rig: Rig) -> list[Row]:
    """How well a system's lips and lids move to what is known to be said."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LossWarning)
        shown = [Shown(clip, system(clip), rig) for clip in items if name != TOLD or clip.transcript]
    if not shown:
        return []
    closures = [lips.closures(s.closed, s.motion.fps, s.clip.known) for s in shown]
    synced = [s.sync() for s in shown if s.motion.seconds >= 2.0]
    lids = [blinks((s.motion[LIDS[0]] + s.motion[LIDS[1]]) / 2, s.motion.fps) for s in shown]
    minutes = sum(s.motion.seconds for s in shown) / 60.0
    silence = [lips.opening_in_silence(s.parted, s.motion.fps, s.clip.known, 0.1) for s in shown]
    recall = [c.recall * c.bilabials for c in closures if c.recall is not None]
    return [
        *_row(corpus, name, "bilabial closure recall", "", [sum(recall) / max(sum(c.bilabials for c in closures), 1)], "higher"),
        *_row(corpus, name, "bilabial closure precision", "", (c.precision for c in closures), "higher"),
        *_row(corpus, name, "bilabial closure onset error", "s", (c.onset for c in closures), "lower"),
        *_row(corpus, name, "opening in silence", "jaw", silence, "lower"),
        *_row(corpus, name, "phone sync: correlation", "", (s.correlation for s in synced), "higher"),
        *_row(corpus, name, "phone sync: lag", "s", (s.lag for s in synced), "none"),
        *_row(corpus, name, "jitter of the opening", "", (jitter(s.parted, s.motion.fps) for s in shown), "none"),
        *_row(corpus, name, "blinks", "1 / min", [sum(len(b.starts) for b in lids) / minutes], "none"),
        *_row(corpus, name, "blink duration", "s", (d for b in lids for d in b.durations), "none"),
    ]


@dataclass(frozen=True, eq=False)
class Shown:
    """One clip and how a system moves to it."""

    clip: Clip
    motion: Motion
    rig: Rig

    @property
    def parted(self) -> np.ndarray:
        """Opening of the mouth, frame by frame."""
        return lips.opening(self.motion, self.rig)

    @property
    def closed(self) -> np.ndarray:
        """Frames with closed lips."""
        return lips.is_closed(self.motion, self.rig)

    def sync(self) -> sync.Sync:
        """Sync of the opening with what the known phones call for."""
        expected = sync.expected_opening(self.clip.known, len(self.motion), self.motion.fps)
        return sync.phone_sync(self.parted, expected, self.motion.fps)


def _row(corpus: str, system: str, what: str, unit: str, values: Iterable[float | None], better: str) -> list[Row]:
    """A row of what could be measured; none where nothing could."""
    known = [value for value in values if value is not None]
    return [row(corpus, system, what, unit, known, better)] if known else []
