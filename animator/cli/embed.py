"""``animator embed``: what a voice or a face feels, to an emotion file."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import click
import numpy as np
from rich.console import Console
from rich.table import Table

from animator.cli import options
from animator.cli.progress import sink
from animator.core.audio import Audio
from animator.core.emotion import NEUTRAL, Code, Emotion
from animator.core.track import crop
from animator.errors import InputError
from animator.recipe import Choice, Recipe, recipe_to_toml

SPANS = 8
"""Rows of the printed timeline, at most."""

THERE = 0.1
"""Intensity from which a feeling is worth a word."""

WORDS = {"voice": "the voice", "face": "the face", "both": "voice and face together"}
"""How the embedders that may be asked are called."""


@click.command(cls=options.GroupedCommand, short_help="A voice or a face to an emotion file.")
@click.argument("source", metavar="SPEECH|IMAGE|VIDEO|MOTION", type=click.Path(path_type=Path))
@options.output
@options.output_manners
def embed(*, source: Path, output: Path, overwrite: bool, as_json: bool) -> None:
    """Write what is felt in SPEECH, a picture, a video or a motion file (.npz) to an emotion file (.npz), and print it.

    Speech is heard, faces are looked at, and a video with sound is both heard and looked at; what a file holds is told by its
    content. The file is lossless and plain: arrays
    schema, names, values [frames, feelings], fps, recipe, and the Gaussian code's mean and scale, for
    numpy.load(allow_pickle=False). 'animator render speech.wav --emotion F.emotion.npz' lets another face feel the same.
    """
    from animator.io.output import writing
    from animator.io.track import check_emotion, write_emotion

    check_emotion(output)
    options.refuse_same_file([source], [output])
    with writing(output, overwrite) as whole, sink(as_json) as progress:
        progress.stage("feeling")
        choice, over_time, doors = _felt(source)
        write_emotion(over_time, whole, recipe_to_toml(Recipe(embedder=choice)))
        by_door = {door: _told(all_of_it) for door, all_of_it in doors.items()}
        told = {"felt": by_door[choice.name], "by": by_door, "timeline": _timeline(over_time)}
    if as_json:
        progress.result(output=str(output), door=choice.name, frames=len(over_time), seconds=over_time.seconds, **told)
    else:
        _print(f"{output}: {over_time.seconds:.2f} s by {WORDS[choice.name]}", told)


def _felt(source: Path) -> tuple[Choice, Emotion, dict[str, Emotion]]:
    """Which embedder it was, what is felt frame by frame, and by each embedder asked, what in all of it (one frame)."""
    from animator.embedders.face import emotion_of, read_face
    from animator.io.audio import read_audio
    from animator.io.footage import open_footage
    from animator.io.kind import kind_of
    from animator.io.rig import load_rig

    feelings, path = tuple(load_rig(Recipe().rig).emotions), {"path": str(source.absolute())}
    kind = kind_of(source)
    if kind == "emotion":
        raise InputError(f"{str(source)!r} is an emotion file already; give speech, a picture, a video or a motion file")
    if kind == "sound":
        heard = _heard(read_audio(source), feelings)
        return Choice("voice"), heard, {"voice": _mean(heard)}
    motion = read_face(source)
    seen, all_of_it = emotion_of(motion, feelings)
    if kind != "video" or not open_footage(source).has_sound:
        return Choice("face", path), seen, {"face": all_of_it}
    from animator.embedders.both import together

    audio = _at_least(read_audio(source, of_video=True), motion.seconds)
    felt = together(audio, motion, feelings)
    return Choice("both", path), felt, {"voice": _mean(_heard(audio, feelings)), "face": all_of_it, "both": _mean(felt)}


def _heard(audio: Audio, feelings: Sequence[str]) -> Emotion:
    emotion: Emotion = Recipe(embedder=Choice("voice")).part("embedder").embed(audio, feelings)
    return emotion


def _at_least(audio: Audio, seconds: float) -> Audio:
    """The sound, followed by silence where the pictures last longer."""
    lacking = round(seconds * audio.rate) - len(audio.samples)
    return audio if lacking <= 0 else Audio(np.pad(audio.samples, (0, lacking)), audio.rate)


def _told(emotion: Emotion) -> list[dict[str, Any]]:
    """The feelings of one frame, strongest first, with intensity and how surely it is `THERE` or more; else neutral."""
    odds = {name: _odds(emotion, name) for name in emotion.names}
    found = [
        {"feeling": name, "intensity": round(float(weight), 3), "sure": round(odds[name], 3)}
        for name, weight in zip(emotion.names, emotion.values[0], strict=True)
        if weight >= THERE
    ]
    neutral = {"feeling": NEUTRAL, "intensity": 0.0, "sure": round(1 - max(odds.values()), 3)}
    return sorted(found, key=lambda each: -float(each["intensity"])) or [neutral]


def _odds(emotion: Emotion, name: str) -> float:
    """How probable it is that a feeling is `THERE`: the part of the first frame's Gaussian beyond, along its direction."""
    from animator.embedders.space import load_space

    space, weight = load_space(), float(emotion[name][0])
    if emotion.code is None or name not in space.feelings:
        return float(weight >= THERE)
    anchor = space.anchors[space.feelings.index(name)]
    spread = float(np.abs(anchor) @ emotion.code.scale[0]) / float(anchor @ anchor)  # a feeling moves all coordinates together
    return 0.5 * (1 + math.erf((weight - THERE) / spread / math.sqrt(2)))


def _mean(emotion: Emotion) -> Emotion:
    """What is felt in all of it: the mean of the weights, and of the Gaussians as one."""
    code = emotion.code
    if code is not None:
        mean = code.mean.mean(axis=0, keepdims=True)
        variance = (code.scale**2 + code.mean**2).mean(axis=0, keepdims=True) - mean**2
        code = Code(mean, np.sqrt(np.maximum(variance, 1e-8)))
    return replace(emotion, values=emotion.values.mean(axis=0, keepdims=True), code=code)


def _timeline(emotion: Emotion) -> list[dict[str, Any]]:
    """Spans of equal length with what is felt in each."""
    count = max(1, min(SPANS, round(emotion.seconds)))
    edges = np.linspace(0, len(emotion), count + 1).round().astype(int)
    return [
        {"start": float(first / emotion.fps), "end": float(stop / emotion.fps), "felt": _told(_mean(crop(emotion, first, stop)))}
        for first, stop in pairwise(edges.tolist())
    ]


def _print(heading: str, told: dict[str, Any]) -> None:
    console = Console() if Console().is_terminal else Console(width=100)
    console.print(heading, highlight=False, soft_wrap=True)
    table = Table(box=None, padding=(0, 3, 0, 2), header_style="dim")
    for column in ("", "felt", "intensity", "how surely"):
        table.add_column(column, justify="left" if column == "felt" else "right")
    spans = told["timeline"] if len(told["timeline"]) > 1 else []
    wholes = [("all" if len(told["by"]) == 1 else f"all, by {WORDS[door]}", felt) for door, felt in told["by"].items()]
    rows = [*wholes, *((f"{span['start']:.1f} to {span['end']:.1f} s", span["felt"]) for span in spans)]
    for when, felt in rows:
        for i, each in enumerate(felt[:3]):
            table.add_row("" if i else when, each["feeling"], f"{each['intensity']:.2f}", f"{each['sure']:.0%}")
    console.print(table)
