"""Sound laid along a clock: where it lies, what is dropped, what is felt when."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from animator.live.timeline import RATE, RELAX, Feeling, Move, Timeline


def ramp(count, first=1):
    return np.arange(first, first + count, dtype=np.float32)


def test_nothing_laid_is_silence():
    block, felt = Timeline().take(320)
    assert not block.any()
    assert len(block) == 320
    assert felt == []


def test_sound_begins_a_cushion_after_it_came_and_goes_on_without_a_gap():
    timeline = Timeline(cushion=100)
    timeline.take(1000)
    timeline.add(ramp(50), now=1010)
    timeline.add(ramp(50, 51), now=1105)
    block, _ = timeline.take(1300)
    np.testing.assert_array_equal(block[110:210], ramp(100))
    assert not block[:110].any()
    assert not block[210:].any()
    assert timeline.gaps == 0


@given(st.lists(st.integers(0, 300), min_size=1, max_size=8), st.lists(st.integers(0, 400), min_size=1, max_size=8))
def test_sound_that_comes_in_time_is_whole_however_it_is_cut(pieces, steps):
    timeline = Timeline(cushion=7)
    sound = ramp(sum(pieces))
    first = 0
    for length in pieces:
        timeline.add(sound[first : first + length], now=0)
        first += length
    blocks, stop = [], 0
    for step in [*steps, 7 + len(sound)]:
        stop += step
        blocks.append(timeline.take(stop)[0])
    out = np.concatenate(blocks)
    np.testing.assert_array_equal(out[7 : 7 + len(sound)], sound)
    assert np.count_nonzero(out) == len(sound)
    assert timeline.waiting == 0


def test_sound_that_comes_too_late_leaves_a_gap_that_is_counted():
    timeline = Timeline(cushion=10)
    timeline.add(ramp(100), now=0)
    timeline.take(400)
    timeline.add(ramp(100), now=400)
    block, _ = timeline.take(600)
    np.testing.assert_array_equal(block[10:110], ramp(100))
    assert timeline.gaps == 1
    assert timeline.turn == 1


def test_a_turn_that_begins_after_a_pause_is_no_gap():
    timeline = Timeline()
    for turn in (1, 2, 3):
        timeline.add(ramp(10), now=turn * 1000)
        assert timeline.turn == turn
        timeline.close()
        assert timeline.turn is None
        timeline.take(turn * 1000 + 500)
    assert timeline.gaps == 0


def test_every_place_knows_its_turn_and_how_much_of_it_was_said():
    timeline = Timeline()
    timeline.add(np.ones(RATE, dtype=np.float32), now=0)
    timeline.close()
    timeline.add(np.ones(RATE, dtype=np.float32), now=0)
    assert timeline.within(0, 320) == (1, 0.0)
    assert timeline.within(8000, 8320) == (1, 0.5)
    assert timeline.within(RATE, RATE + 320) == (2, 0.0)
    assert timeline.within(RATE + 4000, RATE + 4320) == (2, 0.25)
    assert timeline.within(2 * RATE, 2 * RATE + 320) is None


def test_the_frame_in_which_a_turn_begins_belongs_to_it():
    timeline = Timeline()
    timeline.add(ramp(320), now=330)
    assert timeline.within(0, 320) is None
    assert timeline.within(320, 640) == (1, 0.0)
    assert timeline.within(640, 960) == (1, 310 / RATE)


def test_after_a_gap_the_turn_goes_on_where_its_sound_was():
    timeline = Timeline()
    timeline.add(ramp(320), now=0)
    timeline.take(1000)
    timeline.add(ramp(320), now=1000)
    assert timeline.within(0, 320) == (1, 0.0)
    assert timeline.within(500, 820) is None
    assert timeline.within(1000, 1320) == (1, 320 / RATE)


def test_a_feeling_comes_with_the_sound_that_follows_it():
    timeline = Timeline()
    timeline.add(ramp(500), now=0)
    timeline.feel({"happy": 0.7}, 0.2)
    timeline.add(ramp(500), now=0)
    assert timeline.take(400)[1] == []
    assert timeline.take(600)[1] == [Feeling({"happy": 0.7}, 0.2, besides=True)]


def test_feelings_of_a_turn_give_way_to_the_mood_when_it_ends():
    timeline = Timeline()
    timeline.set_mood({"calm": 0.3}, 0.1)
    timeline.feel({"happy": 1.0}, 0.2)
    timeline.add(ramp(500), now=0)
    timeline.close()
    assert timeline.take(100)[1] == [Feeling({"calm": 0.3}, 0.1), Feeling({"happy": 1.0}, 0.2, besides=True)]
    assert timeline.take(500)[1] == []
    assert timeline.take(501)[1] == [Feeling({"calm": 0.3}, RELAX)]


def test_a_mood_that_is_set_during_a_turn_waits_for_its_end():
    timeline = Timeline()
    timeline.add(ramp(500), now=0)
    timeline.set_mood({"sad": 0.5}, 0.1)
    assert timeline.take(400)[1] == []
    timeline.close()
    assert timeline.take(600)[1] == [Feeling({"sad": 0.5}, RELAX)]


def test_an_interruption_drops_what_waits_and_relaxes_at_once():
    timeline = Timeline()
    timeline.add(ramp(1000), now=0)
    timeline.feel({"angry": 1.0}, 0.1)
    timeline.add(ramp(1000), now=0)
    timeline.take(600)
    timeline.interrupt()
    assert timeline.waiting == 0
    assert timeline.turn is None
    block, felt = timeline.take(3000)
    assert not block.any()
    assert felt == [Feeling({}, RELAX)]
    assert timeline.within(320, 640) == (1, 320 / RATE)
    assert timeline.within(640, 960) is None


def test_after_an_interruption_a_new_turn_can_begin():
    timeline = Timeline(cushion=20)
    timeline.add(ramp(1000), now=0)
    timeline.take(320)
    timeline.interrupt()
    timeline.add(ramp(100), now=400)
    assert timeline.turn == 2
    np.testing.assert_array_equal(timeline.take(520)[0][100:], ramp(100))
    assert timeline.gaps == 0


@pytest.mark.parametrize("change", ["close", "interrupt"])
def test_ending_what_has_not_begun_changes_nothing(change):
    timeline = Timeline()
    getattr(timeline, change)()
    timeline.add(ramp(10), now=0)
    assert timeline.turn == 1


def test_a_move_stands_at_its_place_among_the_sound_and_opens_no_turn():
    timeline = Timeline()
    timeline.move("nod", 1.0, 0.0)
    assert timeline.turn is None
    timeline.add(ramp(500), now=0)
    timeline.move("wink", 0.5, 0.2)
    assert timeline.take(400)[1] == [Move("nod")]
    timeline.move("shake", 1.0, 0.0)
    assert timeline.take(600)[1] == [Move("wink", 0.5, 0.2), Move("shake")]
    timeline.add(ramp(500), now=600)
    timeline.move("tilt", 1.0, 0.0)
    timeline.interrupt()
    assert timeline.take(2000)[1] == [Feeling({}, RELAX)]
