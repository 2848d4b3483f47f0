"""How well an encoder hears speech that nothing was trained on: what `animator evaluate` and the benchmarks print."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from jaxtyping import Int8

from animator.core.audio import Audio
from animator.core.phones import PHONES
from animator.metrics.heard import VISEME_SCALE, Scale, Tally, tally, visemes
from animator.metrics.spans import Span, spans_of
from animator.training import phones
from animator.training.phones.store import FPS, RATE, Pack

HELD_SETS = ("emodb", "librivox", "ravdess", "grid", "speechocean", "flite")
"""Corpora with clips that are held out, the hardest evidence first: labels by hand, then by alignment, then an unheard engine."""

ENOUGH = 60
"""Clips of a corpus that are measured unless more are asked for, spread evenly over it."""

AHEAD = (0, 40, 80, 120)
"""Milliseconds of look-ahead at which an ear is measured, beside the whole clip."""

Listener = Callable[[Audio], Sequence[Span]]
"""Anything that hears: sound to spans of a scale's classes."""


@dataclass(frozen=True, eq=False)
class Known:
    """A clip and the phones that were said in it; time that nobody labelled is covered by no span."""

    corpus: str
    name: str
    speaker: str
    feeling: str
    audio: Audio
    spans: tuple[Span, ...]


def held_sets(data: Path | None, cache: Path, at_most: int | None = ENOUGH) -> dict[str, list[Known]]:
    """The held-out clips of every corpus that has some, by corpus, as `animator.training.phones.pack` finds or makes them."""
    packs = phones.pack(data, cache, only=HELD_SETS)
    return {pack.corpus: list(held_out(pack, at_most)) for pack in packs if pack.held.any()}


def held_out(pack: Pack, at_most: int | None = ENOUGH) -> Iterator[Known]:
    """The held-out clips of a pack, or so many of them, spread evenly."""
    clips = np.flatnonzero(pack.held)
    if at_most is not None and len(clips) > at_most:
        clips = clips[np.linspace(0, len(clips) - 1, at_most).round().astype(int)]
    for k in clips.tolist():
        clip = pack[k]
        audio = Audio(clip.samples.astype(np.float32) / np.float32(32768.0), RATE)
        yield Known(pack.corpus, clip.name, clip.speaker, clip.feeling, audio, tuple(spans_of_labels(clip.labels)))


def spans_of_labels(labels: Int8[np.ndarray, " T"]) -> list[Span]:
    """Labels at 100 Hz as spans; frames of which nobody knows what they hold are left out."""
    edges = [0, *(np.flatnonzero(np.diff(labels)) + 1).tolist(), len(labels)]
    return [Span(a / FPS, b / FPS, PHONES[labels[a]]) for a, b in pairwise(edges) if b > a and labels[a] >= 0]


def by_ear(encoder: object) -> Listener:
    """An encoder as a listener on the scale of visemes."""
    return lambda audio: visemes(spans_of(encoder.encode(audio)))  # type: ignore[attr-defined]


def figures(found: Tally) -> dict[str, float | int | None]:
    """What is printed of an ear: shares in [0, 1] and onset errors in seconds."""
    closures = found.closures
    return {
        "right in speech": found.accuracy,
        "with silence": found.accuracy_with_silence,
        "closures said": closures.known,
        "recall": closures.recall,
        "precision": closures.precision,
        "F1": closures.f1,
        "closure onset": found.closure_onset_error,
        "onset": found.onset_error,
    }


def measure(listener: Listener, clips: Iterable[Known], scale: Scale = VISEME_SCALE) -> list[Tally]:
    """What a listener hears of each clip, judged on a scale."""
    return [tally(listener(clip.audio), clip.spans, scale) for clip in clips]
