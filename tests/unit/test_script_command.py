"""``animator script check`` explains a script in plain words."""

import json

import pytest
from click.testing import CliRunner

from animator.cli.script import script
from animator.errors import InputError, UnknownNameError

TEXT = """inertia = 0.2
transcript = "I thought you [sad:0.6] forgot my birthday [sigh]"

[[cue]]
start = 0.0
feeling = "calm"
intensity = 0.5

[[cue]]
word = "thought"
feeling = "happy:0.3, brows:worried:0.8"
hold = 1.0
offset = -0.1
"""


def check(*arguments):
    return CliRunner().invoke(script, ["check", *map(str, arguments)], catch_exceptions=False).output


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "moods.toml"
    path.write_text(TEXT)
    return path


def test_every_cue_is_told_with_its_place_and_line(file):
    heading, said, *rows = check(file).splitlines()
    assert heading == f"{file}: 3 cues, 1 gesture; feelings follow with a time constant of 0.2 s"
    assert said == "  said: I thought you forgot my birthday"
    assert [row.strip() for row in rows] == [
        "0.00 s  the whole face: calm 0.5, at once  (line 4)",
        "at “thought” -0.1 s  the whole face: happy 0.3; the brows besides: worried 0.8, over 0.5 s; "
        "after 1 s back to what was before  (line 9)",
        "at “forgot#1”  the whole face: sad 0.6, over 0.5 s  (line 1)",
        "after “birthday#1”  sigh, once  (line 1)",
    ]


def test_the_same_is_there_as_json(file):
    told = json.loads(check(file, "--json"))
    assert (told["inertia"], told["transcript"]) == (0.2, "I thought you forgot my birthday")
    assert [cue["line"] for cue in told["cues"]] == [4, 9, 1, 1]


def test_with_the_sound_cues_at_words_have_their_times(tmp_path, assets):
    path = tmp_path / "moods.toml"
    path.write_text('[[cue]]\nword = "birthday"\nfeeling = "happy"\n')
    told = check(path, "--audio", assets / "sample_story.wav", "--transcript", assets / "sample_story.txt", "--json")
    (cue,) = json.loads(told)["cues"]
    assert 1.0 < cue["start"] < 2.2


def test_what_is_wrong_is_told_with_its_line(tmp_path, assets):
    path = tmp_path / "moods.toml"
    path.write_text('[[cue]]\nstart = 0\nfeeling = "calm"\n\n[[cue]]\nstart = 60\ngesture = "nod"\n')
    with pytest.raises(InputError, match=r"cue 2 \(line 5\) of the script starts at 60 s, but the sound ends at"):
        check(path, "--audio", assets / "sample_story.wav")
    path.write_text('[[cue]]\nstart = 0\ngesture = "nodd"\n')
    with pytest.raises(UnknownNameError, match=r"'moods.toml', cue 1 \(line 1\); did you mean 'nod'"):
        check(path)
