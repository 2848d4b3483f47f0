"""What a folder of outputs remembers: which files a batch made there, from what; so that it goes on where it was stopped.

``DIR/.animator-batch/journal.jsonl`` gets a line before a file is begun and one when it stands. A line that was cut off by a kill
is passed over: the file it is about is made again. Drafts lie in ``DIR/.animator-batch/drafts``.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple

from animator.errors import FormatError, InputError

SCHEMA = "animator.Batch/1"
FOLDER, DRAFTS, JOURNAL = ".animator-batch", "drafts", "journal.jsonl"


class Origin(NamedTuple):
    """What an output was made from: digests of its row with all settings, and of the bytes of its sound."""

    settings: str
    sound: str


@dataclass(frozen=True)
class Memory:
    """Outputs by their path below the folder: those that were finished with their origins, and those that were begun."""

    finished: Mapping[str, Origin]
    begun: frozenset[str]


@dataclass(frozen=True)
class Journal:
    """The journal of a folder, while a batch works there."""

    file: IO[str]
    drafts: Path

    def begin(self, outputs: Iterable[str]) -> None:
        """Say that these outputs are being made, so that what stands at their place is ours."""
        self._write({"begun": list(outputs)})

    def finish(self, origins: Mapping[str, Origin]) -> None:
        """Say that these outputs stand."""
        self._write({"finished": origins})

    def _write(self, record: Mapping[str, object]) -> None:
        self.file.write(json.dumps(record) + "\n")
        self.file.flush()
        os.fsync(self.file.fileno())


def recall(folder: Path) -> Memory:
    """What the journal of a folder says; nothing if there is none.

    Raises
    ------
    FormatError
        What lies in its place is no journal of this version.
    """
    finished: dict[str, Origin] = {}
    begun: set[str] = set()
    path = folder / FOLDER / JOURNAL
    if not path.exists():
        return Memory({}, frozenset())
    try:
        head, *lines = path.read_text(encoding="utf-8").split("\n")
        if json.loads(head) != {"schema": SCHEMA}:
            raise ValueError(head)
        for line in lines[:-1]:  # what follows the last line break was cut off
            record = json.loads(line)
            for output in record.get("begun", ()):
                begun.add(output)
                finished.pop(output, None)  # whether the old or the new one stands there, nobody knows until it is finished
            finished.update({output: Origin(*origin) for output, origin in record.get("finished", {}).items()})
    except OSError as error:
        raise InputError(f"the journal {str(path)!r} cannot be read: {error.strerror}") from None
    except (ValueError, TypeError, AttributeError):
        raise FormatError(
            f"{str(path)!r} is no journal of a batch that can be read here ({SCHEMA}); move {FOLDER} away to begin anew"
        ) from None
    return Memory(finished, frozenset(begun) | finished.keys())


@contextmanager
def keeping(folder: Path) -> Iterator[Journal]:
    """The folder's journal, to be written while the block runs; what an earlier batch left half made is cleared away.

    Raises
    ------
    InputError
        Another batch is at work in the folder.
    """
    ours = folder / FOLDER
    ours.mkdir(parents=True, exist_ok=True)
    with _alone(ours):
        memory = recall(folder)
        shutil.rmtree(ours / DRAFTS, ignore_errors=True)
        (ours / DRAFTS).mkdir()
        path, fresh = ours / JOURNAL, ours / f"{JOURNAL}.new"
        with fresh.open("w", encoding="utf-8") as file:
            file.write(json.dumps({"schema": SCHEMA}) + "\n")
            journal = Journal(file, ours / DRAFTS)
            journal.begin(sorted(memory.begun - memory.finished.keys()))
            journal.finish(memory.finished)
            fresh.replace(path)
            try:
                yield journal
            finally:
                shutil.rmtree(ours / DRAFTS, ignore_errors=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, which the system lets go when the process ends, however it ends."""
    if os.name != "posix":
        yield
        return
    import fcntl

    lock = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            told = f"another batch is at work in {str(folder.parent)!r}; wait for it, or give another folder"
            raise InputError(told) from None
        yield
    finally:
        os.close(lock)
