import re
from fractions import Fraction

import numpy as np
import pytest
from takes import RATES, take, ten_minutes, turned

from animator.errors import InputError
from animator.exporters.maya import Maya


def read(given, tmp_path, **settings):
    """The header by keyword, and each curve by node and attribute as its output and its rows of numbers.

    No reader of Maya's runs without Maya; this one holds the text to the grammar of the plug-in's own files.
    """
    path = tmp_path / "clip.anim"
    Maya(**settings).export(given, path)
    words = re.findall(r"[{}]|[^\s;{}]+|;", path.read_text(encoding="utf-8"))
    header, curves, at = {}, {}, 0
    while words[at] != "anim":
        assert words[at + 2] == ";"
        header[words[at]] = words[at + 1]
        at += 3
    while at < len(words):
        keyword, full, leaf, node, row, children, index, end, block, opening = words[at : at + 10]
        assert (keyword, end, block, opening, row, children) == ("anim", ";", "animData", "{", "0", "0")
        assert full.rpartition(".")[2] == leaf
        assert index.isdigit()
        at += 10
        settled = {}
        while words[at] != "keys":
            assert words[at + 2] == ";"
            settled[words[at]] = words[at + 1]
            at += 3
        assert settled | {"output": ""} == {
            "input": "time",
            "output": "",
            "weighted": "0",
            "preInfinity": "constant",
            "postInfinity": "constant",
        }
        at += 2
        rows = []
        while words[at] != "}":
            assert words[at + 2 : at + 8] == ["linear", "linear", "1", "1", "0", ";"]
            rows.append((float(words[at]), float(words[at + 1])))
            at += 8
        at += 1
        assert words[at] == "}"
        at += 1
        curves[node, full] = (settled["output"], np.array(rows))
    return header, curves


UNITS = dict(zip(RATES, ("film", "pal", "29.97fps", "ntsc", "ntscf"), strict=True))


@pytest.mark.parametrize("fps", RATES, ids=str)
@pytest.mark.parametrize(("seconds", "tolerance"), [(0.1, 0.0), (1.5, 0.0), (1.5, 0.001)])
def test_keys_give_every_weight_at_every_frame(fps, seconds, tolerance, tmp_path):
    given = take(seconds, fps)
    header, curves = read(given, tmp_path, tolerance=tolerance)
    frames = len(given.motion)
    assert header["animVersion"] == "1.1"
    assert header["timeUnit"] == UNITS[fps]
    assert (header["startTime"], header["endTime"]) == ("0", str(frames - 1))
    weights = [c.name for c in given.rig.controls if c.unit == "weight"]
    assert [attribute for node, attribute in curves if node == "blendShape1"] == weights
    for name in weights:
        output, keys = curves["blendShape1", name]
        assert output == "unitless"
        assert (keys[:, 0] % 1 == 0).all()
        np.testing.assert_allclose(np.interp(np.arange(frames), *keys.T), given.motion[name], atol=tolerance + 1e-6)


def xyz(x, y, z):
    """Maya's rotation in the rotate order xyz: about x, then y, then z (degrees)."""
    x, y, z = np.radians([x, y, z])
    about_x = [[1, 0, 0], [0, np.cos(x), -np.sin(x)], [0, np.sin(x), np.cos(x)]]
    about_y = [[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]]
    about_z = [[np.cos(z), -np.sin(z), 0], [np.sin(z), np.cos(z), 0], [0, 0, 1]]
    return np.array(about_z) @ about_y @ about_x


@pytest.mark.parametrize("tolerance", [0.0, 0.002])
def test_head_and_eyes_turn_in_the_rotate_order_xyz(tolerance, tmp_path):
    given = take()
    _, curves = read(given, tmp_path, tolerance=tolerance)
    frames = np.arange(len(given.motion))
    for node, joint in (("head", "head"), ("leftEye", "leftEye"), ("rightEye", "rightEye")):
        keys = [curves[node, f"rotate.rotate{axis}"] for axis in "XYZ"]
        assert {output for output, _ in keys} == {"angular"}
        angles = np.stack([np.interp(frames, *rows.T) for _, rows in keys], axis=1)
        shown = np.stack([xyz(*row) for row in angles])
        np.testing.assert_allclose(shown, turned(given, joint), atol=2 * tolerance + 2e-6)


def test_a_rate_without_a_name_in_maya_is_written_in_seconds(tmp_path):
    given = take(1.5, Fraction(37))
    header, curves = read(given, tmp_path, tolerance=0.0)
    assert header["timeUnit"] == "sec"
    assert float(header["endTime"]) == pytest.approx((len(given.motion) - 1) / 37, abs=1e-9)
    _, keys = curves["blendShape1", "jawOpen"]
    np.testing.assert_allclose(np.interp(np.arange(len(given.motion)) / 37, *keys.T), given.motion["jawOpen"], atol=1e-6)


def test_ten_minutes_end_at_their_last_frame(tmp_path):
    header, curves = read(ten_minutes(Fraction(24)), tmp_path)
    assert header["endTime"] == "14399"
    assert curves["blendShape1", "jawOpen"][1].tolist() == [[0, 0], [14398, 0], [14399, 1]]


def test_nodes_are_named_as_asked_and_left_out_when_empty(tmp_path):
    _, curves = read(take(0.1), tmp_path, face="morphs", head="neck_01", left_eye="", right_eye="")
    assert {node for node, _ in curves} == {"morphs", "neck_01"}


def test_a_negative_tolerance_is_refused():
    with pytest.raises(InputError, match="tolerance"):
        Maya(tolerance=-1.0)
