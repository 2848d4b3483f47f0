"""What hides what from the light: depth seen from many sides, and how open to the light a point is.

A depth map holds, for each texel of a square across a direction, how far along that direction the outermost surface lies
(metres; larger is nearer to the light). It serves as a shadow map (Williams 1978), softened by percentage-closer filtering
(Reeves et al. 1987); many small ones together give ambient occlusion that moves with the face.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32

from animator.geometry.kernel import inner, kernel
from animator.raster.mesh import Mesh
from animator.raster.texture import Textures, alpha_near

f32 = np.float32
FAR = f32(-1e9)


def view(direction: np.ndarray, centre: np.ndarray, radius: float, size: int) -> Float32[np.ndarray, "3 4"]:
    """The matrix that takes (point, 1) to texels across and along a direction: a ball just fits into the square.

    Parameters
    ----------
    direction
        Towards the light, any length above 0.
    centre, radius
        The ball, metres.
    size
        Texels a side.
    """
    toward = np.asarray(direction, dtype=np.float64) / np.linalg.norm(direction)
    aside = np.cross((0.0, 1.0, 0.0) if abs(toward[1]) < 0.9 else (1.0, 0.0, 0.0), toward)
    aside /= np.linalg.norm(aside)
    rows = np.stack([aside, np.cross(toward, aside), toward]) * np.array([[size / (2 * radius)], [size / (2 * radius)], [1.0]])
    shift = np.array([size / 2, size / 2, 0.0]) - rows @ centre
    return np.concatenate([rows, shift[:, None]], axis=1).astype(np.float32)


def sides(count: int, front: np.ndarray) -> Float32[np.ndarray, "D 3"]:
    """Directions spread evenly (golden angle) over a sphere's cap about ``front``, out to 110 degrees from it."""
    k = np.arange(count)
    height = 1.0 - (1.0 - np.cos(np.radians(110.0))) * (k + 0.5) / count
    angle = k * np.pi * (3.0 - np.sqrt(5.0))
    ring = np.sqrt(1.0 - height**2)
    axes = view(front, np.zeros(3), 1.0, 2)[:, :3]
    spread: np.ndarray = np.stack([ring * np.cos(angle), ring * np.sin(angle), height], axis=1) @ axes
    return spread.astype(np.float32)


@kernel
def depth_map(
    points: np.ndarray,
    mesh: Mesh,
    textures: Textures,
    order: np.ndarray,
    corners: np.ndarray,
    matrix: np.ndarray,
    seen: np.ndarray,
    out: np.ndarray,
) -> None:
    """Draw the triangles ``order int32 [K]`` that face the light, or have two sides, into ``out float32 [S S]``.

    Their corners are all among ``corners int32 [L]``. Where a veil lets through more than half, it is not there.
    ``seen float32 [V 3]`` is room to work in.
    """
    triangles, uv, two_sided = mesh.triangles, mesh.uv, mesh.two_sided
    size = out.shape[0]
    out[:] = FAR
    for v in corners:
        x, y, z = points[v, 0], points[v, 1], points[v, 2]
        for k in range(3):
            seen[v, k] = matrix[k, 0] * x + matrix[k, 1] * y + matrix[k, 2] * z + matrix[k, 3]
    half = f32(0.5)
    zero = f32(0.0)
    for t in order:
        a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        xa, ya, xb, yb, xc, yc = seen[a, 0], seen[a, 1], seen[b, 0], seen[b, 1], seen[c, 0], seen[c, 1]
        left, right = max(int(np.ceil(min(xa, xb, xc) - half)), 0), min(int(np.floor(max(xa, xb, xc) - half)), size - 1)
        top, bottom = max(int(np.ceil(min(ya, yb, yc) - half)), 0), min(int(np.floor(max(ya, yb, yc) - half)), size - 1)
        area = (xb - xa) * (yc - ya) - (yb - ya) * (xc - xa)
        if left > right or top > bottom or area == zero or (area < zero and not two_sided[t]):
            continue
        share = f32(1.0) / area
        za, zb, zc = seen[a, 2], seen[b, 2], seen[c, 2]
        veil = mesh.veil[t]
        level = 0
        if veil:
            lod = half * np.log2(f32(2.0) * mesh.texel_area[t] / abs(area) + f32(1.0))
            level = min(int(lod), textures.levels[mesh.part[t]] - 1)
        # Shares of b and c, which grow by a fixed step from texel to texel.
        bx, by, cx, cy = (yc - ya) * share, (xa - xc) * share, (ya - yb) * share, (xb - xa) * share
        ax = -bx - cx
        for y in range(top, bottom + 1):
            py = f32(y) + half - ya
            px = f32(left) + half - xa
            wb, wc = px * bx + py * by, px * cx + py * cy
            low, high = stretch(wb, bx, zero, f32(right - left))
            low, high = stretch(wc, cx, low, high)
            low, high = stretch(f32(1.0) - wb - wc, ax, low, high)
            first = int(np.ceil(low))
            for step in range(first, int(np.floor(high)) + 1):
                x = left + step
                sb, sc = wb + f32(step) * bx, wc + f32(step) * cx
                sa = f32(1.0) - sb - sc
                z = sa * za + sb * zb + sc * zc
                if z <= out[y, x]:
                    continue
                if veil:
                    u = sa * uv[a, 0] + sb * uv[b, 0] + sc * uv[c, 0]
                    v = sa * uv[a, 1] + sb * uv[b, 1] + sc * uv[c, 1]
                    if alpha_near(textures, mesh.part[t], level, u, v) < 128:
                        continue
                out[y, x] = z


@inner
def stretch(value: np.float32, step: np.float32, low: np.float32, high: np.float32) -> tuple[np.float32, np.float32]:
    """The part of [low, high] in which ``value + step * x`` is not below 0; ``high`` below ``low`` where there is none."""
    if step > f32(0.0):
        return max(low, -value / step), high
    if step < f32(0.0):
        return low, min(high, -value / step)
    return low, high if value >= f32(0.0) else low - f32(1.0)


@inner
def seen_share(depths: np.ndarray, x: np.float32, y: np.float32, z: np.float32) -> np.float32:
    """Share of a 3-texel square around (x, y) whose surface is not nearer to the light than ``z``; 1 outside the map."""
    size = depths.shape[0]
    x, y = x - f32(1.5), y - f32(1.5)
    if not (x >= f32(0.0) and y >= f32(0.0) and x < f32(size - 3) and y < f32(size - 3)):
        return f32(1.0)
    i, j = int(x), int(y)
    fx, fy = x - f32(i), y - f32(j)
    total = f32(0.0)
    for row in range(4):
        across = f32(0.0)
        across += (f32(1.0) - fx) if depths[j + row, i] <= z else f32(0.0)
        across += f32(1.0) if depths[j + row, i + 1] <= z else f32(0.0)
        across += f32(1.0) if depths[j + row, i + 2] <= z else f32(0.0)
        across += fx if depths[j + row, i + 3] <= z else f32(0.0)
        total += across * ((f32(1.0) - fy) if row == 0 else fy if row == 3 else f32(1.0))
    return total * f32(1.0 / 9.0)


@kernel
def openness(
    points: np.ndarray,
    normals: np.ndarray,
    which: np.ndarray,
    lift: np.ndarray,
    directions: np.ndarray,
    matrices: np.ndarray,
    maps: np.ndarray,
    out: np.ndarray,
) -> None:
    """Write to ``out float32 [V]`` the cosine-weighted share of the directions from which each point is seen.

    Only the points ``which int32 [K]`` are looked at. They are lifted off the surface by a texel and a half, so that it does
    not shade itself, and by ``lift float32 [V]`` metres more.
    """
    for v in which:
        lit, whole = f32(0.0), f32(1e-6)
        for d in range(directions.shape[0]):
            cosine = normals[v, 0] * directions[d, 0] + normals[v, 1] * directions[d, 1] + normals[v, 2] * directions[d, 2]
            if cosine <= f32(0.0):
                continue
            whole += cosine
            m = matrices[d]
            texel = f32(1.0) / np.sqrt(m[0, 0] * m[0, 0] + m[0, 1] * m[0, 1] + m[0, 2] * m[0, 2])
            off = texel * f32(1.5)
            up = off + lift[v]
            x, y, z = points[v, 0] + normals[v, 0] * up, points[v, 1] + normals[v, 1] * up, points[v, 2] + normals[v, 2] * up
            lit += cosine * seen_share(
                maps[d],
                m[0, 0] * x + m[0, 1] * y + m[0, 2] * z + m[0, 3],
                m[1, 0] * x + m[1, 1] * y + m[1, 2] * z + m[1, 3],
                m[2, 0] * x + m[2, 1] * y + m[2, 2] * z + m[2, 3] + off,
            )
        out[v] = lit / whole
