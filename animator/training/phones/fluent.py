"""Sentences by chance that run like English, of any words that pocketsphinx's dictionary and language model both know."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float64

FEWEST, MOST = 6, 14
"""Words of a sentence."""

CANDIDATES = 64
"""Words that stand for election at each place."""

RARE = 0.6
"""Candidates come up as often as this power of how common they are: below 1, rare words get their turn."""

FLUENT = 0.8
"""Power of the odds that the language model gives a word after the two before it."""

NATS = 1e-4
"""What 1 in the language model's whole-number logarithms is worth: their base is 1.0001."""


def english(rng: np.random.Generator) -> Iterator[str]:
    """Sentences without end.

    Each word is chosen among `CANDIDATES` by how well it follows the two before it (importance resampling), so that small words
    are as frequent and as weak as in English, and meet any of 60 000 others.
    """
    words, odds = _words()
    common = np.exp(RARE * odds)
    common /= common.sum()
    model = _model()
    while True:
        said: list[str] = []
        for _ in range(int(rng.integers(FEWEST, MOST + 1))):
            few = rng.choice(len(words), CANDIDATES, p=common)
            before = said[:-3:-1]
            follows = NATS * np.array([model.prob([words[k], *before]) for k in few])
            fit = FLUENT * follows - RARE * odds[few]
            chance = np.exp(fit - fit.max())
            said.append(words[int(rng.choice(few, p=chance / chance.sum()))])
        text = " ".join(word + ("," if rng.random() < 0.08 else "") for word in said).rstrip(",")
        yield text[0].upper() + text[1:] + str(rng.choice([".", ".", ".", "?", "!"]))


@cache
def _words() -> tuple[list[str], Float64[np.ndarray, " W"]]:
    """Words of two letters and more, with a and I, and the logarithm of how common each is."""
    from pocketsphinx import get_model_path

    text = Path(get_model_path("en-us/cmudict-en-us.dict")).read_text(encoding="utf-8")
    listed = (line.partition(" ")[0] for line in text.splitlines())
    spoken = [word for word in listed if word.isascii() and word.isalpha() and (len(word) > 1 or word in "ai")]
    odds = NATS * np.array([_model().prob([word]) for word in spoken])
    known = np.flatnonzero(odds > -100.0)  # what the model does not know is far below
    return [spoken[k] for k in known], odds[known]


@cache
def _model() -> Any:
    from pocketsphinx import NGramModel, get_model_path

    return NGramModel.readfile(get_model_path("en-us/en-us.lm.bin"))
