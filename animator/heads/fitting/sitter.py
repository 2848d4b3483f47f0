"""A `Portrait` in, its `Sitter` out: the fitted person as a head, brought to meet the picture's landmarks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from jaxtyping import Float, Float32, Float64, Int8
from scipy.spatial import KDTree

from animator.core.head import Head
from animator.core.portrait import Portrait
from animator.core.sitter import EYE, INSIDE, SKIN, UNUSED, Sitter
from animator.geometry.view import fall
from animator.heads.fitting.footage import Picture
from animator.heads.fitting.marks import COUNT, read_marks
from animator.heads.makehuman import MakeHuman
from animator.heads.shape import bust, rings, units
from animator.heads.shape.basemesh import read_base

TOGETHER, APART = 0.014, 0.006
"""How far a miss at one mark is taken to reach, metres: what both lips or both lids share, and what is each one's own."""

DOUBT = 0.3
"""How much of a mark's miss is taken to be the tracker's, as a share of the variance of what is to be found."""

PARTED = {"jawOpen": 0.6}
"""The pose in which the lips are apart, so that what is one lip's own does not reach the other."""

SAME = 1e-5
"""Metres within which a vertex of the head is one of the base mesh."""

KINDS = {"skin": SKIN, "eye": EYE, "teeth": INSIDE, "gums": INSIDE, "tongue": INSIDE}
"""What parts are, by the beginning of their names."""


def sit(portrait: Portrait) -> Sitter:
    """The head behind a portrait."""
    return Likeness(portrait.head).sit(portrait)


def sit_each(film: Iterable[tuple[Portrait | None, Picture]]) -> Iterator[Sitter | Picture]:
    """The head behind each portrait of one person; the picture itself where there is none."""
    likeness = None
    for portrait, picture in film:
        if portrait is None:
            yield picture
            continue
        likeness = likeness or Likeness(portrait.head)
        yield likeness.sit(portrait)


class Likeness:
    """One person's head, made ready to meet pictures of that person.

    What a fit misses the landmarks by is spread over the head by Gaussian process regression (Rasmussen and Williams 2006), first
    broadly and with the mouth shut, then, what is left of it, narrowly and with the lips apart.

    Parameters
    ----------
    head
        Settings of the head ``makehuman``, as a `Portrait` has them.
    """

    def __init__(self, head: Mapping[str, Any]) -> None:
        maker = MakeHuman(**head, style="none")
        base, marks, rest = read_base(), read_marks(), maker.rest()
        self._head = maker.make(painted=False)
        moves = units.displacements(base, rest)
        still = (rest - bust.pivot(base, rest)).astype(np.float64)
        self._kinds = _kinds(self._head, still)
        self._skinless = np.setdiff1d(np.arange(len(self._head.vertices)), self._head.triangles[self._kinds == SKIN])
        self._controls = tuple(moves)
        self._marks, self._moves = marks.on(still), marks.on(np.stack(list(moves.values())))
        places = self._head.vertices.astype(np.float64)
        self._together = _Spread(self._marks, places, TOGETHER)
        parted = sum(weight * self._moves[self._controls.index(name)] for name, weight in PARTED.items())
        opened = sum(weight * self._head.displacements[self._head.controls.index(name)] for name, weight in PARTED.items())
        self._apart = _Spread(self._marks + parted, places + opened, APART)

    def sit(self, portrait: Portrait) -> Sitter:
        """The head behind a portrait of this person."""
        weights = portrait.row[[portrait.names.index(name) for name in self._controls]].astype(np.float64)
        seen = fall(self._marks + np.tensordot(weights, self._moves, axes=1), portrait.view)
        shared, left = self._together(portrait.landmarks[:COUNT] - seen)
        own, _ = self._apart(left)
        own[self._skinless] = 0  # the tracker marks skin
        return Sitter(portrait, self._head, self._kinds, shared, own)


class _Spread:
    """Carries misses at marks to other places; ``reach`` in metres."""

    def __init__(self, marks: Float64[np.ndarray, "M 3"], places: Float64[np.ndarray, "V 3"], reach: float) -> None:
        self._among = _alike(marks, marks, reach)
        self._certain = np.linalg.inv(self._among + DOUBT * np.eye(len(marks)))
        self._across = _alike(places.astype(np.float32), marks.astype(np.float32), reach)

    def __call__(self, missed: Float64[np.ndarray, "M 2"]) -> tuple[Float32[np.ndarray, "V 2"], Float64[np.ndarray, "M 2"]]:
        """The misses at the places, and what of them is left at the marks."""
        shares = self._certain @ missed
        spread: np.ndarray = self._across @ shares.astype(np.float32)
        return spread, missed - self._among @ shares


def _alike(one: Float[np.ndarray, "N 3"], other: Float[np.ndarray, "M 3"], reach: float) -> Float[np.ndarray, "N M"]:
    apart = (one**2).sum(axis=1)[:, None] + (other**2).sum(axis=1)[None] - 2 * one @ other.T
    alike: np.ndarray = np.exp(-0.5 * apart.clip(0) / one.dtype.type(reach**2))
    return alike


def _kinds(head: Head, still: Float64[np.ndarray, "B 3"]) -> Int8[np.ndarray, " F"]:
    """What each triangle is to a photo."""
    kinds = np.full(len(head.triangles), UNUSED, dtype=np.int8)
    for part in head.parts:
        kinds[part.start : part.stop] = next((kind for name, kind in KINDS.items() if part.name.startswith(name)), UNUSED)
    found = rings.mouth()
    hollow = KDTree(still[found.members[: found.rim - 1].ravel()])
    deep = hollow.query(head.vertices)[0] < SAME
    kinds[(kinds == SKIN) & deep[head.triangles].any(axis=1)] = INSIDE
    return kinds
