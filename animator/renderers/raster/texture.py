"""Materials packed into one array of texels with mipmaps, and how to read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import UInt8
from PIL import Image

from animator.core.head import Material
from animator.geometry.kernel import inner, kernel

CHANNELS = 8
"""Square roots of linear red, green, blue; alpha; roughness, specular strength, subsurface; one unused, for alignment."""

f32 = np.float32
ONE, HALF, ZERO = f32(1.0), f32(0.5), f32(0.0)
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


def _texels(material: Material) -> UInt8[np.ndarray, "H W 8"]:
    """Encoded colour, alpha and surface of one material, all at the size of its colour."""
    height, width = material.colour.shape[:2]
    surface = Image.fromarray(material.surface).resize((width, height), Image.Resampling.BILINEAR)
    encode = (np.sqrt(linear(np.arange(256) / 255.0)) * 255 + 0.5).astype(np.uint8)
    texels = np.zeros((height, width, CHANNELS), dtype=np.uint8)
    texels[..., :3] = encode[material.colour[..., :3]]
    texels[..., 3] = material.colour[..., 3]
    texels[..., 4:7] = np.asarray(surface)
    return texels


def _levels(texels: UInt8[np.ndarray, "H W 8"]) -> list[UInt8[np.ndarray, "h w 8"]]:
    """The texels and their halvings down to one texel; clear texels then take the colour of what is around them."""
    chain = [texels]
    while max(chain[-1].shape[:2]) > 1:
        high, wide = chain[-1].shape[:2]
        half = np.empty((max(high // 2, 1), max(wide // 2, 1), CHANNELS), dtype=np.uint8)
        _halve(chain[-1], half)
        chain.append(half)
    for fine, coarse in zip(chain[-2::-1], chain[:0:-1], strict=True):
        _spread(coarse, fine)
    return chain


@kernel
def _halve(fine: np.ndarray, coarse: np.ndarray) -> None:
    """Mean of each two by two texels, in linear light; colour counts by its alpha. The last odd row or column is dropped."""
    high, wide = fine.shape[0], fine.shape[1]
    for y in range(coarse.shape[0]):
        for x in range(coarse.shape[1]):
            red, green, blue, whole = ZERO, ZERO, ZERO, f32(1e-3)
            alpha, rough, shine, through = ZERO, ZERO, ZERO, ZERO
            for j in range(min(2 * y, high - 1), min(2 * y + 2, high)):
                for i in range(min(2 * x, wide - 1), min(2 * x + 2, wide)):
                    weight = f32(fine[j, i, 3]) + f32(1e-3)
                    whole += weight
                    red += weight * f32(fine[j, i, 0]) * f32(fine[j, i, 0])
                    green += weight * f32(fine[j, i, 1]) * f32(fine[j, i, 1])
                    blue += weight * f32(fine[j, i, 2]) * f32(fine[j, i, 2])
                    alpha += f32(fine[j, i, 3])
                    rough += f32(fine[j, i, 4])
                    shine += f32(fine[j, i, 5])
                    through += f32(fine[j, i, 6])
            share = ONE / f32((min(2 * y + 2, high) - min(2 * y, high - 1)) * (min(2 * x + 2, wide) - min(2 * x, wide - 1)))
            coarse[y, x, 0] = int(np.sqrt(red / whole) + HALF)
            coarse[y, x, 1] = int(np.sqrt(green / whole) + HALF)
            coarse[y, x, 2] = int(np.sqrt(blue / whole) + HALF)
            coarse[y, x, 3] = int(alpha * share + HALF)
            coarse[y, x, 4] = int(rough * share + HALF)
            coarse[y, x, 5] = int(shine * share + HALF)
            coarse[y, x, 6] = int(through * share + HALF)
            coarse[y, x, 7] = 0


@kernel
def _spread(coarse: np.ndarray, fine: np.ndarray) -> None:
    """Give texels with no alpha the colour of the coarser level, so that filtering brings in no foreign colour."""
    for y in range(fine.shape[0]):
        for x in range(fine.shape[1]):
            if fine[y, x, 3] == 0:
                for k in range(3):
                    fine[y, x, k] = coarse[min(y // 2, coarse.shape[0] - 1), min(x // 2, coarse.shape[1] - 1), k]


@inner
def nearest(textures: Textures, part: int, level: int, u: np.float32, v: np.float32) -> np.ndarray:
    """The texel ``uint8 [8]`` that (u, v) falls into; outside the texture its edge goes on."""
    wide, high = textures.size[part, level, 0], textures.size[part, level, 1]
    x = min(max(int(u * f32(wide)), 0), wide - 1)
    y = min(max(int(v * f32(high)), 0), high - 1)
    texel: np.ndarray = textures.texels[textures.first[part, level] + y * wide + x]
    return texel


@inner
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


@inner
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
