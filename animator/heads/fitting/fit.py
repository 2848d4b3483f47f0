"""A picture of a person in, a `Portrait` out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from jaxtyping import Float64, UInt8

from animator.core.portrait import INSIDE, Portrait, View
from animator.core.rig import Rig
from animator.errors import InputError
from animator.geometry.rotation import euler
from animator.geometry.view import fall, turn
from animator.heads.fitting import person
from animator.heads.fitting.expression import expression, eyeballs_of
from animator.heads.fitting.find import AT_MOST, find_face, read_photo
from animator.heads.fitting.marks import COUNT, OUTER_CORNERS, read_marks, read_readings
from animator.heads.fitting.matte import matte
from animator.heads.fitting.solve import DISTANCE, Problem, places, solve, solve_view, usual
from animator.heads.makehuman import MakeHuman
from animator.heads.shape import bust, units
from animator.heads.shape.basemesh import read_base
from animator.heads.shape.targets import target_names
from animator.io.landmarks import Seen, Tracker
from animator.io.rig import load_rig

RIG = "arkit"
"""The rig that the expression is written in."""

FARTHEST = np.radians(35)
"""How far a face may be turned away from the camera."""

EYES_APART = 0.094
"""Metres between the outer corners of the eyes, about."""


def fit_picture(path: Path, face: int | None = None) -> Portrait:
    """Fit the face of a picture file; ``face`` chooses among several, counted from the left, from 1.

    Raises
    ------
    InputError
        There is no such file, or no face in it that can be fitted: none, several and no choice, one that is too small, turned too
        far away or cut off; the sentence says what was measured.
    FormatError
        It is not a picture, or a broken one.
    MissingDependencyError
        As `io.landmarks.Tracker`.
    """
    image, rig = read_photo(path), load_rig(RIG)
    with Tracker(rig, AT_MOST) as tracker:
        seen = find_face(tracker.read_all, image, face, path.name)
    portrait = fit(image, seen, rig, path.name)
    return replace(portrait, matte=matte(image, portrait.landmarks))


def fit(image: UInt8[np.ndarray, "H W 3"], seen: Seen, rig: Rig, name: str) -> Portrait:
    """Solve camera, person and expression for a face that the tracker sees in a picture; ``name`` is what errors call it.

    Raises
    ------
    InputError
        The face is turned too far away, or cut off by the picture's edge.
    """
    height, width = image.shape[:2]
    points = seen.points[:, :2]
    inside = float(((points >= 0) & (points <= (width, height))).all(axis=1).mean())
    if inside < INSIDE:
        raise InputError(
            f"the face in {name!r} is cut off: {1 - inside:.0%} of it lies beyond the picture's edge; show all of it"
        )
    problem = problem_of(seen, rig)
    state = solve_view(problem, usual(first_view(seen, rig, (width, height)), problem))
    _check_turn(state.view, name)
    state = solve(problem, state)
    missed = float(np.linalg.norm(places(problem, state) - problem.points, axis=1).mean())
    balls = eyeballs_of(person.rest(state.values))
    row = expression(state.view, state.weights, balls, points.astype(np.float64), rig)
    return Portrait(
        image=image,
        landmarks=points.astype(np.float32),
        view=state.view,
        head=person.settings(state.values),
        names=rig.names,
        row=row,
        error=missed,
        share=missed / problem.scale,
    )


def problem_of(seen: Seen, rig: Rig) -> Problem:
    """What is to be solved for a face that was seen."""
    points = seen.points[:, :2].astype(np.float64)
    left, right = points[list(OUTER_CORNERS)]
    controls, believed = target_names("faceunits"), read_readings()
    read = np.array([believed[each].believed * seen.row[rig.column(each)] for each in controls], dtype=np.float64).clip(0, 1)
    told = np.array([believed[each].missed for each in controls])
    return Problem(read_marks(), points[:COUNT], float(np.linalg.norm(left - right)), read, told)


def first_view(seen: Seen, rig: Rig, size: tuple[int, int]) -> View:
    """The camera by the tracker's own angles, from the usual distance."""
    pitch, yaw, roll = (float(seen.row[rig.column(angle)]) for angle in ("headPitch", "headYaw", "headRoll"))
    points = seen.points[:, :2].astype(np.float64)
    left, right = points[list(OUTER_CORNERS)]
    scale = float(np.linalg.norm(left - right)) / (EYES_APART * max(np.cos(yaw), 0.3))  # pixels a metre
    middle = np.array(size, dtype=np.float64) / 2
    x, y = (points[:COUNT].mean(axis=0) - middle) / scale
    axes, _, other = np.linalg.svd(euler(pitch, yaw, roll).astype(np.float64))
    return View(scale * DISTANCE, middle, axes @ other, np.array([x, -y, -DISTANCE]))


def _check_turn(view: View, name: str) -> None:
    yaw, pitch = turn(view)
    away = np.arccos(np.cos(yaw) * np.cos(pitch))
    if away > FARTHEST:
        where = ("to its left" if yaw > 0 else "to its right") if abs(yaw) > abs(pitch) else ("down" if pitch > 0 else "up")
        raise InputError(
            f"the face in {name!r} is turned {np.degrees(away):.0f} degrees away, mostly {where}, and up to "
            f"{np.degrees(FARTHEST):.0f} can be fitted; give a picture from nearer the front"
        )


def posed(portrait: Portrait) -> Float64[np.ndarray, "B 3"]:
    """The base mesh of a portrait's person in the portrait's expression, metres in the head's space."""
    base, vertices = read_base(), MakeHuman(**portrait.head).rest()
    moved: np.ndarray = (vertices - bust.pivot(base, vertices)).astype(np.float64)
    for name, moves in units.displacements(base, vertices).items():
        moved += float(portrait.row[portrait.names.index(name)]) * moves
    return moved


def reprojected(portrait: Portrait) -> Float64[np.ndarray, "M 2"]:
    """Where the fitted head has the tracker's points in the picture, pixels."""
    return fall(read_marks().on(posed(portrait)), portrait.view)
