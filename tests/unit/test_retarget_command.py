"""`animator retarget`, `--rig` of `animator export`, and what is not done in another rig."""

from fractions import Fraction

import numpy as np
import pytest
from click.testing import CliRunner

from animator import pipeline
from animator.cli.export import export
from animator.cli.generate import generate
from animator.cli.render import render
from animator.cli.retarget import retarget
from animator.core.audio import Audio
from animator.core.motion import Motion
from animator.errors import InputError
from animator.io.rig import load_rig
from animator.io.track import read_motion, write_motion
from animator.recipe import Recipe, recipe_from_toml, recipe_to_toml

ARKIT = load_rig("arkit")
OWN = """
controls = [{ name = "beak", region = "jaw" }]
[from.arkit]
shares = { beak = { jawOpen = 2.0 } }
"""


@pytest.fixture
def clip(tmp_path, monkeypatch):
    """A mouth that opens, in a motion file in the working folder, beside a rig of one's own."""
    monkeypatch.chdir(tmp_path)
    rows = [ARKIT.row({"jawOpen": share * 0.38, "headYaw": 0.01}) for share in np.linspace(0, 1, 25)]
    motion = Motion(ARKIT.names, np.array(rows), Fraction(50))
    write_motion(motion, tmp_path / "clip.npz", recipe_to_toml(Recipe(seed=7)))
    (tmp_path / "bird.toml").write_text(OWN)
    return motion


def done(command, *arguments):
    told = CliRunner().invoke(command, [*map(str, arguments), *(["--json"] if command is not generate else [])])
    if told.exception is not None:
        raise told.exception
    return told


@pytest.mark.parametrize("rig", ["facs", "bird.toml"])
def test_a_motion_is_written_in_another_rig_and_its_recipe_says_so(clip, rig, tmp_path):
    done(retarget, "clip.npz", "--rig", rig, "-o", "there.npz")
    carried, text = read_motion(tmp_path / "there.npz")
    recipe = recipe_from_toml(text)
    assert carried.names == load_rig(recipe.rig).names == load_rig(rig).names
    assert recipe.seed == 7
    assert carried[carried.names[-1] if rig == "bird.toml" else "AU26"].max() > 0.3
    assert len(carried) == len(clip)
    assert carried.fps == clip.fps


def test_it_is_drawn_only_in_the_rig_that_heads_are_moved_in(clip):
    done(retarget, "clip.npz", "--rig", "vrm", "-o", "there.npz")
    with pytest.raises(InputError, match="this motion is in rig 'vrm', and heads are moved in 'arkit'"):
        done(render, "there.npz", "-o", "clip.mp4")


def test_curves_are_exported_in_the_rig_that_is_asked_for(clip, tmp_path):
    done(export, "clip.npz", "--rig", "bird.toml", "-o", "clip.csv")
    header, *rows = (tmp_path / "clip.csv").read_text().splitlines()
    assert header == "time,beak"
    assert float(rows[-1].split(",")[1]) == pytest.approx(0.76, abs=1e-6)


def test_a_performance_of_another_program_is_retargeted_too(clip, tmp_path):
    done(export, "clip.npz", "-o", "clip.csv")
    done(retarget, "clip.csv", "--rig", "bird.toml", "-o", "there.npz")
    carried, _ = read_motion(tmp_path / "there.npz")
    assert carried["beak"] == pytest.approx(2 * clip["jawOpen"], abs=1e-6)


def test_nobody_claims_to_have_made_what_was_captured_elsewhere(clip, tmp_path):
    done(export, "clip.npz", "-o", "captured.csv")
    for rig in ("vrm", "bird.toml"):
        done(retarget, "captured.csv", "--rig", rig, "-o", "there.npz", "--overwrite")
        motion, recipe, known = pipeline.read_performance(tmp_path / "there.npz")
        assert not known
        assert load_rig(recipe.rig).names == motion.names
    done(export, "there.npz", "-o", "there.csv")
    assert (tmp_path / "there.csv").read_text().startswith("time,beak\n")


def test_a_format_of_one_rig_is_not_had_in_another(clip):
    with pytest.raises(InputError, match="written in rig 'arkit', so it cannot be had in 'vrm'; leave --rig out"):
        done(export, "clip.npz", "--format", "livelink", "--rig", "vrm", "-o", "clip.csv")


def test_a_wrong_rig_is_told_before_any_work(clip, tmp_path):
    with pytest.raises(InputError, match="did you mean 'vrm'"):
        done(export, "nowhere.npz", "--rig", "vrmm", "-o", "clip.csv", "--format", "csv")
    with pytest.raises(InputError, match="would be written over"):
        done(retarget, "clip.npz", "--rig", "vrm", "-o", "clip.npz")
    assert {path.name for path in tmp_path.iterdir()} == {"clip.npz", "bird.toml"}


def test_nothing_is_performed_in_a_rig_without_feelings(clip):
    with pytest.raises(InputError, match="nothing can be performed in rig 'vrm'"):
        pipeline.feel(Audio(np.zeros(1600, dtype=np.float32), 16000), Recipe(rig="vrm"))
