"""Made-up performances for tests: feelings as the rig has them, over a mouth that opens and closes."""

from __future__ import annotations

import numpy as np

from animator.core.rig import Rig
from animator.core.script import felt
from animator.training.motion.store import HOP, STYLE, TEACHER, Clip, MotionPack, collect


def acted(rig: Rig, clips: int, frames: int = 120, seed: int = 0) -> MotionPack:
    """Clips of one feeling each, in turn, at intensity 0.6 to 1, every ninth neutral; every fourth clip is held out."""
    return collect(("samples",), rig, [_clip(k, rig, frames, np.random.default_rng([seed, k])) for k in range(clips)])


def _clip(k: int, rig: Rig, frames: int, rng: np.random.Generator) -> Clip:
    names = felt(rig.emotions)
    weights = np.zeros(len(names))
    if k % 9 < len(names):
        weights[k % 9] = rng.uniform(0.6, 1.0)
    pose = sum(w * (rig.row(rig.emotions[n]) - rig.rest) for w, n in zip(weights, names, strict=True))
    spoken = rig.row(rig.visemes[str(rng.choice(["aa", "oh", "E"]))]) - rig.rest
    beat = np.maximum(np.sin(np.arange(frames) * rng.uniform(0.15, 0.4) + rng.uniform(0, 6)), 0.0)
    values = np.clip(rig.rest + pose + beat[:, None] * spoken, rig.low, rig.high)
    return Clip(
        name=f"clip {k}",
        person=f"person {k % 12}",
        kind=TEACHER,
        held=k % 4 == 3,
        motion=values.astype(np.float16),
        known=np.ones(len(rig.controls), dtype=bool),
        felt=np.tile(weights, (frames, 1)).astype(np.float16),
        style=np.zeros(len(STYLE), dtype=np.float32),
        phones=np.full(frames, -1, dtype=np.int8),
        words=(),
        sound=f"sound {k}",
        samples=np.zeros(frames * HOP, dtype=np.int16),
    )
