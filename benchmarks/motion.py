"""How well faces move: lips against a real speaker's, feelings against what was asked for, life against people's.

Everything is on sound that nothing learned from. Each generator stands beside two faces that any should beat: the mean face, and
a jaw that follows loudness. Judges (a lip reader, a recogniser of feelings) are networks that share neither seed nor clips with
those that any generator learned from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from animator.core.audio import Audio
from animator.core.emotion import NEUTRAL, Emotion
from animator.core.features import EFFORT, Features
from animator.core.motion import GENERATOR_FPS, Motion
from animator.core.rig import Rig
from animator.core.script import felt
from animator.core.track import resample
from animator.io.rig import load_rig
from animator.metrics import likeness, lips
from animator.metrics.answer import APART, answer
from animator.metrics.blinks import blinks
from animator.metrics.jitter import jitter
from animator.metrics.spans import Span
from animator.recipe import Choice, build
from animator.training.motion.lipreader import load_lipreader
from animator.training.motion.lipreader_score import score as read_lips
from animator.training.motion.recogniser import load_recogniser
from animator.training.motion.spoken import lines
from animator.training.motion.store import MotionPack, read_motion_pack
from animator.training.phones.store import RATE
from benchmarks.baselines import loudness_jaw, mean_face
from benchmarks.result import Row, row
from benchmarks.speech import clips

REAL, QUIET = "GRID, tracked", "all speech, neutral"
"""Cases: against a real speaker; and of what is heard, while nothing is felt."""

SETTLED = 0.1
"""Seconds from speech within which a silent mouth may still be closing or already be opening."""

TALK = 180.0
"""Seconds of talk over which life is measured."""

LIDS = ("eyeBlinkLeft", "eyeBlinkRight")

Mover = Callable[[Features, Emotion, int], Motion]
"""Features, what is felt and a seed to a motion at `GENERATOR_FPS`."""


def measure(data: Path | None, cache: Path | None, quick: bool) -> list[Row]:
    """Every figure of motion; those that need tracked faces or judges are left out, with a note, where ``cache`` has none."""
    rig = load_rig("arkit")
    moving = movers(rig)
    spoken = [Heard(clip.corpus, clip.audio, clip.known) for clip in clips(data, quick)]
    rows = [*_felt(spoken, moving, rig, quick), *_effort(spoken, moving, rig), *_life(spoken, moving, rig, quick)]
    for name, work in (("motion_grid.npz", _against_real), ("recogniser_judge.safetensors", _read_back)):
        path = cache / name if cache is not None else None
        if path is None or not path.is_file():
            print(f"note: without {name} in --cache, what needs it is left out")
        else:
            rows += work(path, spoken, moving, rig, quick)
    return rows


def movers(rig: Rig) -> dict[str, Mover]:
    """Our generators, and the baselines."""

    def moved(name: str, features: Features, emotion: Emotion, seed: int) -> Motion:
        motion: Motion = build("generators", Choice(name)).generate(features, emotion, rig, np.random.default_rng(seed))
        return motion

    return {
        "learned": partial(moved, "learned"),
        "visemes": partial(moved, "visemes"),
        "baseline: mean face": lambda features, emotion, seed: mean_face(moved("visemes", features, emotion, seed)),
        "baseline: loudness drives jaw": lambda features, emotion, seed: loudness_jaw(features, rig),
    }


OURS = ("learned", "visemes")
"""Those that feel."""


@dataclass(frozen=True, eq=False)
class Heard:
    """A recording, when each phone was said (by hand or by alignment), and what our ear makes of the sound alone."""

    corpus: str
    audio: Audio
    known: Sequence[Span]

    @cached_property
    def features(self) -> Features:
        """Of the encoder ``speech``."""
        features: Features = build("encoders", Choice("speech")).encode(self.audio)
        return features


def held(features: Features, rig: Rig, feeling: str = NEUTRAL) -> Emotion:
    """A feeling at full strength throughout."""
    names = felt(rig.emotions)
    row = np.array([float(name == feeling) for name in names], dtype=np.float32)
    return Emotion(names, np.tile(row, (len(features), 1)), features.fps)


def _against_real(path: Path, spoken: Sequence[Heard], moving: Mapping[str, Mover], rig: Rig, quick: bool) -> list[Row]:
    """Lips beside those of the tracked speaker saying the same: distance, range, jitter, and what a lip reader reads."""
    pack = read_motion_pack(path, rig)
    chosen = np.flatnonzero(pack.held)[:: 20 if quick else 1]
    shown = [_tracked(pack, int(k)) for k in chosen]
    told = {line.name: line for line in lines([pack]) if line.held}
    judge_at = path.with_name("lipreader_judge.safetensors")
    judge = load_lipreader(judge_at) if judge_at.is_file() else None
    made = {"as tracked": [each.motion for each in shown]}
    for name, mover in moving.items():
        motions = (mover(each.heard.features, held(each.heard.features, rig), k) for k, each in enumerate(shown))
        made[name] = [_as_long(motion, each.motion) for motion, each in zip(motions, shown, strict=True)]
    rows: list[Row] = []
    for name, motions in made.items():
        rows += _lips(name, motions, shown, rig)
        if judge is not None:
            mouths = [replace(told[each.name], motion=m) for m, each in zip(motions, shown, strict=True) if each.name in told]
            for what, value in read_lips(judge, mouths).items():
                rows.append(row(REAL, name, f"lip reader: {what}", "", [value], "lower" if "errors" in what else "higher"))
    return rows


class _Tracked(NamedTuple):
    """A clip as it was spoken: what is heard, ``motion float32 [T C]``, which controls the tracker knows, and its name."""

    heard: Heard
    motion: np.ndarray
    known: np.ndarray
    name: str


def _tracked(pack: MotionPack, k: int) -> _Tracked:
    clip = pack[k]
    audio = Audio(clip.samples.astype(np.float32) / np.float32(32768), RATE)
    return _Tracked(Heard(REAL, audio, ()), clip.motion.astype(np.float32), clip.known, clip.name)


def _as_long(motion: Motion, real: np.ndarray) -> np.ndarray:
    values: np.ndarray = motion.values[np.minimum(np.arange(len(real)), len(motion) - 1)]
    return values


def _lips(name: str, motions: Sequence[np.ndarray], shown: Sequence[_Tracked], rig: Rig) -> list[Row]:
    """Every measure over what the tracker knows, one value a clip; the range over all clips together."""
    mouth, upper = rig.region("mouth", "jaw"), rig.region("brows", "eyes", "nose", "cheeks")
    pairs = list(zip(motions, shown, strict=True))
    measures: Mapping[str, tuple[Callable[..., float], np.ndarray]] = {
        "lip error (MEDTalk)": (likeness.lip_error_medtalk, mouth),
        "lip error (FaceDiffuser)": (likeness.lip_error_facediffuser, mouth),
        "lip error (CodeTalker)": (likeness.lip_error_codetalker, mouth),
        "upper-face dynamics (absolute)": (likeness.dynamics_absolute, upper),
    }
    rows = [
        row(REAL, name, what, "weight", [measure(made, real.motion, part & real.known) for made, real in pairs], "lower")
        for what, (measure, part) in measures.items()
    ]
    opened = [(made @ rig.opening_row, real.motion @ rig.opening_row) for made, real in pairs]
    ratio = likeness.opening_range_ratio(*(np.concatenate(curves) for curves in zip(*opened, strict=True)))
    alike = [float(np.corrcoef(made, real)[0, 1]) if made.std() > 1e-6 else 0.0 for made, real in opened]
    return [
        *rows,
        row(REAL, name, "opening: difference", "jaw", [likeness.opening_difference(*each) for each in opened], "lower"),
        row(REAL, name, "opening: correlation", "", alike, "higher"),
        *_known(REAL, name, "opening: range over the speaker's", "", [ratio], "none"),
        *_known(REAL, name, "opening: jitter", "", (jitter(made, GENERATOR_FPS) for made, _ in opened), "none"),
    ]


def _felt(spoken: Sequence[Heard], moving: Mapping[str, Mover], rig: Rig, quick: bool) -> list[Row]:
    """Closures of p b m under every feeling at full strength, and the mouth in silence where nothing is felt."""
    rows: list[Row] = []
    some = spoken[:: 4 if quick else 1]
    for name, mover in moving.items():
        for feeling in rig.emotions if name in OURS else (NEUTRAL,):
            motions = [mover(heard.features, held(heard.features, rig, feeling), 0) for heard in some]
            found = [lips.closures(lips.is_closed(m, rig), m.fps, h.known) for m, h in zip(motions, some, strict=True)]
            met = sum(c.recall * c.bilabials for c in found if c.recall is not None) / max(1, sum(c.bilabials for c in found))
            rows.append(row(f"all speech, {feeling}", name, "bilabial closure recall", "", [met], "higher"))
            if feeling == NEUTRAL:
                parted = (lips.opening(m, rig) for m in motions)
                shut = [lips.closed_in_silence(p, GENERATOR_FPS, h.known, SETTLED) for p, h in zip(parted, some, strict=True)]
                known = [share for share in shut if share is not None]
                rows.append(row(QUIET, name, "silent frames with the mouth shut", "", [float(np.mean(known))], "higher"))
    return rows


def _effort(spoken: Sequence[Heard], moving: Mapping[str, Mover], rig: Rig) -> list[Row]:
    """How the height of the brows goes with vocal effort, where nothing is felt, and the chance that it does so for no reason."""
    raising = rig.row({n: v for n, v in rig.gestures["accent"].items() if rig.control(n).region == "brows"})
    some = [h for h in spoken if float(h.audio.seconds) > 2 * APART + 0.1]
    rows: list[Row] = []
    for name in OURS:
        motions = [moving[name](h.features, held(h.features, rig), 0) for h in some]
        voices = [resample(h.features, GENERATOR_FPS, len(m))[EFFORT] for h, m in zip(some, motions, strict=True)]
        found = answer([m.values @ raising for m in motions], voices, GENERATOR_FPS, np.random.default_rng(0))
        rows.append(row(QUIET, name, "brows with effort: correlation", "", [found.correlation], "higher"))
        rows.append(row(QUIET, name, "brows with effort: chance", "", [found.chance], "lower"))
    return rows


def _life(spoken: Sequence[Heard], moving: Mapping[str, Mover], rig: Rig, quick: bool) -> list[Row]:
    """Blinks over minutes of talk."""
    talk = np.concatenate([h.audio.samples for h in spoken if h.audio.rate == RATE])
    audio = Audio(np.resize(talk, int((30 if quick else TALK) * RATE)), RATE)
    features = Heard("talk", audio, ()).features
    case = f"{float(audio.seconds):.0f} s of talk"
    rows: list[Row] = []
    for name in OURS:
        motion = moving[name](features, held(features, rig), 0)
        found = blinks((motion[LIDS[0]] + motion[LIDS[1]]) / 2, motion.fps)
        rows.append(row(case, name, "blinks", "1 / min", [found.per_minute], "none"))
        rows += _known(case, name, "blink duration", "s", found.durations, "none")
        rows += _known(case, name, "gap between blinks", "s", found.gaps, "none")
    return rows


def _read_back(path: Path, spoken: Sequence[Heard], moving: Mapping[str, Mover], rig: Rig, quick: bool) -> list[Row]:
    """Feelings at full strength as a recogniser reads them: a row of shares for each one asked for, and all of them together."""
    judge = load_recogniser(path)
    feelings = felt(rig.emotions)
    some = [h for h in spoken if float(h.audio.seconds) >= 1.0][:: 8 if quick else 2]
    rows: list[Row] = []
    for name in OURS:
        right = []
        for feeling in feelings:
            told = []
            for seed, heard in enumerate(some):
                motion = moving[name](heard.features, held(heard.features, rig, feeling), seed)
                with torch.inference_mode():
                    told.append(int(judge.logits(torch.from_numpy(motion.values)[None])[0].argmax()))
            for k, other in enumerate(feelings):
                share = float(np.mean(np.array(told) == k))
                rows.append(row(f"asked: {feeling}", name, f"read as {other}", "", [share], "none"))
            right.append(float(np.mean(np.array(told) == feelings.index(feeling))))
        rows.append(row("all feelings", name, "feeling read back", "", [float(np.mean(right))], "higher"))
    return rows


def _known(case: str, system: str, what: str, unit: str, values: Iterable[float | None], better: str) -> list[Row]:
    """A row of what could be measured; none where nothing could."""
    found = [value for value in values if value is not None]
    return [row(case, system, what, unit, found, better)] if found else []
