"""Paint kept on disk: a skin takes seconds to paint and milliseconds to read back."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from animator.core.head import Material
from animator.heads.shape.basemesh import package_version

KEPT = 12
"""Paints kept on disk, the latest used."""


def folder() -> Path:
    """Where paint is kept."""
    return Path.home() / ".cache" / "animator" / "paint"


def kept(key: str, paint: Callable[[], Material]) -> Material:
    """The material that ``paint`` makes, from disk if it was painted before.

    ``key`` names every setting that the paint depends on; the painters' own code and the version of the base mesh's package
    are added to it. Where nothing can be kept, it is painted each time.
    """
    name = sha256("\n".join([key, package_version(), _painters()]).encode()).hexdigest()[:32]
    path = folder() / f"{name}.npz"
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
            material = Material(stored["colour"], stored["surface"], bool(stored["blend"]), bool(stored["two_sided"]))
        path.touch()
    except (OSError, KeyError, ValueError, EOFError, BadZipFile):
        material = paint()
        _keep(path, material)
    return material


def _painters() -> str:
    sources = sorted(files("animator.heads.paint").iterdir(), key=lambda entry: entry.name)
    return sha256(b"".join(entry.read_bytes() for entry in sources if entry.name.endswith(".py"))).hexdigest()


def _keep(path: Path, material: Material) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as stream:
                np.savez(
                    stream,
                    colour=material.colour,
                    surface=material.surface,
                    blend=np.bool_(material.blend),
                    two_sided=np.bool_(material.two_sided),
                )
            Path(partial).replace(path)
        finally:
            Path(partial).unlink(missing_ok=True)
        for old in sorted(path.parent.glob("*.npz"), key=lambda entry: entry.stat().st_mtime)[:-KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        return  # Paint that cannot be kept is painted again next time.
