"""A visitor's desk: the one folder that what they bring and make is kept in, until they leave."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import animator

PREFIX = "animator-app-"
"""What the folder of a running demo begins with; its process comes next."""

LARGEST, FULL = 24 * 2**20, 2**30
"""Bytes of a file that is taken in, and of a desk that takes in no more."""


@contextmanager
def ground(place: Path | None = None) -> Iterator[Path]:
    """A folder for all desks of this process, gone when the block ends; those that dead processes left are removed first."""
    place = place or Path(tempfile.gettempdir())
    for folder in place.glob(f"{PREFIX}*"):
        owner = folder.name.removeprefix(PREFIX).partition("-")[0]
        if owner.isdigit() and not _alive(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=place)).resolve()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Desk:
    """A folder whose name nobody can guess, with a drawer for each file, so that files keep the names they came with."""

    def __init__(self, ground: Path) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="desk-", dir=ground))

    def take_in(self, upload: str | Path) -> Path:
        """An uploaded file, copied here; `animator.InputError` if it is too large or gone, or the desk is full."""
        source = Path(upload)
        try:
            size = source.stat().st_size
        except OSError:
            raise animator.InputError(f"{source.name!r} is no longer there; please give it again") from None
        if size > LARGEST:
            source.unlink()
            raise animator.InputError(f"{source.name!r} has {size / 2**20:.0f} MB; give a file of at most {LARGEST // 2**20} MB")
        if sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file()) > FULL:
            source.unlink()
            raise animator.InputError("there is no room on this desk for more; reload the page to begin with an empty one")
        return self.copy(source)  # the page may still be reading the upload, which Gradio removes in time

    def copy(self, source: Path) -> Path:
        """A file, such as a sample, laid on the desk."""
        return Path(shutil.copyfile(source, self.place(source.name)))

    def place(self, name: str) -> Path:
        """Where a new file of this name may be written: in a drawer of its own."""
        return Path(tempfile.mkdtemp(dir=self.folder)) / Path(name).name

    def throw_away(self, path: Path) -> None:
        """Remove a file from the desk, with its drawer."""
        if path.parent.parent == self.folder:
            shutil.rmtree(path.parent, ignore_errors=True)

    def clear(self) -> None:
        """Remove the desk and all that is on it."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _alive(process: int) -> bool:
    with suppress(PermissionError):  # somebody else's, so it is
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return False
    return True
