"""``animator script``: what a script says, before anything is performed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from animator.cli import options
from animator.cli.explaining import meanings, rows
from animator.core.cues import Direction, placed
from animator.core.lips import Lips, lips_from
from animator.core.look import Look, looks_from
from animator.directing import directed, feeling, saying
from animator.embedders.script import tell_overlaps
from animator.errors import InputError
from animator.recipe import Choice, Recipe

if TYPE_CHECKING:
    from animator.core.audio import Audio
    from animator.core.features import Word


@click.group(short_help="What a script says, before anything is performed.")
def script() -> None:
    """Work with scripts: timelines of feelings, gestures, lips and looks."""


@script.command(cls=options.GroupedCommand, short_help="Explain a script in plain words.")
@click.argument("file", metavar="SCRIPT", type=click.Path(path_type=Path))
@options.option("Speech", "--audio", type=click.Path(path_type=Path), help="The sound that goes with it: all get their times.")
@options.option("Speech", "--transcript", metavar="TEXT|FILE", help="What is said, where the script does not tell it.")
@options.option("Speech", "--feelings", type=click.Path(path_type=Path), help="Feelings of your own that it names (TOML).")
@options.option("Output", "--json", "as_json", is_flag=True, help="The same as JSON on standard output.")
def check(*, file: Path, audio: Path | None, transcript: str | None, feelings: Path | None, as_json: bool) -> None:
    """Say in plain words what SCRIPT does, cue by cue, with its lips and looks; complain of what is wrong with the file, the line
    and the cue.

    With --audio, what stands at words is placed by the transcript, and what lies outside the sound is told.
    """
    from animator.io.audio import read_audio
    from animator.io.feelings import read_feelings
    from animator.io.script import read_script

    recipe = Recipe() if feelings is None else feeling(Recipe(), read_feelings(feelings), repr(feelings.name))
    told = read_script(file, recipe.rig, recipe.feelings)
    if told.transcript is not None and transcript is not None:
        raise InputError(f"{file.name!r} tells what is said, and so does --transcript; give one of them")
    recipe = directed(recipe, told, repr(file.name))
    if transcript is not None:
        recipe = saying(recipe, options.text_or_file(transcript))
    told = _understood(told, recipe)
    if audio is not None:
        told = _timed(told, recipe, read_audio(audio))
    else:
        tell_overlaps(placed([cue for cue in told.cues if not cue.words], (), "the script"))
    asked, own = rows(told.cues, told.lips, told.looks, told.transcript), meanings(told.feelings)
    if as_json:
        kinds = {"cues": asked[: len(told.cues)], "lips": asked[len(told.cues) :][: len(told.lips)]}
        kinds["looks"] = asked[len(told.cues) + len(told.lips) :]
        tables = {kind: [row._asdict() for row in each] for kind, each in kinds.items()}
        said = {"script": str(file), "inertia": told.inertia, "transcript": told.transcript, "feelings": own}
        click.echo(json.dumps({**said, **tables}))
        return
    click.echo(_heading(file, told))
    for line in own:
        click.echo(f"  {line}")
    wide = max((len(row.when) for row in asked), default=0)
    for row in asked:
        click.echo(f"  {row.when:>{wide}}  {row.does}" + (f"  (line {row.line})" if row.line else ""))


def _understood(told: Direction, recipe: Recipe) -> Direction:
    """All that a recipe was directed to do, also by tags that the script did not tell; descriptions understood."""
    settings = recipe.generator.settings
    return replace(
        told,
        cues=recipe.part("embedder").cues if recipe.embedder.name == "script" else (),
        transcript=recipe.transcript,
        lips=lips_from(settings.get("articulation", ()), "the script"),
        looks=looks_from(settings.get("looks", ()), "the script"),
        feelings=recipe.feelings,
    )


def _timed(told: Direction, recipe: Recipe, audio: Audio) -> Direction:
    """The same in seconds, none of it outside the sound."""
    from animator import pipeline

    worded = [cue.words for cue in told.cues] + [way.words or "" for way in told.lips] + [look.words for look in told.looks]
    said = pipeline.hear(audio, recipe).words if any(worded) else ()
    cues = placed(told.cues, said, "the script")
    if cues:
        settings = {**recipe.embedder.settings, "cues": cues}
        pipeline.feel(audio, replace(recipe, embedder=Choice("script", settings)))
    return replace(told, cues=cues, lips=_lips(told.lips, said, audio), looks=_looks(told.looks, said, audio))


def _lips(ways: Sequence[Lips], said: Sequence[Word], audio: Audio) -> tuple[Lips, ...]:
    from animator.core.words import spans_of_words

    out: list[Lips] = []
    for way in ways:
        if (way.start or 0.0) >= audio.seconds:
            raise InputError(
                f"{way.called} are directed from {way.start:g} s on, but the sound ends at {float(audio.seconds):.2f} s"
            )
        spans = [(way.start, way.stop)] if way.words is None else spans_of_words(said, way.words, way.called)
        out += [replace(way, start=start, stop=stop, words=None) for start, stop in spans]
    return tuple(out)


def _looks(looks: Sequence[Look], said: Sequence[Word], audio: Audio) -> tuple[Look, ...]:
    from animator.generators.life.attention import attention

    found = placed(looks, said, "the script")
    attention(found, float(audio.seconds))
    return found


def _heading(file: Path, told: Direction) -> str:
    gestures = sum(bool(cue.gesture) for cue in told.cues)
    parts = [_count(len(told.cues) - gestures, "cue"), _count(gestures, "gesture")]
    parts += [_count(len(told.lips), "direction of the lips")] if told.lips else []
    parts += [_count(len(told.looks), "look")] if told.looks else []
    heading = f"{file}: {', '.join(parts)}"
    if told.inertia:
        heading += f"; feelings follow with a time constant of {told.inertia:g} s"
    return heading if told.transcript is None else f"{heading}\n  said: {' '.join(told.transcript.split())}"


def _count(number: int, what: str) -> str:
    singular, _, rest = what.partition(" ")
    return f"{number} {singular}{'' if number == 1 else 's'}{' ' + rest if rest else ''}"
