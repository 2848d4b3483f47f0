"""Unity's animation clip, as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, TextIO

import numpy as np
from jaxtyping import Float64, Int64

from animator.core.keys import check_tolerance, joint_keys, sparse_keys
from animator.core.take import Take
from animator.exporters.turns import HEAD, LEFT_EYE, RIGHT_EYE, number, quoted, turns, weights

PERCENT = 100.0
"""Unity's blend shapes run from 0 to 100."""

TO_UNITY = np.degrees([1.0, -1.0, -1.0])
"""Pitch, yaw and roll to degrees about x, y and z: Unity is left-handed with +X to the subject's right."""

SKINNED_MESH_RENDERER = 137
LINEAR = 69
"""``tangentMode``: broken, straight to either side. Only Unity's curve editor looks at it; what is played are the slopes."""


@dataclass(frozen=True)
class Unity:
    """Animation clip for Unity (``.anim``): blend shapes of a skinned mesh, and turns of head and eyes as Euler curves.

    Keys are joined by straight lines, their slopes written out. Turns are absolute local rotations, so they are for transforms
    that rest unrotated; put an empty parent around a bone that does not, or leave its path empty and it is not written.

    Loses: up to ``tolerance`` of each weight and (in radians) of each angle between keys; the sound. The clip ends at its last
    key, a frame before the sound does.

    Uncertain: no Unity was at hand. The layout is that of clips that Unity wrote, read back with unityparser; ``m_EditorCurves``
    is left empty, as Unity makes it from the others.

    Parameters
    ----------
    tolerance
        Largest error of a weight or of an angle in radians, >= 0; with 0, only keys on a straight line are left out.
    face
        Path of the skinned mesh's transform from that of the Animator; empty if it is the same.
    head, left_eye, right_eye
        Paths of the transforms that turn, as in our GLB; empty for one that is not to be written.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".anim",)
    rig: ClassVar[str | None] = None
    needs: ClassVar[frozenset[str]] = frozenset()

    tolerance: float = 0.001
    face: str = "Face"
    head: str = "Shoulders/Head"
    left_eye: str = "Shoulders/Head/LeftEye"
    right_eye: str = "Shoulders/Head/RightEye"

    def __post_init__(self) -> None:
        check_tolerance(self.tolerance)

    def export(self, take: Take, path: Path) -> None:
        """Write the clip; see `exporters.base.Exporter`."""
        fps = float(take.motion.fps)
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.write(_HEAD.format(name=_scalar(take.name)))
            _section(file, "m_EulerCurves", self._turned(take, fps))
            file.write("  m_PositionCurves: []\n  m_ScaleCurves: []\n")
            _section(file, "m_FloatCurves", self._weighed(take, fps))
            file.write(_TAIL.format(rate=number(fps), stop=number((len(take.motion) - 1) / fps)))

    def _weighed(self, take: Take, fps: float) -> Iterator[str]:
        columns = weights(take)
        curves = sparse_keys(take.motion.values[:, columns], self.tolerance)
        for column, (frames, values) in zip(columns, curves, strict=True):
            yield _curve(frames, PERCENT * values.astype(np.float64)[:, None], fps)
            yield f"    attribute: {_scalar(f'blendShape.{take.motion.names[column]}')}\n    path: {_scalar(self.face)}\n"
            yield f"    classID: {SKINNED_MESH_RENDERER}\n    script: {{fileID: 0}}\n"

    def _turned(self, take: Take, fps: float) -> Iterator[str]:
        paths = {HEAD: self.head, LEFT_EYE: self.left_eye, RIGHT_EYE: self.right_eye}
        for joint, angles in turns(take).items():
            if paths[joint]:
                frames = joint_keys(angles, self.tolerance)
                yield _curve(frames, angles[frames] * TO_UNITY, fps)
                yield f"    path: {_scalar(paths[joint])}\n"


def _section(file: TextIO, name: str, curves: Iterator[str]) -> None:
    text = "".join(curves)
    file.write(f"  {name}:\n{text}" if text else f"  {name}: []\n")


def _curve(frames: Int64[np.ndarray, " K"], values: Float64[np.ndarray, "K A"], fps: float) -> str:
    """One curve of numbers, or of vectors where there are several columns."""
    times = frames / fps
    slopes = np.diff(values, axis=0) / np.diff(times)[:, None]
    level = np.zeros((1, values.shape[1]))
    arriving, leaving = np.concatenate([level, slopes]), np.concatenate([slopes, level])
    third = _vector(np.full(values.shape[1], 1 / 3))
    keys = "".join(
        f"      - serializedVersion: 3\n        time: {number(time)}\n        value: {_vector(value)}\n"
        f"        inSlope: {_vector(inward)}\n        outSlope: {_vector(outward)}\n        tangentMode: {LINEAR}\n"
        f"        weightedMode: 0\n        inWeight: {third}\n        outWeight: {third}\n"
        for time, value, inward, outward in zip(times, values, arriving, leaving, strict=True)
    )
    return (
        f"  - curve:\n      serializedVersion: 2\n      m_Curve:\n{keys}"
        "      m_PreInfinity: 2\n      m_PostInfinity: 2\n      m_RotationOrder: 4\n"
    )


def _vector(values: Float64[np.ndarray, " A"]) -> str:
    if len(values) == 1:
        return number(values[0])
    return "{" + ", ".join(f"{axis}: {number(value)}" for axis, value in zip("xyz", values, strict=True)) + "}"


def _scalar(text: str) -> str:
    return text if re.fullmatch(r"([A-Za-z][\w./-]*( [\w./-]+)*)?", text, re.ASCII) else quoted(text)


_HEAD = """\
%YAML 1.1
%TAG !u! tag:unity3d.com,2011:
--- !u!74 &7400000
AnimationClip:
  m_ObjectHideFlags: 0
  m_CorrespondingSourceObject: {{fileID: 0}}
  m_PrefabInstance: {{fileID: 0}}
  m_PrefabAsset: {{fileID: 0}}
  m_Name: {name}
  serializedVersion: 6
  m_Legacy: 0
  m_Compressed: 0
  m_UseHighQualityCurve: 1
  m_RotationCurves: []
  m_CompressedRotationCurves: []
"""

_TAIL = """\
  m_PPtrCurves: []
  m_SampleRate: {rate}
  m_WrapMode: 0
  m_Bounds:
    m_Center: {{x: 0, y: 0, z: 0}}
    m_Extent: {{x: 0, y: 0, z: 0}}
  m_ClipBindingConstant:
    genericBindings: []
    pptrCurveMapping: []
  m_AnimationClipSettings:
    serializedVersion: 2
    m_AdditiveReferencePoseClip: {{fileID: 0}}
    m_AdditiveReferencePoseTime: 0
    m_StartTime: 0
    m_StopTime: {stop}
    m_OrientationOffsetY: 0
    m_Level: 0
    m_CycleOffset: 0
    m_HasAdditiveReferencePose: 0
    m_LoopTime: 0
    m_LoopBlend: 0
    m_LoopBlendOrientation: 0
    m_LoopBlendPositionY: 0
    m_LoopBlendPositionXZ: 0
    m_KeepOriginalOrientation: 0
    m_KeepOriginalPositionY: 1
    m_KeepOriginalPositionXZ: 0
    m_HeightFromFeet: 0
    m_Mirror: 0
  m_EditorCurves: []
  m_EulerEditorCurves: []
  m_HasGenericRootTransform: 0
  m_HasMotionFloatCurves: 0
  m_Events: []
"""
