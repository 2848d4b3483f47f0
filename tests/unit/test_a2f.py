"""Audio2Face: weights in the layout that its readers expect, and what is read from its exports, old and new."""

import json
import re
import warnings
from fractions import Fraction

import numpy as np
import pandas
import pytest

from animator.core.motion import Motion
from animator.core.take import Take
from animator.errors import FormatError, InputError, LossWarning
from animator.exporters.a2f import A2F
from animator.importers.a2f import A2F as Reader
from animator.importers.nim import Nim
from animator.io.rig import load_rig

RIG = load_rig("arkit")
A2F_RIG = load_rig("a2f")


def written(path, fps=Fraction(30), recipe="", **settings):
    values = np.random.default_rng(1).uniform(0, 1, (5, len(A2F_RIG.names))).astype(np.float32)
    motion = Motion(A2F_RIG.names, values, fps)
    A2F(**settings).export(Take("clip", motion, A2F_RIG, sound="clip.wav", recipe=recipe), path)
    return motion, json.loads(path.read_text(encoding="utf-8"))


def given(path, **entries):
    table = {
        "exportFps": 30,
        "numPoses": 2,
        "numFrames": 2,
        "facsNames": ["jawOpen", "eyeBlinkLeft"],
        "weightMat": [[0.1, 0.2]] * 2,
    }
    path.write_text(json.dumps({k: v for k, v in (table | entries).items() if v is not None}))
    return path


def read(path, reader=Reader):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return reader().read(path)


def test_a_reader_finds_names_counts_and_rows_as_in_the_format(tmp_path):
    motion, table = written(tmp_path / "clip.json")
    assert table["exportFps"] == 30
    assert isinstance(table["exportFps"], int), "one reader takes whole rates only"
    assert table["trackPath"] == "clip.wav"
    assert table["numPoses"] == len(table["facsNames"]) == 52
    assert table["numFrames"] == len(table["weightMat"]) == 5
    assert table["facsNames"] == [control.name for control in RIG.controls[:52]]
    np.testing.assert_allclose(table["weightMat"], motion.values, atol=5e-7)
    assert "provenance" not in table


def test_it_says_how_it_was_made_where_that_is_known(tmp_path):
    _, table = written(tmp_path / "clip.json", recipe="seed = 1\n")
    assert table["provenance"]["recipe"] == "seed = 1\n"
    assert table["provenance"]["digitalSourceType"].endswith("/trainedAlgorithmicMedia")


@pytest.mark.parametrize("rate", [Fraction(24000, 1001), Fraction(30000, 1001), Fraction(25), Fraction(25, 2)], ids=str)
def test_rates_come_back_exactly(rate, tmp_path):
    written(tmp_path / "clip.json", fps=rate)
    assert read(tmp_path / "clip.json").fps == rate


def test_a_rate_of_two_decimals_is_the_one_in_use(tmp_path):
    assert read(given(tmp_path / "clip.json", exportFps=29.97)).fps == Fraction(30000, 1001)


def test_fewer_poses_in_any_order_and_spelling_are_read_and_the_rest_rests(tmp_path):
    names = ["EyeBlinkLeft", "mouthSmile_R", *(control.name for control in RIG.controls[8:52])]
    assert len(names) == 46
    rows = np.round(np.random.default_rng(2).uniform(-0.1, 1.2, (3, 46)), 4).tolist()
    names.remove("mouthSmileRight")
    names.append("jawOpen_x")
    with pytest.warns(LossWarning, match="jawOpen_x"):
        motion = Reader().read(given(tmp_path / "old.json", facsNames=names, numPoses=46, numFrames=3, weightMat=rows))
    np.testing.assert_allclose(motion["eyeBlinkLeft"], [row[0] for row in rows], atol=1e-6)
    np.testing.assert_allclose(motion["mouthSmileRight"], [row[1] for row in rows], atol=1e-6)
    assert not motion["eyeWideLeft"].any()
    assert not motion["headYaw"].any()


def test_joints_of_newer_exports_are_left_out_and_told(tmp_path):
    path = given(tmp_path / "new.json", joints=["jaw"], rotations=[[[0, 0, 0, 1]]] * 2, translations=[[[0, 0, 0]]] * 2)
    with pytest.warns(LossWarning, match="joints, rotations, translations"):
        assert len(Reader().read(path)) == 2


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ({"facsNames": None}, "'facsNames'"),
        ({"exportFps": None}, "'exportFps'"),
        ({"exportFps": 0}, "'exportFps'"),
        ({"exportFps": "fast"}, "'exportFps'"),
        ({"numPoses": 3}, "'numPoses'"),
        ({"numFrames": 7}, "'numFrames'"),
        ({"weightMat": []}, "'weightMat'"),
        ({"weightMat": [[0.1, 0.2], [0.1]]}, "'weightMat', row 1"),
        ({"weightMat": [[0.1, 0.2], [0.1, None]]}, "'weightMat', row 1"),
        ({"weightMat": [[0.1, True], [0.1, 0.2]]}, "'weightMat', row 0"),
        ({"weightMat": [[0.1, float("nan")], [0.1, 0.2]]}, "'weightMat', row 0"),
        ({"facsNames": ["jawOpen", "JawOpen"]}, "'jawOpen' twice"),
    ],
)
def test_a_bad_file_is_told_with_its_key(entries, told, tmp_path):
    if entries.get("weightMat") == []:
        entries = {**entries, "numFrames": 0}
    with pytest.raises(FormatError, match=re.escape(told)) as caught:
        Reader().read(given(tmp_path / "bad.json", **entries))
    assert "bad.json" in str(caught.value)


def test_text_that_is_no_json_is_told_with_its_line(tmp_path):
    (tmp_path / "bad.json").write_text('{"exportFps": 30,\n "facsNames" ["jawOpen"]}')
    with pytest.raises(FormatError, match="line 2"):
        Reader().read(tmp_path / "bad.json")
    (tmp_path / "bad.json").write_text("[1, 2]")
    with pytest.raises(FormatError, match=r"bad\.json"):
        Reader().read(tmp_path / "bad.json")


@pytest.mark.parametrize("digits", [0, 10])
def test_digits_have_their_bounds(digits):
    with pytest.raises(InputError, match="digits"):
        A2F(digits=digits)


def test_curves_of_the_services_sample_client_are_read(tmp_path):
    """As pandas saves them there: a row's number, the time code, and a column a blend shape."""
    weights = np.random.default_rng(3).uniform(-0.05, 1.1, (20, 2))
    frames = [
        {"timeCode": i / 30, "blendShapes": {"EyeBlinkLeft": a, "JawOpen": b, "TongueTipUp": 0.5}}
        for i, (a, b) in enumerate(weights)
    ]
    pandas.json_normalize(frames).to_csv(tmp_path / "animation_frames.csv")
    assert Nim().recognises(tmp_path / "animation_frames.csv")
    with pytest.warns(LossWarning, match="TongueTipUp"):
        motion = Nim().read(tmp_path / "animation_frames.csv")
    assert motion.fps == 30
    np.testing.assert_allclose(motion.values[:, [RIG.columns["eyeBlinkLeft"], RIG.columns["jawOpen"]]], weights, atol=1e-6)


def test_a_table_without_blend_shapes_is_told(tmp_path):
    (tmp_path / "bad.csv").write_text(",timeCode,emotion_values.joy\n0,0.0,1\n1,0.1,1\n")
    with pytest.raises(FormatError, match=r"bad\.csv.*line 1"):
        Nim().read(tmp_path / "bad.csv")
