"""Smooth normals of a mesh, and which way its texture runs."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32, Int32

from animator.geometry.kernel import kernel

TINY = np.float32(1e-30)


def smooth_normals(
    vertices: Float32[np.ndarray, "V 3"], triangles: Int32[np.ndarray, "F 3"], weld: Int32[np.ndarray, " V"]
) -> Float32[np.ndarray, "V 3"]:
    """Unit normals, each the area-weighted mean of the triangles that meet in a point of the surface.

    Vertices with the same number in ``weld`` are one point and get the same normal. A vertex of no triangle gets zeros.
    """
    sums, normals = np.zeros_like(vertices), np.empty_like(vertices)
    _accumulate(vertices, triangles, weld, sums, normals)
    return normals


def down_texture(
    vertices: Float32[np.ndarray, "V 3"],
    uv: Float32[np.ndarray, "V 2"],
    triangles: Int32[np.ndarray, "F 3"],
) -> Float32[np.ndarray, "V 3"]:
    """Unit directions in which v grows on the surface at each vertex; zeros where no triangle says so."""
    out = np.zeros_like(vertices)
    _descend(vertices, uv, triangles, out)
    return out


@kernel
def _accumulate(vertices: np.ndarray, triangles: np.ndarray, weld: np.ndarray, sums: np.ndarray, normals: np.ndarray) -> None:
    for t in range(triangles.shape[0]):
        a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        ux, uy, uz = (vertices[b, 0] - vertices[a, 0], vertices[b, 1] - vertices[a, 1], vertices[b, 2] - vertices[a, 2])
        vx, vy, vz = (vertices[c, 0] - vertices[a, 0], vertices[c, 1] - vertices[a, 1], vertices[c, 2] - vertices[a, 2])
        nx, ny, nz = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
        for corner in (weld[a], weld[b], weld[c]):
            sums[corner, 0] += nx
            sums[corner, 1] += ny
            sums[corner, 2] += nz
    for v in range(vertices.shape[0]):
        p = weld[v]
        x, y, z = sums[p, 0], sums[p, 1], sums[p, 2]
        scale = np.float32(1.0) / np.sqrt(max(x * x + y * y + z * z, TINY))
        normals[v, 0], normals[v, 1], normals[v, 2] = x * scale, y * scale, z * scale


@kernel
def _descend(vertices: np.ndarray, uv: np.ndarray, triangles: np.ndarray, out: np.ndarray) -> None:
    for t in range(triangles.shape[0]):
        a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        ub, uc = uv[b, 0] - uv[a, 0], uv[c, 0] - uv[a, 0]
        turned = ub * (uv[c, 1] - uv[a, 1]) - uc * (uv[b, 1] - uv[a, 1])
        sign = np.float32(1.0) if turned > 0 else np.float32(-1.0)
        for k in range(3):
            along = sign * (ub * (vertices[c, k] - vertices[a, k]) - uc * (vertices[b, k] - vertices[a, k]))
            out[a, k] += along
            out[b, k] += along
            out[c, k] += along
    for v in range(vertices.shape[0]):
        scale = np.float32(1.0) / np.sqrt(max(out[v, 0] * out[v, 0] + out[v, 1] * out[v, 1] + out[v, 2] * out[v, 2], TINY))
        for k in range(3):
            out[v, k] *= scale
