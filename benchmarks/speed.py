"""Speed and memory: generating, drawing, encoding."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np

from animator import pipeline
from animator.core.audio import Audio
from animator.io.audio import read_audio, write_wav
from animator.recipe import Recipe
from benchmarks import speed_render
from benchmarks.result import Row, row


def measure(data: Path | None, quick: bool) -> list[Row]:
    """Every speed figure; ``data`` is not used."""
    speech = _speech()
    return [*_generate(speech, quick), *_clip(speech, quick), *speed_render.measure(quick), *_memory(speech, quick)]


def _speech() -> Audio:
    return read_audio(Path(str(files("animator.assets"))) / "sample_happy.wav")


def lengthen(audio: Audio, seconds: float) -> Audio:
    """The speech again and again, to the wanted length."""
    return replace(audio, samples=np.resize(audio.samples, round(seconds * audio.rate)))


def _generate(speech: Audio, quick: bool) -> list[Row]:
    """Real-time factor of generate and of its stages: CPU seconds a second of speech, all threads."""
    recipe = Recipe()
    audio = lengthen(speech, 10 if quick else 60)
    pipeline.generate(audio, recipe)
    stages: dict[str, list[float]] = {"hear": [], "feel": [], "move": [], "generate": []}
    for _ in range(2 if quick else 5):
        start = time.process_time()
        features = pipeline.hear(audio, recipe)
        heard = time.process_time()
        emotion = pipeline.feel(audio, recipe)
        felt = time.process_time()
        pipeline.move(features, emotion, recipe)
        moved = time.process_time()
        for name, spent in zip(stages, (heard - start, felt - heard, moved - felt, moved - start), strict=True):
            stages[name].append(spent / float(audio.seconds))
    case = f"{float(audio.seconds):.0f} s of speech"
    return [row(case, "phones + visemes", f"real-time factor of {n}", "CPU s / s", v, "lower") for n, v in stages.items()]


def _clip(speech: Audio, quick: bool) -> list[Row]:
    """The whole of ``animator render`` in a fresh process, as a user waits for it: frames a wall second, encoding included."""
    audio = lengthen(speech, 2 if quick else 10)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        sound = Path(folder) / "speech.wav"
        write_wav(audio, sound)
        for size in (256, 512, 1024):
            if quick and size > 256:
                continue
            rates = []
            for repeat in range(2):
                out = Path(folder) / f"clip-{size}-{repeat}.mp4"
                start = time.perf_counter()
                _animator("render", str(sound), "-o", str(out), "--size", f"{size}x{size}")
                rates.append(float(audio.seconds) * 30 / (time.perf_counter() - start))
            rows.append(
                row(
                    f"render {float(audio.seconds):.0f} s at {size} px",
                    "soft + x264",
                    "frames a second, all told",
                    "1 / s",
                    rates,
                    "higher",
                )
            )
    return rows


def _memory(speech: Audio, quick: bool) -> list[Row]:
    """Peak memory of whole processes for short and long speech; pictures are small here, since their size is a constant."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for seconds in (10, 20) if quick else (10, 600):
            sound = Path(folder) / f"speech-{seconds}.wav"
            write_wav(lengthen(speech, seconds), sound)
            motion = Path(folder) / f"{seconds}.motion.npz"
            peak = _animator("generate", str(sound), "-o", str(motion))
            rows.append(row(f"generate {seconds} s", "phones + visemes", "peak memory", "MiB", [peak], "lower"))
            clip = str(Path(folder) / f"{seconds}.mp4")
            peak = _animator("render", str(motion), "--audio", str(sound), "-o", clip, "--size", "128x128", "--fps", "25")
            rows.append(row(f"render {seconds} s at 128 px", "soft + x264", "peak memory", "MiB", [peak], "lower"))
    return rows


def _animator(*words: str) -> float:
    """Run the command in a process of its own; its peak memory in MiB (the largest single process)."""
    code = (
        "import json, resource, subprocess, sys\n"
        "done = subprocess.run([sys.executable, '-m', 'animator', *sys.argv[1:]])\n"
        "print(json.dumps([done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024]))"
    )
    out = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)
    status, peak = json.loads(out.stdout.splitlines()[-1])
    if status != 0:
        raise RuntimeError(f"animator {' '.join(words)} exited with {status}: {out.stderr}")
    return float(peak)
