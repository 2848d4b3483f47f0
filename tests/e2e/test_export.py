"""`animator export` from the command line: every format from a shipped sample, recordings taken as motions, and refusals."""

import json
import shutil

import numpy as np
import pandas
import pytest
import soundfile
from command_line import here, process

from animator import registry
from animator.io.track import read_motion
from animator.recipe import recipe_from_toml

PERFORMED = ("--emotion", "happy:0.5", "--seed", "3")


def several(folder, *commands, run=here):
    """What several command lines that do well say."""
    told = [run(folder, *command) for command in commands]
    assert [done.returncode for done in told] == [0] * len(told), told
    return [done.stdout for done in told]


@pytest.fixture(scope="module")
def performed(tmp_path_factory, assets):
    """A folder with less than a second of a shipped sample, and the motion that was made of it."""
    folder = tmp_path_factory.mktemp("export")
    samples, rate = soundfile.read(assets / "sample_happy.wav")
    soundfile.write(folder / "speech.wav", samples[: round(0.8 * rate)], rate)
    several(
        folder,
        ["generate", "speech.wav", "-o", "speech.npz", *PERFORMED],
        ["export", "speech.wav", "-o", "curves.csv", "--format", "csv", "--fps", "25", *PERFORMED],
        run=process,
    )
    return folder


@pytest.fixture
def folder(performed, tmp_path):
    shutil.copytree(performed, tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_an_export_is_reported_on_as_its_motion_is(folder):
    heard = ("--audio", "speech.wav", "-o", "curves.csv", "--format", "csv", "--overwrite")
    several(folder, ["export", "speech.npz", *heard, "--report", "r.json", "--report", "r.html"])
    told = json.loads((folder / "r.json").read_text())
    assert (told["title"], told["frames"]) == ("speech.npz", len(read_motion(folder / "speech.npz")[0]))
    assert next(each for each in told["feelings"] if each["name"] == "happy")["asked"] == 0.5
    assert (folder / "r.html").read_text().count("data:image/jpeg;base64,") >= 1
    done = here(folder, "export", "speech.npz", *heard, "--report", "speech.wav")
    assert (done.returncode, "would be written over" in done.stderr) == (2, True)


def test_every_format_is_written_and_its_result_told(folder):
    names = registry.names("exporters")
    outputs = {name: f"{name}_1_Ana{registry.find('exporters', name).suffixes[0]}" for name in names}
    heard = ("export", "speech.npz", "--audio", "speech.wav", "--fps", "29.97", "--json")
    for name, output in outputs.items():
        done = here(folder, *heard, "-o", output, "--format", name)
        if name == "fbx" and done.returncode:
            assert "Blender" in done.stderr, "FBX is written by Blender where there is one, and says so where there is none"
            continue
        assert done.returncode == 0, done.stderr
        result = json.loads(done.stdout.splitlines()[-1])
        assert (result["format"], result["output"], result["frames"]) == (name, output, 24)
        assert (folder / output).stat().st_size > 0


def test_speech_is_performed_and_can_be_read_by_pandas_and_numpy(folder):
    several(
        folder,
        ["export", "curves.csv", "-o", "curves.parquet"],
        ["export", "curves.csv", "-o", "curves.npz"],
        ["export", "speech.npz", "-o", "performed.npz", "--fps", "25"],
    )
    motion, recipe = read_motion(folder / "curves.npz")
    table = pandas.read_csv(folder / "curves.csv", dtype=np.float32)
    np.testing.assert_array_equal(table.drop(columns="time"), motion.values)
    np.testing.assert_array_equal(pandas.read_parquet(folder / "curves.parquet").drop(columns="time"), motion.values)
    assert recipe == "", "plain curves do not tell how they were made, so nothing is claimed"
    same, recipe = read_motion(folder / "performed.npz")
    assert recipe_from_toml(recipe).seed == 3
    assert same.fps == 25
    np.testing.assert_array_equal(same.values[: len(motion)], motion.values[: len(same)])


def test_a_recording_is_drawn_and_sent_on_like_a_motion(folder):
    small = ("--size", "64x64", "--fps", "10")
    several(
        folder,
        ["export", "speech.npz", "-o", "Slate_1_Ana.csv", "--format", "livelink", "--start", "3600"],
        ["export", "Slate_1_Ana.csv", "-o", "weights.json", "--format", "a2f", "--fps", "30"],
        ["render", "Slate_1_Ana.csv", "-o", "recorded.mp4", *small],
        ["render", "weights.json", "--audio", "speech.wav", "-o", "weights.mp4", *small],
    )
    assert (folder / "Slate_1_Ana.csv").read_text().splitlines()[1].startswith("01:00:00:00.000,61,")
    weights = json.loads((folder / "weights.json").read_text())
    assert weights["exportFps"] == 30
    assert "provenance" not in weights, "a recording is not claimed to be made here"
    assert (folder / "recorded.mp4").stat().st_size > 0
    assert (folder / "weights.mp4").stat().st_size > 0


REFUSED = {
    "-o out.json": "--format",
    "-o out.xyz": "'.xyz'",
    "-o out.csv --format livelnk": "did you mean 'livelink'",
    "-o out.json --format livelink": "ends in .csv",
    "-o out.csv --format csv --with digit=3": "did you mean 'digits'",
    "-o out.csv --format csv --with digits": "NAME=VALUE",
    "-o out.csv --format csv --with digits=12": "[1, 9]",
    "-o out.csv --format csv --tolerance 0.1": "'tolerance'",
    "-o out.json --format metahuman --tolerance -1": "0 or more",
    "-o out.csv --format csv --fps 0": "--fps",
    "-o out.csv --format csv --start nan": "--start",
    "-o out.csv --format livelink --rig vrm": "--rig",
    "-o speech.npz": "written over",
    "-o curves.csv --format csv": "--overwrite",
    "-o out.npz --emotion sad": "--emotion",
}


def test_what_cannot_be_written_is_refused_in_one_sentence_and_nothing_changes(folder):
    before = {path: path.read_bytes() for path in folder.rglob("*")}
    for arguments, part in REFUSED.items():
        done = here(folder, "export", "speech.npz", *arguments.split())
        assert (done.returncode, done.stdout) == (2, ""), arguments
        (sentence,) = [line for line in done.stderr.splitlines() if not line.startswith("animator: note: ")]
        assert sentence.startswith("animator: ")
        assert part in sentence, arguments
    assert {path: path.read_bytes() for path in folder.rglob("*")} == before


def test_an_output_is_replaced_when_that_is_asked_for(folder):
    (folder / "taken.npz").write_text("mine")
    several(folder, ["export", "speech.npz", "-o", "taken.npz", "--overwrite"])
    assert read_motion(folder / "taken.npz")


def test_the_list_shows_what_each_format_loses_and_the_help_names_them_all(tmp_path):
    listed, shown, text = several(tmp_path, ["list", "exporters", "--json"], ["list", "exporters"], ["export", "--help"])
    parts = json.loads(listed)
    assert {part["name"] for part in parts} == set(registry.names("exporters"))
    for part in parts:
        assert part["loses"]
        assert part["files"]
        assert "rig" in part
    assert "weights beyond [0, 1], which are limited to it" in " ".join(shown.split())
    for word in ("--format", "--rig", "--fps", "--start", "--tolerance", "--with", "--audio", *registry.names("exporters")):
        assert word in text
