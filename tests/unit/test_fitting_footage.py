from dataclasses import replace

import numpy as np
import pytest

from animator.core.portrait import Portrait, View
from animator.errors import InputError
from animator.geometry.rotation import euler
from animator.geometry.view import fall
from animator.heads.fitting import person
from animator.heads.fitting.fit import problem_of
from animator.heads.fitting.follow import Glance, follow, known
from animator.heads.fitting.footage import Sitting, _spread, _steadied, portray
from animator.heads.fitting.marks import COUNT, OUTER_CORNERS
from animator.heads.fitting.steady import LAG, steady
from animator.heads.fitting.watch import Watch
from animator.heads.shape.targets import target_names
from animator.io.landmarks import Seen
from animator.io.rig import load_rig

RIG = load_rig("arkit")
UNITS = target_names("faceunits")
PICTURE = np.zeros((480, 640, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def somebody():
    rng = np.random.default_rng(3)
    traits = person.traits()
    low, high = np.array([(t.low, t.high) for t in traits]).T
    values = np.array([t.usual + t.deviation * rng.normal() for t in traits]).clip(low, high)
    return Sitting(person.settings(values), known(person.rest(values)), 900.0)


def a_view(pitch=0.0, yaw=0.1, away=0.7):
    axes, _, other = np.linalg.svd(euler(pitch, yaw, 0.05).astype(np.float64))
    return View(900.0, np.array([320.0, 240.0]), axes @ other, np.array([0.01, -0.05, -away]))


def an_expression(**weights):
    out = np.zeros(len(UNITS))
    for name, weight in weights.items():
        out[UNITS.index(name)] = weight
    return out


def seen_of(sitting, view, weights, noise=0.0):
    """What the tracker would see: the marks, with irises in the middle of the eyes."""
    skin = fall(sitting.person.marked(weights).places, view) + noise * np.random.default_rng(0).normal(size=(COUNT, 2))
    irises = np.repeat([(skin[33] + skin[133]) / 2, (skin[263] + skin[362]) / 2], 5, axis=0)
    points = np.concatenate([np.concatenate([skin, irises]), np.zeros((478, 1))], axis=1).astype(np.float32)
    row = RIG.rest.copy()
    row[[RIG.column(name) for name in UNITS]] = weights
    row[[RIG.column("headYaw"), RIG.column("headPitch")]] = 0.1, 0.0
    return Seen(row, 1, points)


def test_the_settings_of_a_person_tell_the_traits():
    rng = np.random.default_rng(1)
    traits = person.traits()
    low, high = np.array([(t.low, t.high) for t in traits]).T
    values = rng.uniform(low, high)
    np.testing.assert_allclose(person.values(person.settings(values)), values, atol=1e-5)


def test_a_known_person_is_found_in_a_picture(somebody):
    view, weights = a_view(0.1, 0.2, 0.8), an_expression(jawOpen=0.4, mouthSmileLeft=0.5, mouthSmileRight=0.4)
    portrait, _ = portray(PICTURE, seen_of(somebody, view, weights), somebody, RIG)
    assert portrait.error < 0.2
    assert portrait.view.focal == 900.0
    turned = portrait.view.rotation @ view.rotation.T
    assert np.degrees(np.arccos((np.trace(turned) - 1) / 2)) < 0.3
    np.testing.assert_allclose(portrait.view.translation, view.translation, atol=0.002)
    np.testing.assert_allclose(portrait.row[[RIG.column(name) for name in UNITS]], weights, atol=0.1)


def test_what_was_found_before_is_a_good_start(somebody):
    weights = an_expression(jawOpen=0.2)
    seen = seen_of(somebody, a_view(), weights, noise=0.3)
    problem = problem_of(seen, RIG)
    far = follow(somebody.person, problem, Glance(a_view(0.1, 0.0, 0.9), problem.read))
    near = follow(somebody.person, problem, far)
    np.testing.assert_allclose(near.view.translation, far.view.translation, atol=5e-4)
    np.testing.assert_allclose(near.weights, far.weights, atol=0.02)


@pytest.mark.parametrize("count", [0, 1, 2, 5, 9])
def test_as_many_portraits_come_out_as_pictures_go_in(somebody, count):
    portrait, _ = portray(PICTURE, seen_of(somebody, a_view(), an_expression()), somebody, RIG)
    out = list(_steadied([portrait] * count))
    assert len(out) == count
    for each in out:
        np.testing.assert_allclose(each.row, portrait.row, atol=1e-6)
        np.testing.assert_allclose(each.view.rotation, portrait.view.rotation, atol=1e-9)


def test_a_tremble_is_smoothed_and_a_blink_is_kept(somebody):
    portrait, _ = portray(PICTURE, seen_of(somebody, a_view(), an_expression()), somebody, RIG)
    lid, jaw = RIG.column("eyeBlinkLeft"), RIG.column("jawOpen")
    rng = np.random.default_rng(2)
    rows = np.tile(portrait.row, (40, 1))
    rows[:, jaw] = 0.3 + 0.01 * rng.normal(size=40)
    rows[20, lid] = 1.0
    smooth = np.stack([each.row for each in _steadied([replace(portrait, row=row.astype(np.float32)) for row in rows])])
    assert smooth[20, lid] > 0.999
    assert smooth[[19, 21], lid].max() < 1e-3
    assert np.diff(smooth[:, jaw], 2).std() < 0.35 * np.diff(rows[:, jaw], 2).std()


def test_where_no_face_was_there_is_none_and_its_neighbours_do_without(somebody):
    portrait, _ = portray(PICTURE, seen_of(somebody, a_view(), an_expression()), somebody, RIG)
    window: list[Portrait | None] = [portrait] * (2 * LAG + 1)
    window[LAG + 1] = None
    assert np.allclose(steady(window).row, portrait.row, atol=1e-6)
    window[LAG] = None
    assert steady(window) is None


@pytest.mark.parametrize("count", [1, 7, 16, 100, 1000])
def test_few_pictures_of_all_of_a_video_are_looked_at(count):
    kept = _spread(np.full((2, 2, 3), i % 256, dtype=np.uint8) for i in range(count))
    assert min(count, 8) <= len(kept) <= 16


class Reader:
    """Sees faces where they are said to be: a square of points around each middle that lies in the picture."""

    def __init__(self, middles, corner=None):
        self.middles, self.read = middles, []

    def __call__(self, picture):
        self.read.append(picture.shape[:2])
        left, top = picture[0, 0, :2].astype(int) * 4
        found = []
        for middle in self.middles:
            x, y = middle[0] - left, middle[1] - top
            if 0 <= x < picture.shape[1] and 0 <= y < picture.shape[0]:
                points = np.zeros((478, 3), dtype=np.float32)
                points[:, :2] = (x, y)
                points[:4, :2] += [(-40, -50), (40, -50), (-40, 50), (40, 50)]
                points[[105, 334], 1], points[152, 1] = y - 50, y + 50
                found.append(Seen(RIG.rest, 1, points))
        return found


def a_place():
    """A picture that tells in its pixels where each of them is, in fours."""
    y, x = np.mgrid[:480, :640] // 4
    return np.stack([x, y, x], axis=2).astype(np.uint8)


def test_a_face_is_watched_from_near_and_followed_to_where_it_goes():
    reader = Reader([(300, 200)])
    watch = Watch(reader, None, "a video")
    picture = a_place()
    for x in range(300, 420, 4):
        reader.middles = [(x, 200), (100, 400)] if x > 300 else [(x, 200)]
        seen = watch(picture)
        assert abs(seen.points[:, 0].mean() - x) < 4
    assert max(reader.read[3:])[0] < 300


def test_a_face_that_was_lost_is_found_again_and_not_another():
    reader = Reader([(500, 200)])
    watch = Watch(reader, None, "a video")
    assert watch(a_place()) is not None
    reader.middles = []
    assert watch(a_place()) is None
    reader.middles = [(100, 200), (540, 300)]
    assert watch(a_place()).points[:, 0].mean() == pytest.approx(540, abs=4)


def test_of_several_faces_none_is_watched_until_one_is_chosen():
    assert Watch(Reader([(150, 200), (500, 200)]), None, "a video")(a_place()) is None
    assert Watch(Reader([(150, 200), (500, 200)]), 2, "a video")(a_place()).points[:, 0].mean() == pytest.approx(500, abs=4)


def test_a_video_without_a_face_is_refused(somebody):
    from animator.heads.fitting.footage import fit_footage

    with pytest.raises(InputError, match="no face is seen in 'a wall'"):
        next(fit_footage([PICTURE] * 3, "a wall"))
    with pytest.raises(InputError, match="no picture in 'nothing'"):
        next(fit_footage([], "nothing"))


def test_corners_of_the_eyes_give_the_scale(somebody):
    seen = seen_of(somebody, a_view(), an_expression())
    left, right = seen.points[list(OUTER_CORNERS), :2]
    portrait, _ = portray(PICTURE, seen, somebody, RIG)
    assert portrait.share == pytest.approx(portrait.error / np.linalg.norm(left - right))
