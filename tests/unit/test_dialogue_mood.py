"""Moods: the published equations by hand, and what must hold of them whoever talks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from animator.core.scene import Traits
from animator.dialogue.mood import HOMEWARDS, PACES, STEP, Heard, Person, drawn, moods, net, paces, temperament

unit = st.floats(0, 1)
codes = st.lists(st.floats(-1, 1), min_size=4, max_size=4).map(np.array)


def person(begins=(0, 0, 0, 0), home=None, pace=(1, 1, 1, 1), inertia=0.5, contagion=0.6):
    begins = np.array(begins, dtype=float)
    return Person(
        begins, begins if home is None else np.array(home, dtype=float), np.array(pace, dtype=float), inertia, contagion
    )


def test_mehrabians_weights_by_hand():
    np.testing.assert_allclose(temperament(Traits(extraversion=1.0)), [0.21, 0.0, 0.60], atol=1e-12)
    np.testing.assert_allclose(temperament(Traits(agreeableness=0.75)), [0.295, 0.15, -0.16], atol=1e-12)
    np.testing.assert_allclose(temperament(Traits(neuroticism=1.0)), [-0.19, 0.57, 0.0], atol=1e-12)
    np.testing.assert_allclose(temperament(Traits(openness=0.0, conscientiousness=1.0)), [0.0, -0.15, -0.08], atol=1e-12)


def test_average_people_have_no_tendency_and_the_usual_pace():
    assert not temperament(Traits()).any()
    assert (paces(Traits(), 11) == 1).all()


def test_the_neurotic_are_aroused_more_readily_and_the_agreeable_gladder():
    calm, nervous, kind = Traits(neuroticism=0.0), Traits(neuroticism=1.0), Traits(agreeableness=1.0)
    assert paces(calm, 4)[1] < 1 < paces(nervous, 4)[1]
    assert paces(kind, 4)[0] > 1
    assert temperament(kind)[0] > temperament(nervous)[0]


@settings(deadline=None, max_examples=30)
@given(st.builds(Traits, unit, unit, unit, unit, unit))
def test_every_pace_lies_in_its_range(traits):
    pace = paces(traits, 6)
    assert pace.min() >= PACES[0]
    assert pace.max() <= PACES[1]


def test_after_a_step_at_strength_one_the_inertia_is_what_is_left():
    one = person(begins=(0.8, -0.2, 0, 0), inertia=0.3)
    moved = drawn(one.begins, [(1.0, np.zeros(4))], one, STEP)
    np.testing.assert_allclose(moved, [0.24, -0.06, 0, 0], atol=1e-12)


def test_several_draw_to_the_mean_by_their_strengths_and_sum_up():
    one = person(inertia=0.25)
    here, there = np.array([1.0, 0, 0, 0]), np.array([0, 1.0, 0, 0])
    # q* = (3 here + 1 there) / 4, and 0.25 ** (0.2 s * 4 / 2 s) of the way is left
    left = 0.25 ** (0.2 * 4 / STEP)
    np.testing.assert_allclose(
        drawn(one.begins, [(3.0, here), (1.0, there)], one, 0.2), [0.75 * (1 - left), 0.25 * (1 - left), 0, 0]
    )


def test_a_pace_of_two_is_twice_the_time():
    quick, slow = person(pace=(2, 2, 2, 2)), person()
    target = [(1.0, np.ones(4))]
    np.testing.assert_allclose(drawn(quick.begins, target, quick, 1.0), drawn(slow.begins, target, slow, 2.0))


@settings(deadline=None, max_examples=30)
@given(codes, codes, codes, unit)
def test_inertia_of_one_changes_nothing_whoever_speaks(begins, home, felt, contagion):
    still = person(begins, home, inertia=1.0, contagion=contagion)
    turns = [Heard(1, 5, 25, np.tile(felt, (20, 1)), {0: 1.0}), Heard(0, 30, 40, np.tile(felt, (10, 1)), {1: 1.0})]
    assert (moods([still, person()], turns, 50, 0.02)[0] == begins).all()


@settings(deadline=None, max_examples=30)
@given(codes, codes, st.floats(0.05, 0.95), st.floats(0.05, 1))
def test_contagion_draws_towards_the_other_and_never_beyond(begins, felt, inertia, contagion):
    one = person(begins, begins, inertia=inertia, contagion=contagion)
    path = moods([one, person()], [Heard(1, 0, 200, np.tile(felt, (60, 1)), {0: 1.0})], 60, 0.02)[0]
    distance = np.abs(path - felt)
    assert (np.diff(distance, axis=0) <= 1e-12).all()
    assert ((path - felt) * (begins - felt) >= -1e-12).all()
    assert distance[-1].sum() < distance[0].sum() or np.allclose(begins, felt)


def test_the_more_contagion_and_the_less_inertia_the_further_a_mood_is_drawn():
    felt = np.tile([0.8, 0.3, 0.4, 0.1], (100, 1))

    def valence(**settings):
        return moods([person(**settings), person()], [Heard(1, 0, 100, felt, {0: 1.0})], 100, 0.02)[0, -1, 0]

    assert 0 == valence(contagion=0.0) < valence(contagion=0.3) < valence(contagion=0.9) < 0.8
    assert valence(inertia=0.9) < valence(inertia=0.5) < valence(inertia=0.1)


def test_who_is_not_meant_is_reached_less_and_who_is_not_reached_not_at_all():
    felt = np.tile([0.8, 0, 0, 0], (100, 1))
    turn = Heard(0, 0, 100, felt, {1: 1.0, 2: 0.5, 3: 0.0})
    end = moods([person() for _ in range(4)], [turn], 101, 0.02)[:, -1, 0]
    assert end[1] > end[2] > end[3] == 0


def test_a_turn_without_a_feeling_of_its_own_carries_the_speakers_mood():
    sad, glad = person(begins=(-0.6, 0, 0, 0)), person(begins=(0.6, 0, 0, 0))
    path = moods([sad, glad], [Heard(0, 0, 150, None, {1: 1.0})], 151, 0.02)
    assert (path[0] == sad.begins).all()
    assert path[1, -1, 0] < 0.3


def test_what_one_says_with_feeling_lingers_and_then_goes_home():
    one = person(home=(0.1, 0, 0, 0))
    path = moods([one, person()], [Heard(0, 0, 100, np.tile([-0.8, 0, 0, 0], (100, 1)), {1: 1.0})], 4000, 0.02)[0, :, 0]
    assert path[100] == pytest.approx((-0.8 + HOMEWARDS * 0.1) / 1.1 * (1 - 0.5**1.1), abs=0.01)
    assert path[150] < -0.3
    assert path[-1] == pytest.approx(0.1, abs=0.05)


def test_a_smile_that_fades_into_sorrow_passes_through_neutral():
    valences = np.array([0.8, -0.7], dtype=np.float32)
    weights = np.array([[0.5, 0.0], [0.35, 0.4], [0.2, 0.6], [0, 0]], dtype=np.float32)
    np.testing.assert_allclose(net(weights, valences, weights), [[0.5, 0], [0, 0], [0, 0.6 - 0.16 / 0.7], [0, 0]], atol=1e-6)


def test_a_mood_yields_to_what_is_named_against_it_and_to_nothing_else():
    valences = np.array([0.8, -0.7], dtype=np.float32)
    mood, named = np.array([[0.5, 0.0], [0.0, 0.4]], dtype=np.float32), np.array([[0.2, 0.0], [0.2, 0.1]], dtype=np.float32)
    np.testing.assert_allclose(net(mood, valences, named), [[0.5, 0], [0, 0.4 - 0.16 / 0.7]], atol=1e-6)
