"""``animator script check`` explains a script in plain words."""

import json

import pytest
from click.testing import CliRunner
from command_line import here

from animator.cli.script import script
from animator.errors import InputError, LossWarning, UnknownNameError

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
        "at “forgot”  the whole face: sad 0.6, over 0.5 s  (line 2)",
        "after “birthday”  sigh, once  (line 2)",
    ]


def test_words_that_are_said_again_are_told_apart(tmp_path):
    path = tmp_path / "again.toml"
    cues = "".join(f'[[cue]]\nword = "{word}"\nfeeling = "neutral, jaw:neutral"\n' for word in ("never", "Never#2", "so", "so#1"))
    path.write_text(f'transcript = "Never, never so."\n{cues}')
    told = [row.strip().split("  ")[0] for row in check(path).splitlines()[2:]]
    assert told == ["at each “never”", "at the second “Never”", "at “so”", "at “so”"]
    assert check(path).count("  the whole face: neutral; the jaw: nothing besides, over 0.5 s  (line ") == 4
    path.write_text(cues)
    told = check(path)
    assert "at “never”" in told
    assert "at the second “Never”" in told
    assert "at the first “so”" in told


def test_the_same_is_there_as_json(file):
    told = json.loads(check(file, "--json"))
    assert (told["inertia"], told["transcript"]) == (0.2, "I thought you forgot my birthday")
    assert [cue["line"] for cue in told["cues"]] == [4, 9, 2, 2]


def test_with_the_sound_cues_at_words_have_their_times(tmp_path, assets):
    path = tmp_path / "moods.toml"
    path.write_text('[[cue]]\nword = "birthday"\nfeeling = "happy"\n')
    told = check(path, "--audio", assets / "sample_story.wav", "--transcript", assets / "sample_story.txt", "--json")
    (cue,) = json.loads(told)["cues"]
    assert 1.0 < cue["start"] < 2.2


def test_what_is_wrong_is_told_with_its_line(tmp_path, assets):
    path = tmp_path / "moods.toml"
    path.write_text('[[cue]]\nstart = 0\nfeeling = "calm"\n\n[[cue]]\nstart = 60\ngesture = "nod"\n')
    with pytest.raises(InputError, match=r"the cue in line 5 of the script starts at 60 s, but the sound ends at"):
        check(path, "--audio", assets / "sample_story.wav")
    path.write_text('[[cue]]\nstart = 0\nfeeling = "sad"\nhold = 2\n\n[[cue]]\nstart = 1\nfeeling = "calm"\n')
    with pytest.warns(
        LossWarning, match="the cue in line 1 of the script is held until 2 s, but the cue in line 6 takes over at 1 s"
    ):
        check(path)
    path.write_text('[[cue]]\nstart = 0\ngesture = "nodd"\n')
    with pytest.raises(UnknownNameError, match=r"'moods.toml', cue 1 \(line 1\); did you mean 'nod'"):
        check(path)


ALL = """feeling.smug = { pose = { mouthSmileLeft = 0.6 }, near = "contempt:0.3" }
transcript = "I thought you [look at 0.4,0.1,1, hold=0.6] forgot my birthday [look back]"

[[cue]]
start = 0.0
feeling = "vad(0.3,-0.4,0.1):0.5, brows:smug:0.4"

[[cue]]
word = "thought"
feeling = "close to tears"

[[lips]]
crisp = 1.3

[[lips]]
words = "forgot"
open = 1.4
jaw = 0.8

[[look]]
start = 0.3
at = [0.2, -0.1]
ease = 0.2
"""


def test_feelings_of_ones_own_described_ones_lips_and_looks_are_explained(tmp_path):
    path = tmp_path / "all.toml"
    path.write_text(ALL)
    heading, _, smug, tears, *rows = check(path).splitlines()
    assert heading == f"{path}: 2 cues, 0 gestures, 2 directions of the lips, 3 looks"
    assert smug == "  “smug” is a pose of mouthSmileLeft with contempt 0.3"
    assert tears.startswith("  “close to tears” is sadness ")
    point = "the whole face: 0.5 of the point of valence 0.3, arousal -0.4, dominance 0.1; the brows besides: smug 0.4"
    assert rows[0].strip().startswith(f"0.00 s  {point}")
    assert [row.strip() for row in rows[2:]] == [
        "all along  sounds are 1.3 times as distinct  (line 12)",
        "during “forgot”  the jaw moves 0.8 times as far, lips part 1.4 times as far; coming and going over 0.08 s  (line 15)",
        "0.30 s  eyes and some of the head go 11° to the left and 6° up, over 0.2 s, until the next look, or the end  (line 20)",
        "at “forgot”  eyes and some of the head go to a point 0.4 m to the left, 0.1 m up, 1 m ahead, for 0.6 s  (line 2)",
        "after “birthday”  eyes back to the camera  (line 2)",
    ]


def test_with_the_sound_lips_and_looks_have_their_times_and_lie_inside_it(tmp_path, assets):
    path = tmp_path / "all.toml"
    path.write_text('[[look]]\nword = "birthday"\nat = [0.2, 0.0]\n\n[[lips]]\nwords = "birthday"\nopen = 1.2\n')
    sound = ("--audio", assets / "sample_story.wav", "--transcript", assets / "sample_story.txt", "--json")
    told = json.loads(check(path, *sound))
    (look,), (lips,) = told["looks"], told["lips"]
    assert 1.0 < look["start"] == lips["start"] < 2.2
    assert lips["when"].endswith(f" to {float(lips['when'].split()[-2]):.2f} s")
    for asked, complaint in (
        ("look]]\nat = [0.1, 0.0]", r"a look \(line 1\) starts at 60"),
        ("lips]]\nopen = 2", r"lips \(line 1\) are directed from 60 s on"),
    ):
        path.write_text(f"[[{asked}\nstart = 60.0\n")
        with pytest.raises(InputError, match=complaint):
            check(path, *sound[:2])
    path.write_text('\n[[lips]]\nopen = 2\nwords = "birthdays"\n')
    with pytest.raises(UnknownNameError, match=r"lips \(line 2\): there is no word 'birthdays' .* did you mean 'birthday'"):
        check(path, *sound)


def test_what_is_lost_is_told_once_however_often_it_is_come_upon(tmp_path, assets):
    cues = ((0.1, "happy"), (0.3, "sad"))
    text = "".join(f'[[cue]]\nstart = {start}\nfeeling = "{feeling}"\nhold = 1.0\n' for start, feeling in cues)
    (tmp_path / "moods.toml").write_text(text)
    options = ("-o", "a.motion.npz", "--report", "r.json", "--script", "moods.toml")
    done = here(tmp_path, "generate", assets / "sample_sad.wav", *options)
    assert (done.returncode, done.stderr.count("takes over at 0.3 s")) == (0, 1)
