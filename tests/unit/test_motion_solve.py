import numpy as np
import pytest

from animator.io.rig import load_rig
from animator.training.motion.mirror import RESTING, Mirrored, a_pose
from animator.training.motion.solve import PARTING, gap, learn, rest_of
from animator.training.motion.tracks import CHEEKS, JAW, LIPS, POINTS

RIG = load_rig("arkit")
FACE = np.random.default_rng(5).normal(0, 60, (len(POINTS), 3)) + np.array([180, 140, 0])
MOVING = np.isin(POINTS, (*LIPS, *JAW, *CHEEKS))
INNER = {point: POINTS.index(point) for point in (13, 14, 82, 87, 312, 317)}
for upper, lower in ((13, 14), (82, 87), (312, 317)):
    FACE[INNER[lower]] = FACE[INNER[upper]]
EFFECT = np.random.default_rng(6).normal(0, 6, (len(RIG.controls), len(POINTS), 3)) * MOVING[:, None]
EFFECT[:, list(INNER.values())] = 0


def _seen(row: np.ndarray, face: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A tracker's points: what each control does to a face, the lips apart as far as the rig says, in a picture of any size."""
    points = face + np.tensordot(row - RIG.rest, EFFECT, 1)
    scale = np.sqrt(((points[~MOVING] - points[~MOVING].mean(axis=0)) ** 2).sum(axis=1).mean())
    for lower in (14, 87, 317):
        points[INNER[lower], 1] += max(float(row @ RIG.opening_row), 0.0) / PARTING * scale
    return rng.uniform(0.8, 1.2) * points + rng.uniform(-20, 20, 3)


def _world(people: int, poses: int) -> Mirrored:
    rng = np.random.default_rng(0)
    person, rest, driven, rows, points = [], [], [], [], []
    still = RIG.region("mouth", "jaw", "brows", "eyes")
    for p in range(people):
        face = FACE + rng.normal(0, 0.5, 3)
        for k in range(RESTING + poses):
            row = RIG.rest if k < RESTING else np.where(still, a_pose(RIG, rng), RIG.rest)
            person.append(p)
            rest.append(k < RESTING)
            driven.append(row.astype(np.float32))
            rows.append(np.where(RIG.region("brows", "eyes"), row, 0.0))
            points.append(_seen(row, face, rng))
    return Mirrored(np.array(person), np.array(rest), np.stack(driven), np.stack(rows), np.stack(points))


@pytest.fixture(scope="module")
def solver():
    return learn(_world(10, 30), RIG)


def _filmed(rows: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    scores = np.stack([np.where(RIG.region("brows", "eyes"), row + 0.2, 0.0) for row in rows])
    return scores, np.stack([_seen(row, FACE, rng) for row in rows])


def test_a_face_at_rest_is_the_rig_at_rest_whatever_the_tracker_makes_of_it(solver):
    scores, points = _filmed([RIG.rest] * 6)
    assert np.abs(solver.read(scores, points, rest_of(scores, points, RIG), RIG) - RIG.rest).max() < 1e-3


def test_controls_that_made_a_picture_are_read_back_from_it_and_lips_part_as_far_as_they_were_seen_to(solver):
    rng = np.random.default_rng(9)
    shown = np.isin(np.arange(len(RIG.controls)), np.flatnonzero(solver.known))
    rows = [np.where(shown, a_pose(RIG, rng), RIG.rest) for _ in range(40)]
    scores, points = _filmed([RIG.rest, *rows])
    read = solver.read(scores, points, rest_of(scores[:1], points[:1], RIG), RIG)[1:]
    opening = np.maximum(np.stack(rows) @ RIG.opening_row, 0.0)
    assert np.abs(np.maximum(read @ RIG.opening_row, 0.0) - opening).max() < 0.01
    jaw = RIG.column("jawOpen")
    assert np.corrcoef(read[:, jaw], np.stack(rows)[:, jaw])[0, 1] > 0.9


def test_the_gap_between_the_lips_is_that_of_the_inner_rims():
    points = np.zeros((1, len(POINTS), 3))
    for lower in (14, 87, 317):
        points[0, INNER[lower], 1] = 3.0
    assert gap(points) == pytest.approx([3.0])
