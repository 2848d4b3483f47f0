"""Lips and lids that meet: the small moves that close what a person's shape, or a unit made for another, leaves open.

A seam has a side above and a side below. Where the lowest edge above stands over the highest edge below, one sees through. The
gap is measured in each column of the rings around the seam, and closed by moving whole columns up or down, less and less with
the distance from the seam.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from jaxtyping import Float32, Int32

from animator.heads.shape import rings
from animator.heads.shape.basemesh import read_base

CORNER = (0.75, 0.5, 0.25)
"""Shares of the move of the last column above that the corner and the columns after it take."""


@dataclass(frozen=True, eq=False)
class Seam:
    """Where two rims meet.

    Parameters
    ----------
    members
        ``int32 [R n]``: rings of base vertices, as in `rings.Rings`.
    above, below
        Columns of either side, ordered by x.
    first, last
        The rings that touch when the seam is shut.
    reach
        ``float32 [R]``: share of a column's move that each ring makes, 1 where they touch.
    """

    members: Int32[np.ndarray, "R n"]
    above: Int32[np.ndarray, " a"]
    below: Int32[np.ndarray, " b"]
    first: int
    last: int
    reach: Float32[np.ndarray, " R"]

    def gaps(self, vertices: Float32[np.ndarray, "B 3"]) -> tuple[np.ndarray, np.ndarray]:
        """How far the seam stands open, metres, at the columns above and at those below; negative where it overlaps."""
        touching = vertices[self.members[self.first : self.last + 1]]
        middle = vertices[self.members[(self.first + self.last) // 2], 0]
        upper, lower = touching[:, self.above, 1].min(axis=0), touching[:, self.below, 1].max(axis=0)
        x_upper, x_lower = middle[self.above], middle[self.below]
        up, down = np.argsort(x_upper), np.argsort(x_lower)
        return (
            upper - np.interp(x_upper, x_lower[down], lower[down]),
            np.interp(x_lower, x_upper[up], upper[up]) - lower,
        )

    def moved(self, above: np.ndarray, below: np.ndarray, count: int) -> Float32[np.ndarray, "B 3"]:
        """Moves up by so much at each column above and below, spread over the rings, on ``count`` base vertices."""
        columns = np.zeros(self.members.shape[1])
        columns[self.above] += above
        columns[self.below] += below
        out = np.zeros((count, 3), dtype=np.float32)
        out[self.members, 1] = self.reach[:, None] * columns
        return out


@lru_cache(maxsize=1)
def lips() -> Seam:
    """The seam of the mouth."""
    found = rings.mouth()
    count, corner = found.members.shape[1], rings.CORNER_COLUMN
    columns = np.arange(count, dtype=np.int32)
    return Seam(
        found.members,
        above=columns[corner + 1 : count - corner],
        below=np.concatenate([columns[: corner + 1], columns[count - corner :]]),
        first=found.rim - 1,
        last=found.rim + 1,
        reach=_reach(len(found.members), found.rim - 1, found.rim + 1, 5, 6),
    )


@lru_cache(maxsize=2)
def lids(side: str) -> Seam:
    """The seam of the lids of the left (``l``) or right (``r``) eye."""
    found = rings.eye(side)
    outward = np.abs(read_base().vertices[found.members[found.rim], 0])
    outer, inner, count = int(outward.argmax()), int(outward.argmin()), found.members.shape[1]
    columns = np.arange(count, dtype=np.int32)
    return Seam(
        found.members,
        above=np.concatenate([columns[inner + 1 :], columns[:outer]]),
        below=columns[outer : inner + 1],
        first=found.rim - 4,
        last=found.rim,
        reach=_reach(len(found.members), found.rim - 4, found.rim, 6, 6),
    )


def _reach(count: int, first: int, last: int, inward: int, outward: int) -> Float32[np.ndarray, " R"]:
    """1 from ring ``first`` to ``last``, falling smoothly to 0 over so many rings inward and outward."""
    ring = np.arange(count)
    away = np.maximum((first - ring) / inward, (ring - last) / outward).clip(0, 1)
    return (0.5 + 0.5 * np.cos(np.pi * away)).astype(np.float32)


def shut(seam: Seam, vertices: Float32[np.ndarray, "B 3"], overlap: float) -> Float32[np.ndarray, "B 3"]:
    """Moves of both sides, half each, that leave no column open and none that was open overlapping by more than ``overlap``."""
    above, below = seam.gaps(vertices)
    return seam.moved(-0.5 * (above + overlap).clip(0), 0.5 * (below + overlap).clip(0), len(vertices))


def lower(seam: Seam, vertices: Float32[np.ndarray, "B 3"], overlap: float) -> Float32[np.ndarray, "B 3"]:
    """Moves of the side above that bring every column to that overlap with the side below, from wherever it is.

    The corners, which lie below, follow the columns beside them by shares of `CORNER`, so that the slit keeps its shape.
    """
    above, below = seam.gaps(vertices)
    change = -(above + overlap)
    beside = np.zeros_like(below)
    beside[: len(CORNER)] = change[-1] * np.array(CORNER)
    beside[-len(CORNER) :] = change[0] * np.array(CORNER[::-1])
    moved = seam.moved(change, beside, len(vertices))
    above, _ = seam.gaps(vertices + moved)
    moved += seam.moved(-(above + overlap), np.zeros_like(below), len(vertices))
    return moved
