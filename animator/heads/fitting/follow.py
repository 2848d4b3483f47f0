"""Camera and expression of a person who is known, picture by picture, each begun where the last one ended.

What takes long in a fit is the person: here the shape is given, and so is the lens. Left are the head's turn and place and the
units of its expression, on the same robust cost as in `solve`, within the same limits; a few Gauss-Newton steps find them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float32, Float64

from animator.core.portrait import View
from animator.heads.fitting.expression import Balls, eyeballs_of
from animator.heads.fitting.marks import Marks, read_marks
from animator.heads.fitting.solve import (
    SMALL,
    Marked,
    Problem,
    camera_slopes,
    missing,
    moved,
    picture_slopes,
    trust,
    within,
)
from animator.heads.shape import bust, units
from animator.heads.shape.basemesh import read_base

STEPS = 6
"""Steps a picture, at most; two or three are usual."""

_CAMERA = 6


@dataclass(frozen=True, eq=False)
class Known:
    """A person who does not change from picture to picture.

    Parameters
    ----------
    still
        ``float64 [M 3]``: the marks at rest, metres in the head's space.
    moves
        ``float64 [U M 3]``: what each unit does to them at 1.
    balls
        The eyeballs.
    """

    still: Float64[np.ndarray, "M 3"]
    moves: Float64[np.ndarray, "U M 3"]
    balls: Balls

    def marked(self, weights: Float64[np.ndarray, " U"]) -> Marked:
        """The marks of the person in an expression."""
        return Marked(self.still + np.tensordot(weights, self.moves, axes=1), self.moves)


class Glance(NamedTuple):
    """What is found in a picture: its view, and the units' ``weights float64 [U]``."""

    view: View
    weights: np.ndarray


def known(rest: Float32[np.ndarray, "B 3"], marks: Marks | None = None) -> Known:
    """The person whose base mesh rests so, metres in the base mesh's own space."""
    base, places = read_base(), marks or read_marks()
    moves = places.on(np.stack(list(units.displacements(base, rest).values())))
    return Known(places.on(rest) - bust.pivot(base, rest), moves, eyeballs_of(rest))


def follow(person: Known, problem: Problem, start: Glance) -> Glance:
    """The view, with the focal length and the middle that it starts with, and the expression in one picture."""
    view, weights = start
    for _ in range(STEPS):
        seen = person.marked(weights)
        step = _step(problem, seen, view, weights)
        view = moved(view, np.append(step[: _CAMERA - 1], (-step[_CAMERA - 1], step[_CAMERA - 1])))
        weights = (weights + step[_CAMERA:]).clip(0, 1)
        if np.abs(step).max() < SMALL:
            break
    return Glance(view, weights)


def _step(problem: Problem, seen: Marked, view: View, weights: np.ndarray) -> np.ndarray:
    """The head's turn, its place across the picture, the logarithm of its distance, and the weights."""
    camera = camera_slopes(seen, view)
    farther = camera[6:] - camera[5:6]  # with the lens as it is, what is farther is smaller
    slopes = np.concatenate([camera[:5], farther, picture_slopes(seen, view, seen.units @ view.rotation.T)])
    misses = missing(problem, seen, view)
    flat = slopes.reshape(len(slopes), -1) / problem.scale
    weighed = flat * np.repeat(trust(problem, misses), 2)
    curvature, gradient = weighed @ flat.T, weighed @ misses.ravel()
    told = np.arange(_CAMERA, len(slopes))
    curvature[told, told] += 1 / problem.told**2
    gradient[told] += (weights - problem.read) / problem.told**2
    low, high = np.concatenate([np.full(_CAMERA, -1.0), -weights]), np.concatenate([np.full(_CAMERA, 1.0), 1 - weights])
    return within(curvature, gradient, low, high)
