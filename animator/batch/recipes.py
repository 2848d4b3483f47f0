"""Rows to recipes: what a row says of a line's performance and picture, as the command's own options say it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from animator.batch.columns import feelings_of
from animator.batch.lists import Row
from animator.directing import check_feelings, saying
from animator.errors import InputError
from animator.io.toml import read_text
from animator.recipe import Recipe

Assemble = Callable[[Mapping[str, Any]], Recipe]
"""Options by name, as the command line has them, to the recipe they add up to."""

T = TypeVar("T")

OPTIONS = ("seed", "fps", "size", "camera", "background", "blink", "gaze", "head_motion", "encoder", "generator")
"""Columns that are options of the same name."""

FILES = {"script": "script", "look": "look", "head": "head_file"}
"""Columns that are paths, with the names of their options."""

PERFORMANCE = ("feeling", "intensity", "script", "transcript", "seed", "blink", "gaze", "head_motion", "encoder", "generator")
"""Columns that decide how a line is performed, so that a performance in a file has no use for them."""


def recipe_of(row: Row, folder: Path, assemble: Assemble) -> Recipe:
    """The recipe of a row, whose paths start in ``folder``.

    Raises
    ------
    InputError
        A value cannot be used; list, line and column are told.
    """
    values = row.values
    given: dict[str, tuple[str, Any]] = {name: (name, values[name]) for name in OPTIONS if name in values}
    given |= {name: (option, Path(str(values[name]))) for name, option in FILES.items() if name in values}
    if "feeling" in values:
        given["feeling"] = ("emotion", at(row, "feeling", lambda: _feeling(str(values["feeling"]), row)))
    elif "intensity" in values:
        raise InputError(f"{row.place('intensity')}: there is no feeling here whose intensity this could be")
    try:
        recipe = _checked(assemble, given)
    except InputError as error:
        raise InputError(f"{row.place(_culprit(assemble, given))}: {error}") from None
    if "transcript" in values:
        recipe = at(row, "transcript", lambda: saying(recipe, _transcript(str(values["transcript"]), folder)))
    return recipe


def at(row: Row, column: str, act: Callable[[], T]) -> T:
    """What ``act`` gives; its complaint names the row and the column."""
    try:
        return act()
    except InputError as error:
        raise InputError(f"{row.place(column)}: {error}") from None


def _checked(assemble: Assemble, given: Mapping[str, tuple[str, Any]]) -> Recipe:
    """The recipe, with every feeling that it names known."""
    recipe = assemble(dict(given.values()))
    named = recipe.embedder.settings
    told = [named["feelings"]] if "feelings" in named else [cue["feeling"] for cue in named.get("cues", ()) if "feeling" in cue]
    for feelings in told:
        check_feelings(recipe, feelings)
    return recipe


def _culprit(assemble: Assemble, given: Mapping[str, tuple[str, Any]]) -> str | None:
    """The column that cannot be used even alone."""
    for column, pair in given.items():
        try:
            _checked(assemble, {column: pair})
        except InputError:
            return column
    return None


def _feeling(text: str, row: Row) -> str:
    """As ``--emotion`` takes it: labels of any list become names that it knows; ``auto`` and files stay as they are."""
    if text.casefold() == "auto" or Path(text).suffix[1:2].isalpha():
        if "intensity" in row.values:
            raise InputError(f"feelings by name have an intensity, and {text!r} is none")
        return text
    return feelings_of(text, float(row.values.get("intensity", 1.0)))


def _transcript(text: str, folder: Path) -> str:
    """What is said; a text that ends in ``.txt`` is the name of a file with it."""
    return read_text(folder / text) if text.casefold().endswith(".txt") and "\n" not in text else text
