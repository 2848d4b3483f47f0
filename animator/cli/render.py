"""``animator render``: speech, or a motion file and its sound, to a clip of a drawn head or of the person in a photo."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from animator.cli import options
from animator.cli.progress import Sink, sink
from animator.cli.reporting import Report, report
from animator.cli.source import Performance, performance
from animator.core.frames import Frames
from animator.core.portrait import Portrait
from animator.core.provenance import COMPOSITE, DRAWN, GENERATED
from animator.core.sitter import Film
from animator.errors import InputError
from animator.io.signing import Signer, check_signed
from animator.recipe import Recipe, recipe_to_toml


@click.command(cls=options.GroupedCommand, short_help="Speech, or a motion file, to a clip.")
@click.argument("speech", metavar="SPEECH|MOTION", type=click.Path(path_type=Path))
@options.output
@options.option("Output", "--motion-out", type=click.Path(path_type=Path), help="Also write the motion file (.npz).")
@report
@options.signing
@options.output_manners
@options.option("Performance", "--audio", "sound", type=click.Path(path_type=Path), help="The sound to go with a motion file.")
@options.performance
@options.drawing
@options.photo
@options.parts
def render(
    *,
    speech: Path,
    output: Path,
    motion_out: Path | None,
    reports: tuple[Path, ...],
    key: Path | None,
    certificate: Path | None,
    overwrite: bool,
    as_json: bool,
    sound: Path | None,
    photo: Path | None,
    video: Path | None,
    face: int | None,
    **given: Any,
) -> None:
    """Turn SPEECH (WAV, FLAC, MP3, OGG, M4A) into a clip of a 3D head that says it, or of the person in a photo or a video.

    The suffix of the output says the format: .mp4 (H.264 and AAC), .webm (VP9 and Opus, keeps transparency), .mov (ProRes 4444,
    keeps transparency), or a folder for a PNG sequence. In place of speech, a motion file (.npz) from 'animator generate', or a
    performance from another program that 'animator list importers' knows, is drawn as it is, with --audio for its sound.

    --photo FACE.jpg makes a person speak, at the picture's own size; --video FILM.mp4 gives a person other words, who goes on to
    look, blink and turn: ask who is in it. Every clip says in its metadata that it is made; with --sign and --certificate it also
    says by whom.
    """
    from animator.io.output import check_output, writing
    from animator.io.track import check_motion, write_motion
    from animator.io.video import evened, write_video

    if motion_out is not None:
        check_motion(motion_out)
    inputs = [path for path in (speech, sound, photo, video, key, certificate) if path is not None]
    options.refuse_same_file(inputs, [path for path in (output, motion_out, *reports) if path is not None])
    check_output(output, overwrite)
    signer = _signer(key, certificate, output)
    with ExitStack() as outputs:
        clip = outputs.enter_context(writing(output, overwrite))
        motion_file = outputs.enter_context(writing(motion_out, overwrite)) if motion_out else None
        told = Report(reports, overwrite, outputs)
        progress = outputs.enter_context(sink(as_json))
        shown = _shown(photo, video, face, output, given, progress)
        done = performance(speech, sound, given, progress, lambda recipe: _check_picture(recipe, shown, output))
        if motion_file:
            write_motion(done.motion, motion_file, recipe_to_toml(done.recipe))
        progress.stage("head")
        if shown is None:
            frames, source = _of_head(done), GENERATED if done.known else DRAWN
        else:
            frames, source = evened(_of_picture(done, shown), clip), COMPOSITE
        told.measure(speech.name, done.motion, done.recipe, done.audio, done.features, done.known)
        frames = told.watch(frames)
        progress.stage("drawing", frames.count)
        write_video(frames, done.audio, clip, on_frame=progress.step, recipe=recipe_to_toml(done.recipe), source=source)
        if signer:
            signer.sign(clip, source)
        told.write()
        result = {"output": str(output), "frames": frames.count, "seconds": float(frames.count / frames.fps)}
    progress.result(**result)


def _signer(key: Path | None, certificate: Path | None, output: Path) -> Signer | None:
    if (key is None) != (certificate is None):
        raise InputError("--sign takes a key and --certificate what vouches for it; give both or neither")
    if key is None or certificate is None:
        return None
    check_signed(output)
    return Signer(key, certificate)


def _shown(
    photo: Path | None, video: Path | None, face: int | None, output: Path, given: dict[str, Any], progress: Sink
) -> Portrait | Film | None:
    """Who is in the photo or the video, if one is given; `InputError` for options that do not go with one, or with none."""
    from animator import pipeline
    from animator.io.video import check_clip

    if photo is None and video is None:
        asked = [flag for flag, value in (("--face", face), ("--reenactor", given["reenactor"])) if value is not None]
        if asked:
            raise InputError(f"{asked[0]} goes with --photo or --video, and neither is given")
        return None
    options.refuse_stage(given)
    check_clip(output, 2, 2, opaque=True)
    if video is None:
        assert photo is not None
        progress.stage("fitting")
        return pipeline.portray(photo, face)
    if photo is not None:
        raise InputError("either the person of a photo speaks or that of a video; give --photo or --video, not both")
    if given.get("fps") is not None:
        raise InputError("a video already has its rate, so --fps has nothing to change")
    progress.stage("watching")
    return pipeline.film(video, face)


def _check_picture(recipe: Recipe, shown: Portrait | Film | None, output: Path) -> None:
    """Raise `InputError` for a picture that cannot be drawn or written, before any work is spent on it."""
    from animator import pipeline
    from animator.compositor import TRANSPARENT
    from animator.io.video import check_clip

    pipeline.check_drawn(recipe)
    if shown is None:
        picture = recipe.picture
        check_clip(output, picture.width, picture.height, picture.background != TRANSPARENT)
        pipeline.backdrop(recipe)


def _of_head(done: Performance) -> Frames:
    from animator import pipeline

    return pipeline.draw(done.motion, pipeline.make_head(done.recipe), done.recipe, done.audio.seconds if done.audio else None)


def _of_picture(done: Performance, shown: Portrait | Film) -> Frames:
    """What is felt is told where the recipe and the sound tell it."""
    from animator import pipeline

    emotion = pipeline.feel(done.audio, done.recipe, done.features) if done.audio and done.known else None
    seconds = done.audio.seconds if done.audio else None
    if isinstance(shown, Film):
        return pipeline.revoice(done.motion, shown, done.recipe, emotion, seconds)
    return pipeline.reenact(done.motion, shown, done.recipe, emotion, seconds)
