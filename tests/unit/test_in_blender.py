"""What Blender and ufbx see in GLB, USD and FBX. Where there is no Blender (`animator.exporters.fbx`), these are skipped."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from dummy_head import dummy_head

from animator.core.motion import Motion
from animator.core.take import Take
from animator.errors import InputError, MissingDependencyError
from animator.exporters.fbx import VARIABLE, Fbx, command
from animator.exporters.glb import Glb, GlbCurves
from animator.exporters.turns import quaternions, turns
from animator.exporters.usd import Usd
from animator.io.rig import load_rig

READERS = Path(__file__).parents[1] / "readers"
RIG = load_rig("arkit")
WEIGHTS = [control.name for control in RIG.controls if control.unit == "weight"]
FRAMES = 12


@pytest.fixture(scope="module")
def blender():
    """The words that let Blender read a file."""
    try:
        return command(READERS / "in_blender.py")
    except MissingDependencyError as absent:
        pytest.skip(str(absent))


def read(words, path):
    done = subprocess.run([*words, str(path), "30", str(FRAMES)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(next(line for line in done.stdout.splitlines() if line.startswith("{")))


def performance(fps=Fraction(30)):
    """Every control moves through its whole range, on a head of balls that every weight moves."""
    rng = np.random.default_rng(4)
    wave = 0.5 + 0.5 * np.sin(
        rng.uniform(0, 6, len(RIG.names)) + np.arange(FRAMES)[:, None] * rng.uniform(0.1, 0.4, len(RIG.names))
    )
    motion = Motion(RIG.names, (RIG.low + wave * (RIG.high - RIG.low)).astype(np.float32), fps)
    head = dummy_head(8)
    measure = np.linspace(0.1, 1, len(WEIGHTS), dtype=np.float32)[:, None, None]
    return Take("clip", motion, RIG, head=replace(head, controls=tuple(WEIGHTS), displacements=measure * head.displacements))


@pytest.mark.parametrize("part", [Glb(), GlbCurves(), Usd(), Fbx()], ids=lambda part: type(part).__name__)
def test_blender_reads_every_weight_of_every_frame(part, blender, tmp_path):
    take = performance()
    path = tmp_path / f"clip{part.suffixes[0]}"
    part.export(take, path)
    seen = read(blender, path)
    assert seen["fps"] == 30
    moving = [shapes for shapes in seen["shapes"].values() if "jawOpen" in shapes]
    assert moving
    for shapes in moving:
        assert set(shapes) == set(WEIGHTS)
        for name, values in shapes.items():
            np.testing.assert_allclose(values, take.motion[name], atol=0.0011)


@pytest.mark.parametrize("part", [Glb(0.0), Usd(0.0), Fbx(0.0)], ids=lambda part: type(part).__name__)
def test_blender_turns_the_head_and_the_eyes_as_we_do(part, blender, tmp_path):
    take = performance()
    path = tmp_path / f"clip{part.suffixes[0]}"
    part.export(take, path)
    seen = read(blender, path)["turns"]
    head, left, right = (quaternions(angles) for angles in turns(take).values())
    for bone, (x, y, z, w) in (("Head", head.T), ("LeftEye", after(head, left)), ("RightEye", after(head, right))):
        found, expected = np.array(seen[bone]), np.stack([w, x, -z, y], axis=1)  # Blender's z is up
        found *= np.sign((found * expected).sum(axis=1, keepdims=True))
        np.testing.assert_allclose(found, expected, atol=1e-4)


def after(outer, inner):
    """Turns of ``inner`` within ``outer``, each x, y, z, w, as rows x, y, z, w."""
    (a, b, c, d), (x, y, z, w) = outer.T, inner.T
    return (
        d * x + a * w + b * z - c * y,
        d * y - a * z + b * w + c * x,
        d * z + a * y - b * x + c * w,
        d * w - a * x - b * y - c * z,
    )


@pytest.mark.parametrize("fps", [Fraction(24), Fraction(30000, 1001), Fraction(60)], ids=str)
def test_ufbx_reads_every_key_of_an_fbx(fps, blender, tmp_path):
    pytest.importorskip("ufbx")
    take = performance(fps)
    Fbx(0.0).export(take, tmp_path / "clip.fbx")
    seen = read_by_ufbx(tmp_path / "clip.fbx")
    assert seen["fps"] == pytest.approx(float(fps), rel=1e-5)
    assert seen["metres"] == pytest.approx(1.0)
    assert {"Shoulders", "Head", "LeftEye", "RightEye", "Face"} <= set(seen["nodes"])
    assert set(seen["channels"]) == set(WEIGHTS)
    for name in WEIGHTS:
        keys = seen["shapes"][name]
        np.testing.assert_allclose(keys["times"], np.arange(FRAMES) / float(fps), atol=1e-6)
        np.testing.assert_allclose(keys["values"], take.motion[name], atol=1e-4)
    assert all(size > 0 for size in seen["pictures"])


def test_keys_of_an_fbx_are_few_and_pass_every_frame_within_the_tolerance(blender, tmp_path):
    pytest.importorskip("ufbx")
    take = performance()
    slow = replace(take, motion=replace(take.motion, values=np.repeat(take.motion.values, 10, axis=0)))
    for tolerance in (0.001, 0.02):
        Fbx(tolerance).export(slow, tmp_path / "clip.fbx")
        shapes = read_by_ufbx(tmp_path / "clip.fbx")["shapes"]
        seconds = np.arange(len(slow.motion)) / 30
        for name in WEIGHTS:
            passed = np.interp(seconds, shapes[name]["times"], shapes[name]["values"])
            assert np.abs(passed - slow.motion[name]).max() < tolerance + 1e-4
        assert sum(len(shapes[name]["times"]) for name in WEIGHTS) < 0.25 * len(WEIGHTS) * len(slow.motion)


def read_by_ufbx(path):
    """What ufbx sees in an FBX."""
    done = subprocess.run(
        [sys.executable, str(READERS / "fbx_with_ufbx.py"), str(path)], capture_output=True, text=True, check=False
    )
    return json.loads(done.stdout)


def test_an_fbx_says_nothing_of_the_machine_that_it_was_made_on(blender, tmp_path):
    Fbx().export(performance(), tmp_path / "clip.fbx")
    assert b"animator-" not in (tmp_path / "clip.fbx").read_bytes()


def test_what_is_named_as_blender_but_does_not_run_is_told(monkeypatch, tmp_path):
    with pytest.raises(InputError, match="no program that runs"):
        Fbx(blender=str(tmp_path / "blender")).export(performance(), tmp_path / "clip.fbx")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "other"))
    with pytest.raises(InputError, match="other"):
        Fbx().export(performance(), tmp_path / "clip.fbx")


@pytest.mark.skipif("bpy" in sys.modules or os.environ.get(VARIABLE, "") != "", reason="a Blender is named")
def test_without_blender_one_sentence_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingDependencyError, match="install it so that 'blender' runs"):
        Fbx().export(performance(), tmp_path / "clip.fbx")
