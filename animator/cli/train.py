"""``animator train``: the shipped weights again, from nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from animator.cli import options
from animator.cli.tables import print_scores
from animator.errors import InputError

if TYPE_CHECKING:
    from animator.training.motion.studio import Studio


@dataclass(frozen=True)
class Lesson:
    """What is given to a training.

    Parameters
    ----------
    data
        The folder of corpora; None where there is none.
    cache
        A folder for what is kept, if only for a while.
    out
        The weights to write.
    tiny
        Whether it is a trial without corpora.
    seed
        Of everything random.
    steps
        Batches to learn from, where the training has such a dial and it was turned.
    """

    data: Path | None
    cache: Path
    out: Path
    tiny: bool
    seed: int
    steps: int | None

    def plan(self, usual: Any, tiny: Any) -> Any:
        """The plan that is asked for."""
        plan = replace(tiny if self.tiny else usual, seed=self.seed)
        return plan if self.steps is None else replace(plan, steps=self.steps)

    @property
    def studio(self) -> Studio:
        """Where motion comes from."""
        from animator.training.motion.studio import Studio

        return Studio(self.data, self.cache, self.tiny, _tell)

    @property
    def kept(self) -> Path | None:
        """Where a training is kept that can be taken up again; a trial's is not."""
        return None if self.tiny else self.cache


def _tell(line: str) -> None:
    click.echo(line, err=True)


def _encoder(asked: Lesson) -> Mapping[str, Any]:
    from animator.training import ear, phones
    from animator.training.ear.train import TINY

    packs = phones.pack(asked.data, asked.cache, asked.tiny)
    return ear.train(packs, asked.out, asked.plan(ear.Plan(), TINY), asked.kept, tell=_tell)


def _embedder(asked: Lesson) -> Mapping[str, Any]:
    from animator.training.embedder import train as learn

    return learn(asked.data, asked.out, tiny=asked.tiny, seed=asked.seed, kept=asked.kept, tell=_tell)


def _teacher(asked: Lesson) -> Mapping[str, Any]:
    from animator.io.rig import load_rig
    from animator.training.motion import train_teacher

    if asked.tiny or asked.steps is not None:
        raise InputError("the teacher is fitted to GRID in one way; it has neither --tiny nor --steps")
    return train_teacher(asked.data, asked.cache, load_rig("arkit"), asked.out, seed=asked.seed)


def _prior(asked: Lesson) -> Mapping[str, Any]:
    from animator.training.motion.prior import TINY, Plan, train_prior

    return train_prior(asked.studio.motion(), asked.out, asked.plan(Plan(), TINY), asked.kept, _tell)


def _lipreader(asked: Lesson) -> Mapping[str, Any]:
    from animator.training.motion.lipreader import TINY, Plan, train_lipreader

    return train_lipreader([asked.studio.lines()], asked.out, asked.plan(Plan(), TINY), asked.kept, _tell)


def _generator(asked: Lesson) -> Mapping[str, Any]:
    from animator.training.motion.generator import TINY, Plan, train_generator

    beside = {"speaks": asked.studio.trial_prior()} if asked.tiny else asked.studio.judges()
    plan = asked.plan(Plan(), TINY)
    return train_generator(asked.studio.motion(), asked.out, plan, asked.kept, **beside, tell=_tell)


def _portrait(asked: Lesson) -> Mapping[str, Any]:
    from animator.training.portrait.train import TINY, Plan, train_portrait
    from animator.training.portrait.trial import trial_pairs

    if asked.tiny:
        pairs = trial_pairs(seed=asked.seed)
    else:
        from animator.training.portrait.album import album

        pairs = album(asked.data, asked.cache / "pairs", tell=_tell)
    return train_portrait(pairs, asked.out, asked.plan(Plan(), TINY), asked.kept, _tell)


LEARN: Mapping[str, Callable[[Lesson], Mapping[str, Any]]] = {
    "encoder": _encoder,
    "embedder": _embedder,
    "teacher": _teacher,
    "prior": _prior,
    "lipreader": _lipreader,
    "generator": _generator,
    "portrait": _portrait,
}
"""What learns, in the order in which one builds on the other."""


@click.command(cls=options.GroupedCommand, short_help="The shipped weights again, from nothing.")
@click.argument("part", type=click.Choice(tuple(LEARN)))
@options.option(
    "Data",
    "--data",
    type=click.Path(path_type=Path),
    help="The folder of corpora: emodb, grid_s1, speechocean …  --tiny needs none.",
)
@options.option("Data", "--cache", type=click.Path(path_type=Path), help="Where what is prepared or half done is kept.")
@options.option("Training", "--tiny", is_flag=True, help="A small net on the shipped samples, in a minute, to see it learn.")
@options.option("Training", "--seed", type=click.IntRange(0), default=0, help="The only source of chance.  [default: 0]")
@options.option("Training", "--steps", type=click.IntRange(1), help="How many batches are learned from; not of the embedder's.")
@options.option("Output", "--out", type=click.Path(path_type=Path), help="The weights.  [default: PART.safetensors]")
@options.output_manners
def train(
    *, part: str, data: Path | None, cache: Path | None, out: Path | None, overwrite: bool, as_json: bool, **dials: Any
) -> None:
    """Train a part and write its weights: the encoder, which hears; the embedder, which feels; the generator, which moves the
    face; what that learns by: the teacher's tables, the prior that it speaks in, and the lip reader that minds its words; and the
    portrait, which refines a moved photo.

    The same data and seed give the same weights. All training but the embedder's can be taken up again: stopped, and started
    with the same --cache, it goes on. Corpora that may not be used commercially are refused.
    """
    from animator.io.output import writing

    target = out or Path(f"{part}.safetensors")
    if target.suffix != ".safetensors":
        raise InputError(f"weights cannot be written as {target.name!r}; end it in .safetensors")
    if data is None and cache is None and not dials["tiny"]:
        raise InputError(f"the {part} learns from corpora; give their folder as --data, or --tiny for a trial without")
    if data is not None and not data.is_dir():
        raise InputError(f"there is no folder {data}; --data takes the folder that holds the corpora (emodb, grid_s1 …)")
    if dials["steps"] is not None and part == "embedder":
        raise InputError("--steps is no dial of the embedder's training; the other parts have it")
    with ExitStack() as stack:
        whole = stack.enter_context(writing(target, overwrite))
        kept = cache or Path(stack.enter_context(TemporaryDirectory(prefix="animator-")))
        scores = LEARN[part](Lesson(data, kept, whole, **dials))
    if as_json:
        click.echo(json.dumps({"output": str(target), "bytes": target.stat().st_size, "scores": scores}))
    else:
        print_scores(scores)
        click.echo(f"{target}: {target.stat().st_size / 1e6:.2f} MB", err=True)
