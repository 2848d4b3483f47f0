from fractions import Fraction

import pytest

from animator.errors import FormatError, InputError, UnknownNameError
from animator.recipe import Choice, Picture, Recipe, build, recipe_from_toml, recipe_to_toml


def test_a_recipe_survives_its_file():
    recipe = Recipe(
        embedder=Choice("label", {"feelings": "happy:0.7"}),
        generator=Choice("visemes", {"blink": 0.5}),
        picture=Picture(320, 240, Fraction(30000, 1001), "close", "#203040"),
        transcript='She said: "yes",\nand left.',
        seed=7,
    )
    assert recipe_from_toml(recipe_to_toml(recipe)) == recipe


def test_what_a_recipe_leaves_out_keeps_its_default():
    assert recipe_from_toml("seed = 3") == Recipe(seed=3)


@pytest.mark.parametrize(
    ("text", "error", "sentence"),
    [
        ("seed = ", FormatError, "not valid TOML"),
        ("sed = 3", UnknownNameError, "did you mean 'seed'"),
        ('schema = "animator.Recipe/9"', FormatError, "animator.Recipe/1"),
        ("[encoder]\nlevel = 2", FormatError, "name of a part"),
        ("[picture]\nfsp = 30", UnknownNameError, "did you mean 'fps'"),
        ('[picture]\nfps = "fast"', FormatError, "picture"),
    ],
)
def test_a_wrong_recipe_is_told_with_its_place(text, error, sentence):
    with pytest.raises(error, match=sentence):
        recipe_from_toml(text, "r.toml")


def test_a_wrong_setting_is_told_with_the_nearest_and_its_kind():
    with pytest.raises(UnknownNameError, match="did you mean 'blink'"):
        build("generators", Choice("visemes", {"blnk": 1.0}))
    with pytest.raises(InputError, match="a number"):
        build("generators", Choice("visemes", {"blink": "often"}))
