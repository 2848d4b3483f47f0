"""The timeline of feelings: each change is another line, and undo is a list of them."""

import numpy as np
import pytest

import animator
from animator.app.cues import added, changed, cued, cues, moved, removed
from animator.app.history import LONGEST, History, followed, redone, undone
from animator.app.line import Line, choosing, having


@pytest.fixture
def line():
    return cued(Line(), (animator.Cue(0.0, "sad:0.4"), animator.Cue(2.2, "sad:0.9", ease=0.6), animator.Cue(4.8, "surprised")))


def starts(line):
    return [cue.start for cue in cues(line)]


def test_a_feeling_that_is_told_throughout_is_one_cue_from_the_start():
    assert cues(choosing(Line(), "embedder", "label", feelings="happy:0.7")) == (animator.Cue(0.0, "happy:0.7"),)
    assert cues(choosing(Line(), "embedder", "voice")) == ()


def test_cues_are_added_in_order_of_time(line):
    assert starts(added(line, animator.Cue(3.4, "angry"))) == [0, 2.2, 3.4, 4.8]
    assert cues(line)[1] == animator.Cue(2.2, "sad:0.9", ease=0.6), "the line itself stays as it was"


def test_the_first_cue_keeps_what_was_felt_until_then():
    line = added(choosing(Line(), "embedder", "label", feelings="happy"), animator.Cue(2.0, "sad"))
    assert [cue.feeling for cue in cues(line)] == ["happy", "sad"]


def test_a_cue_keeps_its_values_where_it_moves_and_passes_others(line):
    there = moved(line, 1, 6.0, seconds=9.6)
    assert starts(there) == [0, 4.8, 6.0]
    assert cues(there)[2] == animator.Cue(6.0, "sad:0.9", ease=0.6)


@pytest.mark.parametrize(("to", "start"), [(-3.0, 0.0), (99.0, 9.59), (1.23456, 1.23)])
def test_a_cue_stays_within_the_sound_and_on_a_clock_of_hundredths(to, start):
    line = cued(Line(), (animator.Cue(4.8, "surprised"),))
    assert starts(moved(line, 0, to, seconds=9.6)) == [start]


def test_two_cues_at_one_instant_are_refused(line):
    with pytest.raises(animator.AnimatorError, match=r"starts at 2\.2 s, not after"):
        moved(line, 2, 2.2, seconds=9.6)


def test_values_out_of_range_are_the_librarys_to_refuse(line):
    with pytest.raises(animator.InputError, match="'intensity' of a cue"):
        changed(line, 0, intensity=2.0)
    with pytest.raises(animator.InputError, match="a number in \\[0, 1\\]"):
        changed(line, 0, feeling="happy:3")


def test_without_cues_nothing_is_felt(line):
    for _ in range(3):
        line = removed(line, 0)
    assert cues(line) == ()
    felt = animator.feel(animator.Audio(np.zeros(8000, dtype=np.float32), 8000), line.recipe)
    assert not felt.values.any()


def test_a_recipe_with_cues_is_read_back_the_same(line):
    text = animator.recipe_to_toml(line.recipe)
    assert cues(Line(recipe=animator.recipe_from_toml(text))) == cues(line)


def test_steps_are_taken_back_and_again_in_turn(line):
    other, third = removed(line, 0), having(line, seed=3)
    history = followed(followed(followed(History(), line), other), third)
    assert (history.now, history.back, history.forth) == (third, True, False)
    history = undone(undone(history))
    assert (history.now, history.back, history.forth) == (line, False, True)
    assert undone(history) == history
    assert followed(history, line) == history, "what undo shows is no new step"
    assert redone(history).now == other
    assert followed(redone(history), having(line, seed=9)).forth is False, "a new step forgets those taken back"
    assert redone(redone(redone(history))).now == third


def test_a_history_is_bounded():
    history = History()
    for seed in range(LONGEST + 20):
        history = followed(history, having(Line(), seed=seed))
    assert len(history.lines) == LONGEST
    assert history.now == having(Line(), seed=LONGEST + 19)
