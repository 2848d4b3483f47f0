"""Scenes: read from TOML, refused with their place, and laid out in time."""

from fractions import Fraction

import pytest

from animator.core.scene import GAP, Face, Scene, Traits, Turn, starts
from animator.errors import FormatError, InputError, UnknownNameError
from animator.io.scene import read_scene

TWO = """\
schema = "animator.Scene/1"

[[face]]
name = "Ana"
traits = { extraversion = 1, agreeableness = 0.8 }

[[face]]
name = "Bo"
mood = "sad:0.2"
generator = { style = "calm" }
"""


@pytest.fixture
def read(tmp_path, assets):
    (tmp_path / "hello.wav").write_bytes((assets / "sample_happy.wav").read_bytes())
    (tmp_path / "hello.txt").write_text("Well, hello!")

    def reading(text):
        path = tmp_path / "scene.toml"
        path.write_text(text)
        return read_scene(path)

    return reading


def test_a_scene_is_read_with_paths_from_its_own_folder(read, tmp_path):
    scene = read(TWO + '[[turn]]\nwho = "Ana"\nsound = "hello.wav"\ntranscript = "hello.txt"\nto = "Bo"\noverlap = 0.25\n')
    assert [face.name for face in scene.faces] == ["Ana", "Bo"]
    assert scene.faces[0].traits == Traits(extraversion=1.0, agreeableness=0.8)
    assert scene.faces[1].mood == "sad:0.2"
    assert scene.faces[1].generator == {"style": "calm"}
    told = Turn("Ana", str(tmp_path / "hello.wav"), gap=-0.25, transcript="Well, hello!", to=("Bo",))
    assert scene.turns == (told,)
    assert scene.turns[0].line == 11


def test_the_shipped_scene_can_be_read(assets):
    scene = read_scene(assets / "demo_scene.toml")
    assert [turn.who for turn in scene.turns] == ["Ana", "Bea"]
    assert all(turn.transcript for turn in scene.turns)


@pytest.mark.parametrize(
    ("added", "kind", "sentence"),
    [
        ('[[turn]]\nwho = "Anna"\nsound = "hello.wav"', UnknownNameError, r"'scene.toml': .*'Anna' in turn 1 \(line 11\).*'Ana'"),
        ('[[turn]]\nwho = "Ana"\nsound = "helo.wav"', InputError, r"turn 1 \(line 11\): there is no file 'helo.wav' for 'sound'"),
        ('[[turn]]\nwho = "Ana"', FormatError, r"turn 1 \(line 11\) lacks 'sound'"),
        ('[[turn]]\nwho = "Ana"\nsound = "hello.wav"\nemotoin = "sad"', UnknownNameError, r"turn 1 .*did you mean 'emotion'"),
        (
            '[[turn]]\nwho = "Ana"\nsound = "hello.wav"\nemotion = "happy:2"',
            InputError,
            r"turn 1 \(line 11\): the weight .* \[0, 1\]",
        ),
        ('[[turn]]\nwho = "Ana"\nsound = "hello.wav"\nat = 1\ngap = 2', InputError, r"turn 1 .*at and gap both say when"),
        (
            '[[turn]]\nwho = "Ana"\nsound = "hello.wav"\nat = "soon"',
            InputError,
            r"'at' of 'scene.toml', turn 1 .* is a number or nothing, not 'soon'",
        ),
        ('[[turn]]\nwho = "Ana"\nsound = "hello.wav"\nto = "Ana"', InputError, r"turn 1 \(line 11\): Ana speaks to others"),
        ('[[face]]\nname = "Cy"\ntraits = { shyness = 1 }', UnknownNameError, r"'shyness' in 'scene.toml', face 3 \(line 11\)"),
        ('[[face]]\nname = "Cy"\ninertia = 1.5', InputError, r"face 3 \(line 11\): inertia lies in \[0, 1\], not 1.5"),
        ('[[face]]\nname = "a/b"', InputError, r"face 3 .*files are called so, not 'a/b'"),
        ("", FormatError, r"needs \[\[turn\]\] tables"),
        ("[[turn]", FormatError, r"not valid TOML.*line 11"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(read, added, kind, sentence):
    with pytest.raises(kind, match=sentence):
        read(TWO + added)


def scene(*turns):
    return Scene((Face("A"), Face("B")), tuple(Turn(who, "x.wav", **placed) for who, placed in turns))


def test_turns_follow_each_other_by_their_gaps_and_stand_where_they_are_put():
    given = scene(("A", {"at": 1.0}), ("B", {}), ("A", {"gap": -0.5}), ("B", {"at": 20.0}))
    begun = starts(given, [Fraction(2), Fraction(3), Fraction(1), Fraction(1)])
    assert begun == (1, 3 + Fraction(GAP).limit_denominator(50), Fraction(57, 10), 20)


def test_every_turn_begins_at_a_frame_of_generators():
    begun = starts(scene(("A", {"at": 0.013}), ("B", {"gap": 0.0071})), [Fraction(12345, 16000), Fraction(1)])
    assert all((start * 50).denominator == 1 for start in begun)


@pytest.mark.parametrize(
    ("turns", "sentence"),
    [
        ([("A", {"gap": -1.0})], r"turn 1 begins at -1.00 s, before the scene"),
        ([("A", {"at": 3.0}), ("B", {"at": 1.0})], r"turn 2 begins at 1.00 s, before the turn ahead"),
        ([("A", {}), ("A", {"gap": -0.5})], r"turn 2 begins .* while A still says another, until 2.20 s"),
        ([("A", {}), ("B", {"gap": -1.0}), ("A", {"at": 2.0})], r"while A still says another, until 2.20 s"),
    ],
)
def test_turns_that_cannot_begin_then_are_refused(turns, sentence):
    with pytest.raises(InputError, match=sentence):
        starts(scene(*turns), [Fraction(2)] * len(turns))


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Scene((Face("A"),), (Turn("A", "x"),)), "two or more faces, not 1"),
        (lambda: Scene((Face("A"), Face("a")), (Turn("A", "x"),)), "a name of its own"),
        (lambda: Scene((Face("A"), Face("B")), ()), "one or more turns"),
        (lambda: Face("A", head="a.toml", photo="a.jpg"), "a head and a photo"),
        (lambda: Face("A", photo="a.jpg", camera="close"), "a camera of its own"),
        (lambda: Turn("A", "x", emotion="sad", script="y"), "'emotion' and 'script' both"),
        (lambda: Turn("A", "x", at=-1.0), r"a turn begins in \[0, 86400\] s"),
        (lambda: Traits(openness=1.2), r"openness lies in \[0, 1\], not 1.2"),
    ],
)
def test_what_is_no_scene_cannot_be_made(make, sentence):
    with pytest.raises(InputError, match=sentence):
        make()
