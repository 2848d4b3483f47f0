"""``animator train``: the shipped weights again, from nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from animator.cli import options
from animator.cli.tables import print_scores
from animator.errors import InputError

PARTS = ("encoder", "embedder")
"""What learns."""


@click.command(cls=options.GroupedCommand, short_help="The shipped weights again, from nothing.")
@click.argument("part", type=click.Choice(PARTS))
@options.option("Data", "--data", type=click.Path(path_type=Path), help="The folder of corpora; --tiny needs none.")
@options.option("Data", "--cache", type=click.Path(path_type=Path), help="Where prepared speech and half-done training are kept.")
@options.option("Training", "--tiny", is_flag=True, help="A small net on the shipped samples, in a minute, to see it learn.")
@options.option("Training", "--seed", type=click.IntRange(0), default=0, help="The only source of chance.  [default: 0]")
@options.option("Training", "--steps", type=click.IntRange(1), help="How many batches the encoder learns from.")
@options.option("Output", "--out", type=click.Path(path_type=Path), help="The weights.  [default: PART.safetensors]")
@options.output_manners
def train(
    *, part: str, data: Path | None, cache: Path | None, out: Path | None, overwrite: bool, as_json: bool, **plan: Any
) -> None:
    """Train the encoder or the embedder and write its weights.

    The same data and seed give the same weights. The encoder's training can be taken up again: stopped, and started with the
    same --cache, it goes on. Corpora that may not be used commercially are refused.
    """
    from animator.io.output import writing

    target = out or Path(f"{part}.safetensors")
    if target.suffix != ".safetensors":
        raise InputError(f"weights cannot be written as {target.name!r}; end it in .safetensors")
    if data is None and cache is None and not plan["tiny"]:
        raise InputError(f"the {part} learns from corpora; give their folder as --data, or --tiny for a trial without")
    if data is not None and not data.is_dir():
        raise InputError(f"there is no folder {data}; --data takes the folder that holds the corpora (emodb, grid_s1 …)")
    if plan["steps"] is not None and part != "encoder":
        raise InputError("--steps is of the encoder's training; the embedder's has no such dial")
    with ExitStack() as stack:
        whole = stack.enter_context(writing(target, overwrite))
        kept = cache or Path(stack.enter_context(TemporaryDirectory(prefix="animator-")))
        learn = _encoder if part == "encoder" else _embedder
        scores = learn(data, kept, whole, **plan)
    if as_json:
        click.echo(json.dumps({"output": str(target), "bytes": target.stat().st_size, "scores": scores}))
    else:
        print_scores(scores)
        click.echo(f"{target}: {target.stat().st_size / 1e6:.2f} MB", err=True)


def _encoder(data: Path | None, cache: Path, out: Path, *, tiny: bool, seed: int, steps: int | None) -> Mapping[str, Any]:
    from animator.training import ear, phones
    from animator.training.ear.train import TINY

    plan = replace(TINY if tiny else ear.Plan(), seed=seed)
    plan = plan if steps is None else replace(plan, steps=steps)
    packs = phones.pack(data, cache, tiny)
    return ear.train(packs, out, plan, None if tiny else cache, tell=lambda line: click.echo(line, err=True))


def _embedder(data: Path | None, cache: Path, out: Path, *, tiny: bool, seed: int, steps: None) -> Mapping[str, Any]:
    from animator.training.embedder import train as learn

    return learn(data, out, tiny=tiny, seed=seed, kept=None if tiny else cache)
