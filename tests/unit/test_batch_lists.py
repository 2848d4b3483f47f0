import json
from pathlib import Path

import pytest

from animator.batch.columns import COLUMNS, LABELS, column_of, feelings_of
from animator.batch.lists import read_list
from animator.embedders.space import blends
from animator.errors import FormatError, InputError, LossWarning
from animator.io.rig import load_rig


def listed(folder, text, name="lines.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return read_list(path)


def refused(folder, text, error=FormatError):
    with pytest.raises(error) as told:
        listed(folder, text)
    return str(told.value)


# --- the same lines, however they are written ---

CSV = 'file,character,feeling,transcript,formats,seed\na.wav,Ana,happy:0.5,"Well, yes.",csv mp4,3\n\nb.wav,,,,csv,\n'
LINES = [
    {"file": "a.wav", "character": "Ana", "feeling": "happy:0.5", "transcript": "Well, yes.", "formats": "csv mp4", "seed": 3},
    {"file": "b.wav", "formats": "csv"},
]
MANIFEST = [
    {"audio": "a.wav", "speaker": "Ana", "emotion": {"happy": 0.5}, "text": "Well, yes.", "format": ["csv", "mp4"], "seed": 3.0},
    {"audio": "b.wav", "speaker": None, "emotion": "", "format": "csv"},
]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (CSV, (2, 4)),
        ("\ufeff" + CSV.replace("\n", "\r\n"), (2, 4)),
        ("file;character;feeling;transcript;formats;seed\na.wav;Ana;happy:0.5;Well, yes.;csv mp4;3\nb.wav;;;;csv;\n", (2, 3)),
        (
            "Audio File\tSpeaker\tEmotion\tText\tFormat\tSeed\na.wav\tAna\thappy:0.5\tWell, yes.\tcsv mp4\t3\nb.wav\t\t\t\tcsv\t",
            (2, 3),
        ),
        (json.dumps(LINES, indent=1), (2, 10)),
        (json.dumps(MANIFEST), (1, 1)),
        ("\n".join(map(json.dumps, MANIFEST)), (1, 2)),
    ],
    ids=["csv", "byte order mark, CRLF", "semicolons", "tabs, other names", "json", "manifest", "json lines"],
)
def test_a_list_says_the_same_however_it_is_written(tmp_path, text, places):
    rows = listed(tmp_path, text)
    assert [dict(row.values) for row in rows] == LINES
    assert tuple(row.line for row in rows) == places


def test_a_text_of_several_lines_does_not_shift_the_places_of_those_below(tmp_path):
    rows = listed(tmp_path, 'file,text\na.wav,"One,\ntwo"\nb.wav,\n')
    assert [row.line for row in rows] == [2, 4]
    assert rows[0].place("transcript") == "'lines.csv', line 2, column 'text'"


def test_every_name_of_a_column_is_of_that_column_alone():
    names = [name for column, each in COLUMNS.items() for name in (column, *each.also)]
    assert len(set(names)) == len(names)
    assert column_of("Head Motion") == column_of("head-motion") == column_of("HEAD_MOTION") == "head_motion"


# --- what cannot be read ---


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "holds no lines"),
        ("file\n", "holds no lines"),
        ("[]", "holds no lines"),
        ("file,feelng\na.wav,happy\n", "line 1: there is no column 'feelng'; did you mean 'feeling'"),
        ("file,file\na,b\n", "line 1: the column 'file' stands there twice"),
        ("file,text,sentence\na,b,c\n", "line 1: the columns 'text' and 'sentence' both are the transcript"),
        ("character\nAna\n", "line 2 names no file"),
        ("file,text\na.wav,yes,no\n", "line 2: 2 columns belong here, as in the header, not 3"),
        ('file,text\na.wav,"yes\n', "line 2: no comma-separated values"),
        ('[{"file": "a"}\n{"file": "b"}]', "line 2: a comma or the closing bracket"),
        ('[{"file": "a"},\n\n{"file" 3}]', "line 3, character 9: no JSON"),
        ('[{"file": "a"},\n 3]', "line 2: an object with a file belongs here, not 3"),
        ('[{"file": "a"}]\n[]', "line 1: nothing belongs after the list"),
        ('[{"file": "a", "file": "b"}]', "line 1: the key 'file' stands there twice"),
        ('[{"file": "a", "blink": NaN}]', "line 1: NaN is no number"),
        ('{"file": "a"}\n{"file": "b"} {}', "line 2: one object stands on a line"),
    ],
)
def test_a_list_that_cannot_be_used_is_told_with_the_place(tmp_path, text, complaint):
    assert complaint in refused(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("file,seed\na.wav,many\n", "line 2, column 'seed': a whole number belongs here, not 'many'"),
        ("file,start\na.wav,inf\n", "line 2, column 'start': a number belongs here, not 'inf'"),
        ('[{"audio": "a.wav",\n"seed": 2.5}]', "line 1, column 'seed': a whole number belongs here, not 2.5"),
        ('[{"audio": "a.wav", "text": ["a"]}]', "column 'text': text belongs here"),
        ('[{"audio": true}]', "column 'audio': text belongs here, not True"),
    ],
)
def test_a_value_of_another_kind_is_told_with_the_place(tmp_path, text, complaint):
    assert complaint in refused(tmp_path, text, InputError)


def test_an_endless_list_is_told():
    with pytest.raises(InputError, match="larger than the 64 MiB"):
        read_list(Path("/dev/zero"))


def test_columns_that_no_batch_knows_are_told_once_and_the_authors_own_are_not(tmp_path):
    with pytest.warns(LossWarning, match="not used are the columns 'scene', 'notes'") as told:
        rows = listed(tmp_path, "file,scene,_take,notes,#\na.wav,1,2,3,4\nb.wav,1,2,3,4\n")
    assert len(told) == 1
    assert [dict(row.values) for row in rows] == [{"file": "a.wav"}, {"file": "b.wav"}]


@pytest.mark.parametrize("header", ["text,transcript", "transcript,text"])
def test_a_column_counts_under_its_own_name_before_another(tmp_path, header):
    with pytest.warns(LossWarning, match="'text'"):
        (row,) = listed(tmp_path, f"file,{header}\na.wav,{header}\n")
    assert row.values["transcript"] == "transcript"


# --- feelings ---


def test_every_label_means_a_feeling_that_is_known():
    rig = load_rig("arkit")
    known = {*rig.emotions, *blends(tuple(rig.emotions))}
    assert set(LABELS.values()) <= known
    assert not set(LABELS) & known


@pytest.mark.parametrize(
    ("text", "intensity", "means"),
    [
        ("Joy", 1.0, "joy:1"),
        ("ANGRY:0.5, surprise", 0.5, "angry:0.25,surprise:0.5"),
        ("contempt", 0.0, "contempt:0"),
    ],
)
def test_labels_of_other_vocabularies_become_feelings_of_ours(text, intensity, means):
    assert feelings_of(text, intensity) == means


def test_two_labels_of_one_feeling_are_not_lost():
    assert feelings_of("none:0.25,neutral:0.5") == "neutral:0.75"


def test_an_intensity_beyond_its_range_is_told():
    with pytest.raises(InputError, match=r"\[0, 1\], not 7"):
        feelings_of("happy", 7)


def test_the_list_in_the_readme_can_be_read(tmp_path):
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    first, second = listed(tmp_path, readme.partition("```csv\n")[2].partition("```")[0])
    assert first.values["transcript"] == "Well, hello."
    assert feelings_of(str(first.values["feeling"])) == "joy:0.7"
    assert second.values["formats"] == "csv glb"
