"""``animator export``: speech, or a performance, to a file for another program."""

from __future__ import annotations

import math
import re
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from animator import registry
from animator.cli import options
from animator.cli.parts import describe
from animator.cli.progress import sink
from animator.cli.reporting import Report, report
from animator.cli.source import performance
from animator.errors import InputError, UnknownNameError
from animator.recipe import Choice, build

LOWEST, HIGHEST = 1, 1000
"""Frames a second that are written."""

EXAMPLES = """\
animator export speech.wav -o story_1_Ana.csv --format livelink --start 3600
animator export speech.wav -o line.py --format metahuman --emotion angry:0.7
animator export clip.motion.npz --audio speech.wav -o clip.glb --format glb --fps 60
animator export recorded.csv -o take.json --format a2f --with digits=4
"""


class ExportCommand(options.GroupedCommand):
    """A command whose help ends with the formats and examples."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what each format is, as its part says it, and what to type."""
        with formatter.section("Formats"):
            formatter.write_dl([_in_short(name) for name in registry.names("exporters")])
        with formatter.section("Examples"):
            for line in EXAMPLES.splitlines():
                formatter.write(f"{'':>{formatter.current_indent}}{line}\n")


def _in_short(name: str) -> tuple[str, str]:
    """A format's name, and what it is with the suffixes of its files."""
    told = describe("exporters", name)
    what = re.split(r"[:.;](?:\s|$)", told["summary"])[0]
    return name, f"{what}  [{' '.join(told['files'])}]"


@click.command(cls=ExportCommand, short_help="Speech, or a performance, to a file for another program.")
@click.argument("source", metavar="SPEECH|MOTION", type=click.Path(path_type=Path))
@options.output
@options.option(
    "Output", "--format", "format_name", metavar="NAME", help="One of those below.  [default: the one that the suffix stands for]"
)
@options.option(
    "Output", "--rig", metavar="NAME|FILE", help="In the controls of another rig, where the format takes any.  [default: arkit]"
)
@options.option("Output", "--fps", metavar="RATE", help="Frames a second.  [default: 30 for speech, its own for a motion]")
@options.option(
    "Output",
    "--start",
    type=float,
    default=0.0,
    metavar="SECONDS",
    help="Time of day at the first frame, for formats with a timecode.",
)
@options.option(
    "Output",
    "--tolerance",
    type=float,
    metavar="ERROR",
    help="Largest error at any frame, for formats with sparse keys.  [default: 0.001]",
)
@options.option(
    "Output", "--with", "format_settings", multiple=True, metavar="SETTING=VALUE", help="Any setting of the format: digits=4."
)
@report
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
    reports: tuple[Path, ...],
    overwrite: bool,
    as_json: bool,
    sound: Path | None,
    **given: Any,
) -> None:
    """Write SPEECH (WAV, FLAC, MP3, OGG, M4A), which is performed, or a MOTION, which is taken as it is, in the format of a game
    engine, an animation tool or a service.

    A MOTION is a file of 'animator generate', or a performance from elsewhere: a recording of Live Link Face, weights of
    Audio2Face, plain curves; 'animator list importers' has them all.

    The suffix of the output says the format; --format says it where several share a suffix. 'animator list exporters' shows what
    each format loses, and its settings. Formats that refer to the sound do so by its file's name, and never copy it.
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
    options.refuse_same_file([path for path in (source, sound) if path is not None], [output, *reports])
    rate = options.rate(fps) if fps else None
    if rate is not None and not LOWEST <= rate <= HIGHEST:
        raise InputError(f"--fps lies in [{LOWEST}, {HIGHEST}], not {fps}")
    if not 0 <= start < math.inf:
        raise InputError(f"--start is a time of 0 seconds or more, not {start:g}")
    pipeline.rig_to_write(exporter, rig)
    check_output(output, overwrite)
    with ExitStack() as outputs:
        whole = outputs.enter_context(writing(output, overwrite))
        told = Report(reports, overwrite, outputs)
        progress = outputs.enter_context(sink(as_json))
        recipe, motion, audio, heard_in, features, known = performance(source, sound, given, progress)
        if reports:
            progress.stage("reporting")
            told.measure(source.name, motion, recipe, audio, features, known)
            told.draw(recipe)
        progress.stage("writing")
        rate = rate or (motion.fps if pipeline.is_performance(source) else recipe.picture.fps)
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
        told.write()
        result = {"output": str(output), "format": name, "frames": len(take.motion), "seconds": take.motion.seconds}
    progress.result(**result)


def format_of(path: Path) -> str:
    """The format that a file's suffix stands for; `InputError` if none or several do."""
    suffixes = {name: registry.find("exporters", name).suffixes for name in registry.names("exporters")}
    fitting = [name for name, ends in suffixes.items() if path.suffix.lower() in ends]
    if not fitting:
        raise UnknownNameError("suffix of an exporter", path.suffix, {end for ends in suffixes.values() for end in ends})
    own = path.suffix.lower().removeprefix(".")
    if own in fitting:  # of several, the one that is called like its suffix is what is meant
        return own
    if len(fitting) > 1:
        raise InputError(f"{path.suffix} is the suffix of {' and '.join(fitting)}; say which with --format")
    return fitting[0]
