"""Rows to recipes: what a row says of a line's performance and picture, as the command's own options say it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from animator.batch.columns import COLUMNS, feelings_of
from animator.batch.lists import Row
from animator.directing import check_feelings
from animator.errors import InputError
from animator.io.toml import read_text
from animator.recipe import Recipe

Assemble = Callable[[Mapping[str, Any]], Recipe]
"""Options by name, as the command line has them, to the recipe they add up to."""

T = TypeVar("T")

PATHS = ("script", "emotion_from", "feelings", "recipe", "look", "head")
"""Columns that are paths."""

PICTURE = ("fps", "size", "camera", "background", "look", "head", "renderer", "recipe", "set")
"""Columns of options that do not decide how a line is performed, or not alone."""

PERFORMANCE = ("intensity", *(name for name, column in COLUMNS.items() if column.option and name not in PICTURE))
"""Columns that decide how a line is performed, so that a performance in a file has no use for them."""

PERFORMERS = ("encoder", "embedder", "generator")
"""Roles that perform."""

_WORD = re.compile(r"(.+?)\s+([^\s=]+\s*=.*)")


def recipe_of(row: Row, folder: Path, assemble: Assemble) -> Recipe:
    """The recipe of a row, whose paths start in ``folder``.

    Raises
    ------
    InputError
        A value cannot be used; list, line and column are told.
    """
    values = row.values
    given: dict[str, tuple[str, Any]] = {name: (COLUMNS[name].option, values[name]) for name in COLUMNS if name in values}
    given = {name: (option, Path(value) if name in PATHS else value) for name, (option, value) in given.items() if option}
    if "feeling" in values:
        given["feeling"] = ("emotion", at(row, "feeling", lambda: _feeling(values["feeling"], row)))
    elif "intensity" in values:
        raise InputError(f"{row.place('intensity')}: there is no feeling here whose intensity this could be")
    if "transcript" in values:
        given["transcript"] = ("transcript", at(row, "transcript", lambda: _transcript(values["transcript"], folder)))
    if "word" in values:
        given["word"] = ("word", at(row, "word", lambda: tuple(_word(text) for text in values["word"])))
    try:
        return _checked(assemble, given)
    except InputError as error:
        raise InputError(f"{row.place(_culprit(assemble, given))}: {error}") from None


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
    named = named.get("named", named)
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
    auto = text.casefold() == "auto"
    if auto or Path(text).suffix[1:2].isalpha():
        if "intensity" in row.values:
            raise InputError(f"feelings by name have an intensity, and {text!r} is none")
        return "auto" if auto else text
    return feelings_of(text, row.values.get("intensity", 1.0))


def _word(text: str) -> tuple[str, str]:
    """A word, or several, and its dials, as ``--word`` takes them."""
    found = _WORD.fullmatch(text)
    if found is None:
        raise InputError(f"a word and its dials belong here, such as 'never#2 open=1.4,purse=1.2', not {text!r}")
    return found.group(1), found.group(2)


def _transcript(text: str, folder: Path) -> str:
    """What is said; a text that ends in ``.txt`` is the name of a file with it."""
    return read_text(folder / text) if text.casefold().endswith(".txt") and "\n" not in text else text
