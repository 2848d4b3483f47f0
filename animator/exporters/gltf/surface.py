"""Our materials as glTF's: metallic-roughness, with the specular strength of an extension that is passed over where unknown.

What glTF has no word for stands in a material's ``extras``, for readers that are ours: ``surface``, the mean roughness, specular
strength and subsurface of `animator.core.head.Material`, each in [0, 1].
"""

from __future__ import annotations

import io

import numpy as np
from jaxtyping import UInt8
from PIL import Image

from animator.core.head import Material
from animator.exporters.gltf.document import Document

QUALITY = 92
"""Of JPEG, for pictures without alpha; alpha needs PNG, which has none to choose."""

SHEET = 0.25
"""A veil whose picture covers more than this is hair; others are fine things that lie on the skin, such as lashes and brows."""

CUTOFF = 0.4
"""Hair is there or not: sheets that only half cover would have to be drawn from back to front, which few programs do."""

GLASS = 0.3
"""Smoother and clear, a veil is glass: what it does is to mirror."""

SHEEN = 0.08
"""Alpha of glass. glTF fades what a surface mirrors with its alpha, so that glass of alpha 0 would not be there at all."""

STRONGEST = 0.08
"""Share of light that our surfaces of specular strength 1 mirror head-on; glTF's mirror half of it."""

STRANDS, SHEEN_OF_STRANDS = 0.75, 0.3
"""Roughness of hair, and how much of its specular strength is kept: strands mirror along a cone, which a surface does not, and as
smooth and strong as they are, a sheet would glare."""

_CLAMP, _LINEAR, _SMOOTH = 33071, 9729, 9987


def material(document: Document, made: Material, name: str) -> int:
    """Add a material with its pictures, and say where."""
    surface = made.surface.reshape(-1, 3).mean(axis=0) / 255
    glass = made.blend and not made.colour[..., 3].any() and surface[0] < GLASS
    strands = bool(made.blend and made.colour[..., 3].mean() > SHEET * 255)
    metallic_roughness: dict[str, object] = {"metallicFactor": 0.0}
    if glass:
        metallic_roughness |= {"baseColorFactor": [0.0, 0.0, 0.0, SHEEN], "roughnessFactor": float(surface[0])}
    else:
        metallic_roughness |= {"baseColorTexture": {"index": _texture(document, made.colour, f"{name}_colour")}}
        metallic_roughness |= {"roughnessFactor": STRANDS} if strands else _roughness(document, made.surface, name)
    document.uses("KHR_materials_specular")
    strength = min(float(surface[1]) * STRONGEST / 0.04, 1.0) * (SHEEN_OF_STRANDS if strands else 1.0)
    return document.add(
        "materials",
        name=name,
        pbrMetallicRoughness=metallic_roughness,
        extensions={"KHR_materials_specular": {"specularFactor": strength}},
        **({"alphaMode": "MASK", "alphaCutoff": CUTOFF} if strands else {"alphaMode": "BLEND" if made.blend else "OPAQUE"}),
        doubleSided=made.two_sided,
        extras={"surface": [round(float(share), 4) for share in surface]},
    )


def _roughness(document: Document, surface: UInt8[np.ndarray, "h w 3"], name: str) -> dict[str, object]:
    rough = surface[..., 0]
    if rough.min() == rough.max():
        return {"roughnessFactor": float(rough.flat[0]) / 255}
    picture = np.zeros_like(surface)
    picture[..., 1] = rough  # green is roughness, blue is metal
    return {"metallicRoughnessTexture": {"index": _texture(document, picture, f"{name}_roughness")}}


def _texture(document: Document, picture: np.ndarray, name: str) -> int:
    clear = picture.shape[2] == 4 and picture[..., 3].min() < 255
    data = io.BytesIO()
    if clear:
        Image.fromarray(picture).save(data, "PNG")
    else:
        Image.fromarray(np.ascontiguousarray(picture[..., :3])).save(data, "JPEG", quality=QUALITY, subsampling=0)
    # Programs that unpack pictures call the files so.
    called = {"name": f"{name}.png" if clear else f"{name}.jpg", "mimeType": "image/png" if clear else "image/jpeg"}
    image = document.add("images", **called, bufferView=document.view(data.getvalue()))
    sampler = document.add("samplers", magFilter=_LINEAR, minFilter=_SMOOTH, wrapS=_CLAMP, wrapT=_CLAMP)
    return document.add("textures", source=image, sampler=sampler)
