"""GLB as Khronos' validator, three.js and we ourselves see it."""

from __future__ import annotations

import json
import struct
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from dummy_head import dummy_head

from animator import pipeline
from animator.core.motion import Motion, limit
from animator.core.take import Take
from animator.errors import InputError
from animator.exporters.glb import Glb, GlbCurves
from animator.exporters.turns import quaternions, turns
from animator.geometry.pose import Poser
from animator.importers.glb_file import GlbFile
from animator.io.rig import load_rig
from animator.recipe import Recipe

RIG = load_rig("arkit")
WEIGHTS = [k for k, control in enumerate(RIG.controls) if control.unit == "weight"]
TOLERANCE = 0.001


def performance(frames=40, fps=Fraction(30000, 1001)):
    """Every control moves through its whole range, each at its own pace."""
    rng = np.random.default_rng(1)
    wave = 0.5 + 0.5 * np.sin(
        rng.uniform(0, 6, len(RIG.names)) + np.arange(frames)[:, None] * rng.uniform(0.02, 0.3, len(RIG.names))
    )
    return limit(Motion(RIG.names, (RIG.low + wave * (RIG.high - RIG.low)).astype(np.float32), fps), RIG)


@pytest.fixture(scope="module")
def head():
    return pipeline.make_head(Recipe())


@pytest.fixture(scope="module")
def ours(head, tmp_path_factory):
    take = Take("clip", performance(), RIG, sound="clip.wav", head=head, recipe="seed = 1")
    path = tmp_path_factory.mktemp("glb") / "clip.glb"
    Glb(TOLERANCE).export(take, path)
    return take, path


@pytest.fixture(scope="module")
def curves(tmp_path_factory):
    take = Take("clip", performance(), RIG)
    path = tmp_path_factory.mktemp("curves") / "clip.glb"
    GlbCurves(TOLERANCE).export(take, path)
    return take, path


def moments(take):
    return [repr(float(i / take.motion.fps)) for i in range(len(take.motion))]


def complaints(report):
    """What the validator says, but for what it has no rules for."""
    told = [message for message in report["issues"]["messages"] if message["code"] != "UNSUPPORTED_EXTENSION"]
    return [message for message in told if message["severity"] < 2]


@pytest.mark.parametrize("which", ["ours", "curves"])
def test_the_validator_finds_neither_errors_nor_warnings(which, request, read_with):
    report = read_with("gltf_validator", request.getfixturevalue(which)[1])
    assert (report["issues"]["numErrors"], report["issues"]["numWarnings"]) == (0, 0), complaints(report)
    assert report["info"]["hasMorphTargets"]
    assert report["info"]["animationCount"] == 1


def test_a_head_of_one_control_and_a_motion_of_one_frame_are_valid_too(tmp_path, read_with):
    Glb().export(Take("clip", performance(1, Fraction(24)), RIG, head=dummy_head()), tmp_path / "clip.glb")
    issues = read_with("gltf_validator", tmp_path / "clip.glb")["issues"]
    assert (issues["numErrors"], issues["numWarnings"]) == (0, 0)


@pytest.mark.parametrize("which", ["ours", "curves"])
def test_three_js_plays_every_weight_and_every_turn_of_every_frame(which, request, read_with):
    take, path = request.getfixturevalue(which)
    played = read_with("three_animation", path, *moments(take))
    assert played["name"] == "clip"
    assert played["seconds"] == pytest.approx(float((len(take.motion) - 1) / take.motion.fps), abs=1e-5)
    assert {tuple(names) for names in played["targets"]} == {tuple(RIG.names[k] for k in WEIGHTS)}
    expected = {
        name: quaternions(angles) for name, angles in zip(("Head", "LeftEye", "RightEye"), turns(take).values(), strict=True)
    }
    for i, moment in enumerate(played["moments"]):
        for weights in moment["weights"]:
            np.testing.assert_allclose(weights, take.motion.values[i, WEIGHTS], atol=TOLERANCE + 1e-5)
        for node, turned in expected.items():
            np.testing.assert_allclose(2 * np.array(moment["turns"][node]), 2 * turned[i], atol=1.2 * TOLERANCE)


def test_the_mesh_with_its_targets_and_its_skin_is_where_we_draw_it(ours, head):
    take, path = ours
    file = GlbFile(path.read_bytes())
    row = take.motion.values[11]
    weights = row[WEIGHTS]
    nodes = {node["name"]: node for node in file.content["nodes"]}
    turned = {
        name: quaternions(angles)[11] for name, angles in zip(("Head", "LeftEye", "RightEye"), turns(take).values(), strict=True)
    }
    at_eye = {name: np.array(nodes[name]["translation"]) for name in ("LeftEye", "RightEye")}
    posed = []
    for mesh in file.content["meshes"]:
        for primitive in mesh["primitives"]:
            points = file.numbers(primitive["attributes"]["POSITION"])
            for weight, target in zip(weights, primitive.get("targets", []), strict=False):
                points = points + weight * file.numbers(target["POSITION"])
            joints = file.numbers(primitive["attributes"]["JOINTS_0"])
            share = file.numbers(primitive["attributes"]["WEIGHTS_0"])
            np.testing.assert_allclose(share.sum(axis=1), 1, atol=1e-6)
            out = np.zeros_like(points)
            for joint, name in enumerate(("Shoulders", "Head", "LeftEye", "RightEye")):
                placed = points
                if name in at_eye:
                    placed = spun(turned[name], points - at_eye[name]) + at_eye[name]
                if name != "Shoulders":
                    placed = spun(turned["Head"], placed)
                out += (share * (joints == joint)).sum(axis=1, keepdims=True) * placed
            posed.append((out, share[:, 0] < 1 - 1e-6))
    drawn = Poser(head, RIG.names)(row)
    used = [np.unique(head.triangles[part.start : part.stop]) for part in head.parts]
    used.sort(key=lambda vertices: not head.displacements[:, vertices].any())  # what weights move is the first mesh
    for vertices, (points, bends) in zip(used, posed, strict=True):
        off = np.linalg.norm(points - drawn[vertices], axis=1)
        assert off[~bends].max(initial=0) < 2e-5
        assert off.max() < 0.005  # metres: a neck bent as far as it goes, between the joints


def spun(quaternion, points):
    """Points turned by x, y, z, w."""
    axis, w = quaternion[:3], quaternion[3]
    across = np.cross(axis, points)
    return points + 2 * (w * across + np.cross(axis, across))


def test_most_of_the_targets_rows_are_not_stored(ours):
    file = GlbFile(ours[1].read_bytes())
    [mesh] = [mesh for mesh in file.content["meshes"] if mesh.get("weights")]
    assert len(mesh["weights"]) == len(mesh["extras"]["targetNames"]) == 52
    accessors = [file.content["accessors"][t["POSITION"]] for p in mesh["primitives"] for t in p["targets"]]
    stored = sum(a.get("sparse", {"count": 0})["count"] for a in accessors)
    assert 0 < stored < 0.2 * sum(a["count"] for a in accessors)


def test_hair_is_a_mask_lashes_and_brows_fade_and_the_cornea_only_shines(ours):
    materials = {m["name"]: m for m in GlbFile(ours[1].read_bytes()).content["materials"]}
    modes = {name: material["alphaMode"] for name, material in materials.items()}
    assert modes["hair"] == "MASK"
    assert {modes[name] for name in ("lashes", "brows", "cornea_left")} == {"BLEND"}
    assert {modes[name] for name in ("skin", "eye_left", "teeth_lower", "tongue", "shirt")} == {"OPAQUE"}
    assert "baseColorTexture" not in materials["cornea_left"]["pbrMetallicRoughness"]


def test_tolerance_leaves_out_keys_but_a_tolerance_of_none_keeps_all_that_bend(tmp_path):
    take = Take("clip", performance(300), RIG)
    counts = []
    for tolerance in (0.0, 0.05):
        GlbCurves(tolerance).export(take, tmp_path / f"{tolerance}.glb")
        file = GlbFile((tmp_path / f"{tolerance}.glb").read_bytes())
        counts.append(len(file.numbers(file.content["animations"][0]["samplers"][0]["input"])))
    assert counts[0] == 300
    assert counts[1] < 150


def test_where_it_comes_from_is_told_if_that_is_known(ours, curves):
    content = GlbFile(ours[1].read_bytes()).content
    [packet] = content["extensions"]["KHR_xmp_json_ld"]["packets"]
    assert packet["Iptc4xmpExt:DigitalSourceType"]["@id"].endswith("/trainedAlgorithmicMedia")
    assert packet["dc:source"] == content["animations"][0]["extras"]["sound"] == "clip.wav"
    assert content["asset"]["extras"]["recipe"] == "seed = 1"
    assert "KHR_xmp_json_ld" not in json.dumps(GlbFile(curves[1].read_bytes()).content)


def test_it_is_one_file_of_two_whole_chunks(ours):
    data = ours[1].read_bytes()
    assert struct.unpack_from("<4sII", data) == (b"glTF", 2, len(data))
    size, _ = struct.unpack_from("<II", data, 12)
    assert size % 4 == 0
    assert struct.unpack_from("<I", data, 20 + size)[0] == len(data) - 28 - size


def test_a_take_without_a_head_or_a_head_that_nothing_moves_is_told(tmp_path):
    take = Take("clip", performance(2), RIG)
    with pytest.raises(InputError, match="none"):
        Glb().export(take, tmp_path / "clip.glb")
    still = replace(dummy_head(), controls=("wiggle",))
    with pytest.raises(InputError, match="displacements for none"):
        Glb().export(replace(take, head=still), tmp_path / "clip.glb")
