"""The timeline of feelings: each change is another line, and undo is a list of them."""

from fractions import Fraction

import numpy as np
import pytest

import animator
from animator.app.cues import added, changed, cued, cues, moved, removed, spots
from animator.app.history import LONGEST, History, followed, redone, undone
from animator.app.line import Line, choosing, dialled, having
from animator.core.features import Word


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
    there = moved(line, 1, 3.8)
    assert starts(there) == [0, 4.8, 6.0]
    assert cues(there)[2] == animator.Cue(6.0, "sad:0.9", ease=0.6)


@pytest.mark.parametrize(("by", "start"), [(-30.0, 0.0), (1.23456, 6.03)])
def test_a_cue_stays_after_the_start_and_on_a_clock_of_hundredths(by, start):
    line = cued(Line(), (animator.Cue(4.8, "surprised"),))
    assert starts(moved(line, 0, by)) == [start]


def test_a_cue_at_words_acts_where_they_are_said_and_moves_beside_them():
    said = animator.Features(
        ("phone/SIL",), np.ones((300, 1), dtype=np.float32), Fraction(100),
        (Word("so", 0.5, 0.7), Word("glad", 1.0, 1.4), Word("so", 2.0, 2.2)),
    )  # fmt: skip
    line = cued(
        Line(), (animator.Cue(feeling="happy", word="so"), animator.Cue(1.2, "sad"), animator.Cue(gesture="nod", word="glad"))
    )
    assert [(spot.number, spot.start) for spot in spots(line, said)] == [(1, 0.5), (2, 1.0), (0, 1.2), (1, 2.0)]
    later = moved(line, 2, 0.25)
    assert [(spot.number, spot.start) for spot in spots(later, said)] == [(1, 0.5), (0, 1.2), (2, 1.25), (1, 2.0)]
    with pytest.raises(animator.InputError, match="never"):
        spots(changed(line, 1, word="never"), said)


def test_a_cue_takes_the_place_of_one_that_sets_the_same_from_the_same_instant(line):
    first = cues(line)[0]
    assert [cue.feeling for cue in cues(added(line, animator.Cue(first.start, "angry")))[:2]] == ["angry", cues(line)[1].feeling]
    beside = added(added(line, animator.Cue(first.start, "brows:sad")), animator.Cue(first.start, gesture="nod"))
    assert len(cues(beside)) == len(cues(line)) + 2


def test_two_cues_at_one_instant_are_refused(line):
    with pytest.raises(animator.AnimatorError, match=r"starts at 2\.2 s, not after"):
        moved(line, 2, -2.6)


def test_how_feelings_follow_stays_as_it_was(line):
    line = dialled(line, "embedder", inertia=0.4)
    assert removed(line, 0).recipe.embedder.settings["inertia"] == 0.4


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
