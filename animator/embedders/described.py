"""Feelings described in words: ``barely holding back tears`` as a mixture of a few categories.

By a sentence embedding, where the extra ``text`` is installed: attention of the description over sentences that we wrote for each
category (``assets/described.toml``), together with the words of a list (`lexicon`). Otherwise by that list alone. Either way the
list's words of degree say how strong it is, and what is denied is left out.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from jaxtyping import Float32

from animator.core.emotion import ALL, channel, parts_of
from animator.core.script import feelings_text, parse_feelings, point_of
from animator.embedders import lexicon, sentence
from animator.embedders.space import softmax
from animator.errors import InputError

SHARPNESS = 10.0
"""Of attention over sentences, of the cosine."""

LISTED = 0.3
"""Part of the word list's shares in a mixture, where it tells any; like `SHARPNESS`, chosen on the list ``chosen_on`` of
``benchmarks/described_feelings.toml``.
"""

ALIKE = 0.2
"""Cosine with the nearest sentence under which a description is taken for none of a feeling."""

MOST, LEAST = 3, 0.4
"""Categories of which a mixture consists at most, and their least share of the likeliest one's."""

SENTENCE, LIST = "sentence embedding", "word list"
"""Who may be asked."""

_WEIGHED = re.compile(r"(.*\S)\s+[\d.]+\s*%?")
"""A name and a number after it."""

_QUOTES = "\"'“”‘’"


class Meaning(NamedTuple):
    """Feelings that a description was taken for, as text, and by whom: `SENTENCE` or `LIST`."""

    feelings: str
    by: str


@lru_cache(1024)
def described(text: str, by: str = "") -> Meaning:
    """What a description means; ``by`` says who is asked, the embedding if it is installed unless told otherwise.

    Raises
    ------
    InputError
        Nothing in it tells a feeling.
    MissingDependencyError
        The embedding is asked for, and not installed.
    """
    by = by or (SENTENCE if sentence.installed() else LIST)
    shares = _attended(lexicon.affirmed(text)) if by == SENTENCE else lexicon.shares(text)
    if not shares:
        more = "" if by == SENTENCE else ", and the extra 'text' understands more (pip install 'animator[text]')"
        raise InputError(f"nothing in {text!r} tells a feeling; say it in other words, or by a name such as sad:0.6{more}")
    best = sorted(shares.items(), key=lambda each: -each[1])[:MOST]
    kept = {category: share for category, share in best if share >= LEAST * best[0][1]}
    intensity = lexicon.degree(text)
    return Meaning(feelings_text({name: round(intensity * share / sum(kept.values()), 2) for name, share in kept.items()}), by)


def understood(text: str, known: Iterable[str]) -> tuple[str, dict[str, Meaning]]:
    """Feelings as `parse_feelings` reads them, descriptions among them under a name each; and what those mean.

    A description is what stands in quotes or behind ``text:``, or else has several words and is no known name. Where no weight
    and no region is told, all of the text is one description, commas and all; otherwise each of its parts may be one.

    Raises
    ------
    InputError
        Nothing in a description tells a feeling, ``text`` has no form that can be read, or a name has its weight without a colon.
    """
    names, meanings = set(known), dict[str, Meaning]()

    def name_of(description: str) -> str:
        name = " ".join(re.sub(r"[^\w '’.;!?&-]|[\d_]", " ", description).split()).strip(" .;!?&-'’")
        meanings[name] = described(description)
        return name

    bare = text.strip()
    marked = bare[:5].casefold() == "text:"
    if marked or (len(bare) > 2 and bare[0] in _QUOTES and bare[-1] in _QUOTES):
        return name_of(bare[5:] if marked else bare[1:-1]), meanings
    told = parse_feelings(bare)
    for name in told:
        slip = _WEIGHED.fullmatch(parts_of(name)[1])
        if slip and slip[1] in names:
            raise InputError(f"a colon stands before the weight of a feeling: {slip[0]!r}; write {slip[1]}:0.7, say")
    wordy = [name for name in told if _is_description(parts_of(name)[1], names)]
    if not wordy:
        return text, {}
    if ":" not in bare:
        return name_of(bare), meanings
    out = {}
    for name, weight in told.items():
        region, feeling = parts_of(name)
        out[channel(region, name_of(feeling) if name in wordy else feeling)] = weight
    return feelings_text(out), meanings


def _is_description(feeling: str, names: Container[str]) -> bool:
    return feeling not in names and point_of(feeling) is None and len(feeling.split()) > 1 and feeling != ALL


def _attended(text: str) -> dict[str, float]:
    """Share of each category, summing to 1; empty where no sentence is alike."""
    owners, rows = _sentences()
    alike = sentence.embed([text])[0] @ rows.T
    if alike.max() < ALIKE:
        return {}
    attended = softmax(SHARPNESS * alike)
    listed = lexicon.shares(text)
    part = LISTED if listed else 0.0
    out = {owner: part * listed.get(owner, 0.0) for owner in dict.fromkeys(owners)}
    for owner, share in zip(owners, attended, strict=True):
        out[owner] += (1 - part) * float(share)
    return out


@cache
def _sentences() -> tuple[tuple[str, ...], Float32[np.ndarray, "N D"]]:
    """The category of each of our sentences, and their vectors."""
    prompts = lexicon.descriptions()["prompts"]
    owners = tuple(category for category, told in prompts.items() for _ in told)
    return owners, sentence.embed([each for told in prompts.values() for each in told])
