"""The most probable camera, person and expression behind a face tracker's points: Gauss-Newton on a robust, bounded problem.

Bundle adjustment with a linear face (Blanz and Vetter 1999; Cao et al. 2014): marks of the head, moved by traits and by the rig's
units, are seen through a pinhole camera; what they miss the points by is weighed by each mark's own spread, less where it is out
of the ordinary (Huber 1964), against what is usual in people and against the expression that the tracker itself reads.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float64

from animator.core.portrait import View
from animator.geometry.rotation import axis_angle
from animator.geometry.view import fall
from animator.heads.fitting import person
from animator.heads.fitting.marks import Marks
from animator.heads.shape import bust, units
from animator.heads.shape.basemesh import read_base

DISTANCE, DISTANCES = 0.9, 0.4
"""Metres that pictures of faces are usually taken from, and the deviation of that as a logarithm."""

LEAST = 0.006
"""Spread of the surest mark: what no head of ours has in common with real ones, as a share of the eyes' outer distance."""

ALIKE = 8.0
"""How many marks tell what one independent mark would: neighbours miss their points together."""

ROBUST = 1.5
"""Spreads beyond which a miss counts by its length and no longer by its square."""

POSE_STEPS, STEPS, SMALL = 12, 12, 2e-3

_CAMERA = 7


@dataclass(frozen=True, eq=False)
class State:
    """What is solved for.

    Parameters
    ----------
    view
        The camera.
    values
        ``float64 [K]``: the person's `person.traits`.
    weights
        ``float64 [C]``: the rig's units, by the head's order of controls.
    """

    view: View
    values: Float64[np.ndarray, " K"]
    weights: Float64[np.ndarray, " C"]


@dataclass(frozen=True, eq=False)
class Problem:
    """What is given.

    Parameters
    ----------
    marks
        Places on the head.
    points
        ``float64 [M 2]``: where the tracker sees them, pixels.
    scale
        Pixels between the outer corners of the eyes.
    read
        ``float64 [C]``: the weights that are likely from what the tracker reads, in [0, 1].
    told
        ``float64 [C]``: the usual difference from them, above 0.
    """

    marks: Marks
    points: Float64[np.ndarray, "M 2"]
    scale: float
    read: Float64[np.ndarray, " C"]
    told: Float64[np.ndarray, " C"]


@dataclass(frozen=True, eq=False)
class Marked:
    """A face's marks and their derivatives: ``places [M 3]`` in the head's space, ``units [C M 3]``."""

    places: np.ndarray
    units: np.ndarray


def usual(view: View, problem: Problem) -> State:
    """Where to start: a usual person with the expression that was read."""
    return State(view, np.array([trait.usual for trait in person.traits()]), problem.read.copy())


def solve_view(problem: Problem, start: State) -> State:
    """The camera alone, of a head that stays as it is."""
    seen, state = _look(problem, start), start
    for _ in range(POSE_STEPS):
        misses, slopes = missing(problem, seen, state.view), camera_slopes(seen, state.view)
        step = _step(problem, state, misses, slopes)
        state = replace(state, view=moved(state.view, step))
        if np.abs(step).max() < SMALL:
            break
    return state


def solve(problem: Problem, start: State) -> State:
    """Camera, person and expression together.

    A step is halved while it makes things worse; the last one that made them better stands.
    """
    state, seen = start, _look(problem, start)
    cost = _cost(problem, seen, state)
    for _ in range(STEPS):
        traits = person.changes(state.values, problem.marks)
        model = np.concatenate([traits, seen.units]) @ state.view.rotation.T
        slopes = np.concatenate([camera_slopes(seen, state.view), picture_slopes(seen, state.view, model)])
        step = _step(problem, state, missing(problem, seen, state.view), slopes)
        for share in (1.0, 0.5, 0.25, 0.125):
            tried = _taken(state, share * step)
            looked = _look(problem, tried)
            worth = _cost(problem, looked, tried)
            if worth < cost:
                break
        else:
            break
        gained, state, seen, cost = cost - worth, tried, looked, worth
        if gained < SMALL * cost:
            break
    return state


def places(problem: Problem, state: State) -> Float64[np.ndarray, "M 2"]:
    """Where a state has the marks in the picture, pixels."""
    return fall(_look(problem, state).places, state.view)


def _look(problem: Problem, state: State) -> Marked:
    base, rest = read_base(), person.rest(state.values)
    moves = problem.marks.on(np.stack(list(units.displacements(base, rest).values())))
    still = problem.marks.on(rest) - bust.pivot(base, rest)
    return Marked(still + np.tensordot(state.weights, moves, axes=1), moves)


def missing(problem: Problem, seen: Marked, view: View) -> Float64[np.ndarray, "M 2"]:
    """How far the marks fall from their points, in shares of the eyes' distance."""
    missed: np.ndarray = (fall(seen.places, view) - problem.points) / problem.scale
    return missed


def trust(problem: Problem, misses: Float64[np.ndarray, "M 2"]) -> Float64[np.ndarray, " M"]:
    """What each mark's miss counts by: the inverse square of its spread, less where it is out of the ordinary."""
    away = np.linalg.norm(misses, axis=1) / _spread(problem)
    counted: np.ndarray = np.minimum(1.0, ROBUST / np.maximum(away, 1e-9)) / _spread(problem) ** 2 / ALIKE
    return counted


def _spread(problem: Problem) -> np.ndarray:
    spread: np.ndarray = np.hypot(problem.marks.spread.astype(np.float64), LEAST)
    return spread


def _prior(problem: Problem, state: State) -> tuple[np.ndarray, np.ndarray]:
    """How far all but the camera's turn and place are from what is usual, in deviations, and one over those deviations."""
    traits = person.traits()
    nearness = np.log(-state.view.translation[2] / DISTANCE)
    off = np.concatenate([[nearness], state.values - [t.usual for t in traits], state.weights - problem.read])
    certainty = 1 / np.concatenate([[DISTANCES], [t.deviation for t in traits], problem.told])
    return off * certainty, certainty


def _cost(problem: Problem, seen: Marked, state: State) -> float:
    away = np.linalg.norm(missing(problem, seen, state.view), axis=1) / _spread(problem)
    huber = np.where(away < ROBUST, 0.5 * away**2, ROBUST * (away - 0.5 * ROBUST))
    return float(huber.sum() / ALIKE + 0.5 * (_prior(problem, state)[0] ** 2).sum())


def _step(problem: Problem, state: State, misses: np.ndarray, slopes: np.ndarray) -> np.ndarray:
    """The Gauss-Newton step of as many parameters as there are rows of slopes, each within its limits."""
    slopes = slopes / problem.scale
    flat = slopes.reshape(len(slopes), -1)
    weighed = flat * np.repeat(trust(problem, misses), 2)
    curvature, gradient = weighed @ flat.T, weighed @ misses.ravel()
    off, certainty = _prior(problem, state)
    after = np.arange(_CAMERA - 1, len(slopes))  # the camera's distance, then traits and weights
    curvature[after, after] += certainty[: len(after)] ** 2
    gradient[after] += (off * certainty)[: len(after)]
    traits = person.traits()
    low = np.concatenate([np.full(_CAMERA, -1.0), [t.low for t in traits] - state.values, -state.weights])[: len(slopes)]
    high = np.concatenate([np.full(_CAMERA, 1.0), [t.high for t in traits] - state.values, 1 - state.weights])[: len(slopes)]
    return within(curvature, gradient, low, high)


def within(curvature: np.ndarray, gradient: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """The step to the least of a quadratic, with those parameters that would leave their limits held at them."""
    held, step = np.zeros(len(low), dtype=bool), np.zeros(len(low))
    while True:
        rest = gradient + curvature @ np.where(held, step, 0.0)
        step[~held] = np.linalg.solve(curvature[np.ix_(~held, ~held)], -rest[~held])
        over = ~held & ((step < low) | (step > high))
        if not over.any():
            return step
        step = np.where(over, np.clip(step, low, high), step)
        held |= over


def _taken(state: State, step: np.ndarray) -> State:
    count = _CAMERA + len(state.values)
    values, weights = state.values + step[_CAMERA:count], state.weights + step[count:]
    low, high = np.array([(t.low, t.high) for t in person.traits()]).T
    return State(moved(state.view, step[:_CAMERA]), values.clip(low, high), weights.clip(0, 1))


# The camera's seven parameters: a turn about the camera's own axes through the head's origin, the origin's place across the
# picture (metres), the logarithms of the picture's scale (pixels a metre at the origin's depth) and of the distance. Those are as
# good as independent, where focal length and distance are not.


def moved(view: View, step: Float64[np.ndarray, " 7"]) -> View:
    """The view after a step of the camera's parameters."""
    turn = axis_angle(step[None, :3].astype(np.float32))[0].astype(np.float64)
    axes, _, other = np.linalg.svd(turn @ view.rotation)  # single precision would wear the rotation away
    distance = -view.translation[2]
    farther = distance * np.exp(step[6])
    place = np.array([*(view.translation[:2] + step[3:5]), -farther])
    return View(float(view.focal * np.exp(step[5]) * farther / distance), view.middle, axes @ other, place)


def camera_slopes(seen: Marked, view: View) -> Float64[np.ndarray, "7 M 2"]:
    """What the camera's parameters do to the marks in the picture, pixels a unit."""
    turned = seen.places @ view.rotation.T
    zero = np.zeros(len(turned))
    x, y, z = turned.T
    turns = np.stack([np.stack(row, axis=1) for row in ((zero, -z, y), (z, zero, -x), (-y, x, zero))])
    across = np.zeros((2, len(turned), 3))
    across[0, :, 0] = across[1, :, 1] = 1.0
    off = fall(seen.places, view) - view.middle
    nearer = -z / (-view.translation[2] - z)
    return np.concatenate([picture_slopes(seen, view, np.concatenate([turns, across])), off[None], (off * nearer[:, None])[None]])


def picture_slopes(seen: Marked, view: View, moves: Float64[np.ndarray, "P M 3"]) -> Float64[np.ndarray, "P M 2"]:
    """What moves ``[P M 3]`` of the marks in the camera's space do in the picture: ``[P M 2]`` pixels."""
    x, y, z = (seen.places @ view.rotation.T + view.translation).T
    scale = view.focal / -z
    out: np.ndarray = np.stack(
        [scale * (moves[..., 0] + moves[..., 2] * x / -z), -scale * (moves[..., 1] + moves[..., 2] * y / -z)], axis=-1
    )
    return out
