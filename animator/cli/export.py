"""``animator export``: speech, or a performance, to a file for another program."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from animator import registry
from animator.cli import options
from animator.cli.progress import sink
from animator.cli.source import performance
from animator.errors import InputError, UnknownNameError
from animator.recipe import Choice, build


@click.command(cls=options.GroupedCommand, short_help="Speech, or a performance, to a file for another program.")
@click.argument("source", metavar="SPEECH|MOTION", type=click.Path(path_type=Path))
@options.output
@options.option(
    "Output", "--format", "format_name", metavar="NAME", help="One of 'animator list exporters', if the suffix fits several."
)
@options.option("Output", "--rig", metavar="NAME|FILE", help="In the controls of another rig, where the format takes any.")
@options.option("Output", "--fps", metavar="RATE", help="Frames a second.  [default: 30 for speech, its own for a motion]")
@options.option("Output", "--start", type=float, default=0.0, metavar="SECONDS", help="Timecode of the first frame.")
@options.option(
    "Output", "--tolerance", type=float, metavar="ERROR", help="Largest error of a weight, for formats with sparse keys."
)
@options.option("Output", "--with", "format_settings", multiple=True, metavar="SETTING=VALUE", help="Any setting of the format.")
@options.output_manners
@options.option("Performance", "--audio", "sound", type=click.Path(path_type=Path), help="The sound to go with a motion file.")
@options.performance
@options.head
@options.parts
def export(
    *,
    source: Path,
    output: Path,
    format_name: str | None,
    rig: str | None,
    fps: str | None,
    start: float,
    tolerance: float | None,
    format_settings: tuple[str, ...],
    overwrite: bool,
    as_json: bool,
    sound: Path | None,
    **given: Any,
) -> None:
    """Write SPEECH (WAV, FLAC, MP3, OGG, M4A), or a motion file, in the format of a game engine, an animation tool or a service.

    The suffix of the output says the format; --format says it where several formats share a suffix. 'animator list exporters'
    shows every format, what it loses, and its settings.
    """
    from animator import pipeline
    from animator.io.output import check_output, writing

    name = format_name or format_of(output)
    settings = dict(options.assignment(pair, "--with") for pair in format_settings)
    if tolerance is not None:
        settings["tolerance"] = tolerance
    exporter = build("exporters", Choice(name, settings))
    if output.suffix.lower() not in exporter.suffixes:
        raise InputError(
            f"format {name!r} is written to a file that ends in {' or '.join(exporter.suffixes)}, not {output.name!r}"
        )
    options.refuse_same_file([path for path in (source, sound) if path is not None], [output])
    rate = options.rate(fps) if fps else None
    check_output(output, overwrite)
    with writing(output, overwrite) as whole, sink(as_json) as progress:
        recipe, motion, audio, heard_in, features, known = performance(source, sound, given, progress)
        progress.stage("writing")
        rate = rate or (recipe.picture.fps if features else motion.fps)
        sound_name = heard_in.name if heard_in else ""
        take = pipeline.take(
            output.stem,
            motion,
            recipe,
            exporter,
            rate,
            audio,
            sound_name,
            features,
            Fraction(start).limit_denominator(10**6),
            rig,
            known=known,
        )
        exporter.export(take, whole)
        result = {"output": str(output), "format": name, "frames": len(take.motion), "seconds": take.motion.seconds}
    progress.result(**result)


def format_of(path: Path) -> str:
    """The format that a file's suffix stands for; `InputError` if none or several do."""
    suffixes = {name: registry.find("exporters", name).suffixes for name in registry.names("exporters")}
    fitting = [name for name, ends in suffixes.items() if path.suffix.lower() in ends]
    if not fitting:
        raise UnknownNameError("suffix of an exporter", path.suffix, {end for ends in suffixes.values() for end in ends})
    if len(fitting) > 1:
        raise InputError(f"{path.suffix} is the suffix of {' and '.join(fitting)}; say which with --format")
    return fitting[0]
