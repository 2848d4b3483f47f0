"""What words tell of feelings: a list of our own of some hundred words, with words of degree and of negation.

It serves where no sentence embedding is installed, and tells how strong a feeling is in either case.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from animator.core.wording import words
from animator.io.categories import categories
from animator.io.toml import parse_toml

REACH = 3
"""Words within which a negation before a word turns it."""

LONGEST = 4
"""Words of the longest phrase."""

_ENDINGS = ("fully", "ness", "ings", "edly", "ingly", "ing", "ies", "ied", "ful", "ed", "ly", "es", "s", "e", "y")


class Told(NamedTuple):
    """A word or phrase that tells of a category: its first word and the one after its last, and whether it is denied."""

    category: str
    first: int
    stop: int
    denied: bool


@cache
def descriptions() -> Mapping[str, Any]:
    """``assets/described.toml``."""
    name = "described.toml"
    return parse_toml((files("animator.assets") / name).read_text(encoding="utf-8"), name, "animator.Descriptions/1")


def degree(text: str) -> float:
    """Intensity in [0, 1] that a description asks for: that of its first word of degree, or what is usual."""
    degrees = descriptions()["degrees"]
    return float(next((degrees[word] for word in words(text) if word in degrees and word != "usual"), degrees["usual"]))


def tell(text: str) -> tuple[tuple[str, ...], tuple[Told, ...]]:
    """The words of a text, and those that tell of feelings, the longest phrases first where they overlap."""
    said = words(text)
    stems = [_stem(word) for word in said]
    table, denials = _table(), set(descriptions()["negations"]["words"])
    found: list[Told] = []
    at = 0
    while at < len(stems):
        sizes = (n for n in range(min(LONGEST, len(stems) - at), 0, -1) if tuple(stems[at : at + n]) in table)
        size = next(sizes, 0)
        if size:
            denied = any(word in denials for word in said[max(0, at - REACH) : at])
            found.append(Told(table[tuple(stems[at : at + size])], at, at + size, denied))
        at += size or 1
    return said, tuple(found)


def shares(text: str) -> dict[str, float]:
    """Share of each category that a text's words tell of, summing to 1; empty where none does.

    What is denied tells of nothing where something else is told; alone, of calm if it is unpleasant, else of disappointment.
    """
    told = tell(text)[1]
    meant = [each.category for each in told if not each.denied]
    if not meant:
        places = {**categories()["categories"], **categories()["feelings"]}
        meant = ["calm" if places[each.category]["vad"][0] < 0 else "disappointment" for each in told]
    return {category: meant.count(category) / len(meant) for category in dict.fromkeys(meant)}


def affirmed(text: str) -> str:
    """A text without what it denies, if it tells of something else."""
    said, told = tell(text)
    denied = [each for each in told if each.denied]
    if not denied or len(denied) == len(told):
        return text
    left = {at for each in denied for at in range(max(0, each.first - REACH), each.stop)}
    return " ".join(word for at, word in enumerate(said) if at not in left)


@cache
def _table() -> Mapping[tuple[str, ...], str]:
    """Stems of words and phrases, with their categories."""
    entries = descriptions()["words"].items()
    return {tuple(map(_stem, entry.split("-"))): category for category, listed in entries for entry in listed.split()}


def _stem(word: str) -> str:
    """A word without its ending, so that forms of one word are alike: ``worried`` and ``worry``, ``stunned`` and ``stun``."""
    plain = re.sub(r"'s?$", "", word)
    ending = next((each for each in _ENDINGS if plain.endswith(each) and len(plain) - len(each) >= 3), "")
    return re.sub(r"(.)\1$", r"\1", plain.removesuffix(ending))
