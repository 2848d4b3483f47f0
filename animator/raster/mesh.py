"""What of a head stays the same from frame to frame, as the compiled loops read it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float32

from animator.core.head import Head
from animator.geometry.kernel import kernel
from animator.raster.texture import CHANNELS, Textures, trilinear


class Mesh(NamedTuple):
    """Triangles and how each is drawn."""

    triangles: np.ndarray
    """``int32 [F 3]``."""
    uv: np.ndarray
    """``float32 [V 2]``."""
    part: np.ndarray
    """``int64 [F]``: the row of `Textures`."""
    veil: np.ndarray
    """``bool [F]``: drawn after the solids, with its alpha."""
    two_sided: np.ndarray
    """``bool [F]``."""
    texel_area: np.ndarray
    """``float32 [F]``: how many texels of the finest level a triangle spans."""


def mesh(head: Head) -> Mesh:
    """The mesh of a head."""
    part = np.repeat(np.arange(len(head.parts)), [p.stop - p.start for p in head.parts])
    veil = np.array([p.material.blend for p in head.parts], dtype=bool)[part]
    two_sided = np.array([p.material.two_sided for p in head.parts], dtype=bool)[part]
    texels = np.array([p.material.colour.shape[0] * p.material.colour.shape[1] for p in head.parts])[part]
    a, b, c = (head.uv[head.triangles[:, k]] for k in range(3))
    area = 0.5 * np.abs((b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]) * texels
    return Mesh(head.triangles, head.uv, part, veil, two_sided, area.astype(np.float32))


def strands(head: Head) -> np.ndarray:
    """``bool [V]``: vertices of hair. A veil on both sides of whose triangles one looks is a sheet of hair that runs along v."""
    out = np.zeros(len(head.vertices), dtype=bool)
    for part in head.parts:
        if part.material.blend and part.material.two_sided:
            out[head.triangles[part.start : part.stop]] = True
    return out


def matter(mesh: Mesh, textures: Textures) -> Float32[np.ndarray, "V 8"]:
    """What the textures hold at each vertex, taken as far around it as its triangles reach."""
    out = np.zeros((len(mesh.uv), CHANNELS), dtype=np.float32)
    owner, lod = np.zeros(len(out), dtype=np.int64), np.zeros(len(out), dtype=np.float32)
    owner[mesh.triangles] = mesh.part[:, None]
    lod[mesh.triangles] = (np.log2(np.maximum(mesh.texel_area, 1.0)) / 2)[:, None]
    _gather(textures, owner, lod, mesh.uv, out)
    return out


@kernel
def _gather(textures: Textures, owner: np.ndarray, lod: np.ndarray, uv: np.ndarray, out: np.ndarray) -> None:
    for v in range(out.shape[0]):
        trilinear(textures, owner[v], lod[v], uv[v, 0], uv[v, 1], out[v])
