"""What a change of phone should cost (`decode.CHANGE`), tried on clips spared for it: neither learned from nor held out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from jaxtyping import Int64

from animator.core.phones import PHONES
from animator.encoders.listening.decode import course
from animator.encoders.listening.net import Ear
from animator.metrics.heard import Tally, tally, visemes
from animator.metrics.spans import Span
from animator.nn.ahead import FULL
from animator.training.ear.score import posteriors
from animator.training.measure import spans_of_labels
from animator.training.phones.store import FPS, Pack

ONE_IN = 25
"""One clip of so many is spared, in the order of the pack."""

COSTS = (1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0)
"""Nats that are tried."""

AT_MOST = 30
"""Clips of a corpus that are listened to."""


def spared(pack: Pack) -> Int64[np.ndarray, " K"]:
    """The clips of a pack that nothing is learned from, though they are not held out."""
    clips: np.ndarray = np.flatnonzero(~pack.held)[ONE_IN // 2 :: ONE_IN]
    return clips


def by_cost(ear: Ear, packs: Sequence[Pack]) -> dict[str, dict[str, dict[str, float]]]:
    """Right visemes in speech, and recall and precision of closed lips as events, by corpus and cost."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    for pack in packs:
        clips = [pack[int(k)] for k in spared(pack)[:AT_MOST]]
        if not clips:
            continue
        heard = [posteriors(ear, clip.samples, FULL)[: len(clip.labels)] for clip in clips]
        said = [spans_of_labels(clip.labels) for clip in clips]
        found[pack.corpus] = {}
        for cost in COSTS:
            whole = sum(
                (tally(visemes(spans_of_course(course(one, cost))), known) for one, known in zip(heard, said, strict=True)),
                Tally(),
            )
            closures = whole.closures
            figures = {"visemes": whole.accuracy, "recall": closures.recall, "precision": closures.precision}
            found[pack.corpus][f"{cost}"] = {name: round(value, 4) for name, value in figures.items() if value is not None}
    return found


def spans_of_course(path: Int64[np.ndarray, " T"]) -> list[Span]:
    """The phones of a course of frames at 100 Hz, one after another."""
    edges = [0, *(np.flatnonzero(np.diff(path)) + 1).tolist(), len(path)]
    return [Span(a / FPS, b / FPS, PHONES[path[a]]) for a, b in pairwise(edges) if b > a]
