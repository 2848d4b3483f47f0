"""What a command is given to show or send: speech, which is performed, or a performance, which is taken as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from animator.cli import options
from animator.cli.progress import Sink
from animator.core.audio import Audio
from animator.core.emotion import Emotion, strongest
from animator.core.features import Features
from animator.core.feelings import described
from animator.core.motion import Motion
from animator.errors import InputError
from animator.recipe import Recipe

REFERENCES = ("reference", "face", "recorded")
"""Embedders that feel as another recording does."""


class Performance(NamedTuple):
    """A motion with its recipe, its sound if that is known, the sound's file, and what was heard if it was heard.

    ``known`` says whether the recipe is what the motion was made by; of one that was captured elsewhere, it tells the rig
    alone.
    """

    recipe: Recipe
    motion: Motion
    audio: Audio | None
    sound: Path | None
    features: Features | None
    known: bool


def performance(
    source: Path,
    sound: Path | None,
    given: Mapping[str, Any],
    progress: Sink,
    check: Callable[[Recipe], None] = lambda _: None,
) -> Performance:
    """Perform speech, or read a performance: our motion file, or one of another program's that an importer knows.

    ``check`` may refuse the recipe before any work is spent on it.
    """
    from animator import pipeline
    from animator.io.audio import read_audio

    if pipeline.is_performance(source):
        motion, performed, known = pipeline.read_performance(source)
        recipe = options.assemble(given, performed)
        check(recipe)
        return Performance(recipe, motion, read_audio(sound) if sound else None, sound, None, known)
    if sound is not None:
        raise InputError(f"--audio goes with a motion file; {source.name!r} is taken as the speech itself")
    recipe = options.assemble(given)
    check(recipe)
    audio = read_audio(source)
    features, motion = perform(audio, recipe, progress)
    return Performance(recipe, motion, audio, source, features, known=True)


def perform(audio: Audio, recipe: Recipe, progress: Sink) -> tuple[Features | None, Motion]:
    """`animator.pipeline.generate`, with its stages told as they begin, and what was heard, if it was heard in one piece."""
    from animator import pipeline
    from animator.core.chapters import LONG, pieces

    if audio.seconds > LONG and pipeline.may_be_cut(recipe):
        return None, perform_long(pieces(audio), audio.seconds, recipe, progress)
    _tell_meanings(recipe, progress)
    if not pipeline.worded(recipe):  # a wrong feeling is told at once
        emotion = pipeline.feel(audio, recipe)
        _tell(audio, recipe, progress, emotion)
    progress.stage("listening")
    features = pipeline.hear(audio, recipe)
    if pipeline.worded(recipe):
        emotion = pipeline.feel(audio, recipe, features)
        _tell(audio, recipe, progress, emotion)
    progress.stage("moving")
    return features, pipeline.move(features, emotion, recipe)


def perform_long(sound: Iterable[Audio], seconds: Fraction, recipe: Recipe, progress: Sink) -> Motion:
    """`animator.pipeline.generate_long`, with what each chapter's voice, or another recording, tells."""
    from animator import pipeline

    _tell_meanings(recipe, progress)
    progress.stage("performing")
    return pipeline.generate_long(sound, seconds, recipe, lambda chapter, felt: _tell(chapter, recipe, progress, felt))


def _tell_meanings(recipe: Recipe, progress: Sink) -> None:
    """Say what descriptions were taken for."""
    for text, (feelings, by) in described(recipe.feelings).items():
        progress.described(text, feelings, by)


def _tell(audio: Audio, recipe: Recipe, progress: Sink, emotion: Emotion) -> None:
    """Say what the voice tells, or what is felt as another recording has it."""
    from animator import pipeline

    heard = pipeline.voice_tells(audio, recipe)
    if heard:
        progress.heard(heard)
    elif recipe.embedder.name in REFERENCES:
        progress.felt(Path(recipe.part("embedder").path).name, strongest(emotion))
