"""A head as glTF's nodes: what moves by weights, what does not, and a skin of four joints for neck and eyes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from jaxtyping import Float32

from animator.core.head import Head, Part
from animator.exporters.gltf.document import INDICES, VERTICES, Document
from animator.exporters.gltf.surface import material
from animator.exporters.turns import HEAD, LEFT_EYE, RIGHT_EYE
from animator.geometry.normals import smooth_normals

SHOULDERS = "Shoulders"
NODES: Mapping[str, str] = MappingProxyType({HEAD: "Head", LEFT_EYE: "LeftEye", RIGHT_EYE: "RightEye"})
"""What the nodes that turn are called."""

SLIGHT = 1 / 128
"""A normal that a control moves by less is left as it is: it would be half a degree."""


class Body(NamedTuple):
    """Where a head's nodes are."""

    roots: tuple[int, ...]
    """Roots of the scene."""
    face: int
    """The node whose mesh has the weights."""
    joints: Mapping[str, int]
    """What turns, as in `exporters.turns`, to its node."""


def body(document: Document, head: Head, controls: Sequence[str]) -> Body:
    """Add a head whose face moves by these of its controls, in this order.

    Parts that no control moves are a mesh of their own, so that nobody has to carry zeros for them.
    """
    left, right = (
        document.add("nodes", name=NODES[eye], translation=centre.tolist())
        for eye, centre in zip((LEFT_EYE, RIGHT_EYE), head.eye_centres, strict=True)
    )
    turning = document.add("nodes", name=NODES[HEAD], children=[left, right])
    shoulders = document.add("nodes", name=SHOULDERS, children=[turning])
    joints = [shoulders, turning, left, right]
    skin = document.add("skins", name="Skin", joints=joints, inverseBindMatrices=_bind(document, head))
    normals = smooth_normals(head.vertices, head.triangles, head.weld)
    shifts = {name: head.displacements[head.controls.index(name)] for name in controls}
    turns = {}
    for name, shift in shifts.items():
        change = smooth_normals(head.vertices + shift, head.triangles, head.weld) - normals
        change[np.abs(change).max(axis=1) < SLIGHT] = 0
        turns[name] = change
    moved = np.any([shift.any(axis=1) for shift in shifts.values()], axis=0)
    moving = [part for part in head.parts if moved[head.triangles[part.start : part.stop]].any()]
    materials: dict[int, int] = {}
    nodes = []
    for name, parts, targets in (
        ("Face", moving, list(controls)),
        ("Bust", [part for part in head.parts if part not in moving], []),
    ):
        primitives = []
        for part in parts:
            made = part.material
            if id(made) not in materials:
                materials[id(made)] = material(document, made, part.name)
            primitives.append(
                _primitive(document, head, part, normals, [(shifts[t], turns[t]) for t in targets], materials[id(made)])
            )
        if primitives:
            names = {"weights": [0.0] * len(targets), "extras": {"targetNames": targets}} if targets else {}
            mesh = document.add("meshes", name=name, primitives=primitives, **names)
            nodes.append(document.add("nodes", name=name, mesh=mesh, skin=skin))
    return Body((shoulders, *nodes), nodes[0], {HEAD: turning, LEFT_EYE: left, RIGHT_EYE: right})


def _bind(document: Document, head: Head) -> int:
    """Inverse bind matrices, column by column: each joint's place taken away."""
    matrices = np.tile(np.eye(4, dtype=np.float32), (4, 1, 1))
    matrices[2:, 3, :3] = -head.eye_centres
    index = document.accessor(matrices.reshape(-1, 4))
    document.entry("accessors", index).update(type="MAT4", count=4)
    return index


def _primitive(
    document: Document, head: Head, part: Part, normals: np.ndarray, targets: Sequence[tuple[np.ndarray, np.ndarray]], look: int
) -> dict[str, object]:
    used, corners = np.unique(head.triangles[part.start : part.stop], return_inverse=True)
    small = len(used) <= np.iinfo(np.uint16).max
    joints, weights = _followed(head, used)
    content: dict[str, object] = {
        "attributes": {
            "POSITION": document.accessor(head.vertices[used], VERTICES, bounds=True),
            "NORMAL": document.accessor(normals[used], VERTICES),
            "TEXCOORD_0": document.accessor(head.uv[used], VERTICES),
            "JOINTS_0": document.accessor(joints, VERTICES),
            "WEIGHTS_0": document.accessor(weights, VERTICES),
        },
        "indices": document.accessor(corners.ravel().astype(np.uint16 if small else np.uint32), INDICES),
        "material": look,
    }
    if targets:
        content["targets"] = [
            {"POSITION": document.sparse(shift[used], bounds=True), "NORMAL": document.sparse(turn[used])}
            for shift, turn in targets
        ]
    return content


def _followed(head: Head, used: np.ndarray) -> tuple[np.ndarray, Float32[np.ndarray, "M 4"]]:
    """Which joints move a vertex, and how much: shoulders and head by turns, or one eye."""
    eye = head.eye[used]
    joints = np.zeros((len(used), 4), dtype=np.uint8)
    weights = np.zeros((len(used), 4), dtype=np.float32)
    weights[:, 0] = np.where(eye > 0, 1.0, head.follow[used])
    joints[:, 0] = np.where(eye > 0, 1 + eye, 1)
    weights[:, 1] = 1 - weights[:, 0]
    joints[weights == 0] = 0  # the format wants joints that do not count to be the first
    return joints, weights
