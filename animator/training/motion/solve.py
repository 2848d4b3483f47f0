"""From the tracker's points to the rig's controls: the face that, drawn on our heads, gives the tracker the same points.

A linear model of what each control does to the tracker's points and scores is learned from drawn people (`mirror`), whose
controls are known; read backwards it is the most probable setting of the controls, each within its range. Points are taken
relative to the same person at rest, so that it carries over to people it never saw.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float32

from animator.core.rig import Rig
from animator.generators.speech.contacts import shifted
from animator.geometry.pose import HEAD_ANGLES
from animator.geometry.rotation import euler
from animator.training.motion.mirror import Mirrored
from animator.training.motion.tracks import EYES, POINTS, STILL

VISIBLE = ("mouth", "jaw", "brows", "eyes")
"""Regions whose controls are sought."""

KNOWN = 0.35
"""Correlation of what is read with what was drawn, on people held out, from which a control counts as visible; its mean over
both sides of the face."""

HELD = 5
"""Every fifth drawn person is held out."""

SIZE, SIDED = 0.15, 0.05
"""Deviation that a control is taken to have before anything is seen, and that the two sides of a face have from each other."""

RARE = 0.05
"""Such a deviation of what the rig's own visemes hardly use; for the mouth, they say how much a control is likely to move."""

PARTING = 2.1
"""Opening of the rig for each unit by which the inner rims of the lips are farther apart than at rest: on drawn people the slope,
by least squares, where the lips are parted (correlation .90)."""

UPPER_LIP, LOWER_LIP = (13, 82, 312), (14, 87, 317)
"""Points of the inner rims that face each other."""

SHRUNK = 0.2
"""Share of the misses' covariance that is taken to be uncorrelated (Ledoit and Wolf 2004, with a fixed share)."""

SWEEPS = 60
"""Rounds of coordinate descent."""

_FIXED = np.isin(POINTS, (*STILL, *(EYES[i] for i in range(4))))


@dataclass(frozen=True, eq=False)
class Rest:
    """A person at rest: ``points float64 [P 3]`` of size 1, seen from the front, and the tracker's ``scores [C]``."""

    points: np.ndarray
    scores: np.ndarray


@dataclass(frozen=True, eq=False)
class Solver:
    """``known bool [C]``: the controls that are read; ``effect [K G]``: what each of them does to what is given (`_given`);
    ``certainty [G G]``: inverse covariance of what that misses; ``prior [K K]``: inverse covariance of the controls before
    anything is seen; ``scores``: correlations on people held out, by control.
    """

    known: Bool[np.ndarray, " C"]
    effect: np.ndarray
    certainty: np.ndarray
    prior: np.ndarray
    scores: Mapping[str, float]

    def read(self, rows: np.ndarray, points: np.ndarray, rest: Rest, rig: Rig) -> Float32[np.ndarray, "T C"]:
        """Controls of tracked frames (`tracks.Tracked`), relative to the person's rest; what is not known rests.

        How far the lips part is measured between their rims, and met by the least change of the controls that part them: the
        most probable controls alone miss closures by a little.
        """
        laid = _laid(_upright(points, rows, rig), rest.points)
        room = (rig.high - rig.rest)[self.known].astype(np.float64)
        given = _given(laid, rows, rest, rig)
        values = np.tile(rig.rest.astype(np.float64), (len(rows), 1))
        values[:, self.known] += _most_probable(given, self.effect, self.certainty, self.prior, room)
        row = np.where(self.known, rig.opening_row, 0.0).astype(np.float64)
        now, measured = values @ row, PARTING * (gap(laid) - gap(rest.points[None]))
        wanted = np.where(measured > 0, measured, np.minimum(now, 0.0))
        return shifted(values, row, wanted - now, rig).astype(np.float32)


def gap(points: np.ndarray) -> np.ndarray:
    """How far the inner rims of the lips are apart at the middle, ``[T]``, of points ``[T P 3]``."""
    at = {point: points[:, i] for i, point in enumerate(POINTS)}
    apart: np.ndarray = np.mean(
        [np.linalg.norm(at[u] - at[v], axis=1) for u, v in zip(UPPER_LIP, LOWER_LIP, strict=True)], axis=0
    )
    return apart


def rest_of(rows: np.ndarray, points: np.ndarray, rig: Rig) -> Rest:
    """The rest that these frames of a face at rest have in common."""
    upright = _upright(points, rows, rig)
    centred = upright - upright[:, _FIXED].mean(axis=1, keepdims=True)
    sized = centred / np.sqrt((centred[:, _FIXED] ** 2).sum(axis=2).mean(axis=1))[:, None, None]
    return Rest(np.median(sized, axis=0), np.median(rows, axis=0))


def learn(drawn: Mirrored, rig: Rig) -> Solver:
    """What each control does to what the tracker sees, from drawn people; those that cannot be seen are left out."""
    rests = {
        person: rest_of(drawn.rows[mine], drawn.points[mine], rig)
        for person in np.unique(drawn.person)
        if (mine := drawn.rest & (drawn.person == person)).any()
    }
    seen = np.flatnonzero(np.isin(drawn.person, list(rests)))
    given = np.concatenate([_seen(drawn, int(i), rests[drawn.person[i]], rig) for i in seen])
    moved = (drawn.driven[seen] - rig.rest).astype(np.float64)
    held = drawn.person[seen] % HELD == 0
    sought = rig.region(*VISIBLE) & (moved.std(axis=0) > 0)
    for _ in range(2):  # once with all that may be seen, once with those that are
        effect, certainty = _model(given[~held], moved[~held], sought)
        room = (rig.high - rig.rest)[sought].astype(np.float64)
        prior = _prior(sought, rig)
        told = _most_probable(given[held], effect, certainty, prior, room)
        match = [
            float(np.corrcoef(a, b)[0, 1]) if a.any() else 0.0 for a, b in zip(told.T, moved[held][:, sought].T, strict=True)
        ]
        last, columns = sought, np.flatnonzero(sought)
        seen_well = np.zeros(len(sought))
        seen_well[columns] = match
        sought = (seen_well + seen_well[[rig.columns[c.mirror] for c in rig.controls]]) / 2 >= KNOWN
    return Solver(last, effect, certainty, prior, {rig.names[c]: r for c, r in zip(columns, match, strict=True)})


def _model(given: np.ndarray, moved: np.ndarray, sought: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What the controls sought do, ``[K G]``, by least squares beside all others, and how sure that is, ``[G G]``."""
    moving = moved.std(axis=0) > 0
    x = moved[:, moving]
    effect = np.linalg.solve(x.T @ x + np.eye(x.shape[1]), x.T @ given)[sought[moving]]
    missed = given - moved[:, sought] @ effect
    spread = missed.T @ missed / len(missed)
    spread = (1 - SHRUNK) * spread + SHRUNK * np.diag(np.diag(spread)) + 1e-9 * np.eye(len(spread))
    return effect, np.linalg.inv(spread)


def _prior(sought: np.ndarray, rig: Rig) -> np.ndarray:
    """Inverse covariance of the controls sought: each near 0, both sides of a face nearly alike."""
    columns = np.flatnonzero(sought)
    poses = np.stack([rig.row(pose) - rig.rest for pose in rig.visemes.values()])
    likely = np.where(rig.region("mouth", "jaw"), np.sqrt((poses**2).mean(axis=0) + RARE**2), SIZE)
    prior = np.diag(1.0 / likely[columns].astype(np.float64) ** 2)
    for i, c in enumerate(columns):
        other = rig.columns[rig.controls[c].mirror]
        if other != c and sought[other]:
            prior[i, i] += 1 / SIDED**2
            prior[i, np.searchsorted(columns, other)] -= 1 / SIDED**2
    return prior


def _most_probable(
    given: np.ndarray, effect: np.ndarray, certainty: np.ndarray, prior: np.ndarray, room: np.ndarray
) -> np.ndarray:
    """Amounts ``[T K]`` in [0, room] that explain ``given`` best (coordinate descent)."""
    weighed = effect @ certainty
    bend = weighed @ effect.T + prior
    pull = given @ weighed.T
    amounts: np.ndarray = np.clip(np.linalg.solve(bend, pull.T).T, 0.0, room)
    for _ in range(SWEEPS):
        for k in range(len(effect)):
            left = pull[:, k] - amounts @ bend[:, k] + amounts[:, k] * bend[k, k]
            amounts[:, k] = np.clip(left / bend[k, k], 0.0, room[k])
    return amounts


def _seen(drawn: Mirrored, i: int, rest: Rest, rig: Rig) -> np.ndarray:
    """What was seen in one picture, ``[1 G]``."""
    return _given(_laid(_upright(drawn.points[[i]], drawn.rows[[i]], rig), rest.points), drawn.rows[[i]], rest, rig)


def _given(laid: np.ndarray, rows: np.ndarray, rest: Rest, rig: Rig) -> np.ndarray:
    """What is seen, ``[T G]``: how far each point is from where it rests, and how far each score of the upper face."""
    upper = rig.region("brows", "eyes")
    given: np.ndarray = np.concatenate([(laid - rest.points).reshape(len(rows), -1), (rows - rest.scores)[:, upper]], axis=1)
    return given


def _upright(points: np.ndarray, rows: np.ndarray, rig: Rig) -> np.ndarray:
    """Points ``[T P 3]`` as seen from the front: right, up and towards the camera."""
    turns = np.stack([euler(*(float(row[rig.column(name)]) for name in HEAD_ANGLES)) for row in rows])
    upright: np.ndarray = (points * (1.0, -1.0, -1.0)) @ turns
    return upright


def _laid(points: np.ndarray, onto: np.ndarray) -> np.ndarray:
    """Points ``[T P 3]`` moved, turned and sized so that the still ones lie on those of ``onto`` (Umeyama 1991)."""
    middle = onto[_FIXED].mean(axis=0)
    centred = points - points[:, _FIXED].mean(axis=1, keepdims=True)
    still = centred[:, _FIXED]
    u, s, vt = np.linalg.svd(np.swapaxes(still, 1, 2) @ (onto[_FIXED] - middle))
    sign = np.ones_like(s)
    sign[:, 2] = np.sign(np.linalg.det(u @ vt))
    size = (s * sign).sum(axis=1) / (still**2).sum(axis=(1, 2))
    laid: np.ndarray = centred @ ((u * sign[:, None]) @ vt) * size[:, None, None] + middle
    return laid
