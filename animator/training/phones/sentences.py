"""Sentences of our own making for speech engines to say."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

STRING = 0.25
"""Share of English sentences that are strings of any words: sounds meet there that no grammar brings together."""


def english(rng: np.random.Generator) -> Iterator[str]:
    """English sentences without end: patterns filled with words, and strings of 4 to 8 words of any kind."""
    lists = _words()["english"]
    every = sorted({word for name, words in lists.items() if name != "patterns" for word in words})
    while True:
        if rng.random() < STRING:
            text = " ".join(_some(every, int(rng.integers(4, 9)), rng)).replace(",", "") + "."
        else:
            pattern = str(rng.choice(lists["patterns"]))
            text = re.sub(r"\{(\w+)\}", lambda found: str(rng.choice(lists[found[1]])), pattern)
        yield text[0].upper() + text[1:]


def other(language: str, rng: np.random.Generator) -> Iterator[str]:
    """Strings of 4 to 8 everyday words of a language of `languages`, without end, a comma here and there."""
    every = _words()["others"][language].split()
    while True:
        said = _some(every, int(rng.integers(4, 9)), rng)
        yield " ".join(word + ("," if rng.random() < 0.15 else "") for word in said).rstrip(",") + str(
            rng.choice([".", "?", "!"])
        )


def languages() -> tuple[str, ...]:
    """Languages beside English, by the names that espeak-ng has for them."""
    return tuple(_words()["others"])


def _some(words: list[str], count: int, rng: np.random.Generator) -> list[str]:
    return [str(word) for word in rng.choice(words, count)]


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads((files("animator.training.phones") / "words.toml").read_text(encoding="utf-8"))
