"""Lips as a director has them: what each dial does, for words and for spans, and what cannot be asked."""

from dataclasses import replace

import numpy as np
import pytest
from said import SENTENCE, feeling, said

from animator.core.features import Word
from animator.core.lips import DIALS, Lips, lips_from, told
from animator.core.words import spans_of_words
from animator.errors import InputError, UnknownNameError
from animator.generators.learned import Learned
from animator.generators.visemes import Visemes
from animator.io.rig import load_rig
from animator.io.script import read_script
from animator.recipe import Choice, Recipe, recipe_from_toml, recipe_to_toml

RIG = load_rig("arkit")
STILL = {"blink": 0.0, "gaze": 0.0, "head_motion": 0.0, "breath": 0.0}
WORDS = (Word("never", 0.5, 0.9), Word("say", 1.0, 1.2), Word("never", 1.6, 2.0))
TIMES = np.arange(300) / 50


def move(kind=Visemes, words=(), **dials):
    features = replace(said(SENTENCE), words=words)
    return kind(**{**STILL, **dials}).generate(features, feeling(), RIG, np.random.default_rng(0))


def opening(motion):
    return motion.values @ RIG.opening_row


def of_lips(motion, *names):
    return motion.values[:, [RIG.columns[name] for name in names]].sum()


@pytest.mark.parametrize("kind", [Visemes, Learned])
@pytest.mark.parametrize(
    ("dial", "moved"),
    [
        ("scale", ("mouthUpperUpLeft", "mouthPucker", "mouthStretchLeft")),
        ("jaw", ("jawOpen",)),
        ("purse", ("mouthPucker", "mouthFunnel")),
        ("widen", ("mouthStretchLeft", "mouthSmileRight")),
        ("open", ("jawOpen", "mouthLowerDownLeft", "mouthUpperUpRight")),
    ],
)
def test_more_of_a_dial_is_more_of_what_it_moves(kind, dial, moved):
    sums = [of_lips(move(kind, articulation=[{dial: gain}]), *moved) for gain in (0.0, 0.5, 1.0, 1.5, 2.0)]
    assert sums == sorted(sums)
    assert sums[-1] > 1.3 * sums[2] > 1.5 * sums[0]


@pytest.mark.parametrize("kind", [Visemes, Learned])
def test_crisp_sounds_differ_more_from_their_neighbours(kind):
    spread = [np.abs(np.diff(opening(move(kind, articulation=[{"crisp": gain}])))).sum() for gain in (0.0, 0.5, 1.0, 1.5, 2.0)]
    assert spread == sorted(spread)


@pytest.mark.parametrize("kind", [Visemes, Learned])
def test_a_word_alone_is_changed_and_the_rest_is_the_same(kind):
    second, each_time = ({"words": said_so, "open": 2} for said_so in ("Never#2", "never"))
    plain, one, both = (move(kind, WORDS, articulation=ways).values for ways in ((), [second], [each_time]))
    changed, twice = ((each != plain).any(axis=1) for each in (one, both))
    times = np.arange(len(plain)) / 50
    assert changed[(times > 1.65) & (times < 1.95)].any()
    assert not changed[(times < 1.5) | (times > 2.1)].any()
    assert twice[(times > 0.5) & (times < 0.9)].any()
    np.testing.assert_array_equal(one[times > 1.5], both[times > 1.5])


def test_words_in_a_row_are_one_span():
    assert spans_of_words(WORDS, "say, never!") == ((1.0, 2.0),)
    assert spans_of_words(WORDS, "never") == ((0.5, 0.9), (1.6, 2.0))


@pytest.mark.parametrize(
    ("wanted", "kind", "complaint"),
    [
        ("nevar", UnknownNameError, "no word 'nevar' in what is said; did you mean 'never'"),
        ("never#3", InputError, "'never' is said 2 times"),
        ("never#0", InputError, "'never#2' for the second one"),
        ("?", InputError, "words are written"),
    ],
)
def test_words_that_are_not_said_are_told(wanted, kind, complaint):
    with pytest.raises(kind, match=complaint):
        spans_of_words(WORDS, wanted)


def test_words_without_a_transcript_and_spans_after_the_end_are_refused():
    with pytest.raises(InputError, match="known only by a transcript"):
        move(articulation=[{"words": "never", "open": 1.2}])
    with pytest.raises(InputError, match=r"directed from 60 s on, but the speech ends at 3\.\d+ s"):
        move(articulation=[{"start": 60.0, "open": 1.2}])


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ({"open": 3.1}, r"lips 1: open lies in \[0, 3\], not 3.1"),
        ({"crisp": -0.1}, r"crisp lies in \[0, 2\]"),
        ({"start": 1.0}, "turns no dial"),
        ({"open": 1.2, "start": 2.0, "stop": 1.0}, "ends after it starts at 2 s"),
        ({"open": 1.2, "start": -1.0}, "starts in"),
        ({"open": 1.2, "ease": 0.0}, r"takes \[0.02, 5\] s"),
        ({"open": 1.2, "words": "so", "stop": 1.0}, "or for a span of seconds"),
        ({"opn": 1.2}, "did you mean 'open'"),
    ],
)
def test_what_lips_cannot_do_is_told(entry, complaint):
    with pytest.raises(InputError, match=complaint):
        lips_from([entry], "here")


def test_a_recipe_tells_it_all():
    ways = [{"open": 1.5, "words": "never#2"}, {"scale": 0.8}, {"purse": 1.2, "start": 0.5, "stop": 1.0, "ease": 0.2}]
    recipe = Recipe(generator=Choice("learned", {"articulation": ways}))
    again = recipe_from_toml(recipe_to_toml(recipe))
    assert again == recipe
    assert again.part("generator") == recipe.part("generator")
    assert [told(way) for way in lips_from(ways, "here")] == ways


def test_a_script_may_hold_directions_beside_feelings_or_alone(tmp_path):
    path = tmp_path / "script.toml"
    path.write_text('[[lips]]\nwords = "never"\nopen = 1.4\n\n[[look]]\nat = [0.3, 0.0, 1.0]\nstart = 1.0\n')
    found = read_script(path)
    assert found.cues == ()
    assert found.lips == (Lips(open=1.4, words="never"),)
    assert [look.start for look in found.looks] == [1.0]
    path.write_text("lips = 3\n")
    with pytest.raises(InputError, match=r"written as tables, \[\[lips\]\]"):
        read_script(path)


def test_only_what_holds_throughout_can_be_met_in_speech_that_is_still_coming():
    rng = np.random.default_rng(0)
    names = said("AA:100").names
    assert Learned(articulation=[{"open": 1.3}]).improvise(names, ("happy",), RIG, rng) is not None
    for way in ({"open": 1.3, "start": 1.0}, {"crisp": 1.5}, {"open": 1.3, "words": "never"}):
        with pytest.raises(InputError, match="in whole speech alone"):
            Learned(articulation=[way]).improvise(names, ("happy",), RIG, rng)


def test_every_dial_has_its_controls_in_the_canonical_rig():
    assert set(RIG.articulation) == set(DIALS) - {"crisp"}
