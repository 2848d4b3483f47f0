"""Takes for tests of exporters."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
from said import said

from animator.core.audio import Audio
from animator.core.features import Word
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
    articulation={},
    moves={},
    seen={},
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


SPEECH = (
    "SIL:500 P:90 AE:120 T:60 B:80 IY:100 M:20 UW:140 F:20 M:20 AA:150 V:70 ER:100 S:100 T:50 OW:160 SIL:800 HH:50 W:80 AY:170 "
    "M:70 AA:120 B:20 AH:60"
)


def spoken(script: str = SPEECH, words: tuple[Word, ...] = (), sound: str = "clip.wav", repeat: int = 1) -> Take:
    """A take whose sound says a script of phones, as in `said`; ``words`` are when its words are said."""
    features = replace(said(script, repeat=repeat), words=words)
    audio = Audio(np.zeros(len(features) * 160, dtype=np.float32), 16000)
    given = take(features.seconds if repeat == 1 else 0.1)
    return replace(given, features=features, audio=audio, sound=sound)


def phones_of(script: str = SPEECH, repeat: int = 1) -> list[tuple[float, float, str]]:
    """Start, end (seconds) and phone of each word of a script."""
    out, at = [], 0
    for phone, ms in [(phone, int(ms)) for phone, ms in (word.split(":") for word in script.split())] * repeat:
        out.append((at / 1000, (at + ms) / 1000, phone))
        at += ms
    return out
