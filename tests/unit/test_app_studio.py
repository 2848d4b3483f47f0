"""A studio makes each stage once, stops when asked, and keeps visitors apart."""

import wave
from dataclasses import replace

import pytest

import animator
from animator.app import stages
from animator.app import studio as studios
from animator.app.desk import Desk
from animator.app.line import Line, choosing, dialled, draft, having, saying, showing
from animator.app.studio import Stopped, Studio, Studios


@pytest.fixture
def studio(tmp_path):
    return Studio(Desk(tmp_path))


@pytest.fixture
def line(assets):
    return draft(saying(Line(), assets / "librivox_young_man.wav"), side=32, fps=4)


def test_only_what_depends_on_a_change_is_made_again(studio, line):
    sad = choosing(line, "embedder", "label", feelings="sad")
    assert studio.heard(sad) is studio.heard(line)
    assert studio.felt(sad) is not studio.felt(line)
    assert studio.moved(sad) is not studio.moved(line)
    wide = having(line, picture=replace(line.recipe.picture, camera="wide"))
    assert studio.moved(wide) is studio.moved(line)
    assert studio.head(wide) is studio.head(line)
    assert studio.head(dialled(line, "head", shirt="wine")) is not studio.head(line)


def test_the_motion_is_what_the_library_generates(studio, line):
    expected = animator.generate(animator.read_audio(line.sound), line.recipe)
    assert (studio.moved(line).values == expected.values).all()


def test_a_clip_is_drawn_once(studio, line):
    steps = []
    clip = studio.clip(line, progress=lambda share, what: steps.append(share))
    assert steps == sorted(steps)
    assert (steps[0], steps[-1]) == (0.0, 1.0)
    drawn = len(steps)
    assert studio.clip(line, progress=lambda share, what: steps.append(share)) == clip
    assert len(steps) == drawn


def test_a_cancelled_clip_stops_at_the_next_picture_and_leaves_nothing(studio, line):
    told = []

    def cancel(share, what):
        told.append(what)
        if what.startswith("drawing"):
            studio.cancel()

    with pytest.raises(Stopped):
        studio.clip(line, ".webm", progress=cancel)
    assert [what for what in told if what.startswith("drawing")] == ["drawing 1 of 12"]
    assert not list(studio.desk.folder.rglob("*.webm"))


def test_of_two_jobs_of_one_name_the_second_stops_the_first(studio, line):
    second = []

    def interrupt(share, what):
        if what.startswith("drawing") and not second:
            second.append(studio.clip(having(line, seed=1)))

    with pytest.raises(Stopped):
        studio.clip(line, progress=interrupt)
    assert second[0].exists()


def test_speech_that_goes_on_too_long_is_refused(studio, tmp_path, monkeypatch):
    monkeypatch.setattr(stages, "LONGEST", 2)
    path = tmp_path / "long.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(2 * 8000 * 3))
    with pytest.raises(animator.InputError, match=r"'long.wav' goes on for more than 2 s"):
        studio.sound(Line(path))


def test_what_is_wrong_with_a_sound_is_told_without_the_visitors_folder(studio, tmp_path):
    path = tmp_path / "notes.wav"
    path.write_text("this is no sound")
    with pytest.raises(animator.FormatError) as told:
        studio.sound(Line(path))
    assert "notes.wav" in str(told.value)
    assert str(tmp_path) not in str(told.value)


def test_a_line_without_speech_says_what_to_do(studio):
    with pytest.raises(animator.InputError, match="record some, drop a file"):
        studio.clip(Line())


def test_a_photo_does_not_speak_before_whoever_is_in_it_said_yes(studio, line, tmp_path):
    with pytest.raises(animator.InputError, match="only when whoever is in it has said yes"):
        studio.clip(showing(line, tmp_path / "face.png"))


def test_a_preview_shows_the_first_seconds(studio, line, monkeypatch):
    monkeypatch.setattr(studios, "QUICK", 1.0)
    told = []
    studio.preview(line, progress=lambda share, what: told.append(what))
    assert told[-1] == "drawing 4 of 4"


def test_visitors_have_studios_of_their_own_which_go_when_they_leave(tmp_path):
    both = Studios(tmp_path)
    ana, bo = both.of("ana"), both.of("bo")
    assert ana is both.of("ana")
    assert ana is not bo
    assert ana.desk.folder != bo.desk.folder
    both.leave("ana")
    assert (ana.desk.folder.exists(), bo.desk.folder.exists()) == (False, True)
    assert both.of("ana") is not ana
    both.close()
    assert not any(tmp_path.iterdir())
