"""A list of dialogue through the real command, with real processes that are interrupted and killed."""

import json
import os
import signal
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import soundfile

from animator import pipeline
from animator.core.motion import Motion
from animator.io.audio import read_audio
from animator.io.probe import probe
from animator.io.rig import load_rig
from animator.io.track import read_motion, write_motion
from animator.recipe import recipe_from_toml

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs signals and named pipes")
COMMAND = [sys.executable, "-m", "animator", "batch", "lines.csv", "-o", "out", "--workers", "2"]


def batch(folder, *arguments):
    return subprocess.run([*COMMAND, *arguments], cwd=folder, capture_output=True, text=True, check=False)


def stamps(folder):
    """Each output with when it was made and what it holds."""
    paths = (path for path in (folder / "out").rglob("*") if path.is_file() and ".animator-batch" not in path.parts)
    return {path.relative_to(folder / "out").as_posix(): (path.stat().st_mtime_ns, path.read_bytes()) for path in paths}


def told(text):
    return [json.loads(line) for line in text.splitlines()]


def tone(seconds, rate=16000):
    """A voice-like buzz."""
    t = np.arange(round(seconds * rate)) / rate
    return (0.2 * sum(np.sin(2 * np.pi * 140 * k * t) / k for k in range(1, 8))).astype(np.float32)


def perform(path, seed=0):
    """A short performance, so that nobody needs to listen."""
    rig = load_rig("arkit")
    values = np.random.default_rng(seed).uniform(0, 0.2, (10, len(rig.names))).astype(np.float32)
    write_motion(Motion(rig.names, values, Fraction(50)), path)


@pytest.fixture
def hanging(tmp_path):
    """Six performances, of which the fourth is a pipe that nobody writes to: who reads it waits for ever."""
    for i in range(6):
        if i == 3:
            os.mkfifo(tmp_path / "3.npz")
        else:
            perform(tmp_path / f"{i}.npz", i)
    (tmp_path / "lines.csv").write_text("file,formats\n" + "".join(f"{i}.npz,csv\n" for i in range(6)))
    return tmp_path


def start(folder, *arguments):
    """The batch in a session of its own, once all but the one who waits are made."""
    process = subprocess.Popen(
        [*COMMAND, "--json", *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - tests may run in a background
    )
    made = 0
    while made < 5:
        line = json.loads(process.stdout.readline())
        made += line["stage"] == "line" and line["status"] == "made"
    return process


def workers(session):
    """Processes of a session that are at work, but for the first."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, of = stat.read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(of) == session and state != "Z" and int(stat.parent.name) != session:
            found.append(int(stat.parent.name))
    return found


def wait_until(condition):
    while not condition():
        time.sleep(0.05)


def test_lines_become_files_in_every_format_and_those_that_fail_are_told(tmp_path):
    for name, seconds in (("a.wav", 0.5), ("b.wav", 0.3)):
        soundfile.write(tmp_path / name, tone(seconds), 16000)
    (tmp_path / "bad.wav").write_text("no sound")
    (tmp_path / "lines.csv").write_text(
        "file,character,emotion,formats,seed\n"
        "a.wav,Ana,joy:0.7,csv motion mp4,3\n"
        "b.wav,,auto,csv,\n"
        "bad.wav,Ana,,csv,\n"
        "nowhere.wav,Bo,,csv,\n"
    )
    foretold = batch(tmp_path, "--dry-run")
    assert foretold.returncode == 1
    assert "there is no file" in foretold.stdout
    assert "Ana/a.csv Ana/a.motion.npz Ana/a.mp4" in foretold.stdout
    assert not (tmp_path / "out").exists()

    asked = ("--size", "64x64", "--fps", "10", "--set", "generator.style=calm", "--with", "csv.digits=4")
    done = batch(tmp_path, *asked)
    assert done.returncode == 1, done.stderr
    assert ["all", "4", "2", "0", "2"] in [line.split()[:5] for line in done.stdout.splitlines()]
    assert "bad.wav holds no sound" in done.stdout
    assert "there is no file" in done.stdout
    first = stamps(tmp_path)
    assert set(first) == {"Ana/a.csv", "Ana/a.motion.npz", "Ana/a.mp4", "b.csv"}
    motion, recipe = read_motion(tmp_path / "out" / "Ana" / "a.motion.npz")
    assert len(motion) == 25
    assert "seed = 3" in recipe
    assert "joy:0.7" in recipe
    assert 'style = "calm"' in recipe
    weights = [float(cell) for cell in first["b.csv"][1].decode().split("\n")[2].split(",")[1:]]
    assert weights == [float(f"{weight:.4g}") for weight in weights]
    assert probe(tmp_path / "out" / "Ana" / "a.mp4").only("video").packets == 5

    alone = pipeline.generate(read_audio(tmp_path / "a.wav"), recipe_from_toml(recipe))
    assert np.abs(alone.values - motion.values).max() < 1e-4, "but for how many threads add up the same numbers"

    again = batch(tmp_path, *asked, "--json")
    assert again.returncode == 1, again.stderr
    assert told(again.stdout)[-1] == {"stage": "done", "lines": 4, "made": 0, "kept": 2, "failed": 2, "seconds": 0.0}
    assert stamps(tmp_path) == first


def test_a_batch_killed_at_work_goes_on_where_it_was_and_its_workers_end_too(hanging):
    process = start(hanging)
    before = stamps(hanging)
    assert set(before) == {f"{i}.csv" for i in range(6) if i != 3}
    process.kill()
    process.communicate()
    wait_until(lambda: not workers(process.pid))
    (hanging / "3.npz").unlink()
    perform(hanging / "3.npz")
    done = batch(hanging, "--json")
    assert done.returncode == 0, done.stderr
    assert [line["line"] for line in told(done.stdout) if line.get("status") == "made"] == ["3"]
    after = stamps(hanging)
    assert before.items() <= after.items()
    assert set(after) == {f"{i}.csv" for i in range(6)}
    assert {path.name for path in (hanging / "out" / ".animator-batch").iterdir()} == {"journal.jsonl"}


@pytest.mark.parametrize(("ended_by", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_batch_that_is_stopped_loses_nothing_and_says_how_to_go_on(hanging, ended_by, status):
    process = start(hanging)
    before = stamps(hanging)
    os.killpg(process.pid, ended_by)
    _, said = process.communicate()
    assert process.returncode == status
    assert said == "animator: stopped; 5 of 6 lines are finished; the same command goes on with the others\n"
    wait_until(lambda: not workers(process.pid))  # they end by themselves, a moment after the one they work for
    assert stamps(hanging) == before


def test_a_worker_that_is_killed_costs_its_own_line_alone(hanging):
    process = start(hanging)
    for worker in workers(process.pid):
        if "spawn_main" in Path(f"/proc/{worker}/cmdline").read_text():  # and not what keeps count of their resources
            os.kill(worker, signal.SIGKILL)
    said, _ = process.communicate()
    assert process.returncode == 1
    failed, done = told(said)[-3], told(said)[-1]
    assert (failed["line"], failed["status"]) == ("3", "failed")
    assert "was ended by SIGKILL" in failed["failure"]
    assert (done["made"], done["failed"]) == (5, 1)


def test_a_list_that_cannot_be_used_is_refused_before_any_work(tmp_path):
    (tmp_path / "lines.csv").write_text("file,feelng\na.wav,happy\n")
    done = batch(tmp_path, "--formats", "csv")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("animator: 'lines.csv', line 1: there is no column 'feelng'; did you mean 'feeling'")
    assert {path.name for path in tmp_path.iterdir()} == {"lines.csv"}
