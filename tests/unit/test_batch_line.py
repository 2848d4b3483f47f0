from dataclasses import replace
from fractions import Fraction
from functools import partial

import numpy as np
import pytest

from animator import pipeline
from animator.batch.crew import _by_head
from animator.batch.formats import known_formats
from animator.batch.line import Maker
from animator.batch.lists import read_list
from animator.batch.plan import Defaults, plan
from animator.cli.batch import assembled
from animator.core.motion import Motion
from animator.io.rig import load_rig
from animator.io.track import read_motion, write_motion
from animator.recipe import Choice, Recipe, recipe_to_toml

RIG = load_rig("arkit")


@pytest.fixture
def motion(tmp_path):
    """Ten frames in a motion file that says how they were made."""
    values = np.random.default_rng(0).uniform(0, 0.2, (10, len(RIG.names))).astype(np.float32)
    made = Motion(RIG.names, values, Fraction(50))
    write_motion(made, tmp_path / "a.npz", recipe_to_toml(Recipe(seed=7)))
    return made


def make(folder, text):
    """The jobs of a list, and the reports of them made in this process."""
    (folder / "lines.csv").write_text(text)
    (folder / "drafts").mkdir(exist_ok=True)
    assemble = partial(assembled, {}, folder)
    jobs = plan(read_list(folder / "lines.csv"), folder, folder / "out", known_formats({}), Defaults(), assemble)
    maker = Maker()
    return jobs, [maker.make(job, folder / "drafts") for job in jobs]


def test_a_performance_is_written_as_it_is_with_how_it_was_made(tmp_path, motion):
    _, (report,) = make(tmp_path, "file,character,formats\na.npz,Ana,csv motion\n")
    assert (report.failure, report.seconds) == ("", 0.2)
    back, recipe = read_motion(tmp_path / "out" / "Ana" / "a.motion.npz")
    assert np.array_equal(back.values, motion.values)
    assert "seed = 7" in recipe
    _, (report,) = make(tmp_path, "file,line,formats\nout/Ana/a.csv,b,motion\n")
    captured, _, known = pipeline.read_performance(tmp_path / "out" / "b.motion.npz")
    assert report.failure == ""
    assert not known, "nobody knows how a captured performance was made"
    assert np.abs(captured.values - motion.values).max() < 1e-6
    assert list((tmp_path / "drafts").iterdir()) == []


def test_a_line_may_be_wanted_in_another_rig_and_what_stays_behind_is_noted(tmp_path, motion):
    _, (report,) = make(tmp_path, "file,rig,formats\na.npz,vrm,motion csv\n")
    assert report.failure == ""
    assert report.notes
    back, recipe = read_motion(tmp_path / "out" / "a.motion.npz")
    assert back.names == load_rig("vrm").names
    assert 'rig = "vrm"' in recipe


def test_a_line_that_fails_leaves_nothing_and_says_why_in_one_sentence(tmp_path, motion):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "b.csv").mkdir()  # a folder where a file belongs
    (tmp_path / "out" / "b.csv" / "precious").touch()
    write_motion(motion, tmp_path / "b.npz")
    _, reports = make(tmp_path, "file,formats\nnowhere.npz,csv\nc.wav,csv\nb.npz,motion csv\na.npz,csv\n")
    for report, told in zip(reports, ("nowhere.npz", "c.wav", "b.csv", ""), strict=True):
        assert told in report.failure
        assert "\n" not in report.failure
        assert bool(report.trace) == bool(report.failure)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.csv", "b.csv"]


def test_an_output_that_came_meanwhile_is_kept(tmp_path, motion):
    (jobs, (first,)) = make(tmp_path, "file,formats\na.npz,csv\n")
    assert first.failure == ""
    (tmp_path / "out" / "a.csv").write_text("precious")
    assert "exists" in Maker().make(jobs[0], tmp_path / "drafts").failure
    allowed = replace(jobs[0], outputs=(replace(jobs[0].outputs[0], replace=True),))
    assert Maker().make(allowed, tmp_path / "drafts").failure == ""
    assert (tmp_path / "out" / "a.csv").read_text().startswith("time,")


def test_lines_of_one_head_are_made_one_after_another(tmp_path, motion):
    jobs, _ = make(tmp_path, "file,line,formats\n" + "".join(f"a.npz,{i},csv\n" for i in range(5)))
    ana, bo = Choice("makehuman", {"age": 30.0}), Choice("makehuman", {"age": 70.0})
    mixed = [replace(job, recipe=replace(job.recipe, head=head)) for job, head in zip(jobs, (ana, bo, ana, bo, ana), strict=True)]
    assert _by_head(mixed) == [0, 2, 4, 1, 3]
