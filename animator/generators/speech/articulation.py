"""How speech is articulated, beyond how the generator speaks: a director's gains on speech's part of the mouth.

PC-Talk (Wang et al. 2025) scales the deformation of the lips, and rescales its projections on pursing, widening and opening; here
the rig says which controls each of these moves, and by how much. People hardly round or spread their lips when they talk, nor
does a net that learned from them; so a gain above 1 is of what the sounds call for by rule, wherever that is more. Contacts are
made afterwards, so no gain breaks one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise

import numpy as np
from jaxtyping import Float64
from scipy.ndimage import gaussian_filter1d

from animator.core.curves import window
from animator.core.features import Word
from animator.core.lips import DIALS, Lips
from animator.core.motion import GENERATOR_FPS
from animator.core.rig import Rig
from animator.core.spoken import Targets
from animator.core.words import spans_of_words
from animator.errors import InputError
from animator.generators.speech.coarticulation import mouth

BLUR = 0.06
"""Seconds: deviation of the Gaussian that takes sounds from their neighbours: it leaves a quarter of the syllables' rhythm."""

REACH = 9
"""Frames on each side that count: three deviations."""

_CRISP = tuple(DIALS).index("crisp")

Piece = tuple[Float64[np.ndarray, "T C"], Float64[np.ndarray, "T C"]]
"""A face, and what it does for speech alone, relative to rest."""


def articulated(
    pieces: Iterable[Piece],
    ways: Sequence[Lips],
    words: Sequence[Word],
    times: Float64[np.ndarray, " T"],
    said: Targets,
    rig: Rig,
) -> Iterator[Piece]:
    """The same pieces of a face as a director has them speak, within the rig's limits; without a dial turned, as they were.

    Parameters
    ----------
    pieces
        One after the other, each but the last of `REACH` frames at least: all of them as long as ``times``.
    ways
        What holds when; what holds at once is multiplied.
    words
        When each word is said, for ways that hold for words.
    times
        Seconds, at `GENERATOR_FPS`.
    said
        What the mouth is to do.
    rig
        The controls; those that no dial names stay.

    Raises
    ------
    InputError, UnknownNameError
        As of `gains`.
    """
    turned = tuple(way for way in ways if way.changes)
    if not turned:
        yield from pieces
        return
    dials = gains(turned, words, times)
    shares = _shares(rig)
    speaks = np.any(shares > 0, axis=0) | rig.region("tongue")
    done = 0
    for (face, spoken), before, after in _between(pieces):
        piece = slice(done, done + len(spoken))
        mine, done = dials[piece], piece.stop
        now = spoken
        if (mine[:, _CRISP] != 1.0).any():
            around = np.concatenate([before[-REACH:], spoken, after[:REACH]])
            even = gaussian_filter1d(around, BLUR * float(GENERATOR_FPS), axis=0, mode="nearest", radius=REACH)
            distinct = (spoken - even[len(before[-REACH:]) :][: len(spoken)]) * speaks
            now = spoken + (mine[:, _CRISP, None] - 1.0) * distinct
        nearby = said.about(times[piece.start], times[piece.stop - 1])
        ruled = mouth(times[piece], nearby, rig, jaw=1.0, lips=1.0, pre_roll=0.1)
        for d, share in enumerate(shares):
            more = (mine[:, d, None] - 1.0) * share
            now = now + more * np.where(more > 0, np.maximum(now, ruled), now)
            ruled = ruled * (1.0 + more)
        yield np.clip(face + (now - spoken), rig.low, rig.high), now


def gains(ways: Sequence[Lips], words: Sequence[Word], times: Float64[np.ndarray, " T"]) -> Float64[np.ndarray, "T D"]:
    """Where each of `DIALS` stands, moving smoothly at the borders of spans.

    Raises
    ------
    InputError
        A span begins when the speech is over, or it is not known when words are said.
    UnknownNameError
        A word is not said.
    """
    out = np.ones((len(times), len(DIALS)))
    end = float(times[-1]) + 1.0 / float(GENERATOR_FPS)
    for way in ways:
        holds = np.ones(len(times))
        if way.words is not None:
            holds = window(times, np.array(spans_of_words(words, way.words, way.called)), way.ease, way.ease)
        elif way.timed:
            start, stop = way.start or -way.ease, end + way.ease if way.stop is None else way.stop
            if start >= end:
                raise InputError(f"{way.called} are directed from {start:g} s on, but the speech ends at {end:.2f} s")
            holds = window(times, np.array([[start, stop]]), way.ease, way.ease)
        out *= 1.0 + holds[:, None] * (np.array([getattr(way, name) for name in DIALS]) - 1.0)
    return out


def _shares(rig: Rig) -> Float64[np.ndarray, "D C"]:
    """How much each dial moves each control, [0, 1]; crispness moves none by itself."""
    moved = (rig.articulation.get(name, {}) for name in DIALS)
    return np.array([[pose.get(control, 0.0) for control in rig.names] for pose in moved])


def _between(pieces: Iterable[Piece]) -> Iterator[tuple[Piece, Float64[np.ndarray, "_ C"], Float64[np.ndarray, "_ C"]]]:
    """Each piece with what is said before and after it."""
    before: Piece | None = None
    for piece, following in pairwise(chain(pieces, (None,))):
        assert piece is not None
        none = piece[1][:0]
        yield piece, none if before is None else before[1], none if following is None else following[1]
        before = piece
