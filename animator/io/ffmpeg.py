"""The ffmpeg program that imageio-ffmpeg carries."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import IO

from animator.errors import InputError, MissingDependencyError
from animator.io.output import NO_ROOM


def program() -> str:
    """Where ffmpeg is; `MissingDependencyError` if there is none."""
    import imageio_ffmpeg

    try:
        path: str = imageio_ffmpeg.get_ffmpeg_exe()
    except RuntimeError as error:
        raise MissingDependencyError(f"clips need ffmpeg, and imageio-ffmpeg has none here: {error}") from None
    return path


@contextmanager
def feeding(arguments: Sequence[str]) -> Iterator[Callable[[memoryview], None]]:
    """Run ffmpeg and feed its standard input; the block gets a function that takes the next bytes.

    Taking waits until ffmpeg has read them, so memory stays bounded. When the block ends, ffmpeg finishes the file; when the
    block raises, ffmpeg is stopped first.

    Raises
    ------
    OSError
        ffmpeg found no room to write; ``errno`` says which kind.
    InputError
        ffmpeg failed for another reason, given in its own words.
    """
    command = [program(), "-hide_banner", "-loglevel", "error", "-nostdin", "-y", *arguments]
    with (
        tempfile.TemporaryFile() as complaints,
        # In a session of its own, Ctrl-C reaches us alone; unreset signals let it tell of a file that grew too large.
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=complaints,
            start_new_session=True, restore_signals=False,
        ) as process,
    ):  # fmt: skip
        pipe = process.stdin
        assert pipe is not None

        def take(data: memoryview) -> None:
            try:
                pipe.write(data)
            except BrokenPipeError:
                process.wait()
                raise _failure(complaints) from None

        try:
            yield take
            _close(pipe)
            if process.wait() != 0:
                raise _failure(complaints)
        except BaseException:
            process.kill()
            process.wait()
            _close(pipe)
            raise


def _close(pipe: IO[bytes]) -> None:
    with suppress(BrokenPipeError):
        pipe.close()


def _failure(complaints: IO[bytes]) -> Exception:
    complaints.seek(0)
    text = complaints.read().decode(errors="replace").strip()
    for code in NO_ROOM:
        if os.strerror(code) in text:
            return OSError(code, os.strerror(code))
    return InputError(f"ffmpeg could not write the clip: {text.splitlines()[-1] if text else 'it gave no reason'}")
