"""``animator script``: what a script says, before anything is performed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from animator.cli import options
from animator.core.cues import Direction, called, placed
from animator.core.emotion import ALL, NEUTRAL, parts_of
from animator.core.script import Cue, parse_feelings
from animator.directing import directed, saying
from animator.errors import InputError
from animator.recipe import Choice, Recipe

if TYPE_CHECKING:
    from animator.core.audio import Audio


@click.group(short_help="What a script says, before anything is performed.")
def script() -> None:
    """Work with scripts: timelines of feelings and gestures."""


@script.command(cls=options.GroupedCommand, short_help="Explain a script in plain words.")
@click.argument("file", metavar="SCRIPT", type=click.Path(path_type=Path))
@options.option("Speech", "--audio", type=click.Path(path_type=Path), help="The sound that goes with it: cues get their times.")
@options.option("Speech", "--transcript", metavar="TEXT|FILE", help="What is said, where the script does not tell it.")
@options.option("Output", "--json", "as_json", is_flag=True, help="The same as JSON on standard output.")
def check(*, file: Path, audio: Path | None, transcript: str | None, as_json: bool) -> None:
    """Say in plain words what SCRIPT does, cue by cue; complain of what is wrong with the file, the line and the cue.

    With --audio, cues at words are placed by the transcript, and cues outside the sound are told.
    """
    from animator.io.audio import read_audio
    from animator.io.script import read_script

    told = read_script(file)
    if told.transcript is not None and transcript is not None:
        raise InputError(f"{file.name!r} tells what is said, and so does --transcript; give one of them")
    recipe = directed(Recipe(), told, repr(file.name))
    if transcript is not None:
        recipe = saying(recipe, options.text_or_file(transcript))
    cues = recipe.part("embedder").cues if recipe.embedder.name == "script" else ()
    told = replace(told, cues=cues, transcript=recipe.transcript)
    rows = _rows(_timed(recipe, cues, read_audio(audio)) if audio is not None else cues)
    if as_json:
        click.echo(json.dumps({"script": str(file), "inertia": told.inertia, "transcript": told.transcript, "cues": rows}))
        return
    click.echo(_heading(file, told))
    wide = max((len(row["when"]) for row in rows), default=0)
    for row in rows:
        click.echo(f"  {row['when']:>{wide}}  {row['does']}" + (f"  (line {row['line']})" if row["line"] else ""))


def _timed(recipe: Recipe, cues: Sequence[Cue], audio: Audio) -> Sequence[Cue]:
    """The cues in seconds, none of them outside the sound."""
    from animator import pipeline

    if any(cue.words for cue in cues):
        cues = placed(cues, pipeline.hear(audio, recipe).words, "the script")
    if cues:
        settings = {**recipe.embedder.settings, "cues": cues}
        pipeline.feel(audio, replace(recipe, embedder=Choice("script", settings)))
    return cues


def _heading(file: Path, told: Direction) -> str:
    gestures = sum(bool(cue.gesture) for cue in told.cues)
    parts = [_count(len(told.cues) - gestures, "cue"), _count(gestures, "gesture")]
    parts += [_count(len(told.lips), "direction of the lips")] if told.lips else []
    parts += [_count(len(told.looks), "look")] if told.looks else []
    heading = f"{file}: {', '.join(parts)}"
    if told.inertia:
        heading += f"; feelings follow with a time constant of {told.inertia:g} s"
    return heading if told.transcript is None else f"{heading}\n  said: {' '.join(told.transcript.split())}"


def _rows(cues: Sequence[Cue]) -> list[dict[str, Any]]:
    return [
        {"cue": called(i, cue), "line": cue.line, "start": cue.start, "when": _when(cue), "does": _does(cue)}
        for i, cue in enumerate(cues, 1)
    ]


def _when(cue: Cue) -> str:
    offset = f" {cue.offset:+g} s" if cue.offset else ""
    if cue.start is not None:
        return f"{cue.start:.2f} s{offset}"
    return f"{'at' if cue.word else 'after'} “{cue.words}”{offset}"


def _does(cue: Cue) -> str:
    """What a cue does, as one would say it."""
    if cue.gesture:
        strength = "" if cue.intensity == 1 else f" at {cue.intensity:g} of its strength"
        held = f", held for {cue.hold:g} s" if cue.hold else ""
        return f"{cue.gesture.replace('_', ' ')}, once{strength}{held}"
    places: dict[str, dict[str, float]] = {}
    for name, weight in parse_feelings(cue.feeling).items():
        region, feeling = parts_of(name)
        places.setdefault(region, {})[feeling] = weight * cue.intensity
    what = "; ".join(f"{_place(region)} {_mixture(felt) or 'nothing'}" for region, felt in places.items())
    how = "at once" if cue.ease == 0 or (cue.start == 0 and not cue.offset) else f"over {cue.ease:g} s"
    return f"{what}, {how}" + ("" if cue.hold is None else f"; after {cue.hold:g} s back to what was before")


def _place(region: str) -> str:
    return "the whole face:" if region == ALL else f"the {region} besides:"


def _mixture(felt: Mapping[str, float]) -> str:
    return " and ".join(f"{feeling} {weight:g}" for feeling, weight in felt.items() if feeling != NEUTRAL)


def _count(number: int, what: str) -> str:
    singular, _, rest = what.partition(" ")
    return f"{number} {singular}{'' if number == 1 else 's'}{' ' + rest if rest else ''}"
