"""Takes for tests of exporters."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from animator.core.motion import Motion
from animator.core.rig import Rig
from animator.core.take import Take
from animator.geometry.rotation import euler
from animator.io.rig import load_rig

ARKIT = load_rig("arkit")
FEW = replace(
    ARKIT,
    controls=tuple(c for c in ARKIT.controls if c.unit == "radian" or c.mirror == c.name),
    visemes={},
    emotions={},
    opening={},
    gestures={},
)
"""A quarter of the usual rig, for readers that are slow: what has no mirror, and what turns."""

RATES = (Fraction(24), Fraction(25), Fraction(30000, 1001), Fraction(30), Fraction(60))


def take(seconds: float = 1.5, fps: Fraction = Fraction(30), name: str = "clip", face: Rig = ARKIT) -> Take:
    """Every control of a rig moves through its whole range, each at its own pace."""
    rng = np.random.default_rng(3)
    pace, phase = rng.uniform(0.5, 3.0, len(face.names)), rng.uniform(0, 6.3, len(face.names))
    times = np.arange(max(1, round(seconds * fps)))[:, None] / float(fps)
    wave = 0.5 + 0.5 * np.sin(phase + times * pace * 6.3)
    return Take(name, Motion(face.names, (face.low + wave * (face.high - face.low)).astype(np.float32), fps), face)


def ten_minutes(fps: Fraction = Fraction(60), face: Rig = ARKIT) -> Take:
    """Ten minutes at rest, and in the last frame every control at its highest."""
    values = np.tile(face.rest, (int(600 * fps), 1))
    values[-1] = face.high
    return Take("long", Motion(face.names, values, fps), face)


def turned(given: Take, joint: str) -> np.ndarray:
    """``[T 3 3]``: how ``head``, ``leftEye`` or ``rightEye`` is turned in each frame."""
    names = [joint + angle for angle in ("Pitch", "Yaw", "Roll")]
    rows = [given.motion[name] if name in given.rig.columns else np.zeros(len(given.motion)) for name in names]
    return np.stack([euler(*map(float, angles)) for angles in zip(*rows, strict=True)])
