"""A list of short lines: ``animator batch`` against one command a line, both on this machine's cores, start-up included."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from animator.io.audio import read_audio, write_wav
from benchmarks.result import Row, row

SECONDS = 1.5
WAYS = {"csv": ("export", 20, ()), "mp4": ("render", 5, ("--size", "256x256"))}
"""Format to the command that makes it alone, how many lines, and options for both ways."""


def measure(quick: bool) -> list[Row]:
    """Time a line, waited for and spent on cores."""
    rows = []
    for format_name, (_, lines, _) in WAYS.items():
        with tempfile.TemporaryDirectory() as folder:
            rows += _compare(Path(folder), 2 if quick else lines, format_name)
    return rows


def _write_lines(folder: Path, lines: int) -> None:
    """Pieces of the shipped story, one after another, and their list."""
    speech = read_audio(Path(str(files("animator.assets"))) / "sample_story.wav")
    length = round(SECONDS * speech.rate)
    for i in range(lines):
        start = i * length % (len(speech.samples) - length)
        write_wav(replace(speech, samples=speech.samples[start : start + length]), folder / f"{i:02}.wav")
    (folder / "lines.csv").write_text("file\n" + "".join(f"{i:02}.wav\n" for i in range(lines)))


def _compare(folder: Path, lines: int, format_name: str) -> list[Row]:
    command, _, size = WAYS[format_name]
    _write_lines(folder, lines)

    def together() -> None:
        _animator("batch", folder / "lines.csv", "-o", folder / f"batch-{format_name}", "--formats", format_name, *size)

    def alone() -> None:
        for i in range(lines):
            _animator(command, folder / f"{i:02}.wav", "-o", folder / f"alone-{i:02}.{format_name}", *size)

    case = f"{lines} lines of {SECONDS:g} s to {format_name}"
    return [
        row(case, system, measure_, "s", [spent / lines], "lower")
        for system, way in (("animator batch", together), ("one command a line", alone))
        for measure_, spent in zip(("wait a line", "CPU time a line"), _spent(way), strict=True)
    ]


def _spent(way: Callable[[], None]) -> tuple[float, float]:
    """Seconds on the wall's clock and of all cores together."""
    wall, before = time.perf_counter(), os.times()
    way()
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - wall, cpu


def _animator(*words: object) -> None:
    subprocess.run([sys.executable, "-m", "animator", *map(str, words)], check=True, capture_output=True)
