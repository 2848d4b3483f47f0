import json
import os
import shutil
import subprocess
import warnings
from pathlib import Path

import numpy as np
import pytest
from takes import ARKIT, FEW, RATES, take, ten_minutes, turned

from animator.errors import InputError
from animator.exporters.godot import Godot3, Godot4

with warnings.catch_warnings(action="ignore"):  # it speaks to pyparsing in words that are going out of use
    import godot_parser

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:godot_parser")
PROJECT = Path(__file__).parent.parent / "readers" / "godot3"
WEIGHTS = [c.name for c in ARKIT.controls if c.unit == "weight"]
ENGINE = shutil.which("godot3-server") or shutil.which("godot3-server", path="/usr/games:/usr/local/games")
BOTH = pytest.mark.parametrize("part", [Godot3, Godot4])


@pytest.fixture
def play(tmp_path):
    if ENGINE is None:
        pytest.skip("godot3-server is not installed")

    def play(given, part, times, shapes):
        part.export(given, tmp_path / "clip.tres")
        (tmp_path / "request.json").write_text(json.dumps({"shapes": shapes, "times": list(times)}))
        files = {"ANIMATION": "clip.tres", "REQUEST": "request.json", "ANSWER": "answer.json"}
        told = subprocess.run(
            [ENGINE, "--path", PROJECT, "--script", "play.gd"],
            env=os.environ | {"HOME": str(tmp_path)} | {name: str(tmp_path / file) for name, file in files.items()},
            check=True,
            capture_output=True,
            text=True,
        )
        assert "SCRIPT ERROR" not in told.stderr
        assert "couldn't resolve track" not in told.stderr
        return json.loads((tmp_path / "answer.json").read_text())

    return play


def tracks(path):
    """Path of each track, with the whole track, as godot_parser reads them."""
    section = godot_parser.load(str(path)).find_section("resource")
    found = {}
    for key, value in section.properties.items():
        if key.startswith("tracks/"):
            _, number, what = key.split("/")
            found.setdefault(int(number), {})[what] = value
    return section.properties, {track["path"].path: track for track in found.values()}


def curve(track):
    """Times and values of a track's keys."""
    keys = track["keys"]
    if track["type"] == "blend_shape":
        rows = np.array(keys.args).reshape(-1, 3)
        assert (rows[:, 1] == 1).all()
        return rows[:, 0], rows[:, 2]
    assert set(keys["transitions"].args) == {1}
    assert keys["update"] == 0
    assert all(isinstance(value, float) for value in keys["values"])
    return np.array(keys["times"].args), np.array(keys["values"])


@pytest.mark.parametrize("fps", RATES, ids=str)
@pytest.mark.parametrize("seconds", [0.1, 1.5])
def test_godot_3_plays_every_weight_and_every_turn(fps, seconds, play):
    given = take(seconds, fps)
    frames = len(given.motion)
    seen = play(given, Godot3(tolerance=0.0), [float(i / fps) for i in range(frames)], WEIGHTS)
    assert seen["length"] == pytest.approx(float(frames / fps), abs=1e-6)
    np.testing.assert_allclose(seen["weights"], given.motion.values[:, : len(WEIGHTS)], atol=2e-6)
    for joint in ("head", "leftEye", "rightEye"):
        np.testing.assert_allclose(seen[joint], turned(given, joint).transpose(0, 2, 1), atol=2e-6)


def test_godot_3_plays_sparse_keys_within_the_tolerance(play):
    given = take()
    seen = play(given, Godot3(tolerance=0.01), [i / 30 for i in range(len(given.motion))], WEIGHTS)
    error = np.abs(np.array(seen["weights"]) - given.motion.values[:, : len(WEIGHTS)])
    assert 1e-3 < error.max() < 0.01 + 2e-6


def test_godot_3_moves_in_straight_lines_between_frames(play):
    given = take()
    times = np.linspace(0, 1.4, 57)
    seen = play(given, Godot3(tolerance=0.0), times, WEIGHTS)
    straight = [np.interp(times * 30, np.arange(len(given.motion)), given.motion[name]) for name in WEIGHTS]
    np.testing.assert_allclose(seen["weights"], np.transpose(straight), atol=1e-5)


def test_godot_3_plays_ten_minutes(play):
    seen = play(ten_minutes(RATES[0], FEW), Godot3(), [0.0, 300.0, 14398 / 24, 14399 / 24], ["jawOpen"])
    np.testing.assert_allclose(seen["weights"], [[0], [0], [0], [1]], atol=1e-3)


@BOTH
@pytest.mark.parametrize("fps", RATES, ids=str)
@pytest.mark.parametrize(("seconds", "tolerance"), [(0.1, 0.0), (0.7, 0.001)])
def test_every_key_is_read_back_as_text(part, fps, seconds, tolerance, tmp_path):
    given = take(seconds, fps, face=FEW)
    part(tolerance=tolerance).export(given, tmp_path / "clip.tres")
    properties, found = tracks(tmp_path / "clip.tres")
    assert properties["length"] == pytest.approx(float(len(given.motion) / fps))
    at = np.arange(len(given.motion)) / float(fps)
    shape = "Face:blend_shapes/{}" if part is Godot3 else "Face:{}"
    expected = {shape.format(c.name): c.name for c in FEW.controls if c.unit == "weight"}
    for node, joint in (("Head", "head"), ("Head/LeftEye", "leftEye"), ("Head/RightEye", "rightEye")):
        expected |= {f"{node}:rotation:{a}": f"{joint}{name}" for a, name in zip("xyz", ("Pitch", "Yaw", "Roll"), strict=True)}
    assert list(found) == list(expected)
    for path, name in expected.items():
        times, values = curve(found[path])
        wanted = given.motion[name] if name in FEW.columns else np.zeros(len(at))
        np.testing.assert_allclose(np.interp(at, times, values), wanted, atol=tolerance + 1e-6, err_msg=path)
        assert found[path]["interp"] == 1


def test_the_versions_differ_in_their_header_and_in_the_kind_of_their_tracks(tmp_path):
    kinds = {}
    for part, version in ((Godot3, 2), (Godot4, 3)):
        part().export(take(0.1, face=FEW), tmp_path / "clip.tres")
        assert (tmp_path / "clip.tres").read_text().startswith(f'[gd_resource type="Animation" format={version}]\n')
        kinds[part] = {path: track["type"] for path, track in tracks(tmp_path / "clip.tres")[1].items()}
    assert set(kinds[Godot3].values()) == {"value"}
    assert kinds[Godot4]["Face:jawOpen"] == "blend_shape"
    assert kinds[Godot4]["Head:rotation:y"] == "value"


@BOTH
def test_nodes_are_named_as_asked_and_left_out_when_empty(part, tmp_path):
    given = take(0.1, face=FEW, name='"täglich" \\ 1')
    part(face="Körper/Gesicht", head="Kopf", left_eye="", right_eye="").export(given, tmp_path / "clip.tres")
    properties, found = tracks(tmp_path / "clip.tres")
    assert properties["resource_name"] == given.name
    assert {path.partition(":")[0] for path in found} == {"Körper/Gesicht", "Kopf"}


@BOTH
def test_a_negative_tolerance_is_refused(part):
    with pytest.raises(InputError, match="tolerance"):
        part(tolerance=-1.0)
