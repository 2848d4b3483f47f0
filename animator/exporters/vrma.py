"""VRM Animation: expressions, gaze and head for avatars of the VRM standard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np

from animator.core.keys import check_tolerance, sparse_keys
from animator.core.take import Take
from animator.exporters.gltf.document import Document
from animator.exporters.gltf.motion import Channels
from animator.exporters.turns import HEAD, LEFT_EYE, RIGHT_EYE, turns, weights

EXTENSION = "VRMC_vrm_animation"

PRESETS = frozenset(
    "happy angry sad relaxed surprised aa ih ou ee oh blink blinkLeft blinkRight neutral".split()  # noqa: SIM905
)
"""Expressions that every VRM model may have; others are a model's own."""

LOOKS = frozenset({"lookUp", "lookDown", "lookLeft", "lookRight"})
"""Presets that the standard keeps out of animations: gaze is an angle there."""

SKELETON: Mapping[str, tuple[str, tuple[float, float, float]]] = MappingProxyType(
    {
        "hips": ("", (0.0, 0.95, 0.0)),
        "spine": ("hips", (0.0, 0.1, 0.0)),
        "head": ("spine", (0.0, 0.45, 0.0)),
        "leftUpperLeg": ("hips", (0.09, -0.05, 0.0)),
        "leftLowerLeg": ("leftUpperLeg", (0.0, -0.42, 0.0)),
        "leftFoot": ("leftLowerLeg", (0.0, -0.40, 0.0)),
        "rightUpperLeg": ("hips", (-0.09, -0.05, 0.0)),
        "rightLowerLeg": ("rightUpperLeg", (0.0, -0.42, 0.0)),
        "rightFoot": ("rightLowerLeg", (0.0, -0.40, 0.0)),
        "leftUpperArm": ("spine", (0.14, 0.36, 0.0)),
        "leftLowerArm": ("leftUpperArm", (0.27, 0.0, 0.0)),
        "leftHand": ("leftLowerArm", (0.24, 0.0, 0.0)),
        "rightUpperArm": ("spine", (-0.14, 0.36, 0.0)),
        "rightLowerArm": ("rightUpperArm", (-0.27, 0.0, 0.0)),
        "rightHand": ("rightLowerArm", (-0.24, 0.0, 0.0)),
    }
)
"""Bone to its parent and how far it is from that (metres): the fifteen bones that a humanoid must have, in the T-pose."""

EYES_ABOVE_HEAD = (0.0, 0.06, 0.0)
"""Metres from the head bone to where the gaze starts."""


@dataclass(frozen=True)
class Vrma:
    """VRM Animation 1.0 (``.vrma``) in VRM's preset expressions, which every VRM model may have.

    Gaze is ``lookAt``, and the head is a bone: the humanoid is whole, with all fifteen bones that the standard demands, but only
    its head moves.

    Loses: all that VRM's presets cannot show (see the rig ``vrm``); that the eyes may look two ways, as a model has one gaze;
    weights beyond [0, 1], which players limit; up to ``tolerance`` of each weight and (in radians) of each angle between keys.

    Parameters
    ----------
    tolerance
        Largest error of a weight, or of an angle in radians, at any frame.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".vrma",)
    rig: ClassVar[str | None] = "vrm"
    needs: ClassVar[frozenset[str]] = frozenset()

    tolerance: float = 0.001

    def __post_init__(self) -> None:
        check_tolerance(self.tolerance)

    def export(self, take: Take, path: Path) -> None:
        """Write the performance; see `exporters.base.Exporter`."""
        document = Document()
        channels = Channels(document, take)
        bones = {}
        for bone, (parent, offset) in SKELETON.items():
            bones[bone] = document.add("nodes", name=bone, translation=list(offset))
            if parent:
                document.entry("nodes", bones[parent]).setdefault("children", []).append(bones[bone])
        told: dict[str, Any] = {
            "specVersion": "1.0",
            "humanoid": {"humanBones": {bone: {"node": node} for bone, node in bones.items()}},
            "expressions": {"preset": {}, "custom": {}},
        }
        angles = turns(take)
        if HEAD in angles:
            channels.turn(bones["head"], angles[HEAD], self.tolerance)
        eyes = [angles[eye] for eye in (LEFT_EYE, RIGHT_EYE) if eye in angles]
        if eyes:
            gaze = document.add("nodes", name="lookAt", translation=list(EYES_ABOVE_HEAD))
            document.entry("nodes", bones["head"])["children"] = [gaze]
            channels.turn(gaze, np.stack(eyes).mean(axis=0), self.tolerance)
            told["lookAt"] = {"node": gaze, "offsetFromHeadBone": list(EYES_ABOVE_HEAD)}
        roots = [bones["hips"]]
        columns = [column for column in weights(take) if _told(take, column)]
        for column, keys in zip(columns, sparse_keys(take.motion.values[:, columns], self.tolerance), strict=True):
            name = take.rig.names[column]
            node = document.add("nodes", name=name)
            along_x = np.outer(take.motion.values[:, column], np.array([1, 0, 0], dtype=np.float32))
            channels.move(node, "translation", along_x, keys.frames)
            told["expressions"]["preset" if name in PRESETS else "custom"][name] = {"node": node}
            roots.append(node)
        channels.finish()
        document.uses(EXTENSION, **told)
        document.write(path, take, roots)


def _told(take: Take, column: int) -> bool:
    """Whether an expression is written: gaze is not, nor is a blink of both eyes where each is told, as they would add up."""
    name = take.rig.names[column]
    return name not in LOOKS and not (name == "blink" and "blinkLeft" in take.rig.columns and not take.motion[name].any())


@dataclass(frozen=True)
class VrmaCustom(Vrma):
    """VRM Animation 1.0 (``.vrma``) in the controls of any rig as custom expressions: the 52 of ARKit for "perfect sync" models.

    Gaze is ``lookAt``, and the head is a bone of a whole humanoid.

    Loses: everything on models that lack expressions of these names; that the eyes may look two ways, as a model has one gaze;
    weights beyond [0, 1], which players limit; up to ``tolerance`` of each weight and (in radians) of each angle between keys.

    Parameters
    ----------
    tolerance
        Largest error of a weight, or of an angle in radians, at any frame.
    """

    rig: ClassVar[str | None] = None
