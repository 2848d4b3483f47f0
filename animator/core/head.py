"""`Head`: a 3D head that a motion can move: mesh, displacements, materials."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float32, Int8, Int32, UInt8

from animator.errors import InputError


@dataclass(frozen=True, eq=False)
class Material:
    """How a part of the head takes light.

    Parameters
    ----------
    colour
        ``uint8 [H W 4]`` sRGB albedo with straight alpha.
    surface
        ``uint8 [h w 3]`` over the same uv square: roughness, specular strength, subsurface (how far light bleeds under the
        skin), each 0 to 255 for 0 to 1.
    blend
        Drawn after the opaque parts with its alpha (lashes, brows, hair tips, cornea).
    two_sided
        Both sides of its triangles are seen.
    """

    colour: UInt8[np.ndarray, "H W 4"]
    surface: UInt8[np.ndarray, "h w 3"]
    blend: bool = False
    two_sided: bool = False


@dataclass(frozen=True, eq=False)
class Part:
    """A run of the head's triangles with one material: ``triangles[start:stop]``."""

    name: str
    start: int
    stop: int
    material: Material


@dataclass(frozen=True, eq=False)
class Head:
    """A head, neck and shoulders at rest, and how each control moves them.

    Vertices are split where uv is discontinuous; ``weld`` maps them back to the surface they share, so that normals are
    smooth across the split. The origin is the pivot about which the head turns (the top of the spine).

    Parameters
    ----------
    vertices
        ``float32 [V 3]`` metres, at rest.
    uv
        ``float32 [V 2]``; (0, 0) is the top left of a texture.
    weld
        ``int32 [V]`` in [0, V): vertices with the same number are one point of the surface.
    triangles
        ``int32 [F 3]``, counter-clockwise from outside.
    parts
        Runs of triangles, in drawing order, that together cover all of them.
    controls
        Names of the controls with displacements; head and gaze controls have none: they rotate.
    displacements
        ``float32 [C V 3]`` metres at weight 1.
    follow
        ``float32 [V]`` in [0, 1]: how far a vertex follows the head's rotation (1 on the head, 0 on the shoulders).
    eye
        ``int8 [V]``: 1 on the left eyeball, 2 on the right, else 0; eyeballs turn rigidly about ``eye_centres``.
    eye_centres
        ``float32 [2 3]`` metres: left, right.
    landmarks
        Named vertices: ``upper_lip``, ``lower_lip`` (inner rims at the middle), ``mouth_left``, ``mouth_right``, ``nose_tip``,
        ``chin``, ``brow_left``, ``brow_right``, ``eye_left``, ``eye_right`` (front of each eyeball) …

    Raises
    ------
    InputError
        Shapes disagree, an index is out of range, or parts do not cover the triangles.
    """

    vertices: Float32[np.ndarray, "V 3"]
    uv: Float32[np.ndarray, "V 2"]
    weld: Int32[np.ndarray, " V"]
    triangles: Int32[np.ndarray, "F 3"]
    parts: tuple[Part, ...]
    controls: tuple[str, ...]
    displacements: Float32[np.ndarray, "C V 3"]
    follow: Float32[np.ndarray, " V"]
    eye: Int8[np.ndarray, " V"]
    eye_centres: Float32[np.ndarray, "2 3"]
    landmarks: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        count = len(self.vertices)
        for name in ("uv", "weld", "follow", "eye"):
            if len(getattr(self, name)) != count:
                raise InputError(f"a head of {count} vertices needs as many rows of {name}, not {len(getattr(self, name))}")
        if self.displacements.shape != (len(self.controls), count, 3):
            raise InputError(f"displacements are [{len(self.controls)}, {count}, 3] here, not {self.displacements.shape}")
        for name, array in (("triangles", self.triangles), ("weld", self.weld)):
            if array.size and (array.min() < 0 or array.max() >= count):
                raise InputError(f"{name} of a head of {count} vertices lie in [0, {count}), not [{array.min()}, {array.max()}]")
        covered = 0
        for part in self.parts:
            if part.start != covered or part.stop < part.start:
                raise InputError(f"part {part.name!r} starts at triangle {part.start}, but {covered} come before it")
            covered = part.stop
        if covered != len(self.triangles):
            raise InputError(f"the parts cover {covered} of {len(self.triangles)} triangles")
        for landmark, vertex in self.landmarks.items():
            if not 0 <= vertex < count:
                raise InputError(f"landmark {landmark!r} is vertex {vertex}, outside [0, {count})")
        for name in ("vertices", "uv", "weld", "triangles", "displacements", "follow", "eye", "eye_centres"):
            getattr(self, name).flags.writeable = False
