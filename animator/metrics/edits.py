"""How many changes make one sequence out of another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def edits(found: Sequence[object], wanted: Sequence[object]) -> int:
    """The least number of insertions, deletions and substitutions that make ``wanted`` of ``found`` (Levenshtein 1966).

    Over the length of ``wanted`` it is the error rate of readers and listeners: of words, phones or visemes.
    """
    ahead = np.arange(len(wanted) + 1)
    steps = np.arange(len(wanted) + 1)
    for i, item in enumerate(found):
        kept = np.array([item != other for other in wanted], dtype=np.int64)
        best = np.minimum(ahead[:-1] + kept, ahead[1:] + 1)
        # What is inserted on the way: a running minimum of costs, each less the insertions that lead to its place.
        row = np.concatenate([[i + 1], best])
        ahead = np.minimum.accumulate(row - steps) + steps
    return int(ahead[-1])
