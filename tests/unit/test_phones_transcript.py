"""Text to words, and words that no dictionary knows to phones."""

import pytest

from animator.core.phones import PHONES
from animator.core.wording import words
from animator.encoders.hearing.transcript import spell


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hello, World!", "hello world"),
        ("Don’t — it's the dogs' bone", "don't it's the dogs' bone"),
        ("well-known\nhalf–time", "well known half time"),
        ("Mr. Smith & Mrs. Jones", "mister smith and missus jones"),
        ("café naïve Straße", "cafe naive strasse"),
        ("3.14 and 42", "three point one four and forty two"),
        ("1,250,000 people", "one million two hundred fifty thousand people"),
        (
            "in 1984, in 1905, in 1900, in 2026",
            "in nineteen eighty four in nineteen oh five in nineteen hundred in two thousand twenty six",
        ),
        ("the 1st, 2nd, 3rd, 5th, 12th, 20th and 21st", "the first second third fifth twelfth twentieth and twenty first"),
        ("$5 or 50%", "five dollars or fifty percent"),
        ("$1,250.50", "one thousand two hundred fifty point five zero dollars"),
        ("0 100 1000000000", "zero one hundred one billion"),
        ("", ""),
        ("… ?! -- ()", ""),
    ],
)
def test_text_becomes_the_words_that_are_said(text, said):
    assert " ".join(words(text)) == said


@pytest.mark.parametrize(
    ("word", "phones"),
    [
        ("bam", "B AE M"),
        ("blape", "B L EY P"),
        ("shoop", "SH UW P"),
        ("phibble", "F IH B L"),
        ("gice", "JH AY S"),
        ("zonked", "Z AA N K D"),
        ("fanted", "F AE N T AH D"),
        ("quation", "K W AE SH AH N"),
        ("yorb", "Y AO R B"),
        ("o'brill", "AA B R IH L"),
        ("bbc", "B IY B IY S IY"),
        ("mp", "EH M P IY"),
    ],
)
def test_rules_read_letters_as_english_mostly_does(word, phones):
    assert " ".join(spell(word)) == phones


def test_only_phones_of_the_vocabulary_come_out():
    for word in (
        "psychotomimetic",
        "xylophage",
        "quetzalcoatl",
        "jumbowumpus",
        "bookkeeper",
        "queue",
        "aeiouy",
        "z",
        "e",
        "ed",
        "eed",
    ):
        phones = spell(word)
        assert phones
        assert set(phones) <= set(PHONES), word


@pytest.mark.parametrize("word", ["中文", "", "'", "ñandú", "x1"])
def test_a_word_with_other_letters_is_not_spelt(word):
    assert spell(word) is None
