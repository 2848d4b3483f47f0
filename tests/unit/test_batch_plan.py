from functools import partial

import pytest

from animator.batch.formats import known_formats
from animator.batch.lists import read_list
from animator.batch.plan import Defaults, plan
from animator.cli.batch import assembled
from animator.errors import FormatError, InputError, UnknownNameError


def planned(folder, text, defaults=None, base=None):
    path = folder / "lines.csv"
    path.write_text(text, encoding="utf-8")
    assemble = partial(assembled, base or {}, folder)
    return plan(read_list(path), folder, folder / "out", known_formats({}), defaults or Defaults("csv"), assemble)


def keys(jobs):
    return [output.key for job in jobs for output in job.outputs]


def settings(folder, row, **base):
    """The digest of what the first output of a row is made by."""
    return planned(folder, f"file,line,feeling,fps,head,formats\n{row}\n", base=base)[0].outputs[0].settings


# --- names ---


def test_outputs_lie_in_their_characters_folder_and_are_called_as_the_line(tmp_path):
    text = "file,character,line,formats\nday 1/a.wav,Ana,,mp4 png motion\nb.motion.npz,,,csv\nc.v2.wav,Bo,hello,webm\n"
    assert keys(planned(tmp_path, text)) == ["Ana/a.mp4", "Ana/a", "Ana/a.motion.npz", "b.csv", "Bo/hello.webm"]


def test_formats_that_share_a_suffix_have_their_name_before_it_whichever_of_them_a_line_has():
    known = known_formats({})
    assert known["csv"].ending == ".csv"
    assert known["livelink"].ending == ".livelink.csv"
    assert len({each.ending for each in known.values()}) == len(known)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("file\na/x.wav\nb/x.wav\n", "line 3: 'x.csv' would be written over that of 'lines.csv', line 2"),
        ("file,line\na.wav,X\nb.wav,x\n", "line 3: 'x.csv' would be written over that of 'lines.csv', line 2"),
        ("file,line\na.wav,caf\u00e9\nb.wav,cafe\u0301\n", "line 3"),
        ("file,character,formats\nAna.wav,,png\nb.wav,Ana,csv\n", "line 3: 'Ana/b.csv' would lie within another line's folder"),
        ("file\nout/x.csv\n", "line 2: 'x.csv' would be written over an input"),
    ],
)
def test_no_output_is_written_over_another_or_an_input(tmp_path, text, complaint):
    with pytest.raises(InputError, match=r"'lines\.csv', ") as told:
        planned(tmp_path, text)
    assert complaint in str(told.value)


@pytest.mark.parametrize("name", ["a/b", "..", "a:b", "what?", "a\\b", ".animator-batch", "long" * 51])
def test_a_name_that_no_file_can_have_is_told_with_the_place(tmp_path, name):
    for column in ("character", "line"):
        with pytest.raises(InputError, match=f"'lines.csv', line 2, column '{column}'"):
            planned(tmp_path, f"file,{column}\na.wav,{name}\n")


# --- values ---


@pytest.mark.parametrize(
    ("column", "value", "complaint"),
    [
        ("feeling", "hapy", "did you mean 'happy'"),
        ("emotion", "happy:2", "'happy:2'"),
        ("intensity", "0.5", "there is no feeling here"),
        ("script", "nowhere.toml", "nowhere.toml"),
        ("head", "nowhere.toml", "nowhere.toml"),
        ("transcript", "nowhere.txt", "nowhere.txt"),
        ("formats", "csb", "did you mean 'csv'"),
        ("rig", "arkid", "did you mean 'arkit'"),
        ("fps", "fast", "'fast'"),
        ("blink", "-1", "blink"),
        ("start", "-1", "0 to 86400"),
        ("seed", "-1", "from 0"),
        ("generator", "learnt", "did you mean 'learned'"),
        ("camera", "portait", "did you mean 'portrait'"),
        ("background", "crimsn", "did you mean 'crimson'"),
        ("sound", "b.wav", "the speech itself"),
    ],
)
def test_a_value_that_cannot_be_used_is_told_with_file_line_and_column(tmp_path, column, value, complaint):
    other = ",formats" if column == "background" else ""
    cell = ",mp4" if column == "background" else ""
    with pytest.raises(InputError) as told:
        planned(tmp_path, f"file,{column}{other}\na.wav,\nb.wav,{value}{cell}\n".replace("a.wav,\n", f"a.wav,{cell}\n"))
    assert str(told.value).startswith("'lines.csv', line 3")
    assert complaint in str(told.value)
    if column != "background":
        assert f"column {column!r}" in str(told.value)


def test_a_performance_is_not_asked_for_another(tmp_path):
    with pytest.raises(InputError, match=r"line 2, column 'feeling': 'a\.npz' is taken for a performance"):
        planned(tmp_path, "file,feeling\na.npz,happy\n")


def test_a_list_needs_formats_from_somewhere(tmp_path):
    with pytest.raises(FormatError, match="line 2 names no formats"):
        planned(tmp_path, "file\na.wav\n", Defaults())


def test_a_setting_of_no_format_is_told():
    with pytest.raises(UnknownNameError, match="did you mean 'csv'"):
        known_formats({"csw": {}})
    with pytest.raises(UnknownNameError, match="digits"):
        known_formats({"csv": {"digit": 3}})


def test_a_row_says_more_than_the_command_and_paths_start_where_the_list_lies(tmp_path):
    (tmp_path / "moods.toml").write_text('[[cue]]\nstart = 0\nfeeling = "sad"\n')
    (tmp_path / "words.txt").write_text("Read me.")
    (tmp_path / "ana.toml").write_text("age = 70")
    text = "file,script,transcript,head,seed\na.wav,moods.toml,words.txt,ana.toml,4\nb.wav,,Yes...no?,,\n"
    first, second = planned(tmp_path, text, base={"emotion": "happy", "seed": 9})
    assert first.source == tmp_path / "a.wav"
    assert (first.recipe.embedder.name, first.recipe.transcript, first.recipe.seed) == ("script", "Read me.", 4)
    assert first.recipe.head.settings == {"age": 70.0}
    assert second.recipe.embedder.settings == {"feelings": "happy"}
    assert (second.recipe.transcript, second.recipe.seed) == ("Yes...no?", 9)


# --- what a file is made by ---


def test_the_same_row_and_command_are_the_same_settings_wherever_the_project_lies(tmp_path):
    made = []
    for name in ("here", "there"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "ana.toml").write_text("age = 70")
        made.append(settings(folder, "a.wav,hello,happy,25,ana.toml,csv"))
    assert made[0] == made[1]


def test_whatever_changes_in_row_file_or_command_changes_the_settings(tmp_path):
    (tmp_path / "ana.toml").write_text("age = 70")
    rows = [
        "a.wav,hello,happy,25,ana.toml,csv",
        "b.wav,hello,happy,25,ana.toml,csv",
        "a.wav,hallo,happy,25,ana.toml,csv",
        "a.wav,hello,sad,25,ana.toml,csv",
        "a.wav,hello,happy,30,ana.toml,csv",
        "a.wav,hello,happy,25,,csv",
        "a.wav,hello,happy,25,ana.toml,npz",
    ]
    made = [settings(tmp_path, row) for row in rows] + [settings(tmp_path, rows[0], seed=1)]
    (tmp_path / "ana.toml").write_text("age = 71")
    made.append(settings(tmp_path, rows[0]))
    assert len(set(made)) == len(made)


def test_a_file_that_a_recipe_names_counts_by_what_it_holds(tmp_path):
    from PIL import Image

    made = []
    for colour in ("red", "blue", "red"):
        Image.new("RGB", (8, 8), colour).save(tmp_path / "wall.png")
        made.append(planned(tmp_path, "file,background,formats\na.wav,wall.png,mp4\n")[0].outputs[0].settings)
    assert made[0] == made[2] != made[1]


def test_another_format_leaves_the_others_of_a_line_as_they_are(tmp_path):
    (one,) = planned(tmp_path, "file,formats\na.wav,csv\n")
    (two,) = planned(tmp_path, "file,formats\na.wav,csv mp4\n")
    assert one.outputs[0] == two.outputs[0]
