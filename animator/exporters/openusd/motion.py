"""A motion as UsdSkel's animation: weights of blend shapes, and the turns of a skeleton's joints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from animator.core.keys import joint_keys
from animator.core.take import Take
from animator.exporters.openusd.body import JOINTS, ROOT
from animator.exporters.turns import HEAD, LEFT_EYE, RIGHT_EYE, quaternions, turns


def animate(pxr: Any, stage: Any, take: Take, controls: Sequence[str], eyes: np.ndarray, tolerance: float) -> None:
    """Define the animation below `ROOT`, bound to the skeleton; frame i is time code i.

    Weights share their times, and so do the joints' turns; between them USD goes in straight lines, as `joint_keys` takes for
    granted.
    """
    motion = take.motion
    animation = pxr.UsdSkel.Animation.Define(stage, f"{ROOT}/Performance")
    animation.CreateBlendShapesAttr(list(controls))
    weights = motion.values[:, [take.rig.column(name) for name in controls]]
    attribute = animation.CreateBlendShapeWeightsAttr()
    for key in joint_keys(weights, tolerance).tolist():
        attribute.Set(pxr.Vt.FloatArray.FromNumpy(weights[key]), key)
    angles = turns(take)
    rest = np.tile(np.array([0.0, 0.0, 0.0, 1.0]), (len(motion), 1))
    turned = [quaternions(angles[joint]) if joint in angles else rest for joint in (HEAD, LEFT_EYE, RIGHT_EYE)]
    # Twice a quaternion is as long as the angle it turns by, as long as that is small.
    keys = joint_keys((2 * np.concatenate(turned, axis=1)).astype(np.float32), tolerance)
    animation.CreateJointsAttr(list(JOINTS))
    places = np.concatenate([np.zeros((2, 3)), eyes]).astype(np.float32)
    animation.CreateTranslationsAttr(pxr.Vt.Vec3fArray.FromNumpy(places))
    animation.CreateScalesAttr([pxr.Gf.Vec3h(1.0)] * len(JOINTS))
    attribute = animation.CreateRotationsAttr()
    for key in keys.tolist():
        attribute.Set(pxr.Vt.QuatfArray([pxr.Gf.Quatf(1.0), *(_turn(pxr, joint[key]) for joint in turned)]), key)
    skeleton = pxr.UsdSkel.BindingAPI(stage.GetPrimAtPath(f"{ROOT}/Skeleton"))
    skeleton.CreateAnimationSourceRel().SetTargets([animation.GetPath()])


def _turn(pxr: Any, quaternion: np.ndarray) -> Any:
    x, y, z, w = quaternion.tolist()
    return pxr.Gf.Quatf(w, x, y, z)
