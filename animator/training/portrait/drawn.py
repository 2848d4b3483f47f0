"""Drawn pairs: people who never were, photographed, moved by the warp, and drawn as they then truly look.

A fit knows somebody a little wrong. So the warp is given a person who is off by as much, and a camera and an expression that
explain, with that person, the points that the face tracker really sees in the drawn photo. What it is asked for is said as
`reenactors.moved.expression` says it: what the performance changes, added to what the photo is taken to show; but what parts the
lips is the performance's alone.

The inside of a mouth is not learned from these pairs: drawn teeth are darker between drawn lips than the warp rightly shows them,
and a person who is mistaken has the lips a little elsewhere. Filmed mouths teach it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
from jaxtyping import Float32, UInt8
from scipy.ndimage import gaussian_filter, maximum_filter

from animator import registry
from animator.core.head import Head
from animator.core.motion import Motion
from animator.core.portrait import Portrait
from animator.core.rig import Rig
from animator.core.sitter import Sitter
from animator.core.stage import Stage
from animator.geometry.pose import HEAD_ANGLES
from animator.geometry.rotation import euler, euler_angles
from animator.geometry.view import fall, view_of
from animator.heads.fitting.expression import expression
from animator.heads.fitting.fit import problem_of
from animator.heads.fitting.follow import Glance, Known, follow, known
from animator.heads.fitting.sitter import sit
from animator.heads.makehuman import MakeHuman
from animator.heads.shape.targets import target_names
from animator.io.landmarks import Seen, Tracker
from animator.reenactors.moved.mover import Mover
from animator.training.portrait.faces import Performed, in_photo, targets
from animator.training.portrait.making import Pair, Source, boxes
from animator.training.portrait.people import Somebody, light, mistaken, somebody
from animator.training.portrait.scene import backdrop, film, stage

TARGETS = 10
"""Pictures that each photo is moved to."""

HELD = 10
"""Every so many-th person is held out."""

WRONG = 0.2
"""Deviation of a mistaken trait, as a share of what people differ by in it."""

LENS = 0.12
"""Deviation of the logarithm of the focal length that is taken for the true one."""

TOLD = 0.02
"""Deviation of a mistaken unit of the expression."""

LIPS, FADE = 4, 2.0
"""Pixels of the crop by which what is spared reaches from a mouth's inside onto the lips, and deviation of how it fades there."""

_PHOTO = 3


@dataclass(frozen=True, eq=False)
class Shooting:
    """A photo and the pictures it is to be moved to: ``pictures uint8 [1+K S S 3]``, ``rows float32 [1+K C]`` as they were drawn,
    head angles and all, ``felt float32 [K E]``, and the stage.
    """

    pictures: list[UInt8[np.ndarray, "S S 3"]]
    rows: Float32[np.ndarray, "N C"]
    felt: Float32[np.ndarray, "K E"]
    stage: Stage


def drawn(numbers: range, seed: int, speech: Performed, rig: Rig, count: int = TARGETS) -> Iterator[Source]:
    """The photos of the people with these numbers, each with so many pairs; without those whose face the tracker does not see."""
    with Tracker(rig) as tracker:
        for number in numbers:
            source = photographed(somebody(number, seed), number, seed, speech, rig, count, tracker)
            if source is not None:
                yield source


def photographed(
    who: Somebody, number: int, seed: int, speech: Performed, rig: Rig, count: int, tracker: Tracker
) -> Source | None:
    """The photo of the person of that number, with so many pairs, or None if the tracker does not see the face."""
    rng = np.random.default_rng([seed, _PHOTO, number])
    photo = in_photo(rig, rng)
    wanted, felt = targets(photo, count, speech, rig, rng)
    shot = shoot(who.head, photo, wanted, felt, rig, rng)
    seen = tracker.read(shot.pictures[0])
    if seen is None:
        return None
    settings = mistaken(who.maker, WRONG, rng)
    person = known(MakeHuman(**settings).rest())
    portrait = taken(shot, seen, settings, person, rig, rng)
    sitter = sit(portrait)
    mover = Mover(replace(sitter, head=light(sitter.head)))
    pairs = []
    for row, picture, feels in zip(asked(portrait, photo, wanted, rig), shot.pictures[1:], felt, strict=True):
        look, marks = mover.look(row), boxes(_points(sitter, person, mover, row, rig))
        pairs.append(Pair(look, spared(mover.face.cut(picture), look.warped, look.inside), feels, marks))
    return Source(mover.reference, pairs, number, number % HELD == HELD - 1, real=False)


def shoot(head: Head, photo: np.ndarray, wanted: np.ndarray, felt: np.ndarray, rig: Rig, rng: np.random.Generator) -> Shooting:
    """Draw somebody in front of a camera: the photo, and the same with each wanted row, which turns the head from there on."""
    where, wall, camera = stage(rng), backdrop(rng), film(rng)
    rows = np.concatenate([photo[None], wanted])
    angles = [rig.column(name) for name in HEAD_ANGLES]
    start = euler(*photo[angles].tolist())
    for row in rows[1:]:
        row[angles] = euler_angles(start @ euler(*row[angles].tolist()))
    soft = registry.find("renderers", "soft")(threads=1)
    pictures = []
    for picture in soft.render(Motion(rig.names, rows, Fraction(25)), head, where):
        alpha = picture[..., 3:].astype(np.float32) / 255
        pictures.append(camera((picture[..., :3] * alpha + wall * (1 - alpha)).round().astype(np.uint8)))
    return Shooting(pictures, rows, felt, where)


def taken(shot: Shooting, seen: Seen, settings: Mapping[str, Any], person: Known, rig: Rig, rng: np.random.Generator) -> Portrait:
    """The photo's portrait, as a fit would have it that took it for this person."""
    photo, where = shot.rows[0], shot.stage
    units = [rig.column(name) for name in target_names("faceunits")]
    turned = euler(*(float(photo[rig.column(name)]) for name in HEAD_ANGLES))
    view = view_of(where.camera, where.width, where.height, turned)
    grown = float(np.exp(LENS * rng.normal()))
    view = replace(view, focal=view.focal * grown, translation=view.translation * (1, 1, grown))
    problem = replace(problem_of(seen, rig), read=photo[units].astype(np.float64), told=np.full(len(units), TOLD))
    found = follow(person, problem, Glance(view, problem.read))
    points = seen.points[:, :2]
    missed = float(np.linalg.norm(fall(person.marked(found.weights).places, found.view) - problem.points, axis=1).mean())
    row = expression(found.view, found.weights, person.balls, points.astype(np.float64), rig)
    return Portrait(
        shot.pictures[0], points.astype(np.float32), found.view, settings, rig.names, row, missed, missed / problem.scale
    )


def spared(
    drawn: UInt8[np.ndarray, "S S 3"], warped: UInt8[np.ndarray, "S S 3"], inside: Float32[np.ndarray, "S S"]
) -> UInt8[np.ndarray, "S S 3"]:
    """A drawn target that shows the inside of the mouth as the warp does."""
    share = gaussian_filter(maximum_filter(inside, 2 * LIPS + 1), FADE)[..., None]
    out: np.ndarray = (share * warped + (1 - share) * drawn).round().astype(np.uint8)
    return out


def asked(
    portrait: Portrait, photo: Float32[np.ndarray, " C"], wanted: Float32[np.ndarray, "K C"], rig: Rig
) -> Float32[np.ndarray, "K C"]:
    """What the warp is asked for: the wanted rows, off by what the photo's own row is mistaken in; not what parts the lips."""
    off = portrait.row - photo
    off[[*(rig.column(name) for name in rig.opening), *(rig.column(name) for name in HEAD_ANGLES)]] = 0
    rows: np.ndarray = np.clip(wanted + off, rig.low, rig.high).astype(np.float32)
    return rows


def _points(sitter: Sitter, person: Known, mover: Mover, row: np.ndarray, rig: Rig) -> np.ndarray:
    """Where the tracker's points are in a wanted picture, pixels of the crop."""
    view = sitter.portrait.view
    units = [rig.column(name) for name in target_names("faceunits")]
    turned = person.marked(row[units].astype(np.float64)).places @ euler(*(float(row[rig.column(n)]) for n in HEAD_ANGLES)).T
    places = fall(turned, view)
    out: np.ndarray = (places - (mover.face.left, mover.face.top)) / mover.face.step
    return out
