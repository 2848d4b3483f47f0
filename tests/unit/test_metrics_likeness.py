"""Measures of a performance beside another, on curves whose answer is known by construction."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from animator.core.motion import Motion
from animator.errors import InputError
from animator.io.rig import load_rig
from animator.metrics import likeness
from animator.metrics.answer import answer
from animator.metrics.edits import edits
from animator.metrics.feeling import confusion, nearest_prototype, prototype_cosines
from animator.metrics.lips import closed_in_silence, opening_in_silence
from animator.metrics.spans import Span

FPS = Fraction(50)
RIG = load_rig("arkit")
LIPS = np.array([True, True, False])
REAL = np.random.default_rng(0).uniform(0, 1, (200, 3))
PAIRED = (
    likeness.lip_error_facediffuser,
    likeness.lip_error_codetalker,
    likeness.lip_error_medtalk,
    likeness.dynamics_medtalk,
    likeness.dynamics_absolute,
)


@pytest.mark.parametrize("measure", PAIRED)
def test_a_performance_is_not_far_from_itself_and_what_is_not_looked_at_is_not_counted(measure):
    assert measure(REAL, REAL, LIPS) == 0.0
    assert measure(REAL * (1.0, 1.0, 0.5), REAL, LIPS) == 0.0
    assert measure(REAL * (0.5, 0.5, 1.0), REAL, LIPS) > 0.0


def test_lip_errors_are_what_their_papers_say():
    made = REAL + np.array([0.3, 0.4, 9.0])
    assert likeness.lip_error_facediffuser(made, REAL, LIPS) == pytest.approx(0.5)
    assert likeness.lip_error_codetalker(made, REAL, LIPS) == pytest.approx(0.16)
    assert likeness.lip_error_medtalk(made, REAL, LIPS) == pytest.approx(0.35)
    assert likeness.opening_difference(made[:, 0], REAL[:, 0]) == pytest.approx(0.3)


def test_signed_dynamics_cancel_and_absolute_ones_do_not():
    made = (REAL - REAL.mean(axis=0)) * (0.5, 1.5, 1.0)
    real = (REAL - REAL.mean(axis=0)) / REAL.std(axis=0)
    made = made / REAL.std(axis=0)
    assert likeness.dynamics_medtalk(made, real, LIPS) == pytest.approx(0.0, abs=1e-12)
    assert likeness.dynamics_absolute(made, real, LIPS) == pytest.approx(0.5)


@pytest.mark.parametrize("gain", [0.5, 1.0, 2.0])
def test_the_range_of_an_opening_scales_with_it_whatever_its_pace(gain):
    slow = np.interp(np.arange(0, 200, 0.5), np.arange(200), REAL[:, 0])
    assert likeness.opening_range_ratio(gain * REAL[:, 0] + 3.0, REAL[:, 0]) == pytest.approx(gain)
    assert likeness.opening_range_ratio(gain * slow, REAL[:, 0]) == pytest.approx(gain, rel=0.15)
    assert likeness.opening_range_ratio(REAL[:, 0], np.zeros(9)) is None


def test_performances_of_unlike_length_are_refused():
    with pytest.raises(InputError, match="one shape"):
        likeness.lip_error_medtalk(REAL[1:], REAL, LIPS)


def slow(rng, frames=400):
    return np.convolve(rng.normal(size=frames + 40), np.hanning(41), "valid")


def test_brows_that_follow_the_voice_answer_it_and_brows_of_their_own_do_not():
    rng = np.random.default_rng(3)
    voices = [slow(rng) for _ in range(12)]
    followed = [0.5 * voice + slow(rng) for voice in voices]
    own = [slow(rng) for _ in voices]
    met = answer(followed, voices, FPS, np.random.default_rng(0))
    assert met.correlation > 0.3
    assert met.chance == 0.001
    alone = answer(own, voices, FPS, np.random.default_rng(0))
    assert abs(alone.correlation) < 0.2
    assert alone.chance > 0.05


def test_chance_is_fair_between_slow_curves_that_have_nothing_to_do_with_each_other():
    rng = np.random.default_rng(4)
    found = [answer([slow(rng, 250)], [slow(rng, 250)], FPS, rng, 99).chance for _ in range(200)]
    assert np.mean(np.array(found) <= 0.1) == pytest.approx(0.1, abs=0.06)


def test_a_face_that_does_not_move_answers_nothing_and_the_correlation_of_a_pair_is_pearsons():
    rng = np.random.default_rng(5)
    a, b = slow(rng), slow(rng)
    assert answer([np.ones(400)], [b], FPS, rng) == answer([np.zeros(400)], [b], FPS, rng)
    assert answer([np.ones(400)], [b], FPS, rng).correlation == 0.0
    assert answer([a], [b], FPS, rng).correlation == pytest.approx(np.corrcoef(a, b)[0, 1])


@pytest.mark.parametrize(("faces", "voices"), [([], []), ([np.ones(99)], [np.ones(98)]), ([np.ones(40)], [np.ones(40)])])
def test_what_cannot_be_compared_is_refused(faces, voices):
    with pytest.raises(InputError):
        answer(faces, voices, FPS, np.random.default_rng(0))


def plain_edits(a, b):
    table = np.add.outer(np.arange(len(a) + 1), np.arange(len(b) + 1))
    for i, x in enumerate(a, 1):
        for j, y in enumerate(b, 1):
            table[i, j] = min(table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (x != y))
    return table[-1, -1]


@given(st.lists(st.sampled_from("abc"), max_size=12), st.lists(st.sampled_from("abc"), max_size=12))
def test_edits_are_those_of_the_plain_table(a, b):
    assert edits(a, b) == plain_edits(a, b) == edits(b, a)
    assert edits(a, a) == 0


@pytest.mark.parametrize("name", [name for name in RIG.emotions if name != "neutral"])
def test_a_pose_of_a_feeling_is_nearest_to_itself_also_over_a_speaking_mouth(name):
    pose, speech = RIG.row(RIG.emotions[name]), RIG.row(RIG.visemes["oh"]) - RIG.rest
    felt = Motion(RIG.names, np.tile(pose + 0.5 * speech, (9, 1)).astype(np.float32), FPS)
    plain = Motion(RIG.names, np.tile(RIG.rest + 0.5 * speech, (9, 1)).astype(np.float32), FPS)
    assert nearest_prototype(felt, RIG, plain) == name
    assert prototype_cosines(felt, RIG, plain)[name] == pytest.approx(1.0, abs=1e-6)
    assert nearest_prototype(plain, RIG, plain) is None


def test_confusion_shares_out_what_was_wanted():
    table = confusion([0, 0, 2], [0, 1, 2], 3)
    np.testing.assert_array_equal(table, [[0.5, 0.5, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 1.0]])


def test_silence_is_closed_where_its_mouth_is():
    spans = [Span(0.0, 1.0, "SIL"), Span(1.0, 2.0, "AA"), Span(2.0, 3.0, "SIL")]
    parted = np.where(np.arange(150) < 100, 0.01, 0.5)
    parted[50:100] = 0.8
    assert closed_in_silence(parted, FPS, spans) == pytest.approx(0.5, abs=0.02)
    assert opening_in_silence(parted, FPS, spans) == pytest.approx(0.255, abs=0.01)
    assert closed_in_silence(parted, FPS, spans[1:2]) is None
