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
        ('[picture]\nwidth = "abc"', FormatError, "'width' of a picture is a whole number, not 'abc'"),
        ("[picture]\ncamera = 5", FormatError, "'camera' of a picture is text"),
        ("[picture]\nbackground = 5", FormatError, "'background' of a picture is text"),
        ("seed = -5", FormatError, "from 0"),
        ("seed = true", FormatError, "'seed' of a recipe is a whole number"),
        ("transcript = 5", FormatError, "text or nothing"),
        ("rig = 5", FormatError, "'rig' of a recipe is text"),
    ],
)
def test_a_wrong_recipe_is_told_with_its_place(text, error, sentence):
    with pytest.raises(error, match=sentence):
        recipe_from_toml(text, "r.toml")


def test_a_wrong_setting_is_told_with_the_nearest_and_its_kind():
    with pytest.raises(UnknownNameError, match="did you mean 'blink'"):
        build("generators", Choice("visemes", {"blnk": 1.0}))


@pytest.mark.parametrize(
    ("family", "part", "setting", "value", "kind"),
    [
        ("generators", "visemes", "blink", "often", "a number"),
        ("generators", "visemes", "blink", True, "a number"),
        ("embedders", "script", "cues", 5, "a list"),
        ("heads", "makehuman", "local", 5, "a table of names, each with a number"),
        ("heads", "makehuman", "local", {"nose-hump": "a"}, "a table of names"),
        ("heads", "makehuman", "ancestry", [1, 2], "a table of names"),
        ("heads", "makehuman", "look", 5, "text or nothing"),
        ("renderers", "soft", "threads", 2.5, "a whole number"),
    ],
)
def test_a_setting_of_another_kind_is_told(family, part, setting, value, kind):
    with pytest.raises(InputError, match=f"'{setting}' of .* is {kind}"):
        build(family, Choice(part, {setting: value}))


@pytest.mark.parametrize(("setting", "value"), [("threads", 100000), ("shadow_size", 10**6), ("ambient_sides", 65)])
def test_a_setting_beyond_reason_is_told_by_its_name(setting, value):
    with pytest.raises(InputError, match=f"{setting} of soft lies in"):
        build("renderers", Choice("soft", {setting: value}))
