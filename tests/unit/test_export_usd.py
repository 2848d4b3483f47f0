"""USD as OpenUSD's own validators, queries and skinning see it."""

from __future__ import annotations

import sys
import zipfile
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from dummy_head import dummy_head

from animator.core.motion import Motion
from animator.core.take import Take
from animator.errors import InputError, MissingDependencyError
from animator.exporters.turns import quaternions, turns
from animator.exporters.usd import Usd
from animator.geometry.pose import Poser
from animator.io.rig import load_rig

pxr = pytest.importorskip("pxr")
from pxr import Usd as OpenUsd  # noqa: E402
from pxr import UsdGeom, UsdSkel, UsdValidation  # noqa: E402

RIG = load_rig("arkit")
WEIGHTS = [control.name for control in RIG.controls if control.unit == "weight"]
TOLERANCE = 0.001
FPS = Fraction(30000, 1001)


@pytest.fixture(scope="module")
def take():
    """Every control moves through its whole range, on a head of balls; each weight moves one half of it."""
    rng = np.random.default_rng(4)
    wave = 0.5 + 0.5 * np.sin(rng.uniform(0, 6, len(RIG.names)) + np.arange(30)[:, None] * rng.uniform(0.02, 0.3, len(RIG.names)))
    motion = Motion(RIG.names, (RIG.low + wave * (RIG.high - RIG.low)).astype(np.float32), FPS)
    head = dummy_head(8)
    measure = np.linspace(0.02, 0.1, len(WEIGHTS), dtype=np.float32)[:, None, None]
    moved = replace(head, controls=tuple(WEIGHTS), displacements=measure * head.displacements)
    return Take("clip", motion, RIG, sound="clip.wav", head=moved, recipe="seed = 1")


@pytest.fixture(scope="module", params=[".usda", ".usdc", ".usdz"])
def path(request, take, tmp_path_factory):
    path = tmp_path_factory.mktemp("usd") / f"clip{request.param}"
    Usd(TOLERANCE).export(take, path)
    return path


@pytest.fixture
def stage(path):
    return OpenUsd.Stage.Open(str(path))


def animation(stage):
    cache = UsdSkel.Cache()
    root = UsdSkel.Root(stage.GetDefaultPrim())
    cache.Populate(root, OpenUsd.PrimDefaultPredicate)
    return cache.GetSkelQuery(UsdSkel.Skeleton(stage.GetPrimAtPath("/Head/Skeleton"))).GetAnimQuery()


def test_openusd_has_no_complaint(stage):
    validators = UsdValidation.ValidationRegistry().GetOrLoadAllValidators()
    assert len(validators) > 20
    errors = UsdValidation.ValidationContext(validators).Validate(stage)
    assert [error.GetMessage() for error in errors] == []


def test_the_stage_tells_axes_units_and_the_exact_rate(stage, take):
    assert UsdGeom.GetStageUpAxis(stage) == "Y"
    assert UsdGeom.GetStageMetersPerUnit(stage) == 1
    assert stage.GetTimeCodesPerSecond() == stage.GetFramesPerSecond() == float(FPS)
    assert (stage.GetStartTimeCode(), stage.GetEndTimeCode()) == (0, len(take.motion) - 1)
    told = stage.GetRootLayer().customLayerData["animator"]
    assert (told["sound"], told["fps"], told["recipe"]) == ("clip.wav", "30000/1001", "seed = 1")
    assert told["digitalSourceType"].endswith("/trainedAlgorithmicMedia")


def test_every_weight_and_every_turn_is_there_at_every_frame(stage, take):
    query = animation(stage)
    assert list(query.GetBlendShapeOrder()) == WEIGHTS
    expected = [quaternions(angles) for angles in turns(take).values()]
    columns = [take.rig.column(name) for name in WEIGHTS]
    for i, row in enumerate(take.motion.values):
        np.testing.assert_allclose(query.ComputeBlendShapeWeights(i), row[columns], atol=TOLERANCE + 1e-5)
        _, rotations, _ = query.ComputeJointLocalTransformComponents(i)
        for turned, found in zip(expected, rotations[1:], strict=True):
            xyzw = [*found.GetImaginary(), found.GetReal()]
            np.testing.assert_allclose(2 * np.array(xyzw), 2 * turned[i], atol=1.2 * TOLERANCE)


def test_skinning_puts_the_mesh_where_we_draw_it(take, tmp_path):
    Usd(0.0).export(take, tmp_path / "clip.usdc")
    stage = OpenUsd.Stage.Open(str(tmp_path / "clip.usdc"))
    head = take.head
    assert UsdSkel.BakeSkinning(stage.Traverse())
    drawn = Poser(head, RIG.names)(take.motion.values[11])
    for part in head.parts:
        used = np.unique(head.triangles[part.start : part.stop])
        points = np.array(UsdGeom.Mesh(stage.GetPrimAtPath(f"/Head/{part.name}")).GetPointsAttr().Get(11))
        rigid = (head.follow[used] == 0) | (head.follow[used] == 1) | (head.eye[used] > 0)
        off = np.linalg.norm(points - drawn[used], axis=1)
        assert off[rigid].max() < 2e-5
        assert off.max() < 0.005


def test_a_package_holds_its_layer_first_uncompressed_and_aligned_with_its_pictures(take, tmp_path):
    Usd().export(take, tmp_path / "clip.usdz")
    with zipfile.ZipFile(tmp_path / "clip.usdz") as package:
        entries = package.infolist()
    data = (tmp_path / "clip.usdz").read_bytes()
    assert entries[0].filename == "head.usdc"
    assert {entry.filename.rpartition(".")[2] for entry in entries[1:]} == {"jpg", "png"}
    for entry in entries:
        assert entry.compress_type == zipfile.ZIP_STORED
        extra = int.from_bytes(data[entry.header_offset + 28 : entry.header_offset + 30], "little")
        assert (entry.header_offset + 30 + len(entry.filename) + extra) % 64 == 0


def test_parts_of_one_name_that_is_no_identifier_are_all_written(take, tmp_path):
    head = replace(take.head, parts=tuple(replace(part, name="long hair.01") for part in take.head.parts))
    Usd().export(replace(take, head=head), tmp_path / "clip.usda")
    stage = OpenUsd.Stage.Open(str(tmp_path / "clip.usda"))
    assert len([prim for prim in stage.Traverse() if prim.IsA(UsdGeom.Mesh)]) == len(head.parts)


def test_without_a_head_or_without_the_library_one_sentence_says_so(take, tmp_path, monkeypatch):
    with pytest.raises(InputError, match="this take has none"):
        Usd().export(replace(take, head=None), tmp_path / "clip.usda")
    monkeypatch.setitem(sys.modules, "pxr", None)
    with pytest.raises(MissingDependencyError, match=r"animator\[export\]"):
        Usd().export(take, tmp_path / "clip.usda")
