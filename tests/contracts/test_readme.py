"""The README shows the true tree, and its examples work."""

import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from animator import pipeline, registry
from animator.core.motion import Motion
from animator.directing import feeling
from animator.errors import LossWarning
from animator.heads.makehuman import MakeHuman
from animator.io.feelings import read_feelings
from animator.io.head import read_head
from animator.io.rig import load_rig, rig_names
from animator.io.script import read_script
from animator.recipe import Recipe

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language):
    return [text for mark, text in re.findall(r"^```(\w*)\n(.*?)^```$", README, re.DOTALL | re.MULTILINE) if mark == language]


@pytest.fixture(scope="module")
def tree():
    return next(block for block in blocks("") if block.startswith("run  "))


def test_every_place_in_the_tree_is_there(tree):
    folders: list[str] = []
    for line in tree.splitlines():
        name = line.split()[0]
        depth = (len(line) - len(line.lstrip())) // 2
        folders = [*folders[:depth], name.rstrip("/")]
        assert (ROOT / "/".join(folders)).exists(), "/".join(folders)


def test_every_folder_with_code_is_in_the_tree(tree):
    drawn = {line.split()[0].rstrip("/") for line in tree.splitlines() if line.split()[0].endswith("/")}
    there = {path.parent.name for path in (ROOT / "animator").rglob("*.py")} | {
        "app",
        "rigs",
        "assets",
        "tests",
        "benchmarks",
        ".ci",
    }
    assert there == drawn


def test_every_module_of_the_top_rooms_is_named(tree):
    for room in ("core", "geometry", "io"):
        for path in (ROOT / "animator" / room).glob("*.py"):
            assert path.stem == "__init__" or re.search(rf"\b{path.stem}\b", tree), f"{room}/{path.name}"


def test_every_part_is_named(tree):
    for family in registry.FAMILIES:
        line = next(line for line in tree.splitlines() if line.strip().startswith(f"{family}/"))
        assert set(registry.names(family)) <= set(line.split())


def test_the_feelings_listed_are_those_of_the_rig():
    listed = re.search(r"^Feelings: `([^`]*)`", README, re.MULTILINE).group(1).split()
    assert listed == list(load_rig("arkit").emotions)


def test_the_gestures_listed_are_those_of_the_rig():
    listed = re.search(r'^gesture = "nod" +# (.*)$', README, re.MULTILINE).group(1).split()
    assert {"nod", *listed} == set(load_rig("arkit").moves)


def test_the_examples_of_files_can_be_read(tmp_path):
    script, person, own, directed, *_ = blocks("toml")
    (tmp_path / "mine.toml").write_text(own)
    (tmp_path / "feelings.toml").write_text(script)
    (tmp_path / "directed.toml").write_text(directed)
    (tmp_path / "ana.toml").write_text(person)
    assert [cue.start for cue in read_script(tmp_path / "feelings.toml").cues] == [0.0, 1.2]
    assert [cue.words for cue in read_script(tmp_path / "directed.toml").cues] == ["", "glad#2", "glad#2", "glad#1"]
    named = feeling(Recipe(), read_feelings(tmp_path / "mine.toml")).performed_rig().emotions
    assert set(named) == {*load_rig("arkit").emotions, "smug"}
    assert MakeHuman(**read_head(tmp_path / "ana.toml")).style == "tied"


def test_the_rig_of_ones_own_loads_and_moves(tmp_path):
    path = tmp_path / "robin.toml"
    path.write_text(next(block for block in blocks("toml") if "animator.Rig/1" in block))
    arkit, robin = load_rig("arkit"), load_rig(str(path))
    said = {viseme: arkit.row(arkit.visemes[viseme]) for viseme in ("sil", "aa", "ou", "E")} | {
        "glad": arkit.row(arkit.emotions["happy"]),
        "asleep": arkit.row({"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0}),
    }
    motion = Motion(arkit.names, np.array(list(said.values())), Fraction(50))
    with pytest.warns(LossWarning, match="'robin' has nothing for"):
        moved = pipeline.retarget(motion, "arkit", str(path))
    beak, round_, grin, left, right, _ = (dict(zip(said, moved[name].tolist(), strict=True)) for name in robin.names)
    assert not moved.values[0].any()
    assert beak["aa"] > beak["E"] > beak["ou"] > 0.05
    assert round_["ou"] > 0.9 > 0.1 > max(round_["aa"], round_["E"])
    assert grin["glad"] > 0.7
    assert left["asleep"] == right["asleep"] == 1.0


def test_every_rig_is_named():
    table = next(part for part in README.split("\n\n") if part.startswith("| `--rig` |"))
    assert set(rig_names()) == {name for line in table.splitlines()[1:] for name in re.findall(r"`([\w-]+)`", line.split("|")[1])}


def test_the_two_commands_stand_at_the_top():
    top = README.split("\n\n")[1]
    assert "sh run demo" in top
    assert "sh run test" in top
