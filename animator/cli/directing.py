"""What a director asks of a performance on the command line, beyond what is felt: lips, looks, and layers of curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from animator.cli import options
from animator.core import lips, look
from animator.core.cues import Direction
from animator.core.layers import Layer
from animator.core.settings import fitted, setting_types
from animator.directing import articulating
from animator.errors import InputError
from animator.recipe import Recipe

SPAN = {"from": "start", "to": "stop"}
"""What a span's ends are called on the command line."""


def direct(recipe: Recipe, given: Mapping[str, Any], folder: Path, script: Direction) -> Recipe:
    """The recipe with the directions that are given, by a script and by options; of each kind given, nothing else holds.

    Raises
    ------
    InputError
        One of them cannot be read.
    """
    ways, looks = list(script.lips), list(script.looks)
    ways += [_lips(text, {}, f"--lips {text!r}") for text in given.get("lips") or ()]
    ways += [_lips(text, {"words": word}, f"--word {word!r}") for word, text in given.get("word") or ()]
    looks += [look.look_of_text(text, f"--look-at {text!r}") for text in given.get("look_at") or ()]
    recipe = articulating(recipe, ways, looks)
    if given.get("layer"):
        recipe = replace(recipe, layers=tuple(_layer(text, folder) for text in given["layer"]))
    return recipe


def _lips(text: str, more: dict[str, Any], where: str) -> lips.Lips:
    return lips.lips_of(_settings(text.split(","), where) | more, where)


def _layer(text: str, folder: Path) -> Layer:
    name, *settings = text.split(",")
    path = folder / name.strip()
    if not path.is_file():
        raise InputError(f"--layer takes a file of curves first, but there is no file {name.strip()!r}")
    where = f"--layer {text!r}"
    return Layer(**fitted(_settings(settings, where) | {"path": str(path.absolute())}, setting_types(Layer), where))


def _settings(pairs: Sequence[str], where: str) -> dict[str, Any]:
    """NAME=VALUE pairs as a table, with a span's ends under the names of its fields."""
    found: dict[str, Any] = {}
    for pair in pairs:
        name, value = options.assignment(pair, where)
        if SPAN.get(name, name) in found:
            raise InputError(f"{where} says {name!r} twice")
        found[SPAN.get(name, name)] = value
    return found
