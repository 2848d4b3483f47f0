"""Lips, word by word: edits of the line, and nothing else of it."""

import pytest

import animator
from animator.app.line import Line, choosing
from animator.app.lips import DIALS, edits, said, tell, unsaid


@pytest.fixture
def line():
    return choosing(Line(), "generator", "learned", blink=0.5, articulation=[{"jaw": 0.7}])


def test_words_are_said_as_asked_for_the_last_time(line):
    new = said(said(said(line, "never", open=1.5, jaw=1), " so glad", crisp=2), "never ", purse=0.5)
    assert edits(new) == [{"crisp": 2.0, "words": "so glad"}, {"purse": 0.5, "words": "never"}]
    assert new.recipe.generator.settings["articulation"][0] == {"jaw": 0.7}, "what holds throughout stays"
    assert new.recipe.generator.settings["blink"] == 0.5
    assert tell(new) == "- **so glad**: distinct sounds 2\n- **never**: rounded lips 0.5"


def test_dials_at_one_forget_a_word_and_all_are_forgotten_at_once(line):
    new = said(said(line, "never", open=1.5), "glad", open=1.5)
    assert [each["words"] for each in edits(said(new, "never", open=1))] == ["glad"]
    assert unsaid(new) == line


def test_what_cannot_be_is_refused(line):
    for words, dials in (("", {"open": 2}), ("never#0", {"open": 2}), ("never", {"open": 9})):
        with pytest.raises(animator.InputError):
            said(line, words, **dials)


def test_each_dial_is_the_librarys(line):
    for name, (_, high) in DIALS.items():
        said(line, "never", **{name: high})
        with pytest.raises(animator.InputError):
            said(line, "never", **{name: high + 0.1})
