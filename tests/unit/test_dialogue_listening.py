"""What listeners do, and whom everybody looks at: by hand-made sounds, without any net."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from animator.core.features import LOUDNESS, PHONE_PREFIX, PITCH, VOICING, Features, Word
from animator.core.lips import Lips
from animator.core.look import BETWEEN, Look, looks_from, settled
from animator.dialogue.asked import beside, lips_of_turn, looks_of_turn
from animator.dialogue.listening import APART, LASTING, WAIT, Cues, answers, cues
from animator.dialogue.seats import ASIDE, NOTICED, SHORTEST, Said, attended, direction, facing, looks, passed
from animator.errors import InputError


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


said = [Said(0, 1.0, 3.0, (1,)), Said(2, 4.0, 6.0, (0,)), Said(1, 7.0, 8.0, (2,))]


def test_everybody_looks_at_who_speaks_and_speakers_at_whom_they_mean():
    rng = np.random.default_rng(0)
    assert attended(1, said, 3, 9.0, rng) == [(0.0, 4.0 + NOTICED, 0), (4.0 + NOTICED, 9.0, 2)]
    assert attended(0, said, 3, 9.0, rng) == [(0.0, 4.0 + NOTICED, 1), (4.0 + NOTICED, 7.0 + NOTICED, 2), (7.0 + NOTICED, 9.0, 1)]


def test_who_sits_straight_ahead_needs_no_shift_and_who_is_aside_gets_most_of_the_time():
    rng = np.random.default_rng(0)
    assert looks(0, ASIDE, [Said(1, 0.0, 60.0, (0,))], 2, 60.0, rng) == ()
    shifts = looks_from(looks(0, 0.0, [Said(1, 0.0, 60.0, (0,))], 2, 60.0, rng), "looks")
    assert {each.at for each in shifts} == {(ASIDE, 0.0)}
    looked = sum(each.stop - each.start for each in shifts)
    assert 0.8 * 60 < looked < 60, "listeners look at who speaks, with glances elsewhere"
    talking = looks(0, 0.0, [Said(0, 0.0, 60.0, (1,))], 2, 60.0, rng)
    assert sum(each.stop - each.start for each in talking) < looked


pauses = tuple(np.arange(2.0, 60.0, 1.7))


def test_a_speakers_eyes_pass_among_all_who_are_meant_in_pauses_where_there_are_some():
    shifts = passed(Said(0, 1.0, 60.0, (2, 1, 3), pauses), np.random.default_rng(0))
    times, whom = zip(*shifts, strict=True)
    assert whom[:6] == (2, 1, 3, 2, 1, 3)
    assert times[0] == 1.0
    assert np.mean(np.isin(times[1:], pauses)) > 0.7
    assert (np.diff(times) >= 2 * SHORTEST).all()
    assert 2.0 < np.mean(np.diff(times)) < 6.0, "about as long as talkers look at somebody, 3.1 s, and until the next pause"
    silent = passed(Said(0, 1.0, 60.0, (2, 1)), np.random.default_rng(0))
    assert len(silent) > len(shifts), "who never pauses waits for none"


def test_eyes_pass_the_same_way_for_the_same_seed_and_another_for_another():
    one = Said(0, 0.0, 60.0, (1, 2), pauses)
    first, same, other = (passed(one, np.random.default_rng(seed)) for seed in (0, 0, 1))
    assert first == same != other
    assert passed(one._replace(to=(1,)), np.random.default_rng(0)) == [(0.0, 1)]


def test_a_speaker_looks_at_each_who_is_meant_and_a_listener_at_the_speaker_alone():
    said = [Said(0, 0.0, 30.0, (1, 2), pauses)]
    yaws = {each.at[0] for each in looks(0, 0.0, said, 3, 30.0, np.random.default_rng(0))}
    assert yaws == {round(direction(0, seat), 4) for seat in (1, 2)}
    assert {each.at[0] for each in looks(1, 0.0, said, 3, 30.0, np.random.default_rng(0))} == {round(direction(1, 0), 4)}


def test_what_a_turns_script_looks_at_is_over_with_the_turn_and_comes_before_the_usual():
    heard = Features((), np.zeros((500, 0), dtype=np.float32), Fraction(100), (Word("here", 1.0, 1.4), Word("there", 2.0, 2.5)))
    asked = (Look((0.2, 0.0), word="here", hold=0.5), Look((0.3, 0.0), word="there"))
    wanted = looks_of_turn(asked, heard, 10.0, 15.0)
    assert [(each.at, each.start, each.stop) for each in wanted] == [((0.2, 0.0), 11.0, 11.5), ((0.3, 0.0), 12.0, 15.0)]
    usual = (Look((0.9, 0.0), start=8.0, stop=11.6), Look((0.8, 0.0), start=11.9, stop=20.0))
    found = beside(wanted, usual, 30.0)
    assert [(each.at[0], each.start, each.stop) for each in found] == [
        (0.9, 8.0, 11.0), (0.2, 11.0, 11.5), (0.3, 12.0, 15.0), (0.8, 15.0, 20.0)
    ]  # fmt: skip
    assert settled(found) == found
    assert beside((), usual, 30.0) == usual
    with pytest.raises(InputError, match=r"a look starts at 5 s, but the sound ends at 5\.00 s"):
        looks_of_turn([Look((0.2, 0.0), start=5.0)], heard, 10.0, 15.0)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 1000), st.lists(st.floats(0, 25), min_size=1, max_size=4, unique_by=lambda at: round(at / 2)))
def test_wanted_looks_stay_as_they_are_beside_any_others(seed, starts):
    wanted = tuple(Look((0.1, 0.0), start=round(at, 3), stop=round(at + 0.3, 3)) for at in sorted(starts))
    wanted = tuple(each for each, after in zip(wanted, (*wanted[1:], None), strict=True) if not after or each.stop < after.start)
    others = looks(0, 0.0, [Said(1, 0.0, 30.0, (0,))], 2, 30.0, np.random.default_rng(seed))
    found = settled(beside(wanted, others, 30.0))
    assert tuple(each for each in found if each.at == (0.1, 0.0)) == wanted
    left = [each for each in found if each.at != (0.1, 0.0)]
    assert all(each.stop <= one.start or each.start >= one.stop for each in left for one in wanted)
    assert (np.diff([each.start for each in found]) >= BETWEEN).all()


def test_lips_of_a_turn_end_with_it():
    heard = Features((), np.zeros((500, 0), dtype=np.float32), Fraction(100), (Word("here", 1.0, 1.4),))
    ways = lips_of_turn((Lips(open=1.2), Lips(jaw=0.5, start=4.0, stop=9.0), Lips(purse=1.2, words="here")), heard, 10.0, 15.0)
    assert [(each.start, each.stop) for each in ways] == [(10.0, 15.0), (14.0, 15.0), (11.0, 11.4)]
    with pytest.raises(InputError, match=r"lips are directed from 5 s on, but the sound ends at 5\.00 s"):
        lips_of_turn((Lips(open=1.2, start=5.0),), heard, 10.0, 15.0)
