"""`Timeline`: sound that comes when it comes, laid along a clock that never stops."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float32

from animator.core.feelings import Own

RATE = 16000
"""Samples a second."""

RELAX = 0.5
"""Seconds in which a face leaves the feelings of a turn that is over."""


class Feeling(NamedTuple):
    """What is to be felt, as of `animator.session.Session.feel`."""

    feelings: Mapping[str, float]
    ease: float
    besides: bool = False
    own: Own | None = None


class Move(NamedTuple):
    """One of the rig's moves to be done once, as of `animator.session.Session.do`."""

    gesture: str
    intensity: float = 1.0
    hold: float = 0.0


Prompt = Feeling | Move


@dataclass
class _Span:
    """Sound of one turn without a gap: where it lies, and how much of the turn came before it."""

    turn: int
    start: int
    stop: int
    before: int


class Timeline:
    """The sound of one face, in samples since its clock began; where none was laid, there is silence.

    A *turn* is a stretch of speech: it opens with the first sound or feeling after the last one was closed, and its feelings
    hold until it ends or is interrupted; then, and between turns, the face has its *mood*.

    Parameters
    ----------
    cushion
        Samples between now and the first sound of a stretch, so that what follows may come that much late without a gap.
    """

    def __init__(self, cushion: int = 0) -> None:
        self._cushion = cushion
        self._pieces: deque[tuple[int, Float32[np.ndarray, " N"]]] = deque()
        self._prompts: deque[tuple[int, Prompt]] = deque()
        self._spans: deque[_Span] = deque()
        self._taken = self._end = self._said = self._turn = 0
        self._open = False
        self._mood = Feeling({}, RELAX)
        self.gaps = 0
        """How often a turn ran dry and went on later: its sound came too slowly."""

    @property
    def taken(self) -> int:
        """Samples that were taken."""
        return self._taken

    @property
    def waiting(self) -> int:
        """Samples that were laid and not yet taken."""
        return max(0, self._end - self._taken)

    @property
    def turn(self) -> int | None:
        """The turn that is open, if one is."""
        return self._turn if self._open else None

    def add(self, samples: Float32[np.ndarray, " N"], now: int) -> None:
        """Lay sound after what is waiting or, if nothing is, a cushion after ``now``."""
        if not len(samples):
            return
        self._begin()
        if self._end < self._taken or not self._said:
            self.gaps += bool(self._said)
            start = max(self._end, self._taken, now + self._cushion)
            self._spans.append(_Span(self._turn, start, start, self._said))
            self._end = start
        self._pieces.append((self._end, samples))
        self._end += len(samples)
        self._said += len(samples)
        self._spans[-1].stop = self._end

    def feel(self, feelings: Mapping[str, float], ease: float, own: Own | None = None) -> None:
        """From the end of what is waiting on, until the turn is over, feel this: the whole face or regions, as they are named."""
        self._begin()
        self._at(max(self._end, self._taken), Feeling(feelings, ease, True, own))

    def move(self, gesture: str, intensity: float, hold: float) -> None:
        """At the end of what is waiting, do this once."""
        self._at(max(self._end, self._taken), Move(gesture, intensity, hold))

    def set_mood(self, feelings: Mapping[str, float], ease: float, own: Own | None = None) -> None:
        """Feel this, and nothing else, between turns: from now on if none is open."""
        self._mood = Feeling(feelings, RELAX, own=own)
        if not self._open:
            self._at(max(self._end, self._taken), Feeling(feelings, ease, own=own))

    def close(self) -> None:
        """The turn is over once what is waiting was said; without one, nothing changes."""
        if self._open:
            self._at(max(self._end, self._taken), self._mood)
        self._open, self._said = False, 0

    def interrupt(self) -> None:
        """Drop what is waiting, sound, feelings and moves, and relax."""
        self._pieces.clear()
        self._prompts.clear()
        for span in self._spans:
            span.stop = min(span.stop, self._taken)
        self._end = min(self._end, self._taken)
        self._at(self._taken, self._mood)
        self._open, self._said = False, 0

    def take(self, stop: int) -> tuple[Float32[np.ndarray, " N"], list[Prompt]]:
        """The sound from where it was last taken to ``stop``, and the feelings and moves that begin in it."""
        block = np.zeros(max(0, stop - self._taken), dtype=np.float32)
        while self._pieces and self._pieces[0][0] < stop:
            start, samples = self._pieces.popleft()
            used = samples[: stop - start]
            block[start - self._taken : start - self._taken + len(used)] = used
            if len(used) < len(samples):
                self._pieces.appendleft((stop, samples[len(used) :]))
                break
        begun = []
        while self._prompts and self._prompts[0][0] < stop:
            begun.append(self._prompts.popleft()[1])
        self._taken = max(self._taken, stop)
        return block, begun

    def within(self, start: int, stop: int) -> tuple[int, float] | None:
        """The turn that sounds between two places, and the seconds into its sound; None in silence.

        What ends before ``start`` is forgotten: places are asked for in order.
        """
        while self._spans and self._spans[0].stop <= start:
            self._spans.popleft()
        if not self._spans or self._spans[0].start >= stop:
            return None
        span = self._spans[0]
        return span.turn, (span.before + max(0, start - span.start)) / RATE

    def _begin(self) -> None:
        if not self._open:
            self._open, self._turn, self._said = True, self._turn + 1, 0

    def _at(self, place: int, prompt: Prompt) -> None:
        self._prompts.append((place, prompt))
