"""``animator render``: speech, or a motion file and its sound, to a clip."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from animator.cli import options
from animator.cli.generate import perform
from animator.cli.progress import sink
from animator.core.motion import Motion
from animator.errors import InputError
from animator.recipe import Recipe, recipe_from_toml, recipe_to_toml

MOTION_SUFFIX = ".npz"


@click.command(cls=options.GroupedCommand, short_help="Speech, or a motion file, to a clip.")
@click.argument("speech", metavar="SPEECH|MOTION", type=click.Path(path_type=Path))
@options.output
@options.option("Output", "--motion-out", type=click.Path(path_type=Path), help="Also write the motion file.")
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
    keeps transparency), or a folder for a PNG sequence. In place of speech, a motion file (.npz) from 'animator generate' is
    drawn as it is, with --audio for its sound.
    """
    from animator import pipeline
    from animator.compositor import TRANSPARENT
    from animator.io.audio import read_audio
    from animator.io.output import writing
    from animator.io.track import read_motion, write_motion
    from animator.io.video import check_clip, write_video

    if motion_out and motion_out.resolve() == output.resolve():
        raise InputError(f"--output and --motion-out both name {str(output)!r}; give each a file of its own")
    with ExitStack() as outputs:
        clip = outputs.enter_context(writing(output, overwrite))
        motion_file = outputs.enter_context(writing(motion_out, overwrite)) if motion_out else None
        progress = outputs.enter_context(sink(as_json))
        motion: Motion | None = None
        base = Recipe()
        if speech.suffix == MOTION_SUFFIX:
            options.refuse_performance(given)
            motion, text = read_motion(speech)
            base = recipe_from_toml(text, f"the recipe in {speech.name}") if text else base
        elif sound is not None:
            raise InputError(f"--audio goes with a motion file; {speech.name!r} is taken as the speech itself")
        recipe = options.assemble(base, given)
        picture = recipe.picture
        check_clip(output, picture.width, picture.height, picture.background != TRANSPARENT)
        pipeline.backdrop(recipe)  # so that a wrong background is told before the work
        audio = read_audio(sound or speech) if sound or motion is None else None
        if motion is None:
            assert audio is not None
            motion = perform(audio, recipe, progress)
        if motion_file:
            write_motion(motion, motion_file, recipe_to_toml(recipe))
        progress.stage("head")
        head = pipeline.make_head(recipe)
        frames = pipeline.draw(motion, head, recipe, audio.seconds if audio else None)
        progress.stage("drawing", frames.count)
        write_video(frames, audio, clip, on_frame=progress.step, recipe=recipe_to_toml(recipe))
        result = {"output": str(output), "frames": frames.count, "seconds": float(frames.count / frames.fps)}
    progress.result(**result)
