"""A video of a person in, a `Portrait` a picture out: one person and one lens in all of them.

Pictures are gone through twice: first for the person, from those few that show the face best, then one by one. So as much memory
is used for a long video as for a short one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import numpy as np
from jaxtyping import UInt8

from animator.core.portrait import INSIDE, Portrait, View
from animator.core.rig import Rig
from animator.errors import InputError
from animator.geometry.view import fall
from animator.heads.fitting import person
from animator.heads.fitting.expression import expression
from animator.heads.fitting.find import AT_MOST, find_face
from animator.heads.fitting.fit import RIG, first_view, fit, problem_of
from animator.heads.fitting.follow import Glance, Known, follow, known
from animator.heads.fitting.steady import LAG, steady
from animator.heads.fitting.watch import Watch
from animator.io.landmarks import Seen, Tracker
from animator.io.rig import load_rig

Picture = UInt8[np.ndarray, "H W 3"]

LOOKED_AT, FITTED = 8, 3
"""Pictures in which the face is looked for at first (up to twice as many), and those of them that tell the person."""


@dataclass(frozen=True, eq=False)
class Sitting:
    """What all pictures of a video have in common: the head's settings, the person as it is followed, and the lens."""

    head: Mapping[str, Any]
    person: Known
    focal: float


def fit_footage(pictures: Iterable[Picture], name: str, face: int | None = None) -> Iterator[Portrait | None]:
    """Fit the face of each picture of a video.

    Parameters
    ----------
    pictures
        sRGB, of one size, such as an `io.footage.Footage`; gone through twice.
    name
        What errors call the video.
    face
        Which of several faces: the number in the first picture that shows it, from the left, from 1. It is followed from there.

    Yields
    ------
    Portrait or None
        None where the face is not seen, or is cut off. All have the same ``head`` and focal length.

    Raises
    ------
    InputError
        No picture shows a face that can be fitted: the sentence says why one does not.
    MissingDependencyError
        As `io.landmarks.Tracker`.
    """
    rig = load_rig(RIG)
    with Tracker(rig, AT_MOST) as tracker:
        sitting = sit_for(_spread(pictures), tracker, rig, name, face)
        yield from _steadied(_each(pictures, sitting, tracker, rig, name, face))


def sit_for(pictures: Sequence[Picture], tracker: Tracker, rig: Rig, name: str, face: int | None = None) -> Sitting:
    """The person of a few pictures: the mean of what the best of them tell; raises as `fit_footage`."""
    found: list[tuple[float, Picture, Seen]] = []
    fits: list[Portrait] = []
    trouble: list[InputError] = []
    for picture in pictures:
        try:
            seen = find_face(tracker.read_all, picture, face, name)
            found.append((_hardness(seen, rig), picture, seen))
        except InputError as error:
            trouble.append(error)
    for _, picture, seen in sorted(found, key=lambda each: each[0]):
        try:
            fits.append(fit(picture, seen, rig, name))
        except InputError as error:
            trouble.append(error)
        if len(fits) == FITTED:
            break
    if not fits:
        raise trouble[0] if trouble else InputError(f"there is no picture in {name!r}")
    traits = np.mean([person.values(each.head) for each in fits], axis=0)
    focal = float(np.exp(np.mean([np.log(each.view.focal) for each in fits])))
    return Sitting(person.settings(traits), known(person.rest(traits)), focal)


def portray(picture: Picture, seen: Seen, sitting: Sitting, rig: Rig, last: Glance | None = None) -> tuple[Portrait, Glance]:
    """One picture's fit, begun from the one before if there is one; and what the next begins from."""
    problem, points = problem_of(seen, rig), seen.points[:, :2]
    start = last or Glance(_with_lens(first_view(seen, rig, picture.shape[1::-1]), sitting.focal), problem.read)
    found = follow(sitting.person, problem, start)
    places = fall(sitting.person.marked(found.weights).places, found.view)
    missed = float(np.linalg.norm(places - problem.points, axis=1).mean())
    portrait = Portrait(
        image=picture,
        landmarks=points.astype(np.float32),
        view=found.view,
        head=sitting.head,
        names=rig.names,
        row=expression(found.view, found.weights, sitting.person.balls, points.astype(np.float64), rig),
        error=missed,
        share=missed / problem.scale,
    )
    return portrait, found


def _each(
    pictures: Iterable[Picture], sitting: Sitting, tracker: Tracker, rig: Rig, name: str, face: int | None
) -> Iterator[Portrait | None]:
    watch, last = Watch(tracker.read_all, face, name), None
    for picture in pictures:
        seen = watch(picture)
        points = np.zeros((1, 2)) - 1 if seen is None else seen.points[:, :2]
        if seen is None or ((points >= 0) & (points <= picture.shape[1::-1])).all(axis=1).mean() < INSIDE:
            last = None
            yield None
            continue
        portrait, last = portray(picture, seen, sitting, rig, last)
        yield portrait


def _steadied(portraits: Iterable[Portrait | None]) -> Iterator[Portrait | None]:
    """Each portrait steadied by those beside it."""
    window: deque[Portrait | None] = deque([None] * (2 * LAG + 1), maxlen=2 * LAG + 1)
    for number, portrait in enumerate(chain(portraits, [None] * LAG)):
        window.append(portrait)
        if number >= LAG:
            yield steady(list(window))


def _spread(pictures: Iterable[Picture]) -> list[Picture]:
    """`LOOKED_AT` to twice as many of the pictures, or all of fewer, at equal distances."""
    kept: list[Picture] = []
    stride = 1
    for number, picture in enumerate(pictures):
        if number % stride == 0:
            kept.append(picture)
        if len(kept) == 2 * LOOKED_AT:
            kept, stride = kept[::2], 2 * stride
    return kept


def _hardness(seen: Seen, rig: Rig) -> float:
    """How far a face is from looking straight into the camera with its eyes open and its mouth shut."""
    names = ("headYaw", "headPitch", "eyeBlinkLeft", "eyeBlinkRight", "jawOpen")
    return float(sum(abs(seen.row[rig.column(each)]) for each in names))


def _with_lens(view: View, focal: float) -> View:
    """The view from such a distance that the head is as large as it was, with another lens."""
    return replace(view, focal=focal, translation=view.translation * (1, 1, focal / view.focal))
