"""Feelings as points of valence, arousal and dominance, wherever feelings are written."""

import numpy as np
import pytest

from animator.core.script import feelings_text, felt, parse_feelings, weigh
from animator.embedders.space import blends, load_space
from animator.errors import InputError
from animator.io.categories import categories
from animator.io.rig import load_rig

FEELINGS = tuple(load_rig("arkit").emotions)
CHANNELS = felt(FEELINGS)


def test_a_point_stands_wherever_a_name_does_and_a_plus_is_a_comma():
    told = {"happy": 0.3, "brows/vad(-0.6,0.7,-0.3)": 0.8}
    assert parse_feelings("happy:0.3 + brows:VAD( -.6, 0.70, -0.3):0.8") == told
    assert parse_feelings(feelings_text(told)) == told


@pytest.mark.parametrize("point", ["vad()", "vad(1,2,0)", "vad(0,0)", "vad(0,0,0,0)", "vad(a,b,c)", "vad(nan,0,0)"])
def test_a_point_is_three_numbers_from_minus_1_to_1(point):
    with pytest.raises(InputError, match=r"three numbers in \[-1, 1\]"):
        parse_feelings(f"happy:0.2,{point}")


@pytest.mark.parametrize("name", load_space().feelings)
def test_the_point_of_each_feeling_is_mostly_that_feeling(name):
    valence, arousal, dominance = categories()["feelings"][name]["vad"]
    weights = weigh(f"vad({valence},{arousal},{dominance})", FEELINGS, blends=blends(FEELINGS))["all"]
    assert CHANNELS[int(weights.argmax())] == name
    assert weights.max() > 0.6


def test_the_origin_is_neutral_and_a_region_may_be_at_a_point():
    assert not weigh("vad(0,0,0)", FEELINGS, blends=blends(FEELINGS))["all"].any()
    weights = weigh("brows:vad(-0.7,-0.4,-0.45):0.5", FEELINGS, blends=blends(FEELINGS))
    assert list(weights) == ["brows"]
    np.testing.assert_allclose(weights["brows"], 0.5 * blends(FEELINGS)["vad(-0.7,-0.4,-0.45)"])
