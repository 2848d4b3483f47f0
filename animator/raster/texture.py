"""Materials packed into one array of texels with mipmaps, and how to read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import UInt8
from PIL import Image

from animator.core.colour import linear
from animator.core.head import Material
from animator.geometry.kernel import inner, kernel

CHANNELS = 8
"""Square roots of linear red, green, blue; alpha; roughness, specular strength, subsurface; one unused, for alignment."""

f32 = np.float32
ONE, HALF, ZERO = f32(1.0), f32(0.5), f32(0.0)
UNIT = f32(1.0 / (255.0 * 256.0))
LANES = (0, 4, 1, 5, 2, 6, 3, 7)
"""The channel in each byte of a texel, lowest first: even bytes hold the first four, odd ones the others, as `bilinear` sums."""

EIGHT, ALPHA_BITS = np.uint64(8), np.uint64(48)
BYTE, SIXTEEN, FOUR = np.uint64(0xFF), np.uint64(0xFFFF), np.uint64(0x00FF00FF00FF00FF)


class Textures(NamedTuple):
    """Every material's texels, one row a texel, each level row by row, levels from large to small."""

    texels: np.ndarray
    """``uint64 [M]``: eight channels of eight bits, as `LANES` says."""
    first: np.ndarray
    """``int64 [P L]``: the first texel of each level of each part."""
    size: np.ndarray
    """``int64 [P L 2]``: width and height of each level."""
    levels: np.ndarray
    """``int64 [P]``: how many levels a part has."""


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
    rows = np.take(np.concatenate([level.reshape(-1, CHANNELS) for chain in chains.values() for level in chain]), LANES, axis=1)
    texels = rows.view("<u8").astype(np.uint64).ravel()
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
def alpha_near(textures: Textures, part: int, level: int, u: np.float32, v: np.float32) -> int:
    """Alpha, 0 to 255, of the texel that (u, v) falls into; outside the texture its edge goes on."""
    wide, high = textures.size[part, level, 0], textures.size[part, level, 1]
    x = min(max(int(u * f32(wide)), 0), wide - 1)
    y = min(max(int(v * f32(high)), 0), high - 1)
    return int((textures.texels[textures.first[part, level] + y * wide + x] >> ALPHA_BITS) & BYTE)


@inner
def bilinear(
    textures: Textures, part: int, level: int, u: np.float32, v: np.float32, whole: int, even: np.uint64, odd: np.uint64
) -> tuple[np.uint64, np.uint64]:
    """Add the texel at (u, v) of one level, times ``whole`` (0 to 256), to the sums of even and of odd channels.

    Each sum holds four channels of 16 bits, so that one product weights four at a time.
    """
    wide, high = textures.size[part, level, 0], textures.size[part, level, 1]
    x = min(max(u * f32(wide) - HALF, ZERO), f32(wide - 1))
    y = min(max(v * f32(high) - HALF, ZERO), f32(high - 1))
    x0, y0 = int(x), int(y)
    fx, fy = int((x - f32(x0)) * f32(256.0)), int((y - f32(y0)) * f32(256.0))
    right = 1 if x0 + 1 < wide else 0
    down = wide if y0 + 1 < high else 0
    at = textures.first[part, level] + y0 * wide + x0
    a, b = textures.texels[at], textures.texels[at + right]
    c, d = textures.texels[at + down], textures.texels[at + down + right]
    ib = (fx * (256 - fy) * whole) >> 16
    ic = ((256 - fx) * fy * whole) >> 16
    id_ = (fx * fy * whole) >> 16
    wa, wb, wc, wd = np.uint64(whole - ib - ic - id_), np.uint64(ib), np.uint64(ic), np.uint64(id_)
    even += (a & FOUR) * wa + (b & FOUR) * wb + (c & FOUR) * wc + (d & FOUR) * wd
    odd += ((a >> EIGHT) & FOUR) * wa + ((b >> EIGHT) & FOUR) * wb + ((c >> EIGHT) & FOUR) * wc + ((d >> EIGHT) & FOUR) * wd
    return even, odd


@inner
def trilinear(textures: Textures, part: int, lod: np.float32, u: np.float32, v: np.float32, out: np.ndarray) -> None:
    """Write the texel at (u, v), blended between the two levels around ``lod`` (log2 of texels a pixel), to ``out [8]``."""
    lod = min(max(lod, ZERO), f32(textures.levels[part] - 1))
    level = int(lod)
    share = int((lod - f32(level)) * f32(256.0))
    even, odd = bilinear(textures, part, level, u, v, 256 - share, np.uint64(0), np.uint64(0))
    if share > 0:
        even, odd = bilinear(textures, part, level + 1, u, v, share, even, odd)
    for k in range(4):
        shift = np.uint64(16 * k)
        out[k] = f32(np.int32((even >> shift) & SIXTEEN)) * UNIT
        out[4 + k] = f32(np.int32((odd >> shift) & SIXTEEN)) * UNIT
