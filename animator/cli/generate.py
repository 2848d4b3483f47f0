"""``animator generate``: speech to a motion file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from animator.cli import options
from animator.cli.progress import sink
from animator.cli.source import perform
from animator.recipe import recipe_to_toml


@click.command(cls=options.GroupedCommand, short_help="Speech to a motion file.")
@click.argument("speech", type=click.Path(path_type=Path))
@options.output
@options.output_manners
@options.performance
@options.parts
def generate(*, speech: Path, output: Path, overwrite: bool, as_json: bool, **given: Any) -> None:
    """Turn SPEECH (WAV, FLAC, MP3, OGG, M4A) into a motion file (.npz).

    The file is lossless and plain: arrays schema, names, values [frames, controls], fps and the recipe, for
    numpy.load(allow_pickle=False). 'animator render' draws it.
    """
    from animator.io.audio import read_audio
    from animator.io.output import writing
    from animator.io.track import check_motion, write_motion

    check_motion(output)
    options.refuse_same_file([speech], [output])
    recipe = options.assemble(given)
    with writing(output, overwrite) as whole, sink(as_json) as progress:
        audio = read_audio(speech)
        _, motion = perform(audio, recipe, progress)
        write_motion(motion, whole, recipe_to_toml(recipe))
        result = {"output": str(output), "frames": len(motion), "seconds": float(audio.seconds)}
    progress.result(**result)
