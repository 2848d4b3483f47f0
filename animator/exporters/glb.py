"""glTF, the head and its performance in one binary file; and the performance alone, for a head that the reader has."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from animator.core.keys import check_tolerance
from animator.core.take import Take
from animator.errors import InputError
from animator.exporters.base import HEAD
from animator.exporters.gltf.body import NODES, body
from animator.exporters.gltf.document import VERTICES, Document
from animator.exporters.gltf.motion import act
from animator.exporters.turns import HEAD as TURNING
from animator.exporters.turns import LEFT_EYE, RIGHT_EYE


@dataclass(frozen=True)
class Glb:
    """The head with a morph target a control, a skin for neck and eyes, its pictures, and the performance: glTF 2.0, binary.

    Targets are named in ``extras.targetNames``; gaze and head turn the joints ``LeftEye``, ``RightEye`` and ``Head``. The sound
    is named in the animation's extras, and where all of it comes from in an XMP packet and in the recipe.

    Loses: up to ``tolerance`` of each weight and (in radians) of each angle between keys; light under the skin; half-clear tips
    of hair, which becomes a mask; the even bend of the neck, which bent as far as it goes lies up to 4 mm from where we draw it;
    weights below 0 or above 1 where a reader limits them; controls that the head has no displacement for.

    Parameters
    ----------
    tolerance
        Largest error of a weight, or of an angle in radians, at any frame.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".glb",)
    rig: ClassVar[str | None] = "arkit"
    needs: ClassVar[frozenset[str]] = frozenset({HEAD})

    tolerance: float = 0.001

    def __post_init__(self) -> None:
        check_tolerance(self.tolerance)

    def export(self, take: Take, path: Path) -> None:
        """Write the head and its performance; see `exporters.base.Exporter`."""
        if take.head is None:
            raise InputError("a GLB shows a head, and this take has none")
        targets = [name for name in take.motion.names if name in take.head.controls]
        if not targets:
            raise InputError("a GLB moves a face by weights, and this head has displacements for none of the motion's controls")
        document = Document()
        made = body(document, take.head, targets)
        act(document, take, self.tolerance, made.face, targets, made.joints)
        document.write(path, take, made.roots)


@dataclass(frozen=True)
class GlbCurves:
    """The performance without a head: a triangle with a morph target a control of any rig, and nodes that turn. glTF 2.0, binary.

    Target names are in ``extras.targetNames``, so that a program copies the animation to a face of its own that has them; gaze
    and head turn the nodes ``LeftEye``, ``RightEye`` and ``Head``.

    Loses: up to ``tolerance`` of each weight and (in radians) of each angle between keys; angles other than head's and eyes'.

    Parameters
    ----------
    tolerance
        Largest error of a weight, or of an angle in radians, at any frame.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".glb",)
    rig: ClassVar[str | None] = None
    needs: ClassVar[frozenset[str]] = frozenset()

    tolerance: float = 0.001

    def __post_init__(self) -> None:
        check_tolerance(self.tolerance)

    def export(self, take: Take, path: Path) -> None:
        """Write the performance; see `exporters.base.Exporter`."""
        targets = [control.name for control in take.rig.controls if control.unit == "weight"]
        if not targets:
            raise InputError(f"a GLB moves a face by weights, and rig {take.rig.name!r} has none")
        document = Document()
        corners = 0.01 * np.eye(3, dtype=np.float32)
        still = document.sparse(np.zeros_like(corners), bounds=True)
        mesh = document.add(
            "meshes",
            name="Face",
            primitives=[
                {
                    "attributes": {"POSITION": document.accessor(corners, VERTICES, bounds=True)},
                    "targets": [{"POSITION": still}] * len(targets),
                }
            ],
            weights=[0.0] * len(targets),
            extras={"targetNames": targets},
        )
        face = document.add("nodes", name="Face", mesh=mesh)
        left, right = (document.add("nodes", name=NODES[eye]) for eye in (LEFT_EYE, RIGHT_EYE))
        head = document.add("nodes", name=NODES[TURNING], children=[face, left, right])
        act(document, take, self.tolerance, face, targets, {TURNING: head, LEFT_EYE: left, RIGHT_EYE: right})
        document.write(path, take, [head])
