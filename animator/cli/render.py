"""``animator render``: speech, or a motion file and its sound, to a clip."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from animator.cli import options
from animator.cli.progress import sink
from animator.cli.source import performance
from animator.recipe import Recipe, recipe_to_toml


@click.command(cls=options.GroupedCommand, short_help="Speech, or a motion file, to a clip.")
@click.argument("speech", metavar="SPEECH|MOTION", type=click.Path(path_type=Path))
@options.output
@options.option("Output", "--motion-out", type=click.Path(path_type=Path), help="Also write the motion file (.npz).")
@options.output_manners
@options.option("Performance", "--audio", "sound", type=click.Path(path_type=Path), help="The sound to go with a motion file.")
@options.performance
@options.drawing
@options.parts
def render(
    *, speech: Path, output: Path, motion_out: Path | None, overwrite: bool, as_json: bool, sound: Path | None, **given: Any
) -> None:
    """Turn SPEECH (WAV, FLAC, MP3, OGG, M4A) into a clip of a 3D head that says it.

    The suffix of the output says the format: .mp4 (H.264 and AAC), .webm (VP9 and Opus, keeps transparency), .mov (ProRes 4444,
    keeps transparency), or a folder for a PNG sequence. In place of speech, a motion file (.npz) from 'animator generate', or a
    performance from another program that 'animator list importers' knows, is drawn as it is, with --audio for its sound.
    """
    from animator import pipeline
    from animator.io.output import writing
    from animator.io.track import check_motion, write_motion
    from animator.io.video import write_video

    if motion_out is not None:
        check_motion(motion_out)
    inputs = [path for path in (speech, sound) if path is not None]
    options.refuse_same_file(inputs, [path for path in (output, motion_out) if path is not None])
    with ExitStack() as outputs:
        clip = outputs.enter_context(writing(output, overwrite))
        motion_file = outputs.enter_context(writing(motion_out, overwrite)) if motion_out else None
        progress = outputs.enter_context(sink(as_json))
        recipe, motion, audio, *_ = performance(speech, sound, given, progress, lambda recipe: _check_picture(recipe, output))
        if motion_file:
            write_motion(motion, motion_file, recipe_to_toml(recipe))
        progress.stage("head")
        head = pipeline.make_head(recipe)
        frames = pipeline.draw(motion, head, recipe, audio.seconds if audio else None)
        progress.stage("drawing", frames.count)
        write_video(frames, audio, clip, on_frame=progress.step, recipe=recipe_to_toml(recipe))
        result = {"output": str(output), "frames": frames.count, "seconds": float(frames.count / frames.fps)}
    progress.result(**result)


def _check_picture(recipe: Recipe, output: Path) -> None:
    """Raise `InputError` for a picture that cannot be drawn or written, before any work is spent on it."""
    from animator import pipeline
    from animator.compositor import TRANSPARENT
    from animator.io.video import check_clip

    picture = recipe.picture
    check_clip(output, picture.width, picture.height, picture.background != TRANSPARENT)
    pipeline.check_drawn(recipe)
    pipeline.backdrop(recipe)
