"""What the scripts of turns ask of lips and eyes, in seconds of the scene; and how a face's usual looks give way to that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from animator.core.cues import placed
from animator.core.features import Features
from animator.core.lips import Lips
from animator.core.look import BETWEEN, Look, settled
from animator.core.words import spans_of_words
from animator.dialogue.seats import SHORTEST
from animator.errors import InputError


def lips_of_turn(told: Sequence[Lips], features: Features, start: float, end: float) -> tuple[Lips, ...]:
    """What a turn's script asks of the lips, in seconds of the scene, in which the turn has this ``start`` and ``end``.

    `InputError` where words are not said, or nobody knows when, or a span begins when the sound is over.
    """
    out: list[Lips] = []
    length = end - start
    for way in told:
        if (way.start or 0.0) >= length:
            raise InputError(f"lips are directed from {way.start:g} s on, but the sound ends at {length:.2f} s")
        spans = [(way.start or 0.0, min(way.stop or length, length))]
        if way.words is not None:
            spans = list(spans_of_words(features.words, way.words))
        out += [replace(way, start=start + first, stop=start + stop, words=None) for first, stop in spans]
    return tuple(out)


def looks_of_turn(told: Sequence[Look], features: Features, start: float, end: float) -> tuple[Look, ...]:
    """What a turn's script has looked at, in seconds of the scene, all of it over by the ``end`` of the turn.

    `InputError` where words are not said, or nobody knows when, or a look starts when the sound is over.
    """
    out: list[Look] = []
    for each in settled(placed(told, features.words, "the script")):
        if each.begins >= end - start:
            raise InputError(f"a look starts at {each.begins:g} s, but the sound ends at {end - start:.2f} s")
        stop = end if each.stop is None else min(start + each.stop, end)
        out.append(replace(each, start=round(start + each.begins, 3), stop=round(stop, 3)))
    return tuple(out)


def beside(wanted: Sequence[Look], others: Sequence[Look], end: float) -> tuple[Look, ...]:
    """Looks in seconds that are ``wanted``, each with its stop, and what is left of the ``others`` beside them, up to ``end``."""
    if not wanted:
        return tuple(others)
    out = list(wanted)
    for look in settled(others):
        left = [(look.begins, end if look.stop is None else look.stop)]
        for each in wanted:
            over = max(each.stop or 0.0, each.begins + BETWEEN)
            cut = (part for start, stop in left for part in ((start, min(stop, each.begins)), (max(start, over), stop)))
            left = [(start, stop) for start, stop in cut if stop - start >= SHORTEST]
        out += [replace(look, start=start, stop=stop) for start, stop in left]
    return tuple(sorted(out, key=lambda each: each.begins))
