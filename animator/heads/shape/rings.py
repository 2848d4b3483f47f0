"""Rings of edges around the mouth and the eyes: the base mesh's own coordinates for lips and lids.

Ring by ring, from the inside outward, vertex ``i`` of one ring is joined to vertex ``i`` of the next, so a column runs from the
throat (or the back of a lid) over the rim to the face.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from jaxtyping import Int32

from animator.errors import FormatError
from animator.heads.shape.basemesh import read_base

CORNER_COLUMN = 7
"""The mouth's left corner is this column; its right corner is the last but six."""


@dataclass(frozen=True, eq=False)
class Rings:
    """Concentric rings of vertices.

    Parameters
    ----------
    members
        ``int32 [R n]`` base vertices, the innermost ring first, every ring from the same column on.
    rim
        The ring where the two sides meet.
    """

    members: Int32[np.ndarray, "R n"]
    rim: int


@lru_cache(maxsize=1)
def mouth() -> Rings:
    """Rings from the throat to around the lips, each from the middle of the lower lip toward the subject's left."""
    return _rings(493, 7242, 523)


@lru_cache(maxsize=2)
def eye(side: str) -> Rings:
    """Rings of the lids of the left (``l``) or right (``r``) eye, each from the middle of the upper lid outward."""
    return _rings(6786, 6791, 11466) if side == "l" else _rings(2, 7, 4848)


def _rings(start: int, onward: int, inward: int) -> Rings:
    """All rings that run alongside the ring through ``start`` and ``onward``; ``inward`` is the neighbour inside of ``start``."""
    base = read_base()
    quads = base.quads[base.groups["body"]]
    near: defaultdict[int, set[int]] = defaultdict(set)
    faces: defaultdict[int, set[int]] = defaultdict(set)
    for index, quad in enumerate(quads.tolist()):
        for corner, vertex in enumerate(quad):
            near[vertex] |= {quad[corner - 1], quad[(corner + 1) % 4]}
            faces[vertex].add(index)

    def ring(first: int, second: int) -> list[int]:
        """The closed loop of edges that goes straight on at every vertex; empty if it does not close."""
        found = [first, second]
        while True:
            before, here = found[-2:]
            beside = {int(v) for face in faces[before] & faces[here] for v in quads[face]}
            straight = near[here] - beside
            if len(near[here]) != 4 or len(straight) != 1:
                return []
            (ahead,) = straight
            if ahead == first:
                return found
            if ahead in found:
                return []
            found.append(ahead)

    def stack(inside: list[int], step: int) -> list[list[int]]:
        """Rings beyond ``inside``, the first of which passes through ``step``, as far as they go."""
        found: list[list[int]] = []
        before, here = set[int](), inside
        while True:
            beyond = {step} if not found else near[here[0]] - before - set(here)
            second = {v for first in beyond for v in near[first] & near[here[1]] if v != here[0] and v not in here}
            if len(beyond) != 1 or len(second) != 1:
                return found
            after = ring(*beyond, *second)
            if len(after) != len(here):
                return found
            found.append(after)
            before, here = set(here), after

    middle = ring(start, onward)
    if not middle:
        raise FormatError("the base mesh is not MakeHuman's hm08: no ring of edges runs around its mouth or eye")
    (outward,) = near[start] - {inward, onward, middle[-1]}
    inner, outer = stack(middle, inward), stack(middle, outward)
    return Rings(np.array([*reversed(inner), middle, *outer], dtype=np.int32), len(inner))
