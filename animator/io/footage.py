"""Pictures of a video in, at a constant rate: MP4, MOV, WebM, AVI, FLV and whatever else ffmpeg opens."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import IO

import numpy as np
from jaxtyping import UInt8

from animator.errors import FormatError, InputError
from animator.io.ffmpeg import program

LONGEST = 1280
"""Pixels of the longer side that pictures are scaled down to where they are only looked at: a face is read from fewer."""

_ROUNDED = re.compile(r"^(?:23\.98|29\.97|47\.95|59\.94|119\.88)$")
"""Rates of N x 1000/1001 as ffmpeg prints them."""


@dataclass(frozen=True)
class Footage:
    """A video to be read: its file, its rate (exact), whether it has sound, and the most pixels that a side is wanted to have."""

    path: Path
    fps: Fraction
    has_sound: bool
    longest: int | None = LONGEST

    def __iter__(self) -> Iterator[UInt8[np.ndarray, "H W 3"]]:
        """The pictures in sRGB, turned the way the camera was held; one that comes late or not at all is filled by the last.

        Raises
        ------
        FormatError
            The file holds no picture, or is damaged or cut short.
        """
        wide, high = (f"min({side},{self.longest})" if self.longest else side for side in ("iw", "ih"))
        fit = f"scale=w='{wide}':h='{high}':force_original_aspect_ratio=decrease:flags=area"
        command = [
            program(), "-hide_banner", "-nostdin", "-v", "error", "-xerror", *_source(self.path), "-map", "0:v:0",
            "-vf", f"fps={self.fps},{fit}", "-c:v", "ppm", "-f", "image2pipe", "-",
        ]  # fmt: skip
        with tempfile.TemporaryFile() as complaints:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=complaints)
            assert process.stdout is not None
            try:
                count = 0
                while (picture := _ppm(process.stdout)) is not None:
                    count += 1
                    yield picture
                failed = process.wait()
            finally:
                process.stdout.close()
                process.kill()
                process.wait()
            complaints.seek(0)
            said = complaints.read().decode(errors="replace").strip()
        if failed or count == 0:
            raise FormatError(f"{self.path} is damaged or cut short: {said.splitlines()[-1] if said else 'it has no picture'}")


def open_footage(path: Path, longest: int | None = LONGEST) -> Footage:
    """What can be read from a video; its content decides, not its suffix. ``longest`` None keeps its pictures' size.

    Raises
    ------
    InputError
        There is no such file, or it cannot be opened.
    FormatError
        It holds no video.
    """
    try:
        with path.open("rb") as file:
            if not file.read(1):
                raise FormatError(f"{path} is empty (0 bytes); give a video")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from None
    command = [program(), "-hide_banner", "-nostdin", *_source(path)]
    told = subprocess.run(command, capture_output=True, check=False).stderr.decode(errors="replace")
    streams = re.findall(r"^\s*Stream #\S+?: (.*)$", told, re.MULTILINE)
    moving = next((s for s in streams if s.startswith("Video:") and "(attached pic)" not in s), None)
    rate = re.search(r", ([\d.]+k?) (?:fps|tbr)\b", moving) if moving else None
    if rate is None:
        raise FormatError(f"{path} is no video that can be read; give MP4, MOV, WebM or AVI")
    return Footage(path, _exact(rate[1]), any(s.startswith("Audio:") for s in streams), longest)


def _exact(text: str) -> Fraction:
    """The rate that ffmpeg's rounded words mean: 29.97 is 30000/1001."""
    if _ROUNDED.match(text):
        return Fraction(round(float(text) * 1.001) * 1000, 1001)
    return Fraction(text.removesuffix("k")) * (1000 if text.endswith("k") else 1)


def _source(path: Path) -> tuple[str, ...]:
    return "-protocol_whitelist", "file,pipe,crypto", "-i", f"file:{path}"


def _ppm(stream: IO[bytes]) -> UInt8[np.ndarray, "H W 3"] | None:
    """The next picture of a row of binary PPMs as ffmpeg writes them (three lines, then bytes), or None at its end."""
    if stream.readline() != b"P6\n":
        return None
    width, height = map(int, stream.readline().split())
    stream.readline()
    data = stream.read(width * height * 3)
    if len(data) < width * height * 3:
        return None
    return np.frombuffer(data, dtype=np.uint8).reshape(height, width, 3)
