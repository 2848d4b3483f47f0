"""Speed and memory: generating, drawing, encoding."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch

from animator import pipeline
from animator.core.audio import Audio
from animator.core.motion import retime
from animator.core.settings import cores
from animator.io.audio import read_audio, write_wav
from animator.io.rig import load_rig
from animator.io.track import write_motion
from animator.recipe import Choice, Recipe, recipe_to_toml
from benchmarks import speed_render
from benchmarks.result import Row, row

T = TypeVar("T")

SYSTEMS = (("speech", "learned"), ("speech", "visemes"), ("phones", "visemes"))
"""Who listens, and who moves."""


def measure(quick: bool) -> list[Row]:
    """Every speed figure."""
    speech = _speech()
    stages = [each for system in SYSTEMS for each in _generate(speech, *system, quick)]
    return [
        *stages,
        *_paces(speech, quick),
        *_starts(speech, quick),
        *_clip(speech, quick),
        *speed_render.measure(quick),
        *_memory(speech, quick),
    ]


def _speech() -> Audio:
    return read_audio(Path(str(files("animator.assets"))) / "sample_happy.wav")


def lengthen(audio: Audio, seconds: float) -> Audio:
    """The speech again and again, to the wanted length."""
    return replace(audio, samples=np.resize(audio.samples, round(seconds * audio.rate)))


def _generate(speech: Audio, encoder: str, generator: str, quick: bool) -> list[Row]:
    """Real-time factor of generate and of its stages on one core: CPU seconds a second of speech, after a warm-up."""
    torch.set_num_threads(1)
    recipe = Recipe(encoder=Choice(encoder), generator=Choice(generator))
    audio = lengthen(speech, 10 if quick else 60)
    repeats = [_stages(audio, recipe) for _ in range(3 if quick else 6)][1:]
    case = f"{float(audio.seconds):.0f} s of speech, one core"
    return [
        row(
            case,
            f"{encoder} + {generator}",
            f"real-time factor of {name}",
            "CPU s / s",
            [once[name] for once in repeats],
            "lower",
        )
        for name in repeats[0]
    ]


def _stages(audio: Audio, recipe: Recipe) -> dict[str, float]:
    """What each stage of generate takes, a second of sound; retiming, which drawing adds, is not part of the sum."""
    spent: dict[str, float] = {}

    def timed(name: str, stage: Callable[[], T]) -> T:
        start = time.process_time()
        made = stage()
        spent[name] = (time.process_time() - start) / float(audio.seconds)
        return made

    with tempfile.TemporaryDirectory() as folder:
        features = timed("hear", lambda: pipeline.hear(audio, recipe))
        emotion = timed("feel", lambda: pipeline.feel(audio, recipe))
        motion = timed("move", lambda: pipeline.move(features, emotion, recipe))
        timed("write", lambda: write_motion(motion, Path(folder) / "motion.npz", recipe_to_toml(recipe)))
    spent["generate"] = sum(spent.values())
    timed("retime", lambda: retime(motion, recipe.picture.fps, load_rig(recipe.rig)))
    return spent


def _paces(speech: Audio, quick: bool) -> list[Row]:
    """How many times faster than real time generate is, by the clock on the wall, with a thread a core; after a warm-up."""
    torch.set_num_threads(cores())
    audio = lengthen(speech, 10 if quick else 60)
    rows = []
    for encoder, generator in SYSTEMS[:2]:
        recipe, paces = Recipe(encoder=Choice(encoder), generator=Choice(generator)), []
        for _ in range(3 if quick else 8):
            start = time.perf_counter()
            pipeline.generate(audio, recipe)
            paces.append(float(audio.seconds) / (time.perf_counter() - start))
        case = f"{float(audio.seconds):.0f} s of speech, {torch.get_num_threads()} cores"
        rows.append(row(case, f"{encoder} + {generator}", "pace of generate", "times real time", paces[1:], "higher"))
    return rows


def _starts(speech: Audio, quick: bool) -> list[Row]:
    """What the command takes whatever the sound: CPU seconds of whole processes for a tenth of a second of it."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        sound = Path(folder) / "speech.wav"
        write_wav(replace(speech, samples=speech.samples[: speech.rate // 10]), sound)
        for encoder, generator in SYSTEMS:
            spent = []
            for turn in range(2 if quick else 5):
                before = os.times()
                out = str(Path(folder) / f"{encoder}-{generator}-{turn}.npz")
                _animator("generate", str(sound), "-o", out, "--encoder", encoder, "--generator", generator)
                after = os.times()
                spent.append(after.children_user + after.children_system - before.children_user - before.children_system)
            rows.append(row("generate 0.1 s", f"{encoder} + {generator}", "CPU time, start-up included", "s", spent, "lower"))
    return rows


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
        for seconds in (10, 20) if quick else (10, 600, 3600):
            sound = Path(folder) / f"speech-{seconds}.wav"
            write_wav(lengthen(speech, seconds), sound)
            motion = Path(folder) / f"{seconds}.motion.npz"
            peak = _animator("generate", str(sound), "-o", str(motion))
            rows.append(row(f"generate {seconds} s", "speech + learned", "peak memory", "MiB", [peak], "lower"))
            if seconds > 600:
                continue
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
