"""What listeners do, and whom everybody looks at: by hand-made sounds, without any net."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from animator.core.features import LOUDNESS, PHONE_PREFIX, PITCH, VOICING, Features
from animator.core.look import looks_from
from animator.dialogue.listening import APART, LASTING, WAIT, Cues, answers, cues
from animator.dialogue.seats import ASIDE, NOTICED, Said, attended, direction, facing, looks


def speech(spans, seconds, pitch=lambda t: 0.0 * t):
    """Vowels at these spans, silence between; pitch in semitones at each instant."""
    t = np.arange(round(seconds * 100)) / 100
    talking = np.any([np.zeros(len(t), dtype=bool), *((start <= t) & (t < stop) for start, stop in spans)], axis=0)
    columns = {
        f"{PHONE_PREFIX}SIL": ~talking,
        f"{PHONE_PREFIX}AA": talking,
        LOUDNESS: talking,
        PITCH: np.where(talking, pitch(t), 0.0),
        VOICING: talking,
    }
    return Features(tuple(columns), np.stack(list(columns.values()), axis=1).astype(np.float32), Fraction(100))


def test_places_for_answers_are_after_low_pitch_and_in_pauses():
    falling = speech([(0.5, 2.5)], 4.0, lambda t: np.where(t < 2.0, 3.0, -4.0))
    found = cues(falling)
    np.testing.assert_allclose(found.pauses, [2.5], atol=0.03)
    np.testing.assert_allclose(found.answers, [2.5 + 0.12, 2.0 + LASTING + WAIT], atol=0.05)


@pytest.mark.parametrize(
    "pitch",
    [
        lambda t: np.where((t >= 2.0) & (t < 2.0 + LASTING - 0.03), -4.0, 3.0),  # too short
        lambda t: np.where((t >= 0.6) & (t < 1.1), -4.0, 3.0),  # too early in the phrase
        lambda t: 0.0 * t,  # even: nothing is lower than the rest
    ],
)
def test_low_pitch_counts_only_as_wards_and_tsukaharas_rule_has_it(pitch):
    np.testing.assert_allclose(cues(speech([(0.5, 2.5)], 4.0, pitch)).answers, [2.62], atol=0.03)


def test_silence_offers_nothing():
    assert all(len(each) == 0 for each in cues(speech([], 2.0)))


many = Cues(np.arange(0.0, 60.0, 0.4), np.arange(0.2, 60.0, 0.7), np.arange(0.3, 60.0, 2.0))


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 50), st.floats(0, 2))
def test_heads_and_brows_answer_in_order_apart_and_within_the_turn(seed, rate):
    done = answers(many, 50.0, rate, np.random.default_rng(seed))
    assert list(done) == sorted(done, key=lambda each: each.start)
    assert all(0 <= each.start < 50.0 and 0 < each.strength <= 1.1 for each in done)
    for kinds in ({"nod", "tilt"}, {"brow_flash"}):
        at = np.array([each.start for each in done if each.name in kinds])
        assert (np.diff(at) >= APART - 1e-3).all()


def test_feedback_of_nought_leaves_blinks_alone_and_more_of_it_is_more_of_all():
    def count(rate):
        found = [answers(many, 60.0, rate, np.random.default_rng(seed)) for seed in range(20)]
        return sum(each.name != "blink" for one in found for each in one)

    assert count(0.0) == 0 < count(0.5) < count(1.0) < count(2.0)
    blinks = [[g for g in answers(many, 60.0, rate, np.random.default_rng(3)) if g.name == "blink"] for rate in (0.0, 2.0)]
    assert blinks[0] == blinks[1] != []


def test_answers_are_the_same_for_the_same_seed_and_others_for_another():
    one, same, other = (answers(many, 60.0, 1.0, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert one == same != other


def test_seats_are_seen_side_by_side():
    assert direction(0, 1) == ASIDE == -direction(1, 0)
    assert direction(0, 2) > direction(0, 1)
    assert facing(0, 2) == ASIDE
    assert facing(1, 3) == 0


said = [Said(0, 1.0, 3.0, 1), Said(2, 4.0, 6.0, 0), Said(1, 7.0, 8.0, 2)]


def test_everybody_looks_at_who_speaks_and_speakers_at_whom_they_mean():
    assert attended(1, said, 3, 9.0) == [(0.0, 4.0 + NOTICED, 0), (4.0 + NOTICED, 9.0, 2)]
    assert attended(0, said, 3, 9.0) == [(0.0, 4.0 + NOTICED, 1), (4.0 + NOTICED, 7.0 + NOTICED, 2), (7.0 + NOTICED, 9.0, 1)]


def test_who_sits_straight_ahead_needs_no_shift_and_who_is_aside_gets_most_of_the_time():
    rng = np.random.default_rng(0)
    assert looks(0, ASIDE, [Said(1, 0.0, 60.0, 0)], 2, 60.0, rng) == ()
    shifts = looks_from(looks(0, 0.0, [Said(1, 0.0, 60.0, 0)], 2, 60.0, rng), "looks")
    assert {each.at for each in shifts} == {(ASIDE, 0.0)}
    looked = sum(each.stop - each.start for each in shifts)
    assert 0.8 * 60 < looked < 60, "listeners look at who speaks, with glances elsewhere"
    talking = looks(0, 0.0, [Said(0, 0.0, 60.0, 1)], 2, 60.0, rng)
    assert sum(each.stop - each.start for each in talking) < looked
