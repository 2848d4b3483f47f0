"""The rig's controls of a fitted face: its units as they were solved, and where its open eyes look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from jaxtyping import Float32, Float64

from animator.core.portrait import View
from animator.core.rig import Rig
from animator.heads.fitting.marks import IRISES
from animator.heads.pieces.eyeballs import IRIS, Ball, fit_ball
from animator.heads.shape import bust
from animator.heads.shape.basemesh import read_base
from animator.heads.shape.targets import target_names

SHUT = 0.6
"""Weight of a blink from which the eye's own turn is not seen."""

Balls = tuple[Ball, Ball]
"""The left and the right eyeball, in the head's space."""


def eyeballs_of(rest: Float32[np.ndarray, "B 3"]) -> Balls:
    """The eyeballs of a person whose base mesh rests so, metres in the base mesh's own space."""
    base = read_base()
    pivot = bust.pivot(base, rest)
    left, right = (fit_ball(base, rest, side) for side in "lr")
    return replace(left, centre=left.centre - pivot), replace(right, centre=right.centre - pivot)


def expression(
    view: View, weights: Float64[np.ndarray, " U"], balls: Balls, points: Float64[np.ndarray, "L 2"], rig: Rig
) -> Float32[np.ndarray, " C"]:
    """The row of a face: ``weights`` by the head's order of units, gaze from the tracker's points, the head's angles at rest."""
    row, names = rig.rest.copy(), target_names("faceunits")
    row[[rig.column(name) for name in names]] = weights
    for side, ball, point in zip(("left", "right"), balls, IRISES, strict=True):
        if weights[names.index(f"eyeBlink{side.capitalize()}")] <= SHUT:
            for angle, value in _gaze(view, ball, points[point]).items():
                control = rig.control(f"{side}Eye{angle}")
                row[rig.column(control.name)] = np.clip(value, control.low, control.high)
    return row


def _gaze(view: View, ball: Ball, iris: np.ndarray) -> Mapping[str, float]:
    """The turn of an eye that brings the middle of its iris to where the tracker sees it."""
    ray = np.array([*((iris - view.middle) / view.focal), -1.0]) * (1, -1, 1)
    start, along = -view.rotation.T @ view.translation, view.rotation.T @ ray
    along /= np.linalg.norm(along)
    to_ball = ball.centre - start
    near = along @ to_ball
    reach = ball.radius * np.cos(IRIS)
    depth = max(reach**2 - (to_ball @ to_ball - near**2), 0.0)
    x, y, z = start + (near - np.sqrt(depth)) * along - ball.centre
    return {"Yaw": float(np.arctan2(x, z)), "Pitch": float(-np.arctan2(y, np.hypot(x, z)))}
