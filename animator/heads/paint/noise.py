"""Seeded noise in space, so that a texture has no seam where its uv square has one."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from jaxtyping import Float32

from animator.geometry.kernel import inner, kernel


@inner
def _hash(x: Any, y: Any, z: Any, seed: Any) -> Any:
    """32 well-mixed bits of a lattice point (the finaliser of MurmurHash3)."""
    h = (x * 374761393 + y * 668265263 + z * 2147483647 + seed * 1274126177) & 0xFFFFFFFF
    h = ((h ^ (h >> 16)) * 0x85EBCA6B) & 0xFFFFFFFF
    h = ((h ^ (h >> 13)) * 0xC2B2AE35) & 0xFFFFFFFF
    return h ^ (h >> 16)


@inner
def _corner(x: Any, y: Any, z: Any, seed: Any, dx: Any, dy: Any, dz: Any) -> Any:
    """The lattice point's random gradient along the offset; ten bits an axis."""
    h = _hash(x, y, z, seed)
    gx = (h & 1023) / 511.5 - 1.0
    gy = ((h >> 10) & 1023) / 511.5 - 1.0
    gz = ((h >> 20) & 1023) / 511.5 - 1.0
    return gx * dx + gy * dy + gz * dz


@inner
def _gradient(px: Any, py: Any, pz: Any, seed: Any) -> Any:
    x, y, z = math.floor(px), math.floor(py), math.floor(pz)
    dx, dy, dz = px - x, py - y, pz - z
    u = dx * dx * dx * (dx * (dx * 6 - 15) + 10)
    v = dy * dy * dy * (dy * (dy * 6 - 15) + 10)
    w = dz * dz * dz * (dz * (dz * 6 - 15) + 10)
    low = (1 - v) * ((1 - u) * _corner(x, y, z, seed, dx, dy, dz) + u * _corner(x + 1, y, z, seed, dx - 1, dy, dz)) + v * (
        (1 - u) * _corner(x, y + 1, z, seed, dx, dy - 1, dz) + u * _corner(x + 1, y + 1, z, seed, dx - 1, dy - 1, dz)
    )
    high = (1 - v) * (
        (1 - u) * _corner(x, y, z + 1, seed, dx, dy, dz - 1) + u * _corner(x + 1, y, z + 1, seed, dx - 1, dy, dz - 1)
    ) + v * (
        (1 - u) * _corner(x, y + 1, z + 1, seed, dx, dy - 1, dz - 1)
        + u * _corner(x + 1, y + 1, z + 1, seed, dx - 1, dy - 1, dz - 1)
    )
    return (1 - w) * low + w * high


@kernel
def _fractal(points: Any, frequency: Any, octaves: Any, seed: Any, out: Any) -> None:
    for i in range(len(points)):
        total, share, f = 0.0, 1.0, 1.0
        for octave in range(octaves):
            total += share * _gradient(
                points[i, 0] * frequency[0] * f + 17.3 * octave,
                points[i, 1] * frequency[1] * f + 5.1 * octave,
                points[i, 2] * frequency[2] * f + 91.7 * octave,
                seed + octave,
            )
            share *= 0.5
            f *= 2.03
        out[i] = total


@kernel
def _cells(points: Any, frequency: Any, seed: Any, near: Any, pick: Any) -> None:
    for i in range(len(points)):
        px, py, pz = points[i, 0] * frequency, points[i, 1] * frequency, points[i, 2] * frequency
        # The eight cells whose middles surround the point hold its nearest seed but for rare, harmless misses.
        x0, y0, z0 = math.floor(px - 0.5), math.floor(py - 0.5), math.floor(pz - 0.5)
        best, which = 9.0, 0
        for k in range(8):
            x, y, z = x0 + (k & 1), y0 + ((k >> 1) & 1), z0 + (k >> 2)
            h = _hash(x, y, z, seed)
            dx = x + 0.15 + 0.7 * (h & 1023) / 1023.0 - px
            dy = y + 0.15 + 0.7 * ((h >> 10) & 1023) / 1023.0 - py
            dz = z + 0.15 + 0.7 * ((h >> 20) & 1023) / 1023.0 - pz
            d = dx * dx + dy * dy + dz * dz
            if d < best:
                best, which = d, h
        near[i] = math.sqrt(best)
        pick[i] = ((which * 2654435761) & 0xFFFFFFFF) / 4294967295.0


def fractal(
    points: Float32[np.ndarray, "N 3"], size: float | tuple[float, float, float], octaves: int, seed: int
) -> Float32[np.ndarray, " N"]:
    """Gradient noise summed over octaves (Perlin 1985, 2002), about [-1, 1] and of zero mean.

    Parameters
    ----------
    points
        ``float32 [N 3]``, any unit.
    size
        Wavelength of the first octave in the same unit, one for all axes or one an axis (a long one makes streaks).
    octaves
        How many; each is half as long and half as strong as the one before.
    seed
        The same seed gives the same noise.
    """
    wavelength = np.broadcast_to(np.asarray(size, dtype=np.float64), (3,))
    out = np.empty(len(points), dtype=np.float32)
    _fractal(points, 1.0 / wavelength, octaves, seed, out)
    return out


def cells(points: Float32[np.ndarray, "N 3"], size: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Distance to the nearest of the seeds scattered one a cell (Worley 1996), in cells, and that seed's number in [0, 1]."""
    near = np.empty(len(points), dtype=np.float32)
    pick = np.empty(len(points), dtype=np.float32)
    _cells(points, 1.0 / size, seed, near, pick)
    return near, pick
