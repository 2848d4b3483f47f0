"""How well faces move: lips against a real speaker's, feelings against what was asked for, life against people's.

Everything is on sound that nothing learned from. Each generator stands beside two faces that any should beat: the mean face, and
a jaw that follows loudness. Judges (a lip reader, a recogniser of feelings) are networks that share neither seed nor clips with
those that any generator learned from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from animator.core.audio import Audio
from animator.core.emotion import NEUTRAL
from animator.core.features import EFFORT
from animator.core.motion import GENERATOR_FPS
from animator.core.rig import Rig
from animator.core.script import felt
from animator.core.track import resample
from animator.io.rig import load_rig
from animator.metrics import lips
from animator.metrics.answer import APART, answer
from animator.metrics.blinks import blinks
from animator.training.motion import measure as m
from animator.training.motion.lipreader import load_lipreader
from animator.training.motion.recogniser import load_recogniser
from animator.training.motion.store import read_motion_pack
from animator.training.phones.store import RATE
from benchmarks.baselines import loudness_jaw, mean_face
from benchmarks.result import Row, row
from benchmarks.speech import Clip, clips

REAL, QUIET = "GRID, tracked", "all speech, neutral"
"""Cases: against a real speaker; and of what is heard, while nothing is felt."""

SETTLED = 0.1
"""Seconds from speech within which a silent mouth may still be closing or already be opening."""

TALK = 180.0
"""Seconds of talk over which life is measured."""

LIDS = ("eyeBlinkLeft", "eyeBlinkRight")

OURS = ("learned", "visemes")
"""Those that feel."""

SHADES = (1.0, 2.0)
"""Settings of learned's dial ``shade`` under which a feeling should still be read as itself."""

BETTER = {"opening: correlation": "higher", "opening: range": "none", "opening: jitter": "none"}
"""Which way is good, where it is not down; what is read from lips is good if it is high, but for errors."""


def measure(data: Path | None, cache: Path | None, quick: bool) -> list[Row]:
    """Every figure of motion; those that need tracked faces or judges are left out, with a note, where ``cache`` has none."""
    rig = load_rig("arkit")
    moving = movers(rig)
    spoken = [(clip, m.Heard(clip.audio)) for clip in clips(data, quick)]
    rows = [*_felt(spoken, moving, rig, quick), *_effort(spoken, moving, rig), *_life(spoken, moving, rig, quick)]
    for name, work in (("motion_grid.npz", _against_real), ("recogniser_judge.safetensors", _read_back)):
        path = cache / name if cache is not None else None
        if path is None or not path.is_file():
            print(f"note: without {name} in --cache, what needs it is left out")
        else:
            rows += work(path, spoken, moving, rig, quick)
    return rows


def movers(rig: Rig) -> dict[str, m.Mover]:
    """Our generators, and the baselines."""
    ours = {name: m.by(name, rig) for name in OURS}
    return {
        **ours,
        "baseline: mean face": lambda features, emotion, seed: mean_face(ours["visemes"](features, emotion, seed)),
        "baseline: loudness drives jaw": lambda features, emotion, seed: loudness_jaw(features, rig),
    }


Spoken = Sequence[tuple[Clip, m.Heard]]


def _against_real(path: Path, _: Spoken, moving: Mapping[str, m.Mover], rig: Rig, quick: bool) -> list[Row]:
    """Lips beside those of the tracked speaker saying the same, and beside himself."""
    judge_at = path.with_name("lipreader_judge.safetensors")
    judge = load_lipreader(judge_at) if judge_at.is_file() else None
    shown = m.tracked(read_motion_pack(path, rig), 5 if quick else 100)
    made = {"as tracked": [clip.motion for clip in shown]}
    made |= {name: m.performed(mover, shown, rig) for name, mover in moving.items()}
    rows: list[Row] = []
    for name, motions in made.items():
        for what, values in m.lips(motions, shown, rig, judge).items():
            read = "higher" if "reader" in what and "errors" not in what else "lower"
            rows += _known(REAL, name, what, "", values, BETTER.get(what, read))
    return rows


def _felt(spoken: Spoken, moving: Mapping[str, m.Mover], rig: Rig, quick: bool) -> list[Row]:
    """Closures of p b m under every feeling at full strength, and the mouth in silence where nothing is felt."""
    rows: list[Row] = []
    some = spoken[:: 4 if quick else 1]
    for name, mover in moving.items():
        for feeling in rig.emotions if name in OURS else (NEUTRAL,):
            motions = [mover(h.features, m.holding(h.features, rig, feeling), 0) for _, h in some]
            pairs = [(motion, clip.known) for motion, (clip, _) in zip(motions, some, strict=True)]
            found = [lips.closures(lips.is_closed(motion, rig), motion.fps, known) for motion, known in pairs]
            met = sum(c.recall * c.bilabials for c in found if c.recall is not None) / max(1, sum(c.bilabials for c in found))
            rows.append(row(f"all speech, {feeling}", name, "bilabial closure recall", "", [met], "higher"))
            if feeling == NEUTRAL:
                shut = [lips.closed_in_silence(lips.opening(x, rig), GENERATOR_FPS, known, SETTLED) for x, known in pairs]
                settled = [share for share in shut if share is not None]
                rows.append(row(QUIET, name, "silent frames with the mouth shut", "", [float(np.mean(settled))], "higher"))
    return rows


def _effort(spoken: Spoken, moving: Mapping[str, m.Mover], rig: Rig) -> list[Row]:
    """How the height of the brows goes with vocal effort, where nothing is felt, and the chance that it does so for no reason."""
    raising = rig.row({n: v for n, v in rig.gestures["accent"].items() if rig.control(n).region == "brows"})
    some = [h for _, h in spoken if float(h.audio.seconds) > 2 * APART + 0.1]
    rows: list[Row] = []
    for name in OURS:
        motions = [moving[name](h.features, m.holding(h.features, rig), 0) for h in some]
        voices = [resample(h.features, GENERATOR_FPS, len(x))[EFFORT] for h, x in zip(some, motions, strict=True)]
        found = answer([x.values @ raising for x in motions], voices, GENERATOR_FPS, np.random.default_rng(0))
        rows.append(row(QUIET, name, "brows with effort: correlation", "", [found.correlation], "higher"))
        rows.append(row(QUIET, name, "brows with effort: chance", "", [found.chance], "lower"))
    return rows


def _life(spoken: Spoken, moving: Mapping[str, m.Mover], rig: Rig, quick: bool) -> list[Row]:
    """Blinks over minutes of talk."""
    talk = np.concatenate([h.audio.samples for _, h in spoken if h.audio.rate == RATE])
    heard = m.Heard(Audio(np.resize(talk, int((30 if quick else TALK) * RATE)), RATE))
    case = f"{float(heard.audio.seconds):.0f} s of talk"
    rows: list[Row] = []
    for name in OURS:
        motion = moving[name](heard.features, m.holding(heard.features, rig), 0)
        found = blinks((motion[LIDS[0]] + motion[LIDS[1]]) / 2, motion.fps)
        rows.append(row(case, name, "blinks", "1 / min", [found.per_minute], "none"))
        rows += _known(case, name, "blink duration", "s", found.durations, "none")
        rows += _known(case, name, "gap between blinks", "s", found.gaps, "none")
    return rows


def _read_back(path: Path, spoken: Spoken, moving: Mapping[str, m.Mover], rig: Rig, quick: bool) -> list[Row]:
    """Feelings at full strength as a recogniser reads them: a row of shares for each one asked for, and all of them together."""
    judge, feelings = load_recogniser(path), felt(rig.emotions)
    some = [h for _, h in spoken if float(h.audio.seconds) >= 1.0][:: 8 if quick else 2]
    rows: list[Row] = []
    for shade in SHADES:
        table = m.read_back(m.by("learned", rig, shade=shade), some, rig, judge)
        rows.append(
            row("all feelings", f"learned, shade {shade:g}", "feeling read back", "", [float(np.diag(table).mean())], "higher")
        )
    for name in OURS:
        table = m.read_back(moving[name], some, rig, judge)
        for asked, shares in zip(feelings, table, strict=True):
            told = zip(feelings, shares, strict=True)
            rows += [row(f"asked: {asked}", name, f"read as {other}", "", [share], "none") for other, share in told]
        rows.append(row("all feelings", name, "feeling read back", "", [float(np.diag(table).mean())], "higher"))
    return rows


def _known(case: str, system: str, what: str, unit: str, values: Iterable[float], better: str) -> list[Row]:
    """A row of what could be measured; none where nothing could."""
    found = list(values)
    return [row(case, system, what, unit, found, better)] if found else []
