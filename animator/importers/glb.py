"""The animation of a face from glTF 2.0, binary: weights of any mesh whose targets are named like controls."""

from __future__ import annotations

import struct
import warnings
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import numpy as np
from jaxtyping import Float64

from animator.core.motion import Motion
from animator.core.rig import Rig
from animator.errors import FormatError, InputError, LossWarning
from animator.importers.clock import EVEN, nominal
from animator.importers.glb_file import LONGEST, MAGIC, GlbFile
from animator.importers.names import matched, tell_unused
from animator.io.rig import load_rig

TURNS = {
    "head": ("headPitch", "headYaw", "headRoll"),
    "lefteye": ("leftEyePitch", "leftEyeYaw"),
    "righteye": ("rightEyePitch", "rightEyeYaw"),
}
"""Nodes that turn, by name without case, and the angles that they turn by."""

_BROKEN = (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError, struct.error, RecursionError)


class _Curve(NamedTuple):
    """What one channel does: keys, and how the way between them goes."""

    times: Float64[np.ndarray, " K"]
    values: Float64[np.ndarray, "K n"]
    tangents: Float64[np.ndarray, "K 2 n"] | None  # into and out of each key, for splines
    steps: bool


@dataclass(frozen=True)
class Glb:
    """The first animation of a GLB (glTF 2.0, binary), of ours or of any: weights of targets that are named like controls.

    Nodes that are called ``Head``, ``LeftEye`` and ``RightEye``, and rest unturned, give head pose and gaze. The rate is the one
    that our files tell, otherwise that of the two keys nearest to each other.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".glb",)
    rig: ClassVar[str] = "arkit"

    def recognises(self, path: Path) -> bool:
        """Whether the file begins as a GLB does."""
        with path.open("rb") as file:
            return file.read(4) == MAGIC

    def read(self, path: Path) -> Motion:
        """The performance; see `importers.base.Importer`."""
        try:
            data = path.read_bytes()
        except OSError as error:
            raise InputError(f"the animation {str(path)!r} cannot be read: {error.strerror}") from None
        try:
            return _read(GlbFile(data), load_rig(self.rig), path.name)
        except FormatError:
            raise
        except _BROKEN as error:
            raise FormatError(f"{path.name!r} is no whole glTF 2.0 file in one piece ({error!r})") from None


def _read(file: GlbFile, rig: Rig, name: str) -> Motion:
    animations = file.content.get("animations", [])
    if not animations:
        raise FormatError(f"{name!r} holds no animation")
    faces, turns = [], {}
    nodes, meshes = file.content.get("nodes", []), file.content.get("meshes", [])
    for channel in animations[0]["channels"]:
        target = channel["target"]
        node = nodes[target["node"]] if "node" in target else {}
        sampler = animations[0]["samplers"][channel["sampler"]]
        if target["path"] == "weights":
            names = meshes[node["mesh"]].get("extras", {}).get("targetNames", [])
            faces.append((names, _curve(file, sampler, len(names))))
        joint = str(node.get("name", "")).replace("_", "").casefold()
        if target["path"] == "rotation" and joint in TURNS and node.get("rotation", [0, 0, 0, 1]) == [0, 0, 0, 1]:
            turns[joint] = _one_way_round(_curve(file, sampler, 4))
    if not faces:
        raise FormatError(f"{name!r}: its animation moves no face by weights")
    curves = [curve for _, curve in faces] + list(turns.values())
    fps, frames = _clock(animations[0].get("extras"), curves, name)
    at = np.arange(frames) / float(fps)
    values = np.tile(rig.rest.astype(np.float64), (frames, 1))
    found: set[str] = set()
    unknown: list[str] = []
    for names, curve in faces:
        controls = matched(names, rig, repr(name))
        unknown += [other for i, other in enumerate(names) if i not in controls and other not in unknown]
        sampled = _sampled(curve, at)
        for i, control in controls.items():
            if control not in found:
                values[:, rig.columns[control]] = sampled[:, i]
                found.add(control)
    if not found:
        raise FormatError(f"{name!r}: no target of its faces is named like a control of rig {rig.name!r}")
    tell_unused(unknown, name)
    for joint, curve in turns.items():
        for control, angles in zip(TURNS[joint], _angles(_sampled(curve, at)), strict=False):
            values[:, rig.columns[control]] = angles
    return Motion(rig.names, values.astype(np.float32), fps)


def _curve(file: GlbFile, sampler: dict[str, Any], width: int) -> _Curve:
    times, values = file.numbers(sampler["input"])[:, 0], file.numbers(sampler["output"])
    if not len(times) or not (np.diff(times) > 0).all() or not 0 <= times[0] <= times[-1] <= LONGEST:
        raise ValueError("the times of its animation do not rise")
    if sampler.get("interpolation") == "CUBICSPLINE":
        knots = values.reshape(len(times), 3, width)
        return _Curve(times, knots[:, 1], knots[:, [0, 2]], False)
    return _Curve(times, values.reshape(len(times), width), None, sampler.get("interpolation") == "STEP")


def _one_way_round(turn: _Curve) -> _Curve:
    """The same turns as quaternions none of which lies across from the one before, since both stand for one turn."""
    flips = np.where((turn.values[1:] * turn.values[:-1]).sum(axis=1) < 0, -1.0, 1.0)
    signs = np.cumprod(np.concatenate([[1.0], flips]))[:, None]
    tangents = None if turn.tangents is None else turn.tangents * signs[:, None]
    return turn._replace(values=turn.values * signs, tangents=tangents)


def _clock(told: Any, curves: list[_Curve], name: str) -> tuple[Fraction, int]:
    """The rate, and how many frames there are: as our files say, otherwise as keys lie."""
    last = max(curve.times[-1] for curve in curves)
    if isinstance(told, dict) and "fps" in told:
        fps = Fraction(told["fps"])
        frames = int(told["frames"])
        if fps <= 0 or not 1 <= frames <= LONGEST * fps or (frames - 0.5) / fps < last:
            raise FormatError(f"{name!r}: its extras tell of {frames} frames at {fps} a second, which its keys do not keep")
        return fps, frames
    steps = np.concatenate([np.diff(curve.times) for curve in curves])
    fps = nominal(round(1 / float(steps.min()), 2)) if len(steps) else Fraction(30)
    off = max(float(np.abs(curve.times * float(fps) - np.rint(curve.times * float(fps))).max()) for curve in curves)
    if off > EVEN:
        told = f"the keys of {name!r} keep no even clock; they are read off at {float(fps):g} frames a second"
        warnings.warn(told, LossWarning, stacklevel=4)
    frames = int(np.rint(last * float(fps))) + 1
    if frames > LONGEST * 1000:
        raise FormatError(f"{name!r}: its keys lie {1 / float(fps):g} s apart, which is no rate of frames")
    return fps, frames


def _sampled(curve: _Curve, at: Float64[np.ndarray, " T"]) -> Float64[np.ndarray, "T n"]:
    """The curve at these instants (seconds), held before its first key and after its last."""
    if len(curve.times) == 1:
        return np.repeat(curve.values, len(at), axis=0)
    after = np.clip(np.searchsorted(curve.times, at + 1e-6, side="right"), 1, len(curve.times) - 1)
    start, end = curve.times[after - 1], curve.times[after]
    span = (end - start)[:, None]
    share = np.clip((at - start) / (end - start), 0, 1)[:, None]
    before, then = curve.values[after - 1], curve.values[after]
    if curve.steps:
        return np.where(share > 1 - 1e-4, then, before)
    if curve.tangents is None:
        mixed: np.ndarray = before + share * (then - before)
        return mixed
    out, into = curve.tangents[after - 1, 1], curve.tangents[after, 0]
    square, cube = share**2, share**3
    bent: np.ndarray = (
        (2 * cube - 3 * square + 1) * before
        + (cube - 2 * square + share) * span * out
        + (3 * square - 2 * cube) * then
        + (cube - square) * span * into
    )
    return bent


def _angles(quaternions: Float64[np.ndarray, "T 4"]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pitch, yaw and roll (radians) of turns x, y, z, w: inverts `geometry.rotation.euler` for pitches below a right angle."""
    x, y, z, w = (quaternions / np.linalg.norm(quaternions, axis=1, keepdims=True)).T
    pitch = np.arcsin(np.clip(2 * (w * x - y * z), -1, 1))
    return (
        pitch,
        np.arctan2(2 * (x * z + w * y), 1 - 2 * (x * x + y * y)),
        np.arctan2(2 * (x * y + w * z), 1 - 2 * (x * x + z * z)),
    )
