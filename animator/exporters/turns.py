"""A motion as engines take it: weights that deform a mesh, angles that turn joints, and numbers written out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from jaxtyping import Float32, Float64

from animator.core.take import Take

HEAD, LEFT_EYE, RIGHT_EYE = "head", "left_eye", "right_eye"

JOINTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        HEAD: ("headPitch", "headYaw", "headRoll"),
        LEFT_EYE: ("leftEyePitch", "leftEyeYaw"),
        RIGHT_EYE: ("rightEyePitch", "rightEyeYaw"),
    }
)
"""What turns, and the controls that turn it: pitch, yaw and, for the head, roll."""


def weights(take: Take) -> tuple[int, ...]:
    """Columns of the controls that are weights, in order."""
    return tuple(c for c, control in enumerate(take.rig.controls) if control.unit == "weight")


def turns(take: Take) -> dict[str, Float32[np.ndarray, "T 3"]]:
    """Pitch, yaw and roll (radians; signs as in `animator.core`) of each of `JOINTS` that the rig can turn; 0 where it cannot."""
    zero = np.zeros(len(take.motion), dtype=np.float32)
    columns = take.rig.columns
    found = {}
    for joint, names in JOINTS.items():
        if any(name in columns for name in names):
            angles = [take.motion.values[:, columns[name]] if name in columns else zero for name in (*names, "")[:3]]
            found[joint] = np.stack(angles, axis=1)
    return found


def quaternions(angles: Float32[np.ndarray, "T 3"]) -> Float64[np.ndarray, "T 4"]:
    """Pitch, yaw and roll as unit quaternions (x, y, z, w) of `geometry.rotation.euler`: roll first, then pitch, then yaw."""
    (a, b, c), (sa, sb, sc) = (f(0.5 * angles.astype(np.float64).T) for f in (np.cos, np.sin))
    return np.stack(
        [
            b * sa * c + sb * a * sc,
            sb * a * c - b * sa * sc,
            b * a * sc - sb * sa * c,
            b * a * c + sb * sa * sc,
        ],
        axis=1,
    )


def matrices(angles: Float32[np.ndarray, "T 3"]) -> Float64[np.ndarray, "T 3 3"]:
    """Pitch, yaw and roll as rotation matrices, yaw times pitch times roll (`geometry.rotation.euler`)."""
    x, y, z, w = quaternions(angles).T
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    return np.array(rows).transpose(2, 0, 1)


def number(value: float) -> str:
    """The shortest decimal, without an exponent, that reads back as the same single-precision number."""
    single = np.float32(value)
    text = str(single)  # which is thrice as quick, but has an exponent where the number is very small or large
    text = np.format_float_positional(single, trim="-") if "e" in text else text.removesuffix(".0")
    return "0" if text == "-0" else text


def quoted(text: str) -> str:
    """Text in double quotes, escaped as JSON escapes it, which YAML and Godot's text files read alike; letters stay letters."""
    return json.dumps(text, ensure_ascii=False)
