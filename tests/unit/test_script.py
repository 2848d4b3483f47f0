import pytest

from animator.core.script import Cue, parse_feelings
from animator.errors import FormatError, InputError, UnknownNameError
from animator.io.script import cues_from, read_script

GOOD = """schema = "animator.Script/1"

[[cue]]
start = 0
feeling = "happy:0.7"

[[cue]]
start = 1.5
feeling = "sad:0.6,angry:0.2"
intensity = 0.5
ease = 1
"""


def written(folder, text):
    path = folder / "moods.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_script_file_reads_as_its_cues(tmp_path):
    found = read_script(written(tmp_path, GOOD))
    assert [cue.line for cue in found.cues] == [3, 7]
    assert found.cues == (
        Cue(start=0.0, feeling="happy:0.7"),
        Cue(start=1.5, feeling="sad:0.6,angry:0.2", intensity=0.5, ease=1.0),
    )


@pytest.mark.parametrize(
    ("text", "kind", "complaint"),
    [
        (GOOD.replace('"happy:0.7"', '"happy:0.7'), FormatError, r"not valid TOML.*line 5"),
        (GOOD.replace("Script/1", "Script/2"), FormatError, r"schema 'animator\.Script/2'"),
        (b"\xff\xfe", FormatError, "not text in UTF-8"),
        ("", FormatError, r"at least one \[\[cue\]\]"),
        ("cue = []", FormatError, r"at least one \[\[cue\]\]"),
        ("cue = 3", FormatError, r"at least one \[\[cue\]\]"),
        ("cue = [3]", FormatError, "cue 1 is a table"),
        (GOOD.replace("[[cue]]", "[[cues]]"), UnknownNameError, r"no key 'cues'.*did you mean 'cue'"),
        (GOOD.replace("intensity", "intensty"), UnknownNameError, r"'intensty' in .*cue 2 \(line 7\); did you mean 'intensity'"),
        (GOOD.replace("start = 1.5\n", ""), FormatError, r"cue 2 \(line 7\) lacks 'start', or else 'word' or 'after'"),
        (GOOD.replace('feeling = "happy:0.7"\n', ""), FormatError, r"cue 1 \(line 3\) lacks 'feeling', or else 'gesture'"),
        (GOOD.replace("start = 1.5", "start = -1.5"), InputError, r"cue 2 \(line 7\): 'start'.*-1.5"),
        (GOOD.replace("start = 1.5", "start = nan"), InputError, r"cue 2 \(line 7\): 'start'.*nan"),
        (GOOD.replace("start = 1.5", "start = true"), InputError, r"cue 2 \(line 7\): 'start'.*True"),
        (GOOD.replace("start = 1.5", 'start = "1.5"'), InputError, r"cue 2 \(line 7\): 'start'.*'1.5'"),
        (GOOD.replace("start = 1.5", "start = 0.0"), FormatError, r"cue 2 \(line 7\) starts at 0 s, not after"),
        (GOOD.replace("start = 0", "start = 2"), FormatError, r"cue 2 \(line 7\) starts at 1.5 s, not after"),
        (GOOD.replace("= 0.5", "= 1.5"), InputError, r"cue 2 \(line 7\): 'intensity'.*\[0, 1\], not 1.5"),
        (GOOD.replace("ease = 1", "ease = -1"), InputError, r"cue 2 \(line 7\): 'ease'"),
        (GOOD.replace('"happy:0.7"', "7"), InputError, r"cue 1 \(line 3\): 'feeling'.*text"),
        (GOOD.replace("happy:0.7", "happy:7"), InputError, r"cue 1 \(line 3\): .*\[0, 1\]: 'happy:7'"),
    ],
)
def test_each_way_to_be_wrong_is_told_with_file_cue_and_key(tmp_path, text, kind, complaint):
    with pytest.raises(kind, match=complaint) as told:
        read_script(written(tmp_path, text))
    assert "moods.toml" in str(told.value)
    assert "\n" not in str(told.value)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(InputError, match=r"no\.toml"):
        read_script(tmp_path / "no.toml")


def test_cues_pass_as_they_are_and_tables_become_cues():
    cue = Cue(start=0.0, feeling="happy")
    assert cues_from([cue, {"start": 2, "feeling": "sad"}], "here") == (cue, Cue(start=2.0, feeling="sad"))


@pytest.mark.parametrize(
    ("text", "weights"),
    [
        ("happy", {"happy": 1.0}),
        ("happy:0.7", {"happy": 0.7}),
        (" happy : 0.6 , surprised:.4", {"happy": 0.6, "surprised": 0.4}),
        ("neutral", {"neutral": 1.0}),
        ("happy:0,sad:1", {"happy": 0.0, "sad": 1.0}),
    ],
)
def test_feelings_read_as_their_weights(text, weights):
    assert parse_feelings(text) == weights


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "missing: ''"),
        ("happy,", "missing: '' in 'happy,'"),
        (":0.5", "missing: ':0.5'"),
        ("happy,happy:0.5", "'happy' stands twice"),
        ("happy:", r"\[0, 1\]: 'happy:'"),
        ("happy:lots", r"\[0, 1\]: 'happy:lots'"),
        ("sad:0.2,happy:1.2", r"\[0, 1\]: 'happy:1.2' in 'sad:0.2,happy:1.2'"),
        ("happy:-0.1", r"\[0, 1\]"),
        ("happy:nan", r"\[0, 1\]"),
        ("happy=0.7:0.5:1", "no face region 'happy=0.7'"),
    ],
)
def test_feelings_that_cannot_be_read_are_told_with_the_place(text, complaint):
    with pytest.raises(InputError, match=complaint):
        parse_feelings(text)
