"""``animator generate``: speech to a motion file."""

from __future__ import annotations

import warnings
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from animator.cli import options
from animator.cli.progress import Sink, sink
from animator.cli.reporting import Report, report
from animator.cli.source import perform, perform_long
from animator.core.motion import Motion
from animator.recipe import Recipe, recipe_to_toml


@click.command(cls=options.GroupedCommand, short_help="Speech to a motion file.")
@click.argument("speech", type=click.Path(path_type=Path))
@options.output
@report
@options.output_manners
@options.performance
@options.parts
def generate(*, speech: Path, output: Path, reports: tuple[Path, ...], overwrite: bool, as_json: bool, **given: Any) -> None:
    """Turn SPEECH (WAV, FLAC, MP3, OGG, M4A) into a motion file (.npz).

    The file is lossless and plain: arrays schema, names, values [frames, controls], fps and the recipe, for
    numpy.load(allow_pickle=False). 'animator render' draws it.
    """
    from animator.io.audio import read_audio
    from animator.io.output import writing
    from animator.io.track import check_motion, write_motion

    check_motion(output)
    options.refuse_same_file([speech], [output, *reports])
    recipe = options.assemble(given)
    with ExitStack() as outputs:
        whole = outputs.enter_context(writing(output, overwrite))
        told = Report(reports, overwrite, outputs)
        progress = outputs.enter_context(sink(as_json))
        if reports:
            audio = read_audio(speech)
            features, motion = perform(audio, recipe, progress)
            seconds = audio.seconds
            progress.stage("reporting")
            told.measure(speech.name, motion, recipe, audio, features)
            told.draw(recipe)
        else:
            motion, seconds = _perform(speech, recipe, progress)
        write_motion(motion, whole, recipe_to_toml(recipe))
        told.write()
        result = {"output": str(output), "frames": len(motion), "seconds": float(seconds)}
    progress.result(**result)


def _perform(speech: Path, recipe: Recipe, progress: Sink) -> tuple[Motion, Fraction]:
    """Speech to motion, and how many seconds it lasts; long speech is read twice, and never held whole."""
    from animator import pipeline
    from animator.core.chapters import CHAPTER, LONG
    from animator.io.audio import audio_pieces, read_audio

    if pipeline.may_be_cut(recipe):
        with warnings.catch_warnings(action="ignore"):  # what there is to tell is told the second time
            seconds = sum((piece.seconds for piece in audio_pieces(speech, CHAPTER)), Fraction(0))
        if seconds > LONG:
            return perform_long(audio_pieces(speech, CHAPTER), seconds, recipe, progress), seconds
    audio = read_audio(speech)
    return perform(audio, recipe, progress)[1], audio.seconds
