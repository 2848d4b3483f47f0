"""A point to look at: eyes and some of the head go there, blinks go along with large shifts, and they come back."""

from dataclasses import replace

import numpy as np
import pytest
from said import SENTENCE, feeling, said

from animator.core.cues import placed, tagged
from animator.core.features import Word
from animator.core.look import Look, look_of_text, looks_from, settled, told
from animator.directing import directed, saying
from animator.errors import InputError, LossWarning, UnknownNameError
from animator.generators.learned import Learned
from animator.generators.visemes import Visemes
from animator.io.rig import load_rig
from animator.io.script import parse_script, script_to_toml
from animator.recipe import Choice, Recipe, recipe_from_toml, recipe_to_toml

RIG = load_rig("arkit")
EYES, HEAD = (("leftEyeYaw", "leftEyePitch"), ("rightEyeYaw", "rightEyePitch")), ("headYaw", "headPitch")
MOUTH = RIG.region("mouth", "jaw", "tongue")
WORDS = (Word("never", 0.5, 0.9), Word("say", 1.0, 1.2), Word("never", 1.6, 2.0))


def move(looks=(), seed=0, words=(), kind=Visemes, **dials):
    features = replace(said(SENTENCE), words=words)
    motion = kind(looks=looks, **dials).generate(features, feeling(), RIG, np.random.default_rng(seed))
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
        ([{"at": [0.1, 0.0], "start": 1.0, "word": "so"}], "this one by start and word"),
        ([{"at": [0.1, 0.0], "word": "so", "stop": 2.0}], "give 'hold' alone"),
        ([{"at": [0.1, 0.0], "start": 1.0, "stop": 2.0, "hold": 1.0}], "give 'hold' alone"),
        ([{"at": [0.1, 0.0], "word": "#2"}], "words are written"),
        ([{"at": [0.1, 0.0], "ease": 6.0}], r"'ease' of a look is in \[0, 5\] s, not 6"),
        ([{"at": [0.1, 0.0], "line": 7, "hold": -1.0}], r"look 1 \(line 7\): 'hold' of a look"),
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


@pytest.mark.parametrize("kind", [Visemes, Learned])
def test_a_look_at_a_word_is_a_look_at_its_second(kind):
    at_words = [{"at": [0.3, 0.0], "word": "never", "hold": 0.4}, {"at": [], "after": "never#2", "offset": -0.1}]
    one, _ = move(at_words, words=WORDS, kind=kind)
    two, _ = move([{"at": [0.3, 0.0], "start": start, "stop": stop} for start, stop in ((0.5, 0.9), (1.6, 1.9))], kind=kind)
    assert one.values.tobytes() == two.values.tobytes()


def test_a_slow_look_takes_its_time_there_and_back():
    slow, times = move([Look((0.4, 0.0), start=0.5, hold=1.2, ease=0.8)], gaze=0.0)
    seen = line_of_sight(slow, 0)[:, 0]
    at = {second: seen[np.searchsorted(times, second)] for second in (0.5, 0.9, 1.5, 2.1, 2.7)}
    assert [round(at[second], 1) for second in at] == [0.0, 0.2, 0.4, 0.2, 0.0]


def test_a_tag_is_a_look_at_the_next_word():
    text = "I [look at 0.4,0,1, hold=2] never [happy] say [look back] never [look at -0.2,0.1]"
    said, cues, looks = tagged(text, RIG.moves)
    assert (said, len(cues)) == ("I never say never", 1)
    assert looks == (
        Look([0.4, 0.0, 1.0], word="never#1", hold=2.0),
        Look([], word="never#2"),
        Look([-0.2, 0.1], after="never#2"),
    )
    recipe = saying(Recipe(generator=Choice("visemes", {"looks": [{"at": [0.1, 0.0], "start": 0.2}]})), text)
    assert recipe.part("generator").looks == (Look([0.1, 0.0], start=0.2), *looks)
    assert recipe_from_toml(recipe_to_toml(recipe)) == recipe


@pytest.mark.parametrize(
    ("text", "look"),
    [
        ("0.4,0,1", Look([0.4, 0.0, 1.0])),
        ("-0.4,0,from=1,to=2", Look([-0.4, 0.0], start=1.0, stop=2.0)),
        ("0.4, 0, word=so glad#2, ease=0.3", Look([0.4, 0.0], word="so glad#2", ease=0.3)),
        ("0.4,0,after=glad,hold=1,offset=-0.1", Look([0.4, 0.0], after="glad", hold=1.0, offset=-0.1)),
        ("back,after=never", Look([], after="never")),
    ],
)
def test_a_look_is_written_in_short(text, look):
    assert look_of_text(text, "--look-at") == look


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("left", "or 'back', not 'left'"),
        ("", "or 'back', not ''"),
        ("from=1", "goes nowhere"),
        ("0.1,0,from=1,start=2", "says 'start=2', which is said already"),
        ("0.1,0,from=", "'from=', which has no value"),
        ("0.1,0,wrod=so", "no setting 'wrod' in --look-at; did you mean 'word'"),
        ("0.1,0,from=soon", "'start' of --look-at is a number or nothing, not 'soon'"),
    ],
)
def test_a_short_look_that_cannot_be_read_is_told(text, complaint):
    with pytest.raises(InputError, match=complaint):
        look_of_text(text, "--look-at")


def test_looks_at_words_that_nobody_says_are_told_with_their_line():
    script = parse_script('[[look]]\nat = [0.1, 0.0]\n\n[[look]]\nword = "nevar"\nat = [0.3, 0.0]\n', "'a.toml'")
    looks = directed(Recipe(), script).part("generator").looks
    with pytest.raises(UnknownNameError, match=r"the directions, look 2 \(line 4\): there is no word 'nevar'.*mean 'never'"):
        move(looks, words=WORDS)
    with pytest.raises(InputError, match=r"look 2 \(line 4\): .*only by a transcript"):
        move(looks)
    with pytest.raises(UnknownNameError, match=r"no key 'wrod' in 'a.toml', look 1 \(line 2\); did you mean 'word'"):
        parse_script('\n[[look]]\nat = [0.1, 0.0]\nwrod = "never"\n', "'a.toml'")
    assert script_to_toml(parse_script(script_to_toml(script), "here")) == script_to_toml(script)


def test_a_look_takes_over_from_one_that_was_to_last_longer_which_is_told_and_needs_a_moment():
    looks = placed([Look((0.1, 0.0), word="never", hold=0.8), Look((0.2, 0.0), word="say", line=5)], WORDS, "here")
    with pytest.warns(LossWarning, match=r"the look at 0.50 s was to last until 1.30 s, but the next one takes over at 1.00 s"):
        first, second, last = settled(looks)
    assert (first.stop, second.stop, last.stop) == pytest.approx((1.0, 1.6, 2.4))
    with pytest.raises(InputError, match=r"the look at 1.10 s \(line 5\) comes 0.10 s after the one before it; eyes need 0.2 s"):
        settled([Look((0.1, 0.0), start=1.0), Look((0.2, 0.0), start=1.1, line=5)])
