"""The command ``animator`` in a folder: as a process, the way users start it, or at once in the process that tests.

A process takes seconds to begin. How it begins, what it imports, and how it ends on signals is tested with processes; what the
command says and leaves behind is the same in this one, where shapes and numerics are checked besides.
"""

from __future__ import annotations

import contextlib
import io
import signal
import subprocess
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path

import pytest

from animator.cli import main


def process(folder: Path, *words: object, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """What becomes of it in a process of its own, into which nobody types."""
    command = [sys.executable, "-m", "animator", *map(str, words)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False, env=env)


def here(folder: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """What becomes of it in this process, which goes on as it was before."""
    command = ["animator", *map(str, words)]
    out, err, status = io.StringIO(), io.StringIO(), 0
    before = signal.getsignal(signal.SIGTERM)
    with (
        pytest.MonkeyPatch.context() as changed,
        warnings.catch_warnings(),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        changed.chdir(folder)
        changed.setattr(sys, "argv", command)
        try:
            main()
        except SystemExit as ended:
            status = int(ended.code or 0)
        finally:
            signal.signal(signal.SIGTERM, before)
    return subprocess.CompletedProcess(command, status, out.getvalue(), err.getvalue())
