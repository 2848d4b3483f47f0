"""`Pyrender`: the same scene drawn by the pyrender library through OpenGL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float32, UInt8

from animator.core.frames import Frames
from animator.core.head import Head, Material, Part
from animator.core.motion import Motion
from animator.core.stage import Light, Stage
from animator.errors import MissingDependencyError, UnknownNameError
from animator.geometry.camera import axes, position
from animator.geometry.normals import smooth_normals
from animator.geometry.pose import Poser
from animator.raster.ambient import Ambient
from animator.raster.mesh import mesh
from animator.raster.texture import pack

PLATFORMS = ("egl", "osmesa")
AMBIENT_SIDES, AMBIENT_SIZE = 10, 128


@dataclass(frozen=True)
class Pyrender:
    """Draws through pyrender's physically based shader (metallic-roughness), without a display.

    What that shader lacks is left out: light under the skin, specular strength, ambient light that differs above and below,
    and the shine of a clear cornea. Its shadows take every lash for a board, so light is dimmed by ambient occlusion instead.

    Parameters
    ----------
    platform
        ``egl`` or ``osmesa``: which system library draws. PyOpenGL takes the first that a process asks for and keeps it.

    Raises
    ------
    MissingDependencyError
        The system library is not there.
    """

    platform: str = "egl"

    def __post_init__(self) -> None:
        if self.platform not in PLATFORMS:
            raise UnknownNameError("OpenGL platform", self.platform, PLATFORMS)

    def render(self, motion: Motion, head: Head, stage: Stage) -> Frames:
        """Draw each frame of a motion, lazily, on nothing: where there is no head, alpha is 0."""
        library = _library(self.platform)
        return Frames(stage.width, stage.height, motion.fps, len(motion), _pictures(library, self.platform, motion, head, stage))


def _library(platform: str) -> Any:
    """The module ``pyrender``, set up to draw without a display."""
    # PyOpenGL chooses its platform from the environment while it is imported, and pyrender reads it again later.
    os.environ["PYOPENGL_PLATFORM"] = platform
    # pyrender 0.1.45 still says np.infty, which numpy 2 took away; the name is only added back for it.
    if not hasattr(np, "infty"):
        setattr(np, "infty", np.inf)  # noqa: B010
    try:
        import pyrender
        from pyrender.offscreen import OffscreenRenderer  # noqa: F401
    except (ImportError, OSError, AttributeError) as error:
        raise MissingDependencyError(_advice(platform, error)) from error
    return pyrender


def _advice(platform: str, error: Exception) -> str:
    packages = "libegl1 libgl1 libxrender1" if platform == "egl" else "libosmesa6 libgl1 libxrender1"
    return f"pyrender cannot draw through {platform} ({error}); install {packages} (Debian's names), or use the renderer 'soft'"


def _pictures(library: Any, platform: str, motion: Motion, head: Head, stage: Stage) -> Iterator[UInt8[np.ndarray, "H W 4"]]:
    poser = Poser(head, motion.names)
    materials = [_material(library, part.material) for part in head.parts]
    try:
        renderer = library.OffscreenRenderer(stage.width, stage.height)
    except Exception as error:  # whatever the system's OpenGL raises
        raise MissingDependencyError(_advice(platform, error)) from error
    ambient = Ambient(
        head,
        mesh(head),
        pack([part.material for part in head.parts]),
        position(stage.camera) - np.array(stage.camera.target),
        AMBIENT_SIDES,
        AMBIENT_SIZE,
    )
    try:
        for row in motion.values:
            scene = _scene(library, head, poser(row), ambient, materials, stage)
            # The library blends alpha into alpha; two backgrounds tell how much of them shows through.
            on_black, _ = renderer.render(scene)
            scene.bg_color = np.ones(4)
            on_white, _ = renderer.render(scene)
            yield _cut_out(on_black, on_white)
    finally:
        renderer.delete()


def _cut_out(on_black: UInt8[np.ndarray, "H W 3"], on_white: UInt8[np.ndarray, "H W 3"]) -> UInt8[np.ndarray, "H W 4"]:
    """A picture with straight alpha from the same picture on two backgrounds."""
    through = (on_white.astype(np.float32) - on_black).mean(axis=2, keepdims=True) / 255
    alpha = np.clip(1 - through, 0, 1)
    colour = np.clip(on_black / np.maximum(alpha, 1 / 255), 0, 255) * (alpha > 0)
    return np.concatenate([colour + 0.5, alpha * 255 + 0.5], axis=2).astype(np.uint8)


def _scene(
    library: Any, head: Head, vertices: Float32[np.ndarray, "V 3"], ambient: Ambient, materials: list[Any], stage: Stage
) -> Any:
    """Camera, lights and posed parts."""
    scene = library.Scene(bg_color=np.zeros(4), ambient_light=(np.array(stage.sky) + np.array(stage.ground)) / 2)
    eye = position(stage.camera)
    pose = np.eye(4)
    pose[:3, :3], pose[:3, 3] = axes(stage.camera).T, eye
    camera = library.PerspectiveCamera(yfov=stage.camera.fov, aspectRatio=stage.width / stage.height, znear=0.05, zfar=20.0)
    scene.add(camera, pose=pose)
    normals = smooth_normals(vertices, head.triangles, head.weld)
    lit = np.ones((len(vertices), 4), dtype=np.float32)
    lit[:, :3] = np.minimum(1.6 * ambient(vertices, normals), 1.0)[:, None]
    for part, material in zip(head.parts, materials, strict=True):
        if part.start < part.stop:
            scene.add(*_piece(library, head, part, material, vertices, normals, lit, eye))
    for light in stage.lights:
        _shine(library, scene, light)
    return scene


def _piece(
    library: Any,
    head: Head,
    part: Part,
    material: Any,
    vertices: np.ndarray,
    normals: np.ndarray,
    lit: np.ndarray,
    eye: np.ndarray,
) -> tuple[Any, None, np.ndarray]:
    """One part's mesh, no name, and its place; where it blends, its far triangles come first."""
    triangles = head.triangles[part.start : part.stop]
    used, corners = np.unique(triangles, return_inverse=True)
    corners = corners.reshape(triangles.shape)
    centre = vertices[used].mean(axis=0)
    if part.material.blend:
        away = np.linalg.norm(vertices[triangles].mean(axis=1) - eye, axis=1)
        corners = corners[np.argsort(-away, kind="stable")]
    primitive = library.Primitive(
        positions=vertices[used] - centre,
        normals=normals[used],
        texcoord_0=head.uv[used] * (1, -1) + (0, 1),
        color_0=lit[used],
        indices=corners.astype(np.uint32),
        material=material,
    )
    # Parts that blend are drawn in the order of their distance, which the library takes from their nodes.
    pose = np.eye(4)
    pose[:3, 3] = centre
    return library.Mesh([primitive]), None, pose


def _shine(library: Any, scene: Any, light: Light) -> None:
    """Add a directional light."""
    toward = np.array(light.direction) / np.linalg.norm(light.direction)
    aside = np.cross((0.0, 1.0, 0.0) if abs(toward[1]) < 0.9 else (1.0, 0.0, 0.0), toward)
    aside /= np.linalg.norm(aside)
    pose = np.eye(4)
    pose[:3, :3] = np.stack([aside, np.cross(toward, aside), toward], axis=1)
    strongest = max(*light.colour, 1e-6)
    # The library divides diffuse light by pi; a light's unit here is what a white matt surface sends back.
    scene.add(library.DirectionalLight(color=np.array(light.colour) / strongest, intensity=np.pi * strongest), pose=pose)


def _material(library: Any, material: Material) -> Any:
    """The material as pyrender's shader reads it: roughness from red and metal from green, unlike glTF."""
    gltf = library.constants.GLTF
    sampler = library.Sampler(
        magFilter=gltf.LINEAR, minFilter=gltf.LINEAR_MIPMAP_LINEAR, wrapS=gltf.CLAMP_TO_EDGE, wrapT=gltf.CLAMP_TO_EDGE
    )
    roughness = np.zeros_like(material.surface)
    roughness[..., 0] = material.surface[..., 0]
    return library.MetallicRoughnessMaterial(
        # The library never finds alpha in a texture, and only what it thinks transparent is drawn after the rest.
        baseColorFactor=(1.0, 1.0, 1.0, 0.999 if material.blend else 1.0),
        baseColorTexture=library.Texture(source=material.colour, source_channels="RGBA", sampler=sampler),
        metallicRoughnessTexture=library.Texture(source=roughness, source_channels="RGB", sampler=sampler),
        metallicFactor=1.0,
        roughnessFactor=1.0,
        alphaMode="BLEND" if material.blend else "OPAQUE",
        doubleSided=material.two_sided,
    )
