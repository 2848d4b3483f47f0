"""A `Portrait` in, its `Sitter` out: the fitted person as a head, brought to meet the picture's landmarks."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float64, Int8
from scipy.spatial import KDTree

from animator.core.head import Head
from animator.core.portrait import Portrait
from animator.core.sitter import EYE, INSIDE, SKIN, UNUSED, Sitter
from animator.heads.fitting.fit import reprojected
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
    """The head behind a portrait.

    What the fit misses the landmarks by is spread over the head by Gaussian process regression (Rasmussen and Williams 2006),
    first broadly and with the mouth shut, then, what is left of it, narrowly and with the lips apart.
    """
    maker = MakeHuman(**portrait.head, style="none")
    head, base, marks = maker.make(painted=False), read_base(), read_marks()
    still = (maker.rest() - bust.pivot(base, maker.rest())).astype(np.float64)
    missed = portrait.landmarks[:COUNT].astype(np.float64) - reprojected(portrait)
    shared, left = _spread(marks.on(still), missed, head.vertices.astype(np.float64), TOGETHER)
    moves = units.displacements(base, maker.rest())
    parted, parted_head = still.copy(), head.vertices.astype(np.float64)
    for name, weight in PARTED.items():
        parted += weight * moves[name]
        parted_head += weight * head.displacements[head.controls.index(name)]
    own, _ = _spread(marks.on(parted), left, parted_head, APART)
    kinds = _kinds(head, still)
    own[np.setdiff1d(np.arange(len(own)), head.triangles[kinds == SKIN])] = 0  # the tracker marks skin
    return Sitter(portrait, head, kinds, shared.astype(np.float32), own.astype(np.float32))


def _spread(
    marks: Float64[np.ndarray, "M 3"], missed: Float64[np.ndarray, "M 2"], places: Float64[np.ndarray, "V 3"], reach: float
) -> tuple[Float64[np.ndarray, "V 2"], Float64[np.ndarray, "M 2"]]:
    """The misses at other places, and what of them is left at the marks."""

    def alike(one: np.ndarray, other: np.ndarray) -> Any:
        apart = (one**2).sum(axis=1)[:, None] + (other**2).sum(axis=1)[None] - 2 * one @ other.T
        return np.exp(-0.5 * apart.clip(0) / reach**2)

    among = alike(marks, marks)
    shares = np.linalg.solve(among + DOUBT * np.eye(len(marks)), missed)
    spread: np.ndarray = alike(places.astype(np.float32), marks.astype(np.float32)) @ shares.astype(np.float32)
    return spread.astype(np.float64), missed - among @ shares


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
