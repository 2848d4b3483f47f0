"""VRMA as Khronos' validator and pixiv's loader, the one that avatars' viewers use, see it."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from animator.core.motion import Motion
from animator.core.take import Take
from animator.exporters.turns import quaternions, turns
from animator.exporters.vrma import LOOKS, PRESETS, SKELETON, Vrma, VrmaCustom
from animator.importers.glb_file import GlbFile
from animator.io.rig import load_rig

TOLERANCE = 0.001


def performance(rig, frames=60, fps=Fraction(30)):
    """Every control moves through its whole range, each at its own pace, but for what both eyes would do twice."""
    rng = np.random.default_rng(2)
    wave = 0.5 + 0.5 * np.sin(
        rng.uniform(0, 6, len(rig.names)) + np.arange(frames)[:, None] * rng.uniform(0.02, 0.3, len(rig.names))
    )
    values = (rig.low + wave * (rig.high - rig.low)).astype(np.float32)
    values[:, [k for k, name in enumerate(rig.names) if name == "blink"]] = 0
    return Take("clip", Motion(rig.names, values, fps), rig, sound="clip.wav", recipe="seed = 1")


@pytest.fixture(scope="module", params=["vrm", "arkit"])
def written(request, tmp_path_factory):
    take = performance(load_rig(request.param))
    path = tmp_path_factory.mktemp("vrma") / "clip.vrma"
    (Vrma if request.param == "vrm" else VrmaCustom)(TOLERANCE).export(take, path)
    return take, path


def test_the_loader_finds_every_expression_and_every_frame_of_it(written, read_with):
    take, path = written
    loaded = read_with("three_vrm_animation", path)
    assert loaded["complaints"] == []
    assert loaded["seconds"] == pytest.approx(59 / 30, abs=1e-5)
    weights = {control.name for control in take.rig.controls if control.unit == "weight"} - LOOKS - {"blink"}
    assert set(loaded["preset"]) == weights & PRESETS
    assert set(loaded["custom"]) == weights - PRESETS
    at = np.arange(60) / 30
    for name, track in (loaded["preset"] | loaded["custom"]).items():
        played = np.interp(at, track["times"], track["values"])
        np.testing.assert_allclose(played, take.motion[name], atol=TOLERANCE + 1e-5)


def test_the_loader_finds_the_head_and_one_gaze_of_both_eyes(written, read_with):
    take, path = written
    loaded = read_with("three_vrm_animation", path)
    assert set(loaded["bones"]) == {"head"}
    assert loaded["hips"][1] > 0
    angles = turns(take)
    for track, expected in (
        (loaded["bones"]["head"], angles["head"]),
        (loaded["gaze"], (angles["left_eye"] + angles["right_eye"]) / 2),
    ):
        turned = np.array(track["values"]).reshape(-1, 4)
        played = np.stack([np.interp(np.arange(60) / 30, track["times"], column) for column in turned.T], axis=1)
        np.testing.assert_allclose(2 * played, 2 * quaternions(expected), atol=1.2 * TOLERANCE)


def test_the_validator_finds_neither_errors_nor_warnings(written, read_with):
    issues = read_with("gltf_validator", written[1])["issues"]
    assert (issues["numErrors"], issues["numWarnings"]) == (0, 0)


def test_it_keeps_the_rules_of_the_standard(written):
    content = GlbFile(written[1].read_bytes()).content
    told = content["extensions"]["VRMC_vrm_animation"]
    assert told["specVersion"] == "1.0"
    assert "VRMC_vrm_animation" in content["extensionsUsed"]
    bones = told["humanoid"]["humanBones"]
    assert set(bones) == set(SKELETON)
    expressions = {**told["expressions"]["preset"], **told["expressions"]["custom"]}
    nodes = [entry["node"] for entry in [*bones.values(), *expressions.values(), told["lookAt"]]]
    assert len(nodes) == len(set(nodes)), "a node serves one thing alone"
    assert not LOOKS & set(told["expressions"]["preset"])
    assert set(told["expressions"]["preset"]) <= PRESETS
    for channel in content["animations"][0]["channels"]:
        target = channel["target"]
        assert target["path"] == (
            "rotation" if target["node"] in (bones["head"]["node"], told["lookAt"]["node"]) else "translation"
        )


def test_a_blink_of_both_eyes_is_written_if_it_is_what_moves(tmp_path):
    take = performance(load_rig("vrm"))
    values = np.array(take.motion.values)
    values[10, take.rig.column("blink")] = 1
    Vrma().export(Take("clip", Motion(take.rig.names, values, Fraction(30)), take.rig), tmp_path / "clip.vrma")
    told = GlbFile((tmp_path / "clip.vrma").read_bytes()).content["extensions"]["VRMC_vrm_animation"]
    assert "blink" in told["expressions"]["preset"]
