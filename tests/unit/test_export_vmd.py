import warnings
from fractions import Fraction

import numpy as np
import pytest
from takes import RATES, take, ten_minutes, turned

from animator.errors import InputError, LossWarning
from animator.exporters.vmd import Vmd
from animator.io.rig import load_rig

MMD = load_rig("mmd")
BONES = {"頭": "head", "左目": "leftEye", "右目": "rightEye"}
THIRTY = Fraction(30)


@pytest.fixture
def read(tmp_path, read_with):
    """A VMD as mmd-parser sees it, bones and morphs by name; it turns MMD's left-handed space into a right-handed one."""

    def read(given, **settings):
        path = tmp_path / "clip.vmd"
        Vmd(**settings).export(given, path)
        seen = read_with("mmd_parser", path)
        assert seen["metadata"]["magic"] == "Vocaloid Motion Data 0002"
        found = {}
        for kind in ("motions", "morphs"):
            assert seen["metadata"][f"{kind.removesuffix('s')}Count"] == len(seen[kind])
            for key in seen[kind]:
                found.setdefault((kind, key.get("boneName") or key["morphName"]), []).append(key)
        return seen["metadata"], found

    return read


def matrix(quaternion):
    x, y, z, w = quaternion
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


@pytest.mark.parametrize(("seconds", "tolerance"), [(0.1, 0.0), (1.5, 0.0), (1.5, 0.01)])
def test_every_morph_and_every_turn_is_read_back(seconds, tolerance, read):
    given = take(seconds, THIRTY, face=MMD)
    _, found = read(given, tolerance=tolerance)
    frames = np.arange(len(given.motion))
    morphs = [name for kind, name in found if kind == "morphs"]
    assert morphs == [c.name for c in MMD.controls if c.unit == "weight"]
    for name in morphs:
        keys = found["morphs", name]
        shown = np.interp(frames, [key["frameNum"] for key in keys], [key["weight"] for key in keys])
        np.testing.assert_allclose(shown, given.motion[name], atol=tolerance + 1e-6)
    assert [name for kind, name in found if kind == "motions"] == list(BONES)
    for bone, joint in BONES.items():
        keys = found["motions", bone]
        at, turns = [key["frameNum"] for key in keys], np.array([key["rotation"] for key in keys])
        shown = np.stack([np.interp(frames, at, turns[:, axis]) for axis in range(4)], axis=1)
        shown /= np.linalg.norm(shown, axis=1, keepdims=True)
        np.testing.assert_allclose(np.stack([matrix(q) for q in shown]), turned(given, joint), atol=2 * tolerance + 1e-6)
        assert all(key["position"] in ([0, 0, 0], [0, 0, -0.0]) for key in keys)


def test_keys_of_bones_are_joined_at_an_even_pace(read):
    _, found = read(take(0.1, THIRTY, face=MMD))
    for bone in BONES:
        for key in found["motions", bone]:
            x1, y1, x2, y2 = (key["interpolation"][4 * k : 4 * k + 4] for k in range(4))
            assert (x1, x2) == (y1, y2), "the curve lies on the diagonal"


@pytest.mark.parametrize("fps", RATES, ids=str)
def test_other_rates_are_laid_on_thirty_and_this_is_told(fps, read):
    given = take(1.5, fps, face=MMD)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        _, found = read(given, tolerance=0.0)
    assert [w.category for w in told] == ([] if fps == 30 else [LossWarning])
    keys = found["morphs", "あ"]
    last = max(key["frameNum"] for key in keys)
    assert abs((last + 1) / 30 - given.motion.seconds) <= 1 / 30
    exact = np.interp(np.arange(last + 1) / 30, np.arange(len(given.motion)) / float(fps), given.motion["あ"])
    shown = np.interp(np.arange(last + 1), [key["frameNum"] for key in keys], [key["weight"] for key in keys])
    np.testing.assert_allclose(shown, exact, atol=1e-5)


def test_ten_minutes(read):
    _, found = read(ten_minutes(THIRTY, MMD))
    assert [(key["frameNum"], key["weight"]) for key in found["morphs", "まばたき"]] == [(0, 0), (17998, 0), (17999, 1)]


@pytest.mark.parametrize(
    ("name", "kept"), [("初音ミク", "初音ミク"), ("x" + "あ" * 12, "x" + "あ" * 9), ("naïve", "na?ve"), ("x" * 30, "x" * 20)]
)
def test_a_name_is_cut_between_characters(name, kept, read):
    metadata, _ = read(take(0.1, THIRTY, name=name, face=MMD))
    assert metadata["name"] == kept


def test_a_negative_tolerance_is_refused():
    with pytest.raises(InputError, match="tolerance"):
        Vmd(tolerance=-1.0)
