"""Were the right phones heard at the right time?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from jaxtyping import Int

from animator.core.phones import PHONE_VISEMES, SILENCE, VISEMES
from animator.metrics.spans import Span, merged

FPS = Fraction(100)


@dataclass(frozen=True)
class Events:
    """How heard phones of a kind meet those that were said; a share of nothing is None.

    ``recall`` and ``precision`` in [0, 1]; ``late`` holds, for each one met, by how many seconds it was heard late.
    """

    recall: float | None
    precision: float | None
    late: tuple[float, ...]


def events(heard: Sequence[Span], known: Sequence[Span], phones: Collection[str], margin: float = 0.02) -> Events:
    """Phones of one kind (bilabials, say) heard against known; two meet if they overlap, widened by ``margin`` seconds."""
    found, wanted = merged(heard, phones), merged(known, phones)

    def meet(one: Span, other: Span) -> bool:
        return one.start < other.stop + margin and other.start < one.stop + margin

    late = [min((f.start - w.start for f in found if meet(f, w)), key=abs, default=None) for w in wanted]
    met = [shift for shift in late if shift is not None]
    right = sum(any(meet(f, w) for w in wanted) for f in found)
    return Events(
        recall=len(met) / len(wanted) if wanted else None,
        precision=right / len(found) if found else None,
        late=tuple(met),
    )


def onset_errors(heard: Sequence[Span], known: Sequence[Span]) -> list[float]:
    """Seconds from the start of each known phone to the nearest start of any heard one; above 0, late."""
    starts = np.array([span.start for span in heard])
    return (
        [float((starts - s.start)[np.abs(starts - s.start).argmin()]) for s in known if s.phone != SILENCE] if len(starts) else []
    )


def viseme_accuracy(heard: Sequence[Span], known: Sequence[Span]) -> float | None:
    """Share of known speech, at 100 Hz, whose viseme is the one heard, [0, 1].

    A diphthong counts as its first viseme up to its middle, then as its second; silence and phones without a viseme of their own
    (``HH``) are left out. None where nothing is known.
    """
    frames = round(max((span.stop for span in known), default=0.0) * float(FPS))
    truth, guess = _visemes(known, frames), _visemes(heard, frames)
    speech = truth > VISEMES.index("sil")
    return float(np.mean(truth[speech] == guess[speech])) if speech.any() else None


def _visemes(spans: Sequence[Span], frames: int) -> Int[np.ndarray, " T"]:
    """The viseme of each frame, as an index into `VISEMES`; -1 where there is none."""
    out = np.full(frames, -1)
    for span in spans:
        shown = PHONE_VISEMES.get(span.phone, ())
        edges = np.rint(np.linspace(span.start, span.stop, len(shown) + 1) * float(FPS)).astype(int)
        for viseme, start, stop in zip(shown, edges[:-1], edges[1:], strict=True):
            out[start:stop] = VISEMES.index(viseme)
    return out
