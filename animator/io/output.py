"""Outputs that are whole or not there: written beside their place, moved into it at the end."""

from __future__ import annotations

import errno
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from animator.errors import InputError

PICTURE, SOUND, RECIPE = "frame_%05d.png", "sound.wav", "recipe.toml"
"""The files of a clip that is a folder: its pictures by number, and what goes with them."""

_OURS = re.compile(r"frame_\d+\.png|sound\.wav|recipe\.toml")
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What the system calls a place that cannot hold more: disk full, quota reached, file too large for it."""


def check_output(path: Path, overwrite: bool = False) -> None:
    """Raise `InputError` unless something can be written at ``path``, before any work is spent on it.

    A file that exists, or a folder that holds something, is kept unless ``overwrite``, and a folder that holds anything but
    an earlier clip is always kept. Folders that do not exist yet are fine as long as they can be made.
    """
    try:
        _check(path, overwrite)
    except OSError as error:
        raise InputError(f"the output {str(path)!r} cannot be written: {error.strerror}") from None


@contextmanager
def writing(path: Path, overwrite: bool = False, drafts: Path | None = None) -> Iterator[Path]:
    """A path to write to, of the same name, that becomes ``path`` when the block ends well.

    The path lies in a hidden folder beside the target, or in one in ``drafts``, which is on the same file system; nothing
    exists at it yet: the block makes a file or a folder there. A file gets the rights that this process gives any new file. If
    the block raises, Ctrl-C included, all of it is removed, folders made for it too, and what stood at ``path`` stands there
    still.

    Raises
    ------
    InputError
        As `check_output`; or the disk has no room, when the block's `OSError` says so.
    """
    check_output(path, overwrite)
    target = _target(path)
    # Drafts that lie elsewhere need no folder before the end: one made now could be taken away by somebody else who failed.
    made = [] if drafts else [folder for folder in target.parents if not folder.exists()]
    try:
        if not drafts:
            target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".animator-", dir=drafts or target.parent) as scratch:
            draft = Path(scratch) / target.name
            yield draft
            check_output(path, overwrite)  # again: something may have come to stand there meanwhile
            _give_rights(draft)
            target.parent.mkdir(parents=True, exist_ok=True)
            _move(draft, target)
        made.clear()
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        raise InputError(f"there is no room to write {str(path)!r} ({error.strerror}); make room or write elsewhere") from error
    finally:
        for folder in made:
            with suppress(OSError):
                folder.rmdir()


def _check(path: Path, overwrite: bool) -> None:
    taken = any(path.iterdir()) if path.is_dir() else path.exists()
    if path.exists() and not path.is_dir() and not path.is_file():
        raise InputError(f"the output {str(path)!r} is neither a file nor a folder; give the name of a file to write")
    if taken and not overwrite:
        raise InputError(f"the output {str(path)!r} exists; pass --overwrite to replace it, or give another name")
    if path.is_dir() and not all(_OURS.fullmatch(each.name) and each.is_file() for each in path.iterdir()):
        raise InputError(f"the output {str(path)!r} holds other things than an earlier clip, so it is kept; give another name")
    ground = next(folder for folder in _target(path).parents if folder.exists())
    if not ground.is_dir():
        raise InputError(f"the output {str(path)!r} cannot be written: {str(ground)!r} is a file, not a folder")
    with tempfile.TemporaryDirectory(prefix=".animator-", dir=ground):
        pass  # the surest test of the right to write is to write


def _target(path: Path) -> Path:
    """Where the bytes go: a link is followed, so that it goes on pointing at them."""
    return Path(os.path.realpath(path))


def _give_rights(draft: Path) -> None:
    """Give a file those of any file made here: some libraries write through files that they alone may read."""
    if draft.is_file():
        usual = draft.with_name(f"{draft.name}.rights")
        usual.touch()
        draft.chmod(usual.stat().st_mode & 0o777)


def _move(draft: Path, target: Path) -> None:
    if target.exists() and target.is_dir() != draft.is_dir():
        kind, other = ("folder", "file") if target.is_dir() else ("file", "folder")
        raise InputError(f"the output {str(target)!r} is a {kind}, and a {other} does not replace it; give another name")
    if not target.is_dir():
        draft.replace(target)
        return
    aside = draft.with_name(f"{draft.name}.old")
    target.rename(aside)  # a folder cannot be replaced in one step
    try:
        draft.rename(target)
    except BaseException:
        aside.rename(target)
        raise
    shutil.rmtree(aside)
