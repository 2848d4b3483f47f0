"""``--report``: what came of a performance, beside its output, as a page (.html) or as values (.json)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import UInt8

from animator.cli import options
from animator.core.audio import Audio
from animator.core.emotion import Emotion
from animator.core.features import Features
from animator.core.frames import Frames
from animator.core.motion import Motion
from animator.errors import InputError
from animator.recipe import Recipe, recipe_to_toml

if TYPE_CHECKING:
    from animator.report.facts import Facts
    from animator.report.moments import Moment

SUFFIXES = (".html", ".json")

SIDE = 320
"""Pixels of a picture on the page, at most."""

report = options.option(
    "Output",
    "--report",
    "reports",
    multiple=True,
    type=Path,
    metavar="R.html|R.json",
    help="What came of it: closures, silence, blinks, feelings, curves, pictures.",
)


class Report:
    """Reports that are asked for, if any, and what they need of a performance on its way.

    Parameters
    ----------
    paths
        Where to write: each a page or values, as its suffix says.
    overwrite
        Whether to replace what exists.
    outputs
        Where reports become whole with the other outputs.

    Raises
    ------
    InputError
        A suffix stands for no report, or one cannot be written.
    """

    def __init__(self, paths: Sequence[Path], overwrite: bool, outputs: ExitStack) -> None:
        from animator.io.output import writing

        for path in paths:
            if path.suffix.lower() not in SUFFIXES:
                raise InputError(f"a report ends in {' or '.join(SUFFIXES)}, not {path.name!r}")
        self._drafts = [outputs.enter_context(writing(path, overwrite)) for path in paths]
        self._facts: Facts | None = None
        self._moments: tuple[Moment, ...] = ()
        self._shown: list[int] = []
        self._pictures: dict[int, np.ndarray] = {}

    def measure(
        self,
        title: str,
        motion: Motion,
        recipe: Recipe,
        audio: Audio | None,
        features: Features | None,
        known: bool = True,
        asked: Emotion | None = None,
    ) -> None:
        """Take a performance; parameters as in `animator.cli.source.Performance`, and ``asked`` is what was to be felt, where
        recipe and sound do not tell it. Without a report to write, nothing is done.
        """
        if not self._drafts:
            return
        from animator import pipeline
        from animator.io.rig import load_rig
        from animator.report.measure import gather
        from animator.report.moments import moments

        if features is None and audio is not None:
            features = pipeline.hear(audio, recipe)
        if asked is None and audio is not None and known:
            asked = pipeline.feel(audio, recipe, features)
        told = recipe_to_toml(recipe) if known else ""
        voice = []
        if asked is not None and audio is not None:
            voice = [(each["feeling"], each["odds"]) for each in pipeline.voice_tells(audio, recipe)]
        self._facts = gather(title, motion, load_rig(recipe.rig), told, audio, features, asked, voice)
        self._moments = moments(self._facts, recipe if known else None)

    def watch(self, frames: Frames) -> Frames:
        """The same pictures, some of which are kept for the page as they pass."""
        self._shown = [min(round(moment.seconds * frames.fps), frames.count - 1) for moment in self._moments]
        return replace(frames, pictures=self._kept(frames)) if self._shown else frames

    def draw(self, recipe: Recipe, photo: bool = False) -> None:
        """Draw pictures for the page where no clip is drawn; of a ``photo`` and in rigs that no head is drawn in, none."""
        from animator import pipeline

        if (
            photo
            or self._facts is None
            or recipe.rig != Recipe.rig
            or not any(draft.suffix.lower() == ".html" for draft in self._drafts)
        ):
            self._moments = ()
            return
        motion, picture = self._facts.motion, recipe.picture
        at = [min(round(moment.seconds * motion.fps), len(motion) - 1) for moment in self._moments]
        size = min(1.0, SIDE / max(picture.width, picture.height))
        small = replace(picture, width=round(size * picture.width), height=round(size * picture.height), fps=motion.fps)
        frames = pipeline.draw(
            replace(motion, values=motion.values[at]), pipeline.make_head(recipe), replace(recipe, picture=small)
        )
        self._shown, self._pictures = list(range(len(at))), dict(enumerate(frames))

    def write(self) -> None:
        """Write what is asked for."""
        from animator.report.facts import as_json
        from animator.report.page import page

        for draft in self._drafts:
            assert self._facts is not None
            if draft.suffix.lower() == ".json":
                text = json.dumps(as_json(self._facts), indent=1, ensure_ascii=False) + "\n"
            else:
                shown = [(moment, self._pictures[k]) for moment, k in zip(self._moments, self._shown, strict=True)]
                text = page(self._facts, shown)
            draft.write_text(text, encoding="utf-8", newline="\n")

    def _kept(self, frames: Frames) -> Iterator[UInt8[np.ndarray, "H W 4"]]:
        for k, picture in enumerate(frames):
            if k in self._shown:
                self._pictures[k] = picture.copy()
            yield picture
