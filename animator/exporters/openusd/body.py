"""A head as USD: a mesh a part, a blend shape a control that moves it, and a skeleton of four joints for neck and eyes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from animator.core.head import Head, Part
from animator.exporters.openusd.surface import material
from animator.geometry.normals import smooth_normals

ROOT = "/Head"
JOINTS = ("Shoulders", "Shoulders/Head", "Shoulders/Head/LeftEye", "Shoulders/Head/RightEye")
"""Of the skeleton; the second to fourth turn."""


def body(pxr: Any, stage: Any, head: Head, controls: Sequence[str], pictures: Path | None) -> None:
    """Define a head below `ROOT` whose meshes have blend shapes for these of its controls.

    ``pictures`` is the folder that pictures are written to; without one, parts have the mean of their colours.
    """
    skeleton(pxr, stage, head.eye_centres)
    pxr.UsdGeom.Scope.Define(stage, f"{ROOT}/Materials")
    normals = smooth_normals(head.vertices, head.triangles, head.weld)
    shifts = {name: head.displacements[head.controls.index(name)] for name in controls}
    turned = {name: smooth_normals(head.vertices + shift, head.triangles, head.weld) - normals for name, shift in shifts.items()}
    materials: dict[int, Any] = {}
    taken: set[str] = set()
    for part in head.parts:
        plain = pxr.Tf.MakeValidIdentifier(part.name)
        name = next(n for n in (plain, *(f"{plain}_{k}" for k in range(2, len(head.parts) + 2))) if n not in taken)
        taken.add(name)
        made = part.material
        if id(made) not in materials:
            materials[id(made)] = material(pxr, stage, f"{ROOT}/Materials/{name}", made, pictures)
        mesh = _mesh(pxr, stage, f"{ROOT}/{name}", head, part, normals)
        pxr.UsdShade.MaterialBindingAPI.Apply(mesh.GetPrim()).Bind(materials[id(made)])
        _shapes(pxr, stage, mesh, np.unique(head.triangles[part.start : part.stop]), shifts, turned)


def skeleton(pxr: Any, stage: Any, eyes: np.ndarray) -> None:
    """Define the root and its skeleton, with the eyes (``[2 3]``, metres) at rest where they are."""
    root = pxr.UsdSkel.Root.Define(stage, ROOT)
    stage.SetDefaultPrim(root.GetPrim())
    bones = pxr.UsdSkel.Skeleton.Define(stage, f"{ROOT}/Skeleton")
    bones.CreateJointsAttr(list(JOINTS))
    matrices = [pxr.Gf.Matrix4d(1.0).SetTranslate(pxr.Gf.Vec3d(*place)) for place in ([0.0] * 3, [0.0] * 3, *eyes.tolist())]
    bones.CreateBindTransformsAttr(matrices)
    bones.CreateRestTransformsAttr(matrices)
    pxr.UsdSkel.BindingAPI.Apply(bones.GetPrim())


def _mesh(pxr: Any, stage: Any, path: str, head: Head, part: Part, normals: np.ndarray) -> Any:
    used, corners = np.unique(head.triangles[part.start : part.stop], return_inverse=True)
    array, types = pxr.Vt, pxr.Sdf.ValueTypeNames
    points = array.Vec3fArray.FromNumpy(head.vertices[used])
    mesh = pxr.UsdGeom.Mesh.Define(stage, path)
    mesh.CreatePointsAttr(points)
    mesh.CreateFaceVertexCountsAttr(array.IntArray.FromNumpy(np.full(part.stop - part.start, 3, dtype=np.int32)))
    mesh.CreateFaceVertexIndicesAttr(array.IntArray.FromNumpy(corners.ravel().astype(np.int32)))
    mesh.CreateSubdivisionSchemeAttr("none")
    mesh.CreateExtentAttr(pxr.UsdGeom.PointBased.ComputeExtent(points))
    mesh.CreateNormalsAttr(array.Vec3fArray.FromNumpy(normals[used]))
    mesh.SetNormalsInterpolation("vertex")
    mesh.CreateDoubleSidedAttr(part.material.two_sided)
    place = pxr.UsdGeom.PrimvarsAPI(mesh).CreatePrimvar("st", types.TexCoord2fArray, "vertex")
    place.Set(array.Vec2fArray.FromNumpy((head.uv[used] * (1, -1) + (0, 1)).astype(np.float32)))
    binding = pxr.UsdSkel.BindingAPI.Apply(mesh.GetPrim())
    binding.CreateSkeletonRel().SetTargets([f"{ROOT}/Skeleton"])
    eye, follow = head.eye[used], head.follow[used]
    joints = np.stack([np.where(eye > 0, 1 + eye, 1), np.zeros_like(eye)], axis=1).astype(np.int32)
    share = np.where(eye > 0, 1.0, follow)
    binding.CreateJointIndicesPrimvar(False, 2).Set(array.IntArray.FromNumpy(joints.ravel()))
    weights = np.stack([share, 1 - share], axis=1).astype(np.float32)
    binding.CreateJointWeightsPrimvar(False, 2).Set(array.FloatArray.FromNumpy(weights.ravel()))
    return mesh


def _shapes(
    pxr: Any, stage: Any, mesh: Any, used: np.ndarray, shifts: dict[str, np.ndarray], turned: dict[str, np.ndarray]
) -> None:
    """Blend shapes of the controls that move a mesh, of those points alone that they move."""
    names, targets = [], []
    for name, shift in shifts.items():
        points = np.flatnonzero(shift[used].any(axis=1)).astype(np.int32)
        if not len(points):
            continue
        shape = pxr.UsdSkel.BlendShape.Define(stage, f"{mesh.GetPath()}/{name}")
        shape.CreateOffsetsAttr(pxr.Vt.Vec3fArray.FromNumpy(shift[used][points]))
        shape.CreateNormalOffsetsAttr(pxr.Vt.Vec3fArray.FromNumpy(turned[name][used][points]))
        shape.CreatePointIndicesAttr(pxr.Vt.IntArray.FromNumpy(points))
        names.append(name)
        targets.append(shape.GetPath())
    if names:
        binding = pxr.UsdSkel.BindingAPI(mesh.GetPrim())
        binding.CreateBlendShapesAttr(names)
        binding.CreateBlendShapeTargetsRel().SetTargets(targets)
