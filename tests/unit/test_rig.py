from itertools import combinations

import pytest

from animator.core.phones import PHONE_VISEMES, VISEMES
from animator.core.rig import Control, Rig
from animator.errors import InputError, UnknownNameError
from animator.io.rig import load_rig, parse_rig

APPLE_ORDER_ENDS = ("eyeBlinkLeft", "tongueOut")


def test_the_canonical_rig_is_arkit_with_head_and_gaze():
    rig = load_rig("arkit")
    weights = [c for c in rig.controls if c.unit == "weight"]
    angles = [c.name for c in rig.controls if c.unit == "radian"]
    assert len(weights) == 52
    assert (weights[0].name, weights[-1].name) == APPLE_ORDER_ENDS
    assert angles == ["headYaw", "headPitch", "headRoll", "leftEyeYaw", "leftEyePitch", "rightEyeYaw", "rightEyePitch"]
    assert len({c.name for c in weights if c.mirror != c.name}) == 36 + 4, "18 pairs, and jaw and mouth left and right"


def test_the_rig_has_a_pose_for_every_viseme_and_feeling():
    rig = load_rig("arkit")
    assert set(rig.visemes) == set(VISEMES)
    assert {v for pair in PHONE_VISEMES.values() for v in pair} <= set(rig.visemes)
    feelings = {"neutral", "calm", "happy", "sad", "angry", "fear", "disgusted", "surprised", "contempt"}
    assert set(rig.emotions) == feelings
    assert not rig.visemes["sil"]
    assert not rig.emotions["neutral"]


def test_feelings_are_told_apart_by_their_poses():
    rig = load_rig("arkit")
    for (one, pose), (two, other) in combinations(rig.emotions.items(), 2):
        assert abs(rig.row(pose) - rig.row(other)).max() > 0.1, f"{one} looks like {two}"


def test_contempt_is_one_sided_and_the_other_feelings_nearly_are_not():
    rig = load_rig("arkit")
    for name, pose in rig.emotions.items():
        gap = max((abs(pose.get(c, 0) - pose.get(rig.control(c).mirror, 0)) for c in pose if not rig.control(c).flips), default=0)
        assert (gap > 0.3) == (name == "contempt"), name


@pytest.mark.parametrize(
    ("text", "error", "sentence"),
    [
        ("controls = [{name = 'a', region = 'jaw'}]\n[visemes.PP]\nb = 1", UnknownNameError, "viseme 'PP'"),
        ("controls = [{name = 'a', region = 'jaw'}]\n[visemes.PP]\na = 2", InputError, "outside"),
        ("controls = [{name = 'a', region = 'chin'}]", UnknownNameError, "face region 'chin'"),
        ("controls = [{name = 'a', region = 'jaw', mirrored = 'a'}]", UnknownNameError, "did you mean 'mirror'"),
        ("controls = 3", InputError, "list of controls"),
    ],
)
def test_a_wrong_rig_is_told_with_its_place(text, error, sentence):
    with pytest.raises(error, match=sentence):
        parse_rig(text, "mine.toml")


def test_mirrors_are_mutual():
    with pytest.raises(InputError, match="does not mirror it back"):
        Rig("r", (Control("a", "jaw", mirror="b"), Control("b", "jaw")))
