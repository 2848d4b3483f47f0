"""Reports beside a motion and beside a clip, through the command line."""

import json
from importlib.resources import files
from pathlib import Path

from command_line import here, process

SAMPLE = Path(str(files("animator.assets"))) / "sample_happy.wav"


def test_a_clip_and_its_motion_are_reported_on_the_same_way(tmp_path):
    motion, clip = tmp_path / "a.motion.npz", tmp_path / "a.mp4"
    words = ("--transcript", SAMPLE.with_suffix(".txt"), "--generator", "visemes", "--emotion", "happy:0.8")
    small = ("--size", "64x64", "--fps", "10")
    reports = [tmp_path / name for name in ("m.html", "m.json", "c.html", "c.json")]
    done = here(tmp_path, "generate", SAMPLE, "-o", motion, *words, "--report", reports[0], "--report", reports[1])
    assert done.returncode == 0, done.stderr
    done = process(tmp_path, "render", SAMPLE, "-o", clip, *words, *small, "--report", reports[2], "--report", reports[3])
    assert done.returncode == 0, done.stderr
    told, same = (json.loads(path.read_text(encoding="utf-8")) for path in (reports[1], reports[3]))
    assert {key: told[key] for key in ("lips", "blinks", "feelings", "heard")} == {
        key: same[key] for key in ("lips", "blinks", "feelings", "heard")
    }
    assert told["lips"]["met"] == len(told["lips"]["closures"]) > 0
    assert told["heard"]["words"]
    for path in (reports[0], reports[2]):
        page = path.read_text(encoding="utf-8")
        assert page.count("data:image/jpeg;base64,") >= 3
        assert "Closures of p b m" in page


def test_what_cannot_be_reported_is_told_before_any_work(tmp_path):
    done = here(tmp_path, "generate", SAMPLE, "-o", tmp_path / "a.npz", "--report", tmp_path / "r.pdf")
    assert done.returncode == 2
    assert "a report ends in .html or .json, not 'r.pdf'" in done.stderr
    assert list(tmp_path.iterdir()) == []
