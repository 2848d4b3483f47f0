"""Maps between rigs: what shares, products and poses give, and what is said of a map that is wrong."""

from fractions import Fraction

import numpy as np
import pytest

from animator import pipeline
from animator.core.motion import Motion
from animator.core.phones import VISEMES
from animator.core.rig import Control, Rig
from animator.core.rig_map import RigMap, mixture, retarget
from animator.errors import FormatError, InputError, LossWarning, UnknownNameError
from animator.io.rig import load_rig
from animator.io.rig_map import load_maps, parse_map

ARKIT = load_rig("arkit")
SOURCE = Rig("source", tuple(Control(name, "jaw") for name in ("a", "b", "c")), visemes={"aa": {"a": 1.0}})
TARGET = Rig("target", (Control("x", "jaw"), Control("y", "jaw", low=-1.0), Control("z", "mouth", rest=1.0)))
HEADER = 'source = "arkit"\ntarget = "vrm"\n'

VISEME_OF = {
    "oculus": {viseme: viseme for viseme in VISEMES},
    "azure": dict(
        zip(VISEMES, (f"viseme_{i}" for i in (0, 21, 18, 17, 19, 20, 16, 15, 19, 13, 2, 4, 6, 3, 7)), strict=True),
    ),
    "polly": dict(zip(VISEMES, ("sil", "p", "f", "T", "t", "k", "S", "s", "t", "r", "a", "E", "i", "O", "u"), strict=True)),
    "rhubarb": dict(zip(VISEMES, "XAGBBBBBBEDCBEF", strict=True)),
    "preston-blair": dict(
        zip(VISEMES, ("rest", "MBP", "FV", *["etc"] * 7, "AI", "E", "E", "O", "U"), strict=True),
    ),
}  # fmt: skip
"""Our viseme to that of each set, after the vendors' tables of sounds."""
SPOKEN = {
    "vrm": {"aa": "aa", "E": "ee", "ih": "ih", "oh": "oh", "ou": "ou"},
    "mmd": {"aa": "あ", "E": "え", "ih": "い", "oh": "お", "ou": "う", "PP": "ん"},
}
FELT = {"happy": "happy", "angry": "angry", "sad": "sad", "calm": "relaxed", "surprised": "surprised"}


def frames(rig, *poses):
    return Motion(rig.names, np.array([rig.row(pose) for pose in poses]), Fraction(50))


def halved(pose):
    return {name: value / 2 for name, value in pose.items()}


def test_a_control_is_the_sum_of_its_shares_kept_in_its_range():
    found = RigMap(SOURCE, TARGET, shares={"x": {"a": 0.5, "b": 1.0}, "y": {"a": -2.0}, "z": {"c": -0.25}}, implied=())
    carried = retarget(frames(SOURCE, {"a": 0.4, "b": 0.2}, {"a": 1.0, "b": 1.0, "c": 1.0}), found)
    assert carried.names == TARGET.names
    assert carried.values == pytest.approx(np.array([[0.4, -0.8, 1.0], [1.0, -1.0, 0.75]]), abs=1e-6)


def test_a_product_of_controls_is_a_term_too():
    found = RigMap(SOURCE, TARGET, shares={"x": {"a": 1.0, "a * b": -0.7}}, implied=("c",))
    assert retarget(frames(SOURCE, {"a": 0.5, "b": 1.0}), found)["x"] == pytest.approx(0.15, abs=1e-6)


def test_what_is_lost_is_told_only_if_it_is_moved():
    found = RigMap(SOURCE, TARGET, shares={"x": {"a": 1.0}}, implied=("c",))
    assert found.lost == ("b",)
    retarget(frames(SOURCE, {"a": 1.0, "c": 1.0}), found)
    with pytest.warns(LossWarning, match="rig 'target' has nothing for a control that this motion moves: b"):
        retarget(frames(SOURCE, {"b": 0.5}), found)


def test_a_mixture_is_the_one_that_a_general_solver_finds():
    from scipy.optimize import nnls

    rng = np.random.default_rng(5)
    poses, moved = rng.uniform(0, 1, (9, 14)), rng.uniform(-0.2, 1, (40, 14))
    price = 0.01 * np.linalg.norm(poses, axis=1)
    ours = mixture(poses, moved)
    # |x P - m|^2 / 2 + price x is, up to a constant, |L' x - L^-1 (P m - price)|^2 / 2 for L L' = P P'
    factor = np.linalg.cholesky(poses @ poses.T + 1e-7 * np.eye(9))
    theirs = np.array([nnls(factor.T, np.linalg.solve(factor, poses @ row - price))[0] for row in moved])
    assert np.abs(ours - theirs).max() < 1e-6


def test_a_pose_is_never_dearer_than_others_that_add_up_to_it():
    left, right = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    both, single = mixture(np.array([left, right, left + right]), np.array([[0.8, 0.8], [0.8, 0.0]]))
    assert both.argmax() == 2
    assert both[:2].max() == 0
    assert single.argmax() == 0
    assert single[1:].max() == 0


@pytest.mark.filterwarnings("ignore::animator.errors.LossWarning")
@pytest.mark.parametrize("name", VISEME_OF)
@pytest.mark.parametrize("change", [dict, halved])
def test_our_visemes_are_those_of_other_sets(name, change):
    carried = pipeline.retarget(frames(ARKIT, *map(change, ARKIT.visemes.values())), "arkit", name)
    rest = load_rig(name).rest
    for viseme, row in zip(ARKIT.visemes, carried.values - rest, strict=True):
        if viseme == "sil":
            assert not row.any()
            continue
        wanted = carried.names.index(VISEME_OF[name][viseme])
        strength = 1.0 if change is dict else 0.5
        assert strength - 0.03 < row[wanted] <= strength
        assert np.delete(row, wanted).max() < 0.03


@pytest.mark.filterwarnings("ignore::animator.errors.LossWarning")
@pytest.mark.parametrize("change", [dict, halved])
def test_a_viseme_is_known_by_all_that_is_seen_of_it(change):
    assert set(ARKIT.seen) == set(VISEMES) - {"sil"}
    for viseme, poses in ARKIT.seen.items():
        carried = pipeline.retarget(frames(ARKIT, *map(change, poses)), "arkit", "oculus")
        strongest = carried.values[:, 1:].argmax(axis=1) + 1
        assert {carried.names[column] for column in strongest} == {viseme}
        assert (carried[viseme] > (0.9 if change is dict else 0.4)).all()


@pytest.mark.filterwarnings("ignore::animator.errors.LossWarning")
@pytest.mark.parametrize("name", SPOKEN)
def test_our_vowels_are_those_of_characters(name):
    for viseme, wanted in SPOKEN[name].items():
        carried = pipeline.retarget(frames(ARKIT, ARKIT.visemes[viseme]), "arkit", name)
        assert carried[wanted][0] > 0.97
        assert carried.values[0].sum() - carried[wanted][0] < 0.05


def test_lips_that_close_open_no_vowel_of_vrm():
    closed = [ARKIT.visemes["PP"], ARKIT.visemes["FF"], {"jawOpen": 0.3, "mouthClose": 0.3}]
    carried = pipeline.retarget(frames(ARKIT, *closed), "arkit", "vrm")
    assert np.abs(carried.values).max() < 0.01


def test_our_feelings_are_those_of_vrm_and_their_mouths_no_vowels():
    for feeling, wanted in FELT.items():
        carried = pipeline.retarget(frames(ARKIT, ARKIT.emotions[feeling]), "arkit", "vrm")
        assert carried[wanted][0] > 0.95
        assert max(carried[vowel][0] for vowel in ("aa", "ih", "ou", "ee", "oh")) < 0.02


def test_a_closed_mouth_on_an_open_jaw_is_closed_on_a_metahuman():
    carried = pipeline.retarget(frames(ARKIT, {"jawOpen": 0.3, "mouthClose": 0.3}), "arkit", "metahuman")
    assert carried["CTRL_expressions_jawOpen"][0] == pytest.approx(0.0, abs=1e-6)


def test_a_blink_in_mmd_is_one_morph_and_a_wink_what_one_lid_closes_further():
    carried = pipeline.retarget(frames(ARKIT, {"eyeBlinkLeft": 1.0, "eyeBlinkRight": 0.4}), "arkit", "mmd")
    assert carried["まばたき"][0] == pytest.approx(0.4, abs=0.02)
    assert carried["ウィンク２"][0] == pytest.approx(0.6, abs=0.02)
    assert carried["ｳｨﾝｸ２右"][0] == 0


def test_morphs_of_mmd_fit_the_fifteen_bytes_that_a_motion_file_has():
    assert all(len(c.name.encode("cp932")) <= 15 for c in load_rig("mmd").controls if c.unit == "weight")


def test_a_rig_without_a_map_of_its_own_is_reached_in_steps():
    assert [step.target.name for step in load_maps("arkit", "metahuman-board")] == ["metahuman", "metahuman-board"]
    assert load_maps("vrm", "vrm") == ()
    with pytest.raises(InputError, match="no map leads from rig 'polly' to rig 'arkit'; those that lead there: a2f, "):
        load_maps("polly", "arkit")
    with pytest.raises(UnknownNameError, match="did you mean 'oculus'"):
        load_maps("arkit", "occulus")


@pytest.mark.parametrize(
    ("text", "error", "sentence"),
    [
        ('source = "arkit"', FormatError, r"m.toml needs the name of its target"),
        ('source = "arkitt"\ntarget = "vrm"', UnknownNameError, r"rig 'arkitt' in m.toml; did you mean 'arkit'"),
        (HEADER + "share = {}", UnknownNameError, r"key 'share' in m.toml; did you mean 'shares'"),
        (HEADER + "shares = 3", FormatError, r"m.toml: shares is a table"),
        (HEADER + "[shares]\nblinkLef = {eyeBlinkLeft = 1}", UnknownNameError, r"rig 'vrm' 'blinkLef' in m.toml; .*'blinkLeft'"),
        (HEADER + "[shares]\naa = {jawOpened = 1}", UnknownNameError, r"'jawOpened' in m.toml, shares of 'aa'; .*'jawOpen'"),
        (
            HEADER + "[shares]\naa = {'jawOpen * pucker' = 1}",
            UnknownNameError,
            r"'pucker' in m.toml, shares of 'aa'; .*mouthPucker",
        ),
        (HEADER + "[shares]\naa = 'jawOpen'", FormatError, r"m.toml, shares of 'aa' is a table of control names and numbers"),
        (HEADER + "[poses]\naa = ['AA']", UnknownNameError, r"'AA' in m.toml, poses of 'aa'; did you mean 'aa'"),
        (HEADER + "[poses]\naa = ['sil']", InputError, r"m.toml: a pose of 'aa' moves nothing"),
        (HEADER + "[poses]\naa = {jaw = 1.0}", UnknownNameError, r"'jaw' in m.toml, poses of 'aa'"),
        (HEADER + "unshown = [{jaw = 1.0}]", UnknownNameError, r"'jaw' in m.toml, unshown"),
        (HEADER + "remainder = 'silent'", UnknownNameError, r"rig 'vrm' 'silent' in m.toml"),
        (HEADER + "implied = 'jawOpen'", FormatError, r"m.toml: implied is a list"),
        (HEADER + "implied = ['jawopen']", UnknownNameError, r"'jawopen' in m.toml, implied; did you mean 'jawOpen'"),
        (HEADER + "same_names = 1", FormatError, r"m.toml: same_names is true or false"),
        (HEADER + "lost = ['jawOpen']", FormatError, r"m.toml, lost: '\w+' is lost too"),
        (HEADER + "same_names = true\nlost = ['headYaw']", FormatError, r"m.toml, lost: "),
        (HEADER + "schema = 'animator.Rig/1'", FormatError, r"m.toml has schema 'animator.Rig/1'"),
    ],
)
def test_a_wrong_map_is_told_with_its_file_and_key(text, error, sentence):
    with pytest.raises(error, match=sentence):
        parse_map(text, "m.toml")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "controls = [{name = 'a', region = 'jaw'}]\n[from.arkit.shares]\nb = {jawOpen = 1}",
            r"'b' in mine.toml, \[from.arkit\]",
        ),
        (
            "controls = [{name = 'a', region = 'jaw'}]\n[from.arkit.shares]\na = {jawopen = 1}",
            r"mine.toml, .*did you mean 'jawOpen'",
        ),
        ("controls = [{name = 'a', region = 'jaw'}]\n[from.arkid.shares]\na = {jawOpen = 1}", r"no map leads .*there: arkid"),
        ("controls = [{name = 'a', region = 'chin'}]", r"mine.toml, control 1: there is no face region 'chin'"),
        ("controls = [{name = 'a', region = 'jaw', low = 'no'}]", r"'low' of mine.toml, control 1 is a number"),
        ("controls = [{name = 'a', region = 'jaw', mirror = 'b'}]", r"mine.toml: there is no control 'b'"),
        ("controls = [{name = 'a', region = 'jaw'}]\nfrom = 3", r"mine.toml: a way from another rig is a table"),
        ("controls = [{name = 'a', region = 'jaw'}]", r"no map leads from rig 'arkit' to rig '.*mine.toml'; those .*: none"),
        ("controls = [", r"mine.toml is not valid TOML"),
    ],
)
def test_a_wrong_rig_of_ones_own_is_told_with_its_file_and_key(text, sentence, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=sentence):
        load_maps("arkit", str(path))


def test_a_rig_file_that_is_not_there_is_told():
    with pytest.raises(InputError, match=r"there is no file 'nowhere.toml'"):
        load_rig("nowhere.toml")
