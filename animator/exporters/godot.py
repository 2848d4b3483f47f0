"""Godot's animation resource, as text, for Godot 3 and for Godot 4."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from animator.core.keys import Keys, check_tolerance, sparse_keys
from animator.core.take import Take
from animator.exporters.turns import HEAD, LEFT_EYE, RIGHT_EYE, number, quoted, turns, weights

LINEAR = 1
"""``interp`` of a track."""


@dataclass(frozen=True)
class _Godot:
    suffixes: ClassVar[tuple[str, ...]] = (".tres",)
    rig: ClassVar[str | None] = None
    needs: ClassVar[frozenset[str]] = frozenset()

    tolerance: float = 0.001
    face: str = "Face"
    head: str = "Head"
    left_eye: str = "Head/LeftEye"
    right_eye: str = "Head/RightEye"

    def __post_init__(self) -> None:
        check_tolerance(self.tolerance)

    def _write(self, take: Take, path: Path, version: int, tracks: Iterator[tuple[str, str, str]]) -> None:
        """A resource of tracks: type, path and keys, these as text."""
        seconds, step = float(len(take.motion) / take.motion.fps), float(1 / take.motion.fps)
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.write(f'[gd_resource type="Animation" format={version}]\n\n[resource]\n')
            file.write(f"resource_name = {quoted(take.name)}\nlength = {_real(seconds)}\nstep = {_real(step)}\n")
            for t, (kind, node, keys) in enumerate(tracks):
                file.write(
                    f'tracks/{t}/type = "{kind}"\ntracks/{t}/imported = false\ntracks/{t}/enabled = true\n'
                    f"tracks/{t}/path = NodePath({quoted(node)})\ntracks/{t}/interp = {LINEAR}\n"
                    f"tracks/{t}/loop_wrap = false\ntracks/{t}/keys = {keys}\n"
                )

    def _weighed(self, take: Take) -> Iterator[tuple[str, Keys]]:
        """Each weight by name, with its keys."""
        columns = weights(take)
        curves = sparse_keys(take.motion.values[:, columns], self.tolerance)
        yield from zip((take.motion.names[c] for c in columns), curves, strict=True)

    def _turned(self, take: Take) -> Iterator[tuple[str, Keys]]:
        """Each angle that turns a node, by the path of its property, with its keys."""
        nodes = {HEAD: self.head, LEFT_EYE: self.left_eye, RIGHT_EYE: self.right_eye}
        for joint, angles in turns(take).items():
            if nodes[joint]:
                for axis, keys in zip("xyz", sparse_keys(angles, self.tolerance), strict=True):
                    yield f"{nodes[joint]}:rotation:{axis}", keys


@dataclass(frozen=True)
class Godot3(_Godot):
    """Animation resource for Godot 3 (``.tres``): value tracks of a mesh's blend shapes, and of the rotation of nodes.

    The paths start at the AnimationPlayer's root node. The mesh is a MeshInstance. Straight lines join the keys. Turns
    are local rotations, in radians, of Spatial nodes; a bone of a Skeleton needs a track of its own.

    Loses: up to ``tolerance`` of each weight and (in radians) of each angle between keys; the sound.

    Parameters
    ----------
    tolerance
        Largest error of a weight or of an angle in radians, >= 0; with 0, only keys on a straight line are left out.
    face
        Path of the mesh with the blend shapes.
    head, left_eye, right_eye
        Paths of the nodes that turn; empty for one that is not to be written.
    """

    def export(self, take: Take, path: Path) -> None:
        """Write the resource; see `exporters.base.Exporter`."""
        fps = float(take.motion.fps)
        shapes = ((f"{self.face}:blend_shapes/{name}", keys) for name, keys in self._weighed(take))
        tracks = (
            ("value", node, _values(keys, fps, "PoolRealArray")) for each in (shapes, self._turned(take)) for node, keys in each
        )
        self._write(take, path, 2, tracks)


@dataclass(frozen=True)
class Godot4(_Godot):
    """Animation resource for Godot 4 (``.tres``): blend-shape tracks of a mesh, and value tracks of the rotation of nodes.

    The paths start at the AnimationPlayer's root node. The mesh is a MeshInstance3D. Straight lines join the keys.
    Turns are local rotations, in radians, of Node3D nodes; a bone of a Skeleton3D needs a track of its own.

    Loses: up to ``tolerance`` of each weight and (in radians) of each angle between keys; the sound.

    Uncertain: no Godot 4 was at hand. The layout of blend-shape tracks is that of the engine's source (triples of time,
    transition, value; path ``Node:shape``); value tracks are as in Godot 3, which was run.

    Parameters
    ----------
    tolerance
        Largest error of a weight or of an angle in radians, >= 0; with 0, only keys on a straight line are left out.
    face
        Path of the mesh with the blend shapes.
    head, left_eye, right_eye
        Paths of the nodes that turn; empty for one that is not to be written.
    """

    def export(self, take: Take, path: Path) -> None:
        """Write the resource; see `exporters.base.Exporter`."""
        fps = float(take.motion.fps)
        shapes = (("blend_shape", f"{self.face}:{name}", _triples(keys, fps)) for name, keys in self._weighed(take))
        angles = (("value", node, _values(keys, fps, "PackedFloat32Array")) for node, keys in self._turned(take))
        self._write(take, path, 3, (track for each in (shapes, angles) for track in each))


def _values(keys: Keys, fps: float, array: str) -> str:
    times = ", ".join(map(number, keys.frames / fps))
    ones = ", ".join("1" for _ in keys.frames)
    values = ", ".join(map(_real, keys.values))
    return f'{{\n"times": {array}({times}),\n"transitions": {array}({ones}),\n"update": 0,\n"values": [{values}]\n}}'


def _triples(keys: Keys, fps: float) -> str:
    rows = np.stack([keys.frames / fps, np.ones(len(keys.frames)), keys.values], axis=1)
    return f"PackedFloat32Array({', '.join(map(number, rows.ravel()))})"


def _real(value: float) -> str:
    """A number that is not taken for a whole one: between whole numbers, nothing would be interpolated."""
    text = number(value)
    return text if "." in text else f"{text}.0"
