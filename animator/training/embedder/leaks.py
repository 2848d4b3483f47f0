"""What the code of a voice gives away of who speaks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from animator.core.emotion import Code
from animator.embedders.space import Space
from animator.embedders.voice import HEARD, code_of, logits, odds
from animator.training.embedder.probes import probe, recall
from animator.training.embedder.voices import Voices, fit, together


def leak(acted: Voices, read: Voices, heat: float, space: Space, seeds: Sequence[int] = range(5)) -> dict[str, Any]:
    """How well a linear probe names speakers whom the network never heard, from the code that it gives them.

    Half of the speakers, drawn anew for each seed, teach a network, and the probe tells the others apart, then the other way
    round. Of each speaker, all folds have the same mix of feelings. Recalls, each the mean over seeds, beside ``chance``:

    - ``accuracy``: from the code, each feeling of each speaker counting alike; with its ``deviation`` over seeds. ``truth`` is
      what true feelings tell in that way, which should be nothing, and ``ceiling`` what the functionals tell (of one seed).
    - ``mixed``: from the code, as many clips of each speaker, whatever is felt in them; ``told``: from the likeliest feeling
      alone, so from what mistakes give away too; ``floor``: from the true feelings, since not everyone acted each as often.
    - ``heard``: as ``accuracy``, of those speakers whom the network learned from.

    ``recall`` is that of feelings, for how good networks of half the speakers are.
    """
    everyone = together(acted, read)
    rows, truth = acted.rows[acted.plain & acted.whole], np.eye(len(HEARD))[acted.label]
    rounds: list[dict[str, float]] = []
    for seed in seeds:
        found: list[dict[str, float]] = []
        for unheard in np.array_split(np.random.default_rng(seed).permutation(np.unique(acted.speaker)), 2):
            net = fit(everyone, ~np.isin(everyone.speaker, unheard), seed) | {"voice/temperature": np.array([heat], np.float32)}
            likely, them = odds(logits(rows, net), net), np.isin(acted.speaker, unheard)
            code, told = features_of(code_of(likely, space)), likely.argmax(axis=1)
            half = {
                "accuracy": _named(code, acted, them, seed, alike=True),
                "truth": _named(truth, acted, them, seed, alike=True),
                "heard": _named(code, acted, ~them, seed, alike=True),
                "mixed": _named(code, acted, them, seed),
                "told": _named(np.eye(len(HEARD))[told], acted, them, seed),
                "floor": _named(truth, acted, them, seed),
                "chance": 1 / len(unheard),
                "recall": recall(told[them], acted.label[them], len(HEARD)),
            }
            if seed == seeds[0]:
                half["ceiling"] = _named(rows, acted, them, seed, alike=True)
            found.append(half)
        rounds.append({name: float(np.mean([half[name] for half in found])) for name in found[0]})
    means = {name: float(np.mean([each[name] for each in rounds if name in each])) for name in rounds[0]}
    return means | {"deviation": float(np.std([each["accuracy"] for each in rounds]))}


def features_of(code: Code) -> np.ndarray:
    """All that a code holds, ``[N 2K]``: its mean and the logarithm of its scale."""
    return np.concatenate([code.mean, np.log(code.scale)], axis=1)


def _named(features: np.ndarray, acted: Voices, among: np.ndarray, seed: int, alike: bool = False) -> float:
    speaker, feeling = acted.speaker[among], acted.label[among]
    return probe(features[among], speaker, np.arange(len(speaker)), (seed,), within=feeling, alike=alike).accuracy
