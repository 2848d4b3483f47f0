"""Speech made by engines: what all of them share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import NamedTuple

import numpy as np
from jaxtyping import Float32

from animator.core.audio import resampled
from animator.metrics.spans import Span
from animator.training.phones import store
from animator.training.phones.store import FPS, Utterance, utterance

LARGEST, SMALLEST = 0.82, 1.22
"""How much faster a voice is played at most and at least: a speaker from a head larger than a man's to a child's."""

AS_IT_IS = 0.3
"""Share of sentences that are left at the engine's own speaker size."""


class Said(NamedTuple):
    """What an engine said: sound in [-1, 1], its rate, when each phone was said, and by which of its voices."""

    sound: Float32[np.ndarray, " N"]
    rate: int
    spans: list[Span]
    voice: str


def utterances(
    corpus: str, say: Callable[[np.random.Generator], Said], minutes: float, seed: int, held: bool = False
) -> Iterator[Utterance]:
    """Sentence after sentence, until ``minutes`` are made; most of them played faster or slower, which resizes the speaker.

    A sentence whose sound is not finite is left out: networks in 16-bit floats overflow on a few.
    """
    made = 0
    for number in count():
        if made >= minutes * 60 * FPS:
            return
        rng = np.random.default_rng([seed, number])
        sound, rate, spans, voice = say(rng)
        if not np.isfinite(sound).all():
            continue
        size = 1.0 if rng.random() < AS_IT_IS else float(np.exp(rng.uniform(np.log(LARGEST), np.log(SMALLEST))))
        sized = [Span(span.start / size, span.stop / size, span.phone) for span in spans]
        one = utterance(
            f"{corpus}-{number:05d}", resampled(sound, rate * size, store.RATE), sized, f"{voice}*{size:.2f}", held=held
        )
        made += len(one.labels)
        yield one
