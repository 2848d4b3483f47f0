"""Whatever a line can be told alone, a list can tell it: the same options, read by the same code, the same bytes."""

import json
import re
import shutil
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from animator.batch.columns import COLUMNS
from animator.batch.formats import known_formats
from animator.batch.line import Maker
from animator.batch.lists import read_list
from animator.batch.plan import Defaults, plan
from animator.cli import options
from animator.cli.batch import assembled
from animator.cli.generate import generate
from animator.core.wording import words
from animator.errors import InputError
from animator.recipe import recipe_to_toml

ASSETS = Path(__file__).parents[2] / "assets"

OWN = 'schema = "animator.Feelings/1"\n[feeling]\nSmug = "happy:0.3+contempt:0.5"\n'

SAID = "I am so glad [nod] that [brows:sad:0.5] you came."

WAYS = {
    "feeling": ("brows:angry:0.8, mouth:happy:0.5", "--emotion"),
    "heard": (0.4, "--heard"),
    "transcript": (SAID, "--transcript"),
    "lips": (["scale=0.9,crisp=1.3", "open=1.3,from=0.2,to=0.6"], "--lips"),
    "word": (["so glad open=1.4,purse=1.2"], "--word"),
    "look_at": (["0.4,0,1,from=0.2,to=0.5", "-0.2,0.1,from=0.6"], "--look-at"),
    "layer": (["fix.csv,mode=add,from=0.1,to=0.6,weight=0.8"], "--layer"),
    "breath": (0.5, "--breath"),
    "blink": (0.3, "--blink"),
    "gaze": (0.2, "--gaze"),
    "head_motion": (1.5, "--head-motion"),
    "seed": (7, "--seed"),
    "set": (["generator.style=calm", "generator.style_amount=0.7"], "--set"),
}
"""Column to what stands there, and the option that says the same."""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A list's folder, which is not the current one."""
    (tmp_path / "list").mkdir()
    (tmp_path / "list" / "fix.csv").write_text("time,browInnerUp\n0,0\n1,0.5\n")
    (tmp_path / "list" / "mine.toml").write_text(OWN)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "list"


def planned(folder, command=None, **row):
    (folder / "lines.json").write_text(json.dumps([{"file": "a.wav", **row}]))
    rows = read_list(folder / "lines.json")
    return plan(rows, folder, folder / "out", known_formats({}), Defaults("motion"), partial(assembled, command or {}, folder))


def told(*arguments):
    """The options of a command line, as the command itself reads them."""
    taken = generate.make_context("generate", ["a.wav", "-o", "a.npz", *arguments]).params
    return {name: value for name, value in taken.items() if name not in ("speech", "output", "reports", "overwrite", "as_json")}


def arguments(folder, columns):
    out = []
    for column in columns:
        value, flag = WAYS[column]
        for each in value if isinstance(value, list) else [value]:
            text = str(each).replace("fix.csv", str(folder / "fix.csv"))
            words = ["so glad", text.removeprefix("so glad ")] if column == "word" else [text]
            out += [flag, *words] if column == "word" else [f"{flag}={text}"]
    return out


def test_every_option_of_generate_is_a_column():
    assert {each.option for each in COLUMNS.values()} >= set(told())
    assert {each.option for each in COLUMNS.values()} >= set(options.PERFORMANCE)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(sorted(WAYS)), st.sampled_from(["command", "row", "both"])))
def test_what_row_and_command_say_adds_up_to_what_one_command_says(folder, where):
    """Whichever of them says it; what both say, the row says, but for settings, which add."""
    row = {column: WAYS[column][0] for column, place in where.items() if place != "command"}
    beneath = told(*arguments(folder, [column for column, place in where.items() if place != "row"]))
    (job,) = planned(folder, beneath, **row)
    assert recipe_to_toml(job.recipe) == recipe_to_toml(options.assemble(told(*arguments(folder, where))))


def test_cells_say_what_lists_say(folder):
    cells = {name: "; ".join(value) if isinstance(value, list) else str(value) for name, (value, _) in WAYS.items()}
    lines = [",".join(["file", *cells]), ",".join(["a.wav", *(f'"{cell}"' for cell in cells.values())])]
    (folder / "lines.csv").write_text("\n".join(lines))
    known, assemble = known_formats({}), partial(assembled, {}, folder)
    (job,) = plan(read_list(folder / "lines.csv"), folder, folder / "out", known, Defaults("motion"), assemble)
    (listed,) = planned(folder, **{name: value for name, (value, _) in WAYS.items()})
    assert job.recipe == listed.recipe


def test_files_of_a_row_lie_beside_the_list(folder):
    (folder / "them.wav").touch()
    (folder / "style.npz").touch()
    (folder / "whole.toml").write_text('schema = "animator.Recipe/1"\nseed = 9\n')
    (job,) = planned(folder, emotion_from="them.wav", set="generator.style=style.npz", recipe="whole.toml", feelings="mine.toml")
    assert job.recipe.embedder.settings == {"path": str(folder / "them.wav")}
    assert job.recipe.generator.settings == {"style": str(folder / "style.npz")}
    assert job.recipe.seed == 9
    assert job.recipe.feelings == {"Smug": "happy:0.3+contempt:0.5"}


def test_of_what_says_what_is_felt_the_row_has_the_last_word(folder):
    (folder / "them.wav").touch()
    (folder / "moods.toml").write_text('[[cue]]\nstart = 0\nfeeling = "sad"\n')
    command = told("--emotion=happy", "--heard=0.3")
    for row, name in (({"emotion_from": "them.wav"}, "reference"), ({"script": "moods.toml"}, "script"), ({}, "label")):
        (job,) = planned(folder, command, **row)
        assert job.recipe.embedder.settings["heard"] == 0.3
        assert job.recipe.embedder.settings["named"]["name"] == name
    with pytest.raises(InputError, match=r"line 1: --emotion and --script both say what is felt"):
        planned(folder, feeling="happy", script="moods.toml")


@pytest.mark.parametrize(
    "text", ["barely holding back tears", "'tears'", "text: Joy", "Smug:0.5", "vad(-0.6,0.7,-0.3)", "Joy, NONE"]
)
def test_feelings_of_every_form_stand_in_a_cell(folder, text):
    (job,) = planned(folder, feeling=text, feelings="mine.toml")
    usual = text.replace("Joy, NONE", "joy,neutral")
    alone = options.assemble(told(f"--emotion={usual}", f"--feelings={folder / 'mine.toml'}"))
    assert job.recipe.feelings == alone.feelings
    for recipe in (job.recipe, alone):
        assert recipe.embedder.name == "label"
    ours, theirs = (recipe.embedder.settings["feelings"] for recipe in (job.recipe, alone))
    assert ours.replace(":1", "") == theirs


@pytest.mark.parametrize(
    ("column", "value", "complaint"),
    [
        ("lips", "opn=1.3", "opn"),
        ("lips", "open=9", "open"),
        ("word", "open=1.3", "a word and its dials belong here"),
        ("word", "glad wide=2", "wide"),
        ("look_at", "up", "a point is x,y,z"),
        ("look_at", "3,0", "eyes and head reach"),
        ("layer", "nowhere.csv", "nowhere.csv"),
        ("heard", "2", "2"),
        ("breath", "9", "breath"),
        ("breath", "deep", "a number belongs here"),
        ("emotion_from", "nowhere.wav", "nowhere.wav"),
        ("feelings", "nowhere.toml", "nowhere.toml"),
        ("recipe", "nowhere.toml", "nowhere.toml"),
        ("set", "generator.stile=calm", "did you mean 'style'"),
        ("set", "style=calm", "--set takes ROLE.SETTING=VALUE"),
        ("transcript", "well [nood] yes", "nood"),
        ("feeling", "brow:angry:0.8", "did you mean 'brows'"),
        ("renderer", "sofd", "did you mean 'soft'"),
    ],
)
def test_what_cannot_be_directed_is_told_with_file_line_and_column(folder, column, value, complaint):
    (folder / "lines.csv").write_text(f'file,{column}\na.wav,\nb.wav,"{value}"\n')
    with pytest.raises(InputError) as complained:
        plan(
            read_list(folder / "lines.csv"),
            folder,
            folder / "out",
            known_formats({}),
            Defaults("csv"),
            partial(assembled, {}, folder),
        )
    assert str(complained.value).startswith(f"'lines.csv', line 3, column {column!r}: ")
    assert complaint in str(complained.value)


def test_what_a_description_was_taken_for_is_noted_with_its_line(folder):
    (job,) = planned(folder, feeling="terribly sad", feelings="mine.toml")
    (note,) = Maker().make(job, folder).notes  # though there is no such sound
    assert re.fullmatch(r"described as .*sad.*: terribly sad \(by .*\)", note)


def test_a_performance_is_not_directed_again(folder):
    for column, value in (("lips", "open=1.2"), ("heard", 0.5), ("set", "generator.style=calm")):
        with pytest.raises(InputError, match=f"column '{column}': 'a.npz' is taken for a performance"):
            planned(folder, **{"file": "a.npz", column: value})


def test_a_list_and_a_command_make_the_same_bytes(folder):
    shutil.copy(ASSETS / "sample_happy.wav", folder / "a.wav")
    said = "[happy:0.5] " + (ASSETS / "sample_happy.txt").read_text().strip() + " [nod]"
    line = {
        "transcript": said,
        "word": f"{words(said.partition(']')[2])[1]} open=1.4",
        "feelings": "mine.toml",
        "feeling": "Smug",
    }
    line |= {name: WAYS[name][0] for name in ("heard", "lips", "look_at", "layer", "breath", "head_motion", "set")}
    (job,) = planned(folder, **line)
    assert Maker().make(job, folder).failure == ""
    asked = arguments(folder, line.keys() & WAYS.keys() - {"word", "transcript"})
    asked += ["--transcript", said, "--word", *line["word"].split(), "--feelings", str(folder / "mine.toml"), "--emotion", "Smug"]
    generate.main([str(folder / "a.wav"), "-o", str(folder / "alone.motion.npz"), *asked], standalone_mode=False)
    assert (folder / "out" / "a.motion.npz").read_bytes() == (folder / "alone.motion.npz").read_bytes()
