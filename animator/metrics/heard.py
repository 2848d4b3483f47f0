"""Were the right phones heard at the right time?

An ear is judged on a `Scale`: classes that it tells apart, and which of them are right for each phone. Ours is the fifteen
visemes; another system's ear is judged on the classes that it was made for. All counts add up, so figures of a corpus are those
of all its frames and events, not means over clips.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

import numpy as np
from jaxtyping import Int

from animator.core.phones import BILABIALS, PHONE_VISEMES, SILENCE
from animator.metrics.spans import Span, merged

FPS = Fraction(100)

MARGIN = 0.02
"""Seconds by which two events may miss each other and still meet: one frame of a generator at 50 Hz."""

FLICKER = 0.015
"""Seconds: a class heard for less is no event, as generators pass over it too."""


@dataclass(frozen=True)
class Scale:
    """Classes to judge an ear by.

    Parameters
    ----------
    right
        Phone to the classes that are right for it: one set, or several that share the phone's time equally, in turn (a
        diphthong). A phone that is not in it, or has none, is not judged.
    closed
        The class of closed lips, right for p b m.
    """

    right: Mapping[str, tuple[frozenset[str], ...]]
    closed: str


VISEME_SCALE = Scale(MappingProxyType({p: tuple(frozenset({v}) for v in shown) for p, shown in PHONE_VISEMES.items()}), "PP")
"""The fifteen visemes; ``HH`` has none of its own and is not judged."""


@dataclass(frozen=True)
class Events:
    """How heard events meet those that were said.

    ``known`` were said and ``met`` of them heard; ``heard`` were heard and ``right`` of them said; ``late`` holds, for each one
    met, by how many seconds it was heard late.
    """

    known: int = 0
    met: int = 0
    heard: int = 0
    right: int = 0
    late: tuple[float, ...] = ()

    @property
    def recall(self) -> float | None:
        """Share of what was said that was heard, [0, 1]; None where nothing was said."""
        return self.met / self.known if self.known else None

    @property
    def precision(self) -> float | None:
        """Share of what was heard that was said, [0, 1]; None where nothing was heard."""
        return self.right / self.heard if self.heard else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of recall and precision; None where nothing was said."""
        if self.recall is None:
            return None
        both = self.recall + (self.precision or 0.0)
        return 2.0 * self.recall * (self.precision or 0.0) / both if both else 0.0

    def __add__(self, other: Events) -> Events:
        """Both together."""
        return Events(
            self.known + other.known,
            self.met + other.met,
            self.heard + other.heard,
            self.right + other.right,
            self.late + other.late,
        )


@dataclass(frozen=True)
class Tally:
    """What an ear got right, in counts that add up over clips.

    Parameters
    ----------
    speech, speech_right
        Frames at 100 Hz of judged speech, and those heard right.
    frames, frames_right
        The same with silence.
    closures
        Closures of the lips (p b m, neighbours as one).
    onsets
        For each class that was said and heard, by how many seconds it was heard late.
    """

    speech: int = 0
    speech_right: int = 0
    frames: int = 0
    frames_right: int = 0
    closures: Events = Events()
    onsets: tuple[float, ...] = ()

    @property
    def accuracy(self) -> float | None:
        """Share of the frames of speech whose class is right, [0, 1]."""
        return self.speech_right / self.speech if self.speech else None

    @property
    def accuracy_with_silence(self) -> float | None:
        """Share of all frames whose class is right, [0, 1]."""
        return self.frames_right / self.frames if self.frames else None

    @property
    def onset_error(self) -> float | None:
        """Median of how far the onsets that were met are off, seconds."""
        return float(np.median(np.abs(self.onsets))) if self.onsets else None

    @property
    def closure_onset_error(self) -> float | None:
        """The same for closures alone."""
        return float(np.median(np.abs(self.closures.late))) if self.closures.late else None

    def __add__(self, other: Tally) -> Tally:
        """Both together."""
        return Tally(
            self.speech + other.speech,
            self.speech_right + other.speech_right,
            self.frames + other.frames,
            self.frames_right + other.frames_right,
            self.closures + other.closures,
            self.onsets + other.onsets,
        )


def tally(heard: Sequence[Span], known: Sequence[Span], scale: Scale = VISEME_SCALE) -> Tally:
    """One clip.

    Parameters
    ----------
    heard
        What an ear made of it: each span's ``phone`` is a class of the scale (`visemes` for an encoder's phones).
    known
        The phones that were said, silence included. Time that no span covers is not judged, nor is a closure heard in it.
    scale
        What counts as right.
    """
    classes = sorted({span.phone for span in heard} | {c for sets in scale.right.values() for one in sets for c in one})
    frames = round(max((span.stop for span in known), default=0.0) * float(FPS))
    said = [(part, span.phone) for span in known for part in _parts(span, scale)]
    sets = sorted({part.phone for part, _ in said})
    truth = _labels([part for part, _ in said], sets, frames)
    guess = _labels(heard, classes, frames)
    member = np.array([[c in one.split() for c in [*classes, None]] for one in sets], dtype=bool).reshape(
        len(sets), len(classes) + 1
    )
    judged = truth >= 0
    right = judged & member[np.maximum(truth, 0), guess] if sets else judged
    silent = _labels([Span(p.start, p.stop, "") for p, phone in said if phone == SILENCE], [""], frames) == 0
    return Tally(
        speech=int((judged & ~silent).sum()),
        speech_right=int((right & ~silent).sum()),
        frames=int(judged.sum()),
        frames_right=int(right.sum()),
        closures=events(heard, known, BILABIALS, {scale.closed}),
        onsets=_onsets(heard, [part for part, phone in said if phone != SILENCE]),
    )


def events(heard: Sequence[Span], known: Sequence[Span], phones: Collection[str], heard_as: Collection[str] = ()) -> Events:
    """Events of one kind: ``phones`` that were said, and the same or, if given, the classes ``heard_as`` that were heard.

    Two meet if they overlap or miss each other by less than `MARGIN`. Neighbours are one event; what is heard for less than
    `FLICKER`, or in time that no known phone covers, is none.
    """
    wanted = merged(known, phones)
    covered = merged(known, PHONE_VISEMES)
    found = [
        span
        for span in merged(heard, heard_as or phones)
        if span.stop - span.start >= FLICKER and any(c.start <= (span.start + span.stop) / 2 <= c.stop for c in covered)
    ]
    late = [_late(span, found) for span in wanted]
    met = [shift for shift in late if shift is not None]
    right = sum(any(_meet(f, w) for w in wanted) for f in found)
    return Events(len(wanted), len(met), len(found), right, tuple(met))


def visemes(phones: Sequence[Span]) -> list[Span]:
    """Phones as the visemes that show them: a diphthong as two halves, ``HH`` as what follows it."""
    out: list[Span] = []
    for i, span in enumerate(phones):
        after = phones[i + 1].phone if i + 1 < len(phones) else SILENCE
        out += _cut(span, PHONE_VISEMES.get(span.phone, ()) or PHONE_VISEMES.get(after, ())[:1])
    return out


def viseme_accuracy(heard: Sequence[Span], known: Sequence[Span]) -> float | None:
    """Share of known speech, at 100 Hz, whose viseme is the one of the phone that is heard, [0, 1]; None where none is known."""
    return tally(visemes(heard), known).accuracy


def _parts(span: Span, scale: Scale) -> list[Span]:
    """A known phone as spans of classes that are right, written one after another."""
    return _cut(span, [" ".join(sorted(one)) for one in scale.right.get(span.phone, ())])


def _cut(span: Span, names: Sequence[str]) -> list[Span]:
    edges = np.linspace(span.start, span.stop, len(names) + 1).tolist()
    return [Span(a, b, name) for a, b, name in zip(edges[:-1], edges[1:], names, strict=True)]


def _labels(spans: Sequence[Span], names: Sequence[str], frames: int) -> Int[np.ndarray, " T"]:
    """The index of what each frame holds; -1 where nothing is."""
    index = {name: i for i, name in enumerate(names)}
    out = np.full(frames, -1)
    for span in spans:
        out[round(span.start * float(FPS)) : round(span.stop * float(FPS))] = index[span.phone]
    return out


def _onsets(heard: Sequence[Span], parts: Sequence[Span]) -> tuple[float, ...]:
    """By how much each class that was said is heard late, where it is heard at all."""
    runs = {name: merged(heard, {name}) for name in {span.phone for span in heard}}
    late = [
        _late(span, [run for name in classes.split() for run in runs.get(name, ())])
        for classes in {part.phone for part in parts}
        for span in merged(parts, {classes})
    ]
    return tuple(shift for shift in late if shift is not None)


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.stop + MARGIN and other.start < one.stop + MARGIN


def _late(span: Span, found: Sequence[Span]) -> float | None:
    """By how much the nearest start among those that meet the span is late; None where none does."""
    return min((f.start - span.start for f in found if _meet(f, span)), key=abs, default=None)
