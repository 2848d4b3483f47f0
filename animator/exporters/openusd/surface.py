"""Our materials as UsdPreviewSurface."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from animator.core.colour import linear
from animator.core.head import Material
from animator.exporters.gltf.surface import CUTOFF, GLASS, QUALITY, SHEEN, SHEEN_OF_STRANDS, SHEET, STRANDS, STRONGEST


def material(pxr: Any, stage: Any, path: str, made: Material, pictures: Path | None) -> Any:
    """Define a material at ``path``; its picture goes into the folder ``pictures``, or is told by its mean colour without one."""
    rough = float(made.surface[..., 0].mean()) / 255
    solid = made.colour[..., 3] > 0
    glass = made.blend and not solid.any() and rough < GLASS
    hair = made.blend and made.colour[..., 3].mean() > SHEET * 255
    whole = pxr.UsdShade.Material.Define(stage, path)
    shader = _shader(pxr, stage, f"{path}/Surface", "UsdPreviewSurface")
    types = pxr.Sdf.ValueTypeNames
    shader.CreateInput("roughness", types.Float).Set(STRANDS if hair else rough)
    shader.CreateInput("metallic", types.Float).Set(0.0)
    # A surface mirrors ((n - 1) / (n + 1))^2 of the light head-on.
    strength = float(made.surface[..., 1].mean()) / 255 * (SHEEN_OF_STRANDS if hair else 1.0)
    mirrored = np.sqrt(STRONGEST * strength)
    shader.CreateInput("ior", types.Float).Set(float((1 + mirrored) / (1 - mirrored)))
    colour = shader.CreateInput("diffuseColor", types.Color3f)
    opacity = shader.CreateInput("opacity", types.Float)
    if hair:
        shader.CreateInput("opacityThreshold", types.Float).Set(CUTOFF)
    mean = linear(made.colour[solid][:, :3].mean(axis=0) / 255) if solid.any() else np.zeros(3)
    colour.Set(pxr.Gf.Vec3f(*mean.tolist()))
    opacity.Set(SHEEN if glass else 1.0)
    if pictures is not None and not glass:
        texture = _texture(pxr, stage, path, _picture(made, pictures / f"{whole.GetPrim().GetName()}"))
        colour.ConnectToSource(texture.CreateOutput("rgb", types.Float3))
        if made.blend:
            opacity.ConnectToSource(texture.CreateOutput("a", types.Float))
    whole.CreateSurfaceOutput().ConnectToSource(shader.CreateOutput("surface", types.Token))
    return whole


def _shader(pxr: Any, stage: Any, path: str, kind: str) -> Any:
    shader = pxr.UsdShade.Shader.Define(stage, path)
    shader.CreateIdAttr(kind)
    return shader


def _texture(pxr: Any, stage: Any, path: str, picture: Path) -> Any:
    types = pxr.Sdf.ValueTypeNames
    reader = _shader(pxr, stage, f"{path}/Place", "UsdPrimvarReader_float2")
    reader.CreateInput("varname", types.String).Set("st")
    texture = _shader(pxr, stage, f"{path}/Picture", "UsdUVTexture")
    texture.CreateInput("file", types.Asset).Set(f"{picture.parent.name}/{picture.name}")
    texture.CreateInput("sourceColorSpace", types.Token).Set("sRGB")
    texture.CreateInput("wrapS", types.Token).Set("clamp")
    texture.CreateInput("wrapT", types.Token).Set("clamp")
    place = reader.CreateOutput("result", types.Float2)
    texture.CreateInput("st", types.Float2).ConnectToSource(place)
    return texture


def _picture(made: Material, stem: Path) -> Path:
    """Write the picture, and say where."""
    stem.parent.mkdir(exist_ok=True)
    if made.blend:
        Image.fromarray(made.colour).save(path := stem.with_suffix(".png"))
    else:
        picture = Image.fromarray(np.ascontiguousarray(made.colour[..., :3]))
        picture.save(path := stem.with_suffix(".jpg"), quality=QUALITY, subsampling=0)
    return path
