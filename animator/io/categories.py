"""What feelings are called: the table of categories and other words in ``assets/categories.toml``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from animator.io.toml import parse_toml


@cache
def categories() -> Mapping[str, Mapping[str, Any]]:
    """The table of feelings, of categories and of words, as the file has it."""
    name = "categories.toml"
    return parse_toml((files("animator.assets") / name).read_text(encoding="utf-8"), name, "animator.Categories/1")


def names(feelings: Iterable[str]) -> tuple[str, ...]:
    """All that feelings can be called: a rig's own names, the categories and the other words."""
    return (*feelings, *categories()["categories"], *categories()["words"])
