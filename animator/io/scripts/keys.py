"""Keys: what is felt from instants on, as tables and intervals of other programs have it, as cues."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import NamedTuple

from animator.core.script import Cue, feelings_text
from animator.io.script import cues_from

EASE = 0.5
"""Seconds that a change takes, where there is as much time to the next."""


class Key(NamedTuple):
    """From ``start`` on (seconds), feelings with their weights, and nothing else; it stands in that line, 0 = nobody knows."""

    start: float
    felt: Mapping[str, float]
    line: int = 0


def cues_of(keys: Iterable[Key], where: str) -> tuple[Cue, ...]:
    """A cue for each key, in the order of their starts; complaints begin with ``where`` and tell the cue's line.

    Raises
    ------
    InputError, FormatError
        A key's start or weight is out of its range, or two stand at one instant.
    """
    ordered = sorted(keys, key=lambda key: key.start)
    gaps = [after.start - before.start for before, after in pairwise(ordered)]
    return cues_from(
        [
            {"start": start, "feeling": feelings_text(felt) if felt else "neutral", "ease": min(EASE, gap), "line": line}
            for (start, felt, line), gap in zip(ordered, [*gaps, EASE], strict=False)
        ],
        where,
    )
