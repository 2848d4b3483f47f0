"""How well a generator moves faces to sound that nothing learned from: what `animator evaluate` and the benchmarks print."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Bool, Float32, Float64

from animator.core.audio import Audio
from animator.core.emotion import NEUTRAL, Emotion
from animator.core.features import Features
from animator.core.motion import GENERATOR_FPS, Motion
from animator.core.rig import Rig
from animator.core.script import felt
from animator.embedders.space import emotion
from animator.metrics import likeness
from animator.metrics.jitter import jitter
from animator.recipe import Choice, build
from animator.training.motion.lipreader import LipReader
from animator.training.motion.lipreader_score import score as read_lips
from animator.training.motion.recogniser import Recogniser
from animator.training.motion.spoken import Line, lines
from animator.training.motion.store import MotionPack
from animator.training.phones.store import RATE

Mover = Callable[[Features, Emotion, int], Motion]
"""Features, what is felt and a seed to a motion at `GENERATOR_FPS`."""


@dataclass(frozen=True, eq=False)
class Heard:
    """A sound and, once it is asked for, what our ear makes of it."""

    audio: Audio

    @cached_property
    def features(self) -> Features:
        """Of the encoder ``speech``, from the sound alone."""
        features: Features = build("encoders", Choice("speech")).encode(self.audio)
        return features


class Tracked(NamedTuple):
    """A clip as a real speaker said it: what is heard, ``motion float32 [T C]``, which controls are known, and its line."""

    heard: Heard
    motion: Float32[np.ndarray, "T C"]
    known: Bool[np.ndarray, " C"]
    line: Line | None


def by(name: str, rig: Rig, **settings: object) -> Mover:
    """A generator of ours as a mover."""
    part = build("generators", Choice(name, settings))

    def move(features: Features, emotion: Emotion, seed: int) -> Motion:
        motion: Motion = part.generate(features, emotion, rig, np.random.default_rng(seed))
        return motion

    return move


def holding(features: Features, rig: Rig, feeling: str = NEUTRAL, intensity: float = 1.0) -> Emotion:
    """A feeling at one intensity throughout, with its code."""
    names = felt(rig.emotions)
    row = np.array([intensity * (name == feeling) for name in names], dtype=np.float32)
    return replace(emotion(np.tile(row, (len(features), 1)), names), fps=features.fps)


def tracked(pack: MotionPack, at_most: int) -> list[Tracked]:
    """The clips of a real speaker that are held out, or so many of them, spread evenly."""
    said = {line.name: line for line in lines([pack])}
    held = np.flatnonzero(pack.held)
    found = []
    for k in held[:: max(1, -(-len(held) // at_most))].tolist():
        clip = pack[k]
        audio = Audio(clip.samples.astype(np.float32) / np.float32(32768), RATE)
        found.append(Tracked(Heard(audio), clip.motion.astype(np.float32), clip.known, said.get(clip.name)))
    return found


def performed(mover: Mover, clips: Sequence[Tracked], rig: Rig) -> list[Float32[np.ndarray, "T C"]]:
    """What a generator makes of each clip's sound, feeling nothing, as long as the clip."""
    motions = (mover(clip.heard.features, holding(clip.heard.features, rig), k) for k, clip in enumerate(clips))
    return [m.values[np.minimum(np.arange(len(clip.motion)), len(m) - 1)] for m, clip in zip(motions, clips, strict=True)]


def lips(motions: Sequence[np.ndarray], clips: Sequence[Tracked], rig: Rig, judge: LipReader | None) -> dict[str, list[float]]:
    """Lips beside those of the speaker who said the same: each figure with a value a clip, or one over all of them.

    Errors are over the controls that the tracker knows, in weights, under the names of the papers that define them
    (`metrics.likeness`); the range is that of all clips together; a lip reader that nobody learned from reads the words.
    """
    mouth, upper = rig.region("mouth", "jaw"), rig.region("brows", "eyes", "nose", "cheeks")
    pairs = list(zip(motions, clips, strict=True))
    opened = [(made @ rig.opening_row, clip.motion @ rig.opening_row) for made, clip in pairs]
    ratio = likeness.opening_range_ratio(*(np.concatenate(curves) for curves in zip(*opened, strict=True)))
    trembles = (jitter(made, GENERATOR_FPS) for made, _ in opened)
    figures = {
        "lip error (MEDTalk)": [likeness.lip_error_medtalk(m, c.motion, mouth & c.known) for m, c in pairs],
        "lip error (FaceDiffuser)": [likeness.lip_error_facediffuser(m, c.motion, mouth & c.known) for m, c in pairs],
        "lip error (CodeTalker)": [likeness.lip_error_codetalker(m, c.motion, mouth & c.known) for m, c in pairs],
        "upper-face dynamics": [likeness.dynamics_absolute(m, c.motion, upper & c.known) for m, c in pairs],
        "opening: difference": [likeness.opening_difference(*curves) for curves in opened],
        "opening: correlation": [float(np.corrcoef(*curves)[0, 1]) if curves[0].std() > 1e-6 else 0.0 for curves in opened],
        "opening: range": [] if ratio is None else [ratio],
        "opening: jitter": [value for value in trembles if value is not None],
    }
    told = [replace(clip.line, motion=made) for made, clip in pairs if clip.line is not None]
    if judge is not None and told:
        figures |= {f"lip reader: {what}": [value] for what, value in read_lips(judge, told).items()}
    return figures


def read_back(
    mover: Mover, heard: Sequence[Heard], rig: Rig, judge: Recogniser, intensity: float = 1.0
) -> Float64[np.ndarray, "E E"]:
    """Shares of clips by feeling asked for (rows) and feeling that a recogniser reads, in the order of `core.script.felt`."""
    names = felt(rig.emotions)
    table = np.zeros((len(names), len(names)))
    for e, feeling in enumerate(names):
        for seed, each in enumerate(heard):
            motion = mover(each.features, holding(each.features, rig, feeling, intensity), seed)
            with torch.inference_mode():
                told = int(judge.logits(torch.tensor(motion.values)[None])[0].argmax())
            table[e, told] += 1 / len(heard)
    return table


def means(figures: Mapping[str, Sequence[float]]) -> dict[str, float | None]:
    """Each figure's mean; None where there is none."""
    return {name: float(np.mean(values)) if len(values) else None for name, values in figures.items()}
