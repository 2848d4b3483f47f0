"""``animator evaluate``: how well the learned parts do on what they never learned from."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from animator.cli import options
from animator.cli.tables import print_scores, print_table
from animator.errors import InputError

ENCODERS = ("speech", "phones")
"""Our ear, and the one it took the place of."""


def _encoder(data: Path | None, cache: Path, clips: int) -> dict[str, Any]:
    """Figures by corpus and encoder, and the accuracy against look-ahead; printed as they come."""
    from animator.metrics.heard import Tally
    from animator.recipe import Choice, build
    from animator.training.measure import AHEAD, by_ear, figures, held_sets, measure

    found: dict[str, Any] = {}
    curve: dict[str, Any] = {}
    for corpus, known in held_sets(data, cache, clips).items():
        ears = {name: by_ear(build("encoders", Choice(name))) for name in ENCODERS}
        found[corpus] = {name: figures(sum(measure(ear, known), Tally())) for name, ear in ears.items()}
        print_table(f"{corpus}, {len(known)} clips held out", found[corpus])
        ahead = {f"{ms} ms": by_ear(build("encoders", Choice("speech", {"look_ahead": ms}))) for ms in AHEAD}
        curve[corpus] = {ms: sum(measure(ear, known), Tally()).accuracy for ms, ear in ahead.items()}
        curve[corpus]["whole clip"] = found[corpus]["speech"]["right in speech"]
    if not found:
        raise InputError("there is no speech that was held out, neither in the corpora nor among the prepared")
    print_table("right in speech against look-ahead", curve)
    return {"held out": found, "look-ahead": curve}


def _embedder(data: Path | None, cache: Path, clips: int) -> dict[str, Any]:
    """Figures of the training and on corpora that nothing learned from; all clips, since they are few."""
    from animator.training.embedder import evaluate as judge

    if data is None:
        raise InputError(
            "the embedder is judged on recordings of acted feelings and of people who read out; give their folder as --data"
        )
    scores: dict[str, Any] = judge(data)
    print_scores(scores)
    return scores


def _generator(data: Path | None, cache: Path, clips: int) -> dict[str, Any]:
    """Figures by generator beside a real speaker's, and the feelings that are read back."""
    from animator.core.script import felt
    from animator.io.rig import load_rig
    from animator.training.motion import measure
    from animator.training.motion.studio import Studio

    rig, studio = load_rig("arkit"), Studio(data, cache, tell=lambda line: click.echo(line, err=True))
    judges = studio.judges("_judge")
    shown = measure.tracked(studio.lines(), clips)
    real = measure.lips([clip.motion for clip in shown], shown, rig, judges["reader"])
    found: dict[str, Any] = {"lips": {"as tracked": measure.means(real)}}
    for name in GENERATORS:
        made = measure.performed(measure.by(name, rig), shown, rig)
        found["lips"][name] = measure.means(measure.lips(made, shown, rig, judges["reader"]))
    print_table(f"beside a real speaker, {len(shown)} clips held out", found["lips"])
    names, heard = felt(rig.emotions), [clip.heard for clip in shown[::4]]
    for name in GENERATORS:
        table = measure.read_back(measure.by(name, rig), heard, rig, judges["recogniser"]).tolist()
        found[f"{name} read as"] = {asked: dict(zip(names, row, strict=True)) for asked, row in zip(names, table, strict=True)}
        print_table(f"{name}: feelings asked for, and read as", found[f"{name} read as"])
    return found


GENERATORS = ("learned", "visemes")
"""What moves a face: the one that learned, and the one of rules."""

JUDGES: Mapping[str, Callable[[Path | None, Path, int], dict[str, Any]]] = {
    "encoder": _encoder,
    "embedder": _embedder,
    "generator": _generator,
}
"""What can be judged: from the folder of corpora, that of prepared speech and the most clips of a corpus, to figures."""


@click.command(cls=options.GroupedCommand, short_help="Figures of the learned parts on what was held out.")
@click.argument("part", type=click.Choice(tuple(JUDGES)), required=False)
@options.option("Data", "--data", type=click.Path(path_type=Path), help="The folder of corpora: emodb, grid_s1, speechocean …")
@options.option("Data", "--cache", type=click.Path(path_type=Path), help="Where prepared speech is, or is to be kept.")
@options.option("Data", "--clips", type=click.IntRange(1), default=60, help="Clips of a corpus at most.  [default: 60]")
@options.option("Output", "--json", "json_file", type=click.Path(path_type=Path), help="Also write the figures to a file.")
@options.option("Output", "--overwrite", is_flag=True, help="Replace a file that exists.")
def evaluate(
    *, part: str | None, data: Path | None, cache: Path | None, clips: int, json_file: Path | None, overwrite: bool
) -> None:
    """Print how well the parts that learn do on speakers that were held out: the encoder, which hears what is said, the
    embedder, which tells what is felt, or (without a name) each in turn.

    An encoder is judged on the visemes of its likeliest phones at 100 frames a second, and on closures of the lips (p b m) as
    events: two meet if they overlap or miss each other by less than 20 ms. Onset errors are medians, in seconds. The embedder's
    figures on its own corpora are those of its training, kept with its weights.
    """
    from animator.io.output import writing

    if data is None and cache is None:
        raise InputError("what was held out lies in corpora; give their folder as --data, or prepared speech as --cache")
    for name, folder in (("data", data), ("cache", cache)):
        if folder is not None and not folder.is_dir():
            raise InputError(f"there is no folder {folder}; --{name} takes one that is there")
    with ExitStack() as stack:
        whole = stack.enter_context(writing(json_file, overwrite)) if json_file else None
        kept = cache or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="animator-")))
        figures = {name: judge(data, kept, clips) for name, judge in JUDGES.items() if part in (None, name)}
        if whole:
            whole.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
