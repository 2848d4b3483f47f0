"""One line of dialogue made: heard, felt, moved once, then written in each of its formats; together or not at all."""

from __future__ import annotations

import traceback
import warnings
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from animator import pipeline
from animator.batch.fingerprint import sound_of
from animator.batch.formats import CLIPS, MOTION
from animator.batch.jobs import Job, Output
from animator.core.audio import Audio
from animator.core.feelings import described
from animator.core.head import Head
from animator.core.motion import Motion
from animator.core.provenance import DRAWN, GENERATED
from animator.errors import AnimatorError, LossWarning
from animator.exporters.base import HEAD
from animator.io.audio import read_audio
from animator.io.output import writing
from animator.io.track import write_motion
from animator.io.video import write_video
from animator.recipe import Choice, Recipe, recipe_to_toml, rig_to_toml


@dataclass(frozen=True)
class Report:
    """What came of a job.

    Parameters
    ----------
    failure
        The sentence that says what went wrong; empty if nothing did.
    notes
        What descriptions of feelings were taken for, and what could not be kept whole.
    heard
        Which feelings the voice tells, likeliest first with their ``odds``, if it was asked.
    sound
        Digest of what was listened to.
    seconds
        Length of the line.
    trace
        Where it went wrong, for whoever mends it.
    """

    failure: str = ""
    notes: tuple[str, ...] = ()
    heard: tuple[Mapping[str, Any], ...] = ()
    sound: str = ""
    seconds: float = 0.0
    trace: str = ""


@dataclass
class Maker:
    """Makes line after line, and keeps the head of the last one, since the next is often of the same person."""

    _person: tuple[Choice, Head] | None = field(default=None, init=False)

    def make(self, job: Job, drafts: Path) -> Report:
        """Make a job's outputs; they come into being in the folder ``drafts``. Whatever goes wrong is told in the report."""
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("ignore")
            warnings.simplefilter("always", LossWarning)
            try:
                report = self._make(job, drafts)
            except AnimatorError as error:
                report = Report(failure=" ".join(str(error).split()), trace=traceback.format_exc())
            except OSError as error:
                sentence = f"{error.filename or 'an output'} cannot be read or written: {error.strerror or error}"
                report = Report(failure=sentence, trace=traceback.format_exc())
            except Exception as error:  # no line may take the others with it
                sentence = f"a fault of animator's own, {type(error).__name__}: {' '.join(str(error).split())}"
                report = Report(failure=sentence, trace=traceback.format_exc())
        notes = (*_meanings(job), *(str(each.message) for each in told))
        return replace(report, notes=tuple(dict.fromkeys(notes)))

    def _make(self, job: Job, drafts: Path) -> Report:
        sound = sound_of(job)
        performance = _perform(job)
        with ExitStack() as outputs:
            for output in job.outputs:
                draft = outputs.enter_context(writing(output.path, output.replace, drafts))
                self._write(job, performance, output, draft)
        return Report(heard=performance.heard, sound=sound, seconds=float(performance.motion.seconds))

    def _write(self, job: Job, performance: Performance, output: Output, draft: Path) -> None:
        motion, recipe, audio = performance.motion, performance.recipe, performance.audio
        if output.format.name == MOTION:
            rig = job.rig or recipe.rig
            told = recipe_to_toml(replace(recipe, rig=rig)) if performance.known else rig_to_toml(rig)
            write_motion(pipeline.retarget(motion, recipe.rig, rig), draft, told)
        elif output.format.name in CLIPS:
            frames = pipeline.draw(motion, self._head(recipe), recipe, audio.seconds if audio else None)
            source = GENERATED if performance.known else DRAWN
            write_video(frames, audio, draft, recipe=recipe_to_toml(recipe), source=source)
        else:
            exporter = output.format.build()
            head = self._head(recipe) if HEAD in exporter.needs else None
            rate = job.fps or (motion.fps if job.performed else recipe.picture.fps)
            listened = job.sound if job.performed else job.source
            name = listened.name if listened else ""
            take = pipeline.take(
                job.line, motion, recipe, exporter, rate, audio, name, None, job.start, job.rig, head, performance.known
            )
            exporter.export(take, draft)

    def _head(self, recipe: Recipe) -> Head:
        if self._person is None or self._person[0] != recipe.head:
            self._person = None  # before the next is made: heads are large
            self._person = (recipe.head, pipeline.make_head(recipe))
        return self._person[1]


@dataclass(frozen=True)
class Performance:
    """A line performed: its motion, the recipe it is of and whether that is ``known``, its sound, what its voice tells."""

    motion: Motion
    recipe: Recipe
    audio: Audio | None
    known: bool = True
    heard: tuple[Mapping[str, Any], ...] = ()


def _meanings(job: Job) -> list[str]:
    if job.performed:
        return []
    return [f"described as {feelings}: {text} (by {by})" for text, (feelings, by) in described(job.recipe.feelings).items()]


def _perform(job: Job) -> Performance:
    if job.performed:
        motion, performed, known = pipeline.read_performance(job.source)
        drawn = job.recipe
        recipe = replace(performed, head=drawn.head, renderer=drawn.renderer, picture=drawn.picture)
        return Performance(motion, recipe, read_audio(job.sound) if job.sound else None, known)
    recipe = job.recipe
    audio = read_audio(job.source)
    heard = tuple(pipeline.voice_tells(audio, recipe))
    return Performance(pipeline.generate(audio, recipe), recipe, audio, heard=heard)
