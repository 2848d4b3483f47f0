"""Weights from other programs' GLBs, of all kinds that glTF knows, as three.js plays them."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from animator import pipeline
from animator.core.motion import Motion
from animator.core.take import Take
from animator.errors import FormatError, LossWarning
from animator.exporters.glb import GlbCurves
from animator.exporters.gltf.document import Document
from animator.importers.glb import Glb
from animator.io.rig import load_rig

RIG = load_rig("arkit")
NAMES = ["jawOpen", "eyeBlink_L", "MOUTHPUCKER"]
CONTROLS = ["jawOpen", "eyeBlinkLeft", "mouthPucker"]


def written(path, output, times, kind="LINEAR", names=NAMES, normalized=False, sparse=False, told=None):
    """A GLB of another program: a triangle with targets of these names, and one channel of weights."""
    document = Document()
    corners = np.eye(3, dtype=np.float32)
    shape = {"POSITION": document.accessor(corners, bounds=True)}
    primitive = {"attributes": {"POSITION": document.accessor(corners, bounds=True)}, "targets": [shape] * len(names)}
    mesh = document.add("meshes", primitives=[primitive], extras={"targetNames": list(names)})
    node = document.add("nodes", name="Body", mesh=mesh)
    data = document.sparse(output[:, None]) if sparse else document.accessor(output)
    if normalized:
        document.entry("accessors", data)["normalized"] = True
    sampler = {"input": document.accessor(times.astype(np.float32), bounds=True), "output": data, "interpolation": kind}
    channel = {"sampler": 0, "target": {"node": node, "path": "weights"}}
    document.add("animations", name="a", samplers=[sampler], channels=[channel], **({"extras": told} if told else {}))
    document.write(path, Take("a", Motion(RIG.names, RIG.rest[None], Fraction(30)), RIG), [node])
    return path


def wave(frames, width=3):
    return (0.5 + 0.5 * np.sin(np.arange(frames)[:, None] * np.array([0.3, 0.5, 0.7])[:width])).astype(np.float32)


KINDS = {
    "straight lines": lambda: (wave(20).ravel(), {}),
    "steps": lambda: (wave(20).ravel(), {"kind": "STEP"}),
    "bytes": lambda: (np.round(wave(20) * 255).astype(np.uint8).ravel(), {"normalized": True}),
    "shorts": lambda: (np.round(wave(20) * 65535).astype(np.uint16).ravel(), {"normalized": True}),
    "what is mostly nothing": lambda: ((wave(20) * (wave(20) > 0.8)).ravel(), {"sparse": True}),
    "splines": lambda: (np.stack([wave(20), wave(20)[::-1], wave(20)], axis=1).ravel(), {"kind": "CUBICSPLINE"}),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("every", [1, 3])
def test_keys_of_every_kind_are_read_as_three_js_plays_them(kind, every, tmp_path, read_with):
    output, settings = KINDS[kind]()
    told = {"fps": "25", "frames": 19 * every + 1}
    path = written(tmp_path / "a.glb", output, np.arange(20) * every / 25, told=told, **settings)
    motion = Glb().read(path)
    assert (len(motion), motion.fps) == (19 * every + 1, 25)
    # a hair's breadth later, so that a step that falls on a frame is past for both
    played = read_with("three_animation", path, *(repr(i / 25 + 1e-6) for i in range(len(motion))))
    expected = np.array([moment["weights"][0] for moment in played["moments"]])
    found = motion.values[:, [RIG.column(name) for name in CONTROLS]]
    np.testing.assert_allclose(found[:-1], expected[:-1], atol=2e-4)  # it begins again at its end
    others = np.delete(motion.values, [RIG.column(name) for name in CONTROLS], axis=1)
    assert (others == 0).all()


@pytest.mark.parametrize("fps", [Fraction(24), Fraction(25), Fraction(30000, 1001), Fraction(30), Fraction(60)], ids=str)
def test_a_rate_that_nobody_tells_is_that_of_the_keys(fps, tmp_path):
    path = written(tmp_path / "a.glb", wave(50).ravel(), np.arange(50) / float(fps))
    motion = Glb().read(path)
    assert (motion.fps, len(motion)) == (fps, 50)
    np.testing.assert_allclose(motion["jawOpen"], wave(50)[:, 0], atol=1e-4)


def test_keys_that_keep_no_clock_and_targets_that_are_no_controls_are_told(tmp_path):
    times = np.array([0.0, 0.04, 0.11, 0.137])
    path = written(tmp_path / "a.glb", wave(4).ravel(), times, names=["jawOpen", "hat", "mouthPucker"])
    with pytest.warns(LossWarning) as told:
        motion = Glb().read(path)
    assert any("no even clock" in str(warning.message) for warning in told)
    assert any("'a.glb'" in str(warning.message) or "hat" in str(warning.message) for warning in told)
    assert len(motion) > 3


def test_a_performance_of_ours_is_drawn_from_its_glb(tmp_path):
    values = np.tile(RIG.rest, (30, 1))
    values[:, RIG.column("headYaw")] = np.linspace(-0.4, 0.4, 30)
    values[:, RIG.column("headRoll")] = np.linspace(0.2, -0.2, 30)
    values[:, RIG.column("leftEyePitch")] = np.linspace(0.3, -0.3, 30)
    take = Take("clip", Motion(RIG.names, values, Fraction(30)), RIG)
    GlbCurves(0.0).export(take, tmp_path / "clip.glb")
    assert pipeline.is_performance(tmp_path / "clip.glb")
    motion, *_ = pipeline.read_performance(tmp_path / "clip.glb")
    np.testing.assert_allclose(motion.values, values, atol=1e-5)


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"fps": "0", "frames": 4}, "0 a second"),
        ({"fps": "25", "frames": 2}, "2 frames"),
        ({"fps": "25", "frames": 10**12}, "1000000000000 frames"),
        ({"fps": "fast", "frames": 4}, "no whole glTF"),
    ],
)
def test_a_clock_that_the_keys_belie_is_told(told, message, tmp_path):
    path = written(tmp_path / "bad.glb", wave(4).ravel(), np.arange(4) / 25, told=told)
    with pytest.raises(FormatError, match=message):
        Glb().read(path)


def test_times_that_fall_and_faces_of_no_control_are_told(tmp_path):
    with pytest.raises(FormatError, match="do not rise"):
        Glb().read(written(tmp_path / "bad.glb", wave(3).ravel(), np.array([0.0, 0.2, 0.1])))
    with pytest.raises(FormatError, match="named like a control"):
        Glb().read(written(tmp_path / "hats.glb", wave(3).ravel(), np.arange(3) / 25, names=["hat", "coat", "shoe"]))
