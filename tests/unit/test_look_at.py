"""A point to look at: eyes and some of the head go there, blinks go along with large shifts, and they come back."""

import numpy as np
import pytest
from said import SENTENCE, feeling, said

from animator.core.look import Look, looks_from, told
from animator.errors import InputError
from animator.generators.learned import Learned
from animator.generators.visemes import Visemes
from animator.io.rig import load_rig
from animator.recipe import Choice, Recipe, recipe_from_toml, recipe_to_toml

RIG = load_rig("arkit")
EYES, HEAD = (("leftEyeYaw", "leftEyePitch"), ("rightEyeYaw", "rightEyePitch")), ("headYaw", "headPitch")
MOUTH = RIG.region("mouth", "jaw", "tongue")


def move(looks=(), seed=0, **dials):
    motion = Visemes(looks=looks, **dials).generate(said(SENTENCE), feeling(), RIG, np.random.default_rng(seed))
    return motion, np.arange(len(motion)) / 50


def line_of_sight(motion, eye):
    return np.stack([motion[head] + motion[own] for head, own in zip(HEAD, EYES[eye], strict=True)], axis=1)


@pytest.mark.parametrize("at", [(0.3, 0.1), (-0.5, -0.2), (0.8, 0.0)])
@pytest.mark.parametrize("wandering", [0.0, 1.0])
def test_eyes_and_head_together_meet_a_direction(at, wandering):
    motion, times = move([Look(at)], gaze=wandering)
    settled = times > 1.0
    for eye in (0, 1):
        off = line_of_sight(motion, eye)[settled] - at
        assert np.abs(off).max() < np.radians(1.5)


def test_eyes_converge_on_a_point_that_is_near():
    motion, times = move([Look((0.1, -0.05, 0.4))], gaze=0.0)
    for eye, side in ((0, 0.031), (1, -0.031)):
        yaw, pitch = line_of_sight(motion, eye)[times > 1.0].mean(axis=0)
        assert yaw == pytest.approx(np.arctan2(0.1 - side, 0.4), abs=0.01)
        assert pitch == pytest.approx(np.arctan2(0.05, 0.41), abs=0.01)


def test_some_of_a_small_shift_and_all_beyond_comfort_is_the_heads():
    small, large = (move([Look((yaw, 0.0))])[0]["headYaw"].mean() - move()[0]["headYaw"].mean() for yaw in (0.2, 0.8))
    assert small == pytest.approx(0.05, abs=0.02)
    assert 0.4 < large < 0.65


def test_a_head_that_is_to_be_still_leaves_it_to_the_eyes():
    motion, _ = move([Look((0.3, 0.0))], head_motion=0.0)
    assert np.ptp(motion["headYaw"]) == 0.0
    assert motion["leftEyeYaw"].mean() == pytest.approx(0.3, abs=0.02)


def test_eyes_leave_in_a_saccade_and_come_back():
    motion, times = move([Look((0.4, 0.0), start=1.0, stop=2.0)], gaze=0.0)
    seen = line_of_sight(motion, 0)[:, 0]
    assert np.abs(seen[(times < 0.99) | (times > 2.9)]).max() < np.radians(1.0)
    assert np.abs(seen[(times > 1.12) & (times < 1.98)] - 0.4).max() < np.radians(1.5)
    assert np.diff(seen).max() > 0.1


def test_before_and_beside_a_look_all_is_as_it_was():
    (plain, times), (directed, _) = move(), move([Look((0.4, 0.0), start=1.5, stop=2.0)])
    gaze = RIG.region("gaze", "head")
    np.testing.assert_allclose(plain.values[times < 1.2][:, gaze], directed.values[times < 1.2][:, gaze], atol=1e-3)
    np.testing.assert_array_equal(plain.values[:, MOUTH], directed.values[:, MOUTH])


def test_large_shifts_draw_blinks_to_themselves():
    near = []
    for looks in ((), [Look((0.5, 0.0), start=1.5)]):
        lids = [move(looks, seed, gaze=0.0) for seed in range(40)]
        near.append(np.mean([motion["eyeBlinkLeft"][(times > 1.45) & (times < 1.75)].max() > 0.5 for motion, times in lids]))
    assert near[1] > 1.5 * near[0] > 0.0


def test_a_look_goes_on_until_the_next_one():
    motion, times = move([Look((0.3, 0.0)), Look((-0.3, 0.0), start=1.5)], gaze=0.0)
    seen = line_of_sight(motion, 0)[:, 0]
    assert np.abs(seen[(times > 1.0) & (times < 1.48)] - 0.3).max() < np.radians(1.5)
    assert np.abs(seen[times > 2.5] + 0.3).max() < np.radians(1.5)


@pytest.mark.parametrize(
    ("entries", "complaint"),
    [
        ([{"at": [1.0]}], "not to 1 numbers"),
        ([{"at": [0.1, 0.2, -1.0]}], "eyes and head reach"),
        ([{"at": [0.1, 0.7]}], "eyes and head reach"),
        ([{"start": 1.0}], "goes nowhere"),
        ([{"at": [0.1, 0.0], "start": 2.0, "stop": 1.0}], "ends after it starts"),
        ([{"at": [0.1, 0.0], "stop": 2.0}, {"at": [0.2, 0.0], "start": 1.0}], "look 2 starts at 1 s, before"),
        ([{"at": "left"}], "is a list"),
    ],
)
def test_what_cannot_be_looked_at_is_told(entries, complaint):
    with pytest.raises(InputError, match=complaint):
        looks_from(entries, "here")


def test_a_look_after_the_end_is_refused():
    with pytest.raises(InputError, match="a look starts at 60 s"):
        move([Look((0.1, 0.0), start=60.0)])


def test_a_recipe_tells_looks():
    looks = [{"at": [0.3, 0.0, 1.0]}, {"at": [0.2, 0.1], "start": 1.0, "stop": 2.0}]
    recipe = Recipe(generator=Choice("learned", {"looks": looks}))
    assert recipe_from_toml(recipe_to_toml(recipe)).part("generator") == recipe.part("generator")
    assert [told(look) for look in looks_from(looks, "here")] == looks


def test_a_face_that_is_still_coming_can_look_somewhere_throughout():
    names, rng = said("AA:100").names, np.random.default_rng(0)
    assert Learned(looks=[Look((0.3, 0.0))]).improvise(names, (), RIG, rng) is not None
    with pytest.raises(InputError, match="in whole speech alone"):
        Learned(looks=[Look((0.3, 0.0), start=1.0)]).improvise(names, (), RIG, rng)
