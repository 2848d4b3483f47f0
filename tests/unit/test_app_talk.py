"""A dialogue in the demo: each change of it is another one, its files come and go with it, and it is shown as labelled fields."""

import shlex
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

import animator
from animator.app import talk_files, talk_from, talk_made, talk_shown
from animator.app.cues import cued
from animator.app.desk import Desk
from animator.app.line import Line, choosing, dialled
from animator.app.studio import Stopped, Studio
from animator.app.talk import (
    NAMES,
    Talk,
    addressed,
    faced,
    held,
    joined,
    left,
    moved,
    reordered,
    reseated,
    said,
    staged,
    turned,
    unsaid,
)
from animator.app.voices import with_sample
from animator.cli.dialogue import dialogue

TURNS = (
    animator.Turn("Ana", "a.wav", at=0.5, emotion="happy"),
    animator.Turn("Bo", "b.wav", to=("Ana",)),
    animator.Turn("Ana", "c.wav", gap=-0.2, script="c.toml"),
)
TALK = Talk(animator.Scene((animator.Face("Ana"), animator.Face("Bo", photo="bo.jpg")), TURNS), agreed=True)


def turns(talk):
    return held(talk).turns


def test_any_change_of_who_says_what_takes_the_yes_back():
    for changed in (faced(TALK, 0, mood="sad"), moved(TALK, 0, 1.0), unsaid(TALK, 0), reseated(TALK, 0, 1), joined(TALK)):
        assert TALK.agreed
        assert not changed.agreed


def test_turns_go_along_with_the_name_of_their_face():
    renamed = faced(TALK, 0, name="Zoe")
    assert [(turn.who, turn.to) for turn in turns(renamed)] == [("Zoe", ()), ("Bo", ("Zoe",)), ("Zoe", ())]


def test_a_new_face_has_a_name_of_its_own_until_there_are_as_many_as_can_be():
    many = TALK
    for _ in range(len(NAMES) - 2):
        many = joined(many)
    names = [face.name for face in held(many).faces]
    assert len(set(names)) == len(NAMES)
    with pytest.raises(animator.InputError, match="at most 6 faces"):
        joined(many)


def test_who_leaves_takes_their_turns_along_and_two_stay():
    with pytest.raises(animator.InputError, match="two or more faces, not 1"):
        left(TALK, 1)
    three = said(joined(TALK), animator.Turn("Bea", "d.wav", to=("Ana", "Bo")))
    without = held(left(three, 0))
    assert [(turn.who, turn.to) for turn in without.turns] == [("Bo", ()), ("Bea", ("Bo",))]


def test_faces_change_seats_within_the_row():
    assert [face.name for face in held(reseated(TALK, 0, 1)).faces] == ["Bo", "Ana"]
    assert reseated(replace(TALK, agreed=False), 0, -1) == replace(TALK, agreed=False)


def test_turns_change_places_and_places_keep_their_times():
    swapped = turns(reordered(TALK, 0, 1))
    assert [turn.sound for turn in swapped] == ["b.wav", "a.wav", "c.wav"]
    assert [(turn.at, turn.gap) for turn in swapped] == [(turn.at, turn.gap) for turn in TURNS]
    with pytest.raises(animator.InputError, match="one or more turns"):
        unsaid(unsaid(unsaid(TALK, 0), 0), 0)


def test_of_two_ways_to_tell_a_thing_the_one_that_is_given_holds():
    assert (turns(turned(TALK, 0, gap=0.4))[0].at, turns(turned(TALK, 2, at=4.0))[2].gap) == (None, animator.Turn.gap)
    directed = turns(turned(TALK, 2, emotion="sad"))[2]
    assert (directed.emotion, directed.script) == ("sad", "")
    assert turns(turned(TALK, 2, emotion=""))[2].script == "c.toml"
    assert turns(moved(TALK, 1, -0.4))[1].at == 0.0


def test_nobody_is_made_to_speak_to_themselves_but_told_if_they_ask_for_it():
    assert turns(turned(TALK, 1, who="Ana"))[1].to == ()
    with pytest.raises(animator.InputError, match="turn 2: Bo speaks to others"):
        turned(TALK, 1, to=addressed(" Ana, Bo "))


@pytest.fixture
def studio(tmp_path):
    return Studio(Desk(tmp_path))


@pytest.fixture
def example(studio):
    return staged(Talk(side=32, fps=5), talk_files.example(studio.desk))


def test_the_example_is_the_shipped_scene_with_its_files_on_the_desk(example, studio, assets):
    scene, shipped = held(example), animator.read_scene(assets / "demo_scene.toml")
    assert [turn.transcript for turn in scene.turns] == [turn.transcript for turn in shipped.turns]
    for path in [scene.faces[1].head, *(turn.sound for turn in scene.turns)]:
        assert Path(path).is_relative_to(studio.desk.folder)
        assert Path(path).read_bytes() == (assets / Path(path).name).read_bytes()


def bare(scene):
    """A scene with names in the place of paths."""
    faces = tuple(replace(face, head=Path(face.head).name) for face in scene.faces)
    return animator.Scene(faces, tuple(replace(turn, sound=Path(turn.sound).name) for turn in scene.turns))


def test_what_is_taken_away_can_be_opened_again_as_an_archive_and_as_files(example, studio, tmp_path):
    archive = talk_made.scene(studio, example)
    assert bare(talk_files.opened(studio.desk, [str(archive)])) == bare(held(example))
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(tmp_path / "taken")
    loose = [str(path) for path in (tmp_path / "taken").iterdir()]
    assert bare(talk_files.opened(studio.desk, loose)) == bare(held(example))
    assert animator.read_scene(tmp_path / "taken" / "scene.toml").turns == tuple(
        replace(turn, sound=str(tmp_path / "taken" / Path(turn.sound).name)) for turn in held(example).turns
    )


def test_files_of_one_name_stay_two(studio, assets, tmp_path):
    sounds = [with_sample(Line(), key, studio).sound for key in ("sample_happy", "sample_sad")]
    twins = [path.rename(path.with_name("hello.wav")) for path in sounds]
    scene = animator.Scene((TALK.scene.faces[0], animator.Face("Cy")), tuple(animator.Turn("Cy", str(path)) for path in twins))
    talk_files.pack(scene, tmp_path / "scene.zip")
    with zipfile.ZipFile(tmp_path / "scene.zip") as packed:
        assert sorted(packed.namelist()) == ["hello-2.wav", "hello.wav", "scene.toml"]
        assert packed.read("hello.wav") != packed.read("hello-2.wav")


FACES = '[[face]]\nname = "A"\n[[face]]\nname = "B"\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (FACES + '[[turn]]\nwho = "A"\nsound = "/etc/hostname"\n', "'scene.toml' names '/etc/hostname', which lies elsewhere"),
        (FACES + '[[turn]]\nwho = "A"\nsound = "a.wav"\ntranscript = "../notes.txt"\n', "'../notes.txt', which lies elsewhere"),
        (FACES + '[[turn]]\nwho = "A"\nsound = "a.wav"\n', "there is no file 'a.wav' for 'sound'"),
        (FACES, r"lacks 'turn'|needs \[\[turn\]\] tables"),
        ("no scene at all", "not valid TOML"),
    ],
)
def test_a_scene_that_cannot_be_opened_is_refused_and_not_kept(studio, tmp_path, text, sentence):
    (tmp_path / "scene.toml").write_text(text)
    with pytest.raises(animator.AnimatorError, match=sentence):
        talk_files.opened(studio.desk, [str(tmp_path / "scene.toml")])
    assert not any(studio.desk.folder.iterdir())


def test_an_archive_is_bounded_and_put_nowhere_else(studio, tmp_path, monkeypatch):
    with zipfile.ZipFile(tmp_path / "far.zip", "w") as packed:
        packed.writestr("../../astray.toml", FACES)
    with pytest.raises(animator.FormatError):
        talk_files.opened(studio.desk, [str(tmp_path / "far.zip")])
    assert not list(tmp_path.parent.rglob("astray.toml"))
    monkeypatch.setattr(talk_files, "MOST", 0)
    with pytest.raises(animator.InputError, match=r"'far\.zip' holds more than 0 files"):
        talk_files.opened(studio.desk, [str(tmp_path / "far.zip")])
    with pytest.raises(animator.InputError, match="no scene among these files"):
        talk_files.opened(studio.desk, [str(tmp_path.parent / __file__)])


def test_a_line_is_a_turn_as_it_is_directed(studio):
    line = with_sample(Line(), "librivox_young_man", studio)
    assert talk_from.spoken(line, "Ana", studio).emotion == ""
    assert talk_from.spoken(choosing(line, "embedder", "label", feelings="sad:0.4"), "Ana", studio).emotion == "sad:0.4"
    assert talk_from.spoken(choosing(line, "embedder", "voice"), "Ana", studio).emotion == "auto"
    directed = dialled(cued(line, (animator.Cue(0.0, "sad"), animator.Cue(1.0, gesture="nod"))), "generator")
    directed = dialled(directed, "generator", articulation=[{"words": "young", "open": 1.3}])
    script = animator.read_script(Path(talk_from.spoken(directed, "Ana", studio).script))
    assert [cue.start for cue in script.cues] == [0.0, 1.0]
    assert [(each.words, each.open) for each in script.lips] == [("young", 1.3)]


def test_a_dialogue_begun_with_a_line_shows_its_head_and_can_be_planned(studio):
    line = dialled(with_sample(Line(), "librivox_young_man", studio), "head", age=61.0, style="short")
    talk = staged(Talk(), talk_from.begun(line, studio))
    plan = talk_made.planned(studio, talk)
    assert plan.roles[0].recipe.head.settings == {"age": 61.0, "style": "short"}
    assert [turn.transcript for turn in held(talk).turns] == [line.recipe.transcript]


def test_a_photo_speaks_only_with_a_yes(studio):
    with pytest.raises(animator.InputError, match="has said yes"):
        talk_made.clip(studio, replace(TALK, agreed=False))


def test_the_command_is_the_one_that_makes_the_same():
    assert talk_made.command(Talk(side=64, fps=12), "all") == "animator dialogue scene.toml -o scene.mp4 --size 64x64 --fps 12"
    assert "--each takes --formats livelink" in talk_made.command(Talk(), "livelink")
    assert {"motion", "livelink", "mp4", "csv"} <= set(talk_made.forms())


@pytest.fixture
def short(example, studio):
    """The example, cut to half a second of each sound, by two of one head, which is made once."""
    turns = []
    for turn in held(example).turns:
        sound, path = animator.read_audio(Path(turn.sound)), studio.desk.place("short.wav")
        animator.write_wav(animator.Audio(sound.samples[: sound.rate // 2], sound.rate), path)
        turns.append(replace(turn, sound=str(path), transcript=None))
    faces = tuple(replace(face, head="") for face in held(example).faces)
    return staged(example, animator.Scene(faces, tuple(turns)))


def test_a_dialogue_that_is_cancelled_stops_and_leaves_nothing(studio, short):
    before = {path for path in studio.desk.folder.rglob("*") if path.is_file()}
    for last in ("listening", "moving"):

        def cancel(share, what, last=last):
            if what.startswith(last) and not what.startswith(f"{last}: 0"):
                studio.cancel(talk_made.DRAWING)

        with pytest.raises(Stopped):
            talk_made.clip(studio, short, cancel)
    assert {path for path in studio.desk.folder.rglob("*") if path.is_file()} == before


def test_the_clip_is_byte_for_byte_the_one_that_the_command_makes_of_the_scene_taken_away(studio, short, tmp_path, monkeypatch):
    shown = talk_made.clip(studio, short)
    with zipfile.ZipFile(talk_made.scene(studio, short)) as packed:
        packed.extractall(tmp_path / "taken")
    monkeypatch.chdir(tmp_path / "taken")
    words = shlex.split(talk_made.command(short, talk_made.ALL))
    assert CliRunner().invoke(dialogue, words[2:], catch_exceptions=False).exit_code == 0
    assert Path(talk_made.CLIP).read_bytes() == shown.read_bytes()


def test_each_faces_files_are_those_of_the_command(studio, short):
    with zipfile.ZipFile(talk_made.takes(studio, short, "motion")) as packed:
        names = {f"takes/{name}{end}" for name in ("Ana", "Bea") for end in (".wav", ".emotion.npz", ".motion.npz")}
        assert set(packed.namelist()) == names
        packed.extractall(studio.desk.folder / "out")
    motion, _ = animator.read_motion(studio.desk.folder / "out" / "takes" / "Bea.motion.npz")
    played = talk_made.played(studio, short)
    assert (motion.values == played.faces[1].motion.values).all()


def test_every_value_of_a_face_and_a_turn_has_a_field_that_says_whose_it_is():
    cards, table = talk_shown.cards(TALK.scene, ["", ""], 1), talk_shown.turns(TALK.scene, 1)
    for field in (*talk_shown.WHO, *talk_shown.TRAITS, *talk_shown.MANNERS):
        assert cards.count(f'aria-label="{field.title} of Bo"') == 1
    for field in talk_shown.TURN[1:]:
        assert table.count(f'aria-label="{field.title} of turn 3"') == 1
    assert "bo.jpg" not in cards, "no path of the desk is shown"
    assert "as c.toml tells" in table


def test_what_is_written_is_checked_for_its_field():
    assert talk_shown.written(talk_shown.TURN, "turn 1", "gap", "-0.5") == -0.5
    with pytest.raises(animator.InputError, match="of turn 1 is a number, not 'soon'"):
        talk_shown.written(talk_shown.TURN, "turn 1", "at", "soon")
    with pytest.raises(animator.UnknownNameError, match="'sound'"):
        talk_shown.written(talk_shown.TURN, "turn 1", "sound", "/etc/hostname")
