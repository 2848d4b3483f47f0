"""How fast the command makes a clip of a photo, and with how much memory."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
from PIL import Image

from animator.core.audio import Audio
from animator.core.motion import Motion
from animator.core.portrait import Portrait
from animator.heads.fitting.fit import fit_picture
from animator.io.audio import read_audio
from animator.io.rig import load_rig
from benchmarks.moved import mover
from benchmarks.reenact_photos import SPEECH
from benchmarks.result import Row, row

SIDE, FPS = 512, 25

FRAMES, FIRST = 60, 5
"""Frames of a clip whose time is taken, from the first one on that is drawn at a steady pace."""


def measure(name: str, photo: Path, lengths: Sequence[int]) -> list[Row]:
    """Frames a second from sound to file and memory at these lengths in seconds, shortest first; CPU milliseconds a frame."""
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        face = Path(scratch, "face.png")
        Image.open(photo).convert("RGB").resize((SIDE, SIDE)).save(face)
        for seconds in lengths:
            wall, cpu, memory = _command(name, face, seconds, Path(scratch))
            case = f"{SIDE}x{SIDE}, {seconds} s"
            rows.append(row(case, name, "sound to file, with start-up", "frames / s", [seconds * FPS / wall], "higher"))
            rows.append(row(case, name, "sound to file, with start-up", "CPU ms / frame", [1000 * cpu / seconds / FPS], "lower"))
            rows.append(row(case, name, "memory", "MiB", [memory], "lower"))
        rows.append(
            row(f"{SIDE}x{SIDE}", name, "pictures alone", "CPU ms / frame", [_pictures(name, fit_picture(face))], "lower")
        )
    return rows


def _command(name: str, face: Path, seconds: int, scratch: Path) -> tuple[float, float, float]:
    """Wall and CPU seconds of the command, and the most memory it held, MiB; its ffmpeg counts too."""
    import soundfile

    sound = _speech(seconds)
    soundfile.write(scratch / "line.wav", sound.samples, sound.rate)
    arguments = ["line.wav", "--photo", face.name, "-o", "clip.mp4", "--overwrite", "--fps", str(FPS), "--reenactor", name]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run([sys.executable, "-m", "animator", "render", *arguments], cwd=scratch, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.monotonic() - start, cpu, after.ru_maxrss / 1024


def _speech(seconds: int) -> Audio:
    """The shipped line, again and again."""
    audio = read_audio(SPEECH)
    return Audio(np.resize(audio.samples, seconds * audio.rate).astype(np.float32), audio.rate)


def _pictures(name: str, portrait: Portrait) -> float:
    """CPU milliseconds a frame, in all threads, of a clip in which everything moves."""
    rig = load_rig("arkit")
    swing = 0.15 * (1 - np.cos(np.arange(FRAMES)[:, None] * 0.31 + np.linspace(0, 6, len(rig.names))))
    motion = Motion(rig.names, (rig.rest + swing * (rig.high - rig.rest).clip(0, 1)).astype(np.float32), Fraction(FPS))
    pictures = mover(name)(motion, portrait, None)
    for _ in range(FIRST):
        next(pictures)
    start = time.process_time()
    count = sum(1 for _ in pictures)
    return 1000 * (time.process_time() - start) / count
