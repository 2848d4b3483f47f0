"""Materials packed into one array of texels with mipmaps, and how to read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float32, UInt8
from PIL import Image

from animator.core.head import Material
from animator.geometry.kernel import kernel

CHANNELS = 8
"""Square roots of linear red, green, blue; alpha; roughness, specular strength, subsurface; one unused, for alignment."""

ONE, HALF, ZERO = np.float32(1.0), np.float32(0.5), np.float32(0.0)
BYTE = np.float32(1.0 / 255.0)


class Textures(NamedTuple):
    """Every material's texels, one row a texel, each level row by row, levels from large to small."""

    texels: np.ndarray
    """``uint8 [M 8]``."""
    first: np.ndarray
    """``int64 [P L]``: the first texel of each level of each part."""
    size: np.ndarray
    """``int64 [P L 2]``: width and height of each level."""
    levels: np.ndarray
    """``int64 [P]``: how many levels a part has."""


def linear(srgb: np.ndarray) -> np.ndarray:
    """Linear light from sRGB in [0, 1] (IEC 61966-2-1)."""
    light: np.ndarray = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    return light


def pack(materials: Sequence[Material]) -> Textures:
    """Textures of the parts, in order; a material that several parts share is stored once."""
    chains: dict[int, list[np.ndarray]] = {}
    for material in materials:
        if id(material) not in chains:
            chains[id(material)] = _levels(_texels(material))
    depth = max(len(chain) for chain in chains.values())
    starts: dict[int, int] = {}
    total = 0
    for key, chain in chains.items():
        starts[key] = total
        total += sum(level.shape[0] * level.shape[1] for level in chain)
    texels = np.concatenate([level.reshape(-1, CHANNELS) for chain in chains.values() for level in chain])
    first = np.zeros((len(materials), depth), dtype=np.int64)
    size = np.ones((len(materials), depth, 2), dtype=np.int64)
    for p, material in enumerate(materials):
        at = starts[id(material)]
        for k, level in enumerate(chains[id(material)]):
            first[p, k], size[p, k] = at, (level.shape[1], level.shape[0])
            at += level.shape[0] * level.shape[1]
    levels = np.array([len(chains[id(material)]) for material in materials], dtype=np.int64)
    return Textures(texels, first, size, levels)


def _texels(material: Material) -> Float32[np.ndarray, "H W 8"]:
    """Linear colour, alpha and surface of one material, all at the size of its colour, in [0, 1]."""
    height, width = material.colour.shape[:2]
    surface = Image.fromarray(material.surface).resize((width, height), Image.Resampling.BILINEAR)
    texels = np.zeros((height, width, CHANNELS), dtype=np.float32)
    decode = linear(np.arange(256) / 255.0).astype(np.float32)
    texels[..., :3] = decode[material.colour[..., :3]]
    texels[..., 3] = material.colour[..., 3] / np.float32(255)
    texels[..., 4:7] = np.asarray(surface, dtype=np.float32) / np.float32(255)
    return texels


def _levels(texels: Float32[np.ndarray, "H W 8"]) -> list[UInt8[np.ndarray, "h w 8"]]:
    """The texels and their halvings down to one texel; colours are weighted by alpha, so that clear texels lend none."""
    chain = [texels]
    while max(chain[-1].shape[:2]) > 1:
        last = chain[-1]
        last = np.pad(last, ((0, last.shape[0] % 2), (0, last.shape[1] % 2), (0, 0)), mode="edge")
        weight = last[..., 3:4] + np.float32(1e-4)
        weighted = np.concatenate([last[..., :3] * weight, last[..., 3:], weight], axis=2)
        quads = weighted.reshape(last.shape[0] // 2, 2, last.shape[1] // 2, 2, CHANNELS + 1).mean(axis=(1, 3))
        quads[..., :3] /= quads[..., CHANNELS:]
        chain.append(quads[..., :CHANNELS])
    for k in range(len(chain) - 1, 0, -1):
        coarse, fine = chain[k], chain[k - 1]
        clear = fine[..., 3] < 1e-3
        spread = coarse.repeat(2, axis=0).repeat(2, axis=1)[: fine.shape[0], : fine.shape[1], :3]
        fine[clear, :3] = spread[clear]
    packed = []
    for level in chain:
        encoded = level.copy()
        encoded[..., :3] = np.sqrt(np.clip(encoded[..., :3], 0, 1))
        packed.append((encoded * 255 + 0.5).astype(np.uint8))
    return packed


@kernel
def bilinear(textures: Textures, part: int, level: int, u: np.float32, v: np.float32, share: np.float32, out: np.ndarray) -> None:
    """Add ``share`` times the texel at (u, v) of one level to ``out [8]``; outside the texture its edge goes on."""
    texels = textures.texels
    wide, high = textures.size[part, level, 0], textures.size[part, level, 1]
    x = min(max(u * np.float32(wide) - HALF, ZERO), np.float32(wide - 1))
    y = min(max(v * np.float32(high) - HALF, ZERO), np.float32(high - 1))
    x0, y0 = int(x), int(y)
    fx, fy = x - np.float32(x0), y - np.float32(y0)
    right = 1 if x0 + 1 < wide else 0
    down = wide if y0 + 1 < high else 0
    a = textures.first[part, level] + y0 * wide + x0
    b, c = a + right, a + down
    d = c + right
    wa, wb = (ONE - fx) * (ONE - fy) * share, fx * (ONE - fy) * share
    wc, wd = (ONE - fx) * fy * share, fx * fy * share
    for k in range(8):
        out[k] += (
            wa * np.float32(texels[a, k])
            + wb * np.float32(texels[b, k])
            + wc * np.float32(texels[c, k])
            + wd * np.float32(texels[d, k])
        )


@kernel
def trilinear(textures: Textures, part: int, lod: np.float32, u: np.float32, v: np.float32, out: np.ndarray) -> None:
    """Write the texel at (u, v), blended between the two levels around ``lod`` (log2 of texels a pixel), to ``out [8]``."""
    for k in range(8):
        out[k] = ZERO
    top = np.float32(textures.levels[part] - 1)
    lod = min(max(lod, ZERO), top)
    level = int(lod)
    share = lod - np.float32(level)
    bilinear(textures, part, level, u, v, (ONE - share) * BYTE, out)
    if share > ZERO:
        bilinear(textures, part, level + 1, u, v, share * BYTE, out)
