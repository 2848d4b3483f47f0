"""Rows to jobs: which sound becomes which files, by which recipe. Whatever is wrong with a list is told here, before any work."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from pathlib import Path

from animator import pipeline
from animator.batch.fingerprint import digest, settings_of, told_of
from animator.batch.formats import CLIPS, Format, formats_of
from animator.batch.jobs import Job, Output
from animator.batch.journal import FOLDER
from animator.batch.lists import Row
from animator.batch.recipes import PERFORMANCE, PERFORMERS, Assemble, at, recipe_of
from animator.compositor import TRANSPARENT
from animator.errors import FormatError, InputError
from animator.io.output import check_output
from animator.io.rig import is_rig_file
from animator.io.rig_map import load_maps
from animator.io.video import check_clip
from animator.recipe import Recipe

FORBIDDEN = '/\\:*?"<>|'
"""What no name of a file may hold, on one system or another."""


LONGEST = 200
"""Bytes of a name: systems take 255, and an ending comes after it."""


@dataclass(frozen=True)
class Defaults:
    """What holds for rows that say nothing else: formats as a list names them, rate, rig."""

    formats: str = ""
    fps: Fraction | None = None
    rig: str | None = None


def plan(
    rows: Sequence[Row], folder: Path, into: Path, known: Mapping[str, Format], defaults: Defaults, assemble: Assemble
) -> tuple[Job, ...]:
    """The jobs of a list, in its order.

    Parameters
    ----------
    rows
        Of the list.
    folder
        Where relative paths in the list start: its own folder.
    into
        The folder of outputs.
    known
        Formats by name.
    defaults
        For rows that say nothing else.
    assemble
        What a row's options add up to, those of the command beneath them.

    Raises
    ------
    InputError
        A row cannot be used, or two would be written to one file; list, line and column are told.
    """
    content = cache(digest)
    jobs = tuple(
        _with_outputs(row, _job(row, folder, defaults, assemble), into, known, defaults.formats, content) for row in rows
    )
    _refuse_clashes(jobs)
    return jobs


def _job(row: Row, folder: Path, defaults: Defaults, assemble: Assemble) -> Job:
    values = row.values
    source = folder / values["file"]
    performed = _is_performance(source.suffix.lower())
    useless = [name for name in (PERFORMANCE if performed else ("sound",)) if name in values]
    if performed and any(pair.partition(".")[0].strip() in PERFORMERS for pair in values.get("set", ())):
        useless.append("set")
    if useless:
        kind = "a performance, which is drawn as it is" if performed else "the speech itself"
        raise InputError(
            f"{row.place(useless[0])}: {source.name!r} is taken for {kind}, so there is nothing that this could change"
        )
    recipe = recipe_of(row, folder, assemble)
    rig = values.get("rig", defaults.rig)
    if rig is not None and "rig" in values and is_rig_file(rig):
        rig = str((folder / rig).absolute())
    if rig is not None:
        at(row, "rig", lambda: _check_rig(recipe.rig, rig))
    usual = source.stem.removesuffix(".motion") or source.name
    return Job(
        character=at(row, "character", lambda: _file_name(values["character"]) if "character" in values else ""),
        line=at(row, "line", lambda: _file_name(values.get("line", usual))),
        place=row.place(),
        source=source,
        sound=folder / values["sound"] if "sound" in values else None,
        performed=performed,
        recipe=recipe,
        fps=recipe.picture.fps if "fps" in values else defaults.fps,
        start=at(row, "start", lambda: _start(values.get("start", 0))),
        rig=rig,
    )


def _with_outputs(row: Row, job: Job, into: Path, known: Mapping[str, Format], usual: str, content: Callable[[Path], str]) -> Job:
    formats = at(row, "formats", lambda: formats_of(row.values.get("formats", usual), known))
    if not formats:
        raise FormatError(f"{row.place()} names no formats; give the list a column 'formats', or the command --formats")
    told = told_of(job, content)
    outputs = []
    for each in formats:
        path = into / job.character / f"{job.line}{each.ending}"
        at(row, "formats", lambda each=each, path=path: _check(each, path, job))  # type: ignore[misc]
        outputs.append(Output(each, path, path.relative_to(into).as_posix(), settings_of(told, each)))
    return replace(job, outputs=tuple(outputs))


def _check(each: Format, path: Path, job: Job) -> None:
    """Raise `InputError` for an output that cannot be written, or not in the wanted rig."""
    picture = job.recipe.picture
    if each.name in CLIPS:
        check_clip(path, picture.width, picture.height, picture.background != TRANSPARENT)
        _check_backdrop(picture.background)
    elif each.exporter is not None:
        pipeline.rig_to_write(each.build(), job.rig)
    _check_folder(path.parent)


@cache
def _check_folder(folder: Path) -> None:
    """Raise `InputError` unless files can be written there; finding out is slow, so it is done once."""
    check_output(folder / "any", overwrite=True)


@cache
def _check_backdrop(background: str) -> None:
    pipeline.backdrop(Recipe(picture=replace(Recipe().picture, background=background)))


@cache
def _check_rig(source: str, target: str) -> None:
    load_maps(source, target)


@cache
def _is_performance(suffix: str) -> bool:
    return pipeline.is_performance(Path(f"any{suffix}"))


def _start(seconds: float) -> Fraction:
    if not 0 <= seconds <= 86400:
        raise InputError(f"the first frame is at 0 to 86400 s on its clock, not {seconds:g}")
    return Fraction(seconds).limit_denominator(10**6)


def _file_name(text: str) -> str:
    """The text, if a file or folder may be called so."""
    wrong = next((letter for letter in text if letter in FORBIDDEN or unicodedata.category(letter) == "Cc"), None)
    if wrong is not None:
        raise InputError(f"{text!r} becomes the name of a file, so it holds no {wrong!r}; give another name")
    if len(os.fsencode(text)) > LONGEST:
        raise InputError(
            f"a name has {LONGEST} bytes at most, and {text[:20]!r}… has {len(os.fsencode(text))}; give a shorter one"
        )
    if text.strip(". ") == "" or text != text.strip() or text == FOLDER:
        raise InputError(f"no file can be called {text!r}; give another name")
    return text


def _refuse_clashes(jobs: Sequence[Job]) -> None:
    """Raise `InputError` if an output would be written over an input or another output, or inside of one.

    Letters of either case, and accents written as one sign or two, are taken for the same: some systems do.
    """
    inputs = {path.resolve(): job for job in jobs for path in (job.source, job.sound) if path is not None}
    taken: dict[str, Job] = {}
    for job in jobs:
        for output in job.outputs:
            key = _folded(output.key)
            if key in taken:
                raise InputError(
                    f"{job.place}: {output.key!r} would be written over that of {taken[key].place}; give them names of their own "
                    "in a column 'line'"
                )
            if output.path.resolve() in inputs:
                raise InputError(f"{job.place}: {output.key!r} would be written over an input of the list; give another folder")
            taken[key] = job
    for job in jobs:
        for output in job.outputs:
            inside = next((str(folder) for folder in Path(output.key).parents if _folded(folder.as_posix()) in taken), None)
            if inside:
                raise InputError(f"{job.place}: {output.key!r} would lie within another line's folder of pictures; rename one")


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
