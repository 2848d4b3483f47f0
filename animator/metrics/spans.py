"""When each phone was said: what lips are measured against."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool

from animator.core.features import Features, phone_posteriors
from animator.core.phones import PHONES


class Span(NamedTuple):
    """A phone of ARPAbet from ``start`` up to ``stop``, seconds."""

    start: float
    stop: float
    phone: str


def spans_of(features: Features) -> list[Span]:
    """What an encoder heard: the likeliest phone of each frame, in runs."""
    best = phone_posteriors(features).argmax(axis=1)
    edges = [0, *(np.flatnonzero(np.diff(best)) + 1).tolist(), len(best)]
    fps = float(features.fps)
    return [Span(a / fps, b / fps, PHONES[best[a]]) for a, b in pairwise(edges)]


def merged(spans: Iterable[Span], phones: Collection[str], gap: float = 0.01) -> list[Span]:
    """Spans of any of ``phones``, those at most ``gap`` seconds apart made one: the lips close once for both."""
    out: list[Span] = []
    for span in sorted(span for span in spans if span.phone in phones):
        if out and span.start - out[-1].stop <= gap:
            out[-1] = out[-1]._replace(stop=max(out[-1].stop, span.stop))
        else:
            out.append(span)
    return out


def within(spans: Sequence[Span], frames: int, fps: Fraction, margin: float = 0.0) -> Bool[np.ndarray, " T"]:
    """Which of ``frames`` instants lie in a span, widened by ``margin`` seconds on both sides (narrowed, if negative)."""
    times = np.arange(frames) / float(fps)
    inside = np.zeros(frames, dtype=bool)
    for span in spans:
        inside |= (times >= span.start - margin - 1e-9) & (times <= span.stop + margin + 1e-9)
    return inside
