"""A visitor's desk: bounded, private, and gone when they leave."""

import os
import subprocess
import sys

import pytest

import animator
from animator.app import desk as desks
from animator.app.desk import Desk, ground


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def test_an_upload_is_copied_to_the_desk_under_its_own_name(desk, tmp_path):
    upload = tmp_path / "my speech.wav"
    upload.write_bytes(b"sound")
    taken = desk.take_in(upload)
    assert taken.read_bytes() == b"sound"
    assert (taken.name, taken.is_relative_to(desk.folder), upload.exists()) == ("my speech.wav", True, True)


def test_two_files_of_one_name_lie_side_by_side(desk):
    assert desk.place("a.wav") != desk.place("a.wav")


def test_what_is_too_large_is_refused_and_removed(desk, tmp_path, monkeypatch):
    monkeypatch.setattr(desks, "LARGEST", 2**20)
    upload = tmp_path / "long.wav"
    upload.write_bytes(bytes(2**20 + 1))
    with pytest.raises(animator.InputError, match=r"'long.wav' has 1 MB; give a file of at most 1 MB"):
        desk.take_in(upload)
    assert not upload.exists()
    assert not any(desk.folder.iterdir())


def test_a_full_desk_takes_in_no_more(desk, tmp_path, monkeypatch):
    monkeypatch.setattr(desks, "FULL", 10)
    desk.place("clip.mp4").write_bytes(bytes(11))
    upload = tmp_path / "more.wav"
    upload.write_bytes(b"sound")
    with pytest.raises(animator.InputError, match="no room on this desk"):
        desk.take_in(upload)
    assert not upload.exists()


def test_an_upload_that_is_gone_is_asked_for_again(desk, tmp_path):
    with pytest.raises(animator.InputError, match="please give it again"):
        desk.take_in(tmp_path / "gone.wav")


def test_nothing_can_be_written_outside_the_desk(desk):
    assert desk.place("../../etc/passwd").is_relative_to(desk.folder)


def test_a_file_is_thrown_away_with_its_drawer_and_others_are_left(desk, tmp_path):
    mine, kept = desk.place("a.txt"), desk.place("b.txt")
    others = tmp_path / "drawer" / "c.txt"
    others.parent.mkdir()
    for path in (mine, kept, others):
        path.write_text("x")
        desk.throw_away(path) if path != kept else None
    assert (mine.parent.exists(), kept.exists(), others.exists()) == (False, True, True)


def test_a_cleared_desk_is_gone(desk):
    desk.place("a.txt").write_text("x")
    desk.clear()
    assert not desk.folder.exists()


def test_the_ground_goes_with_its_process_and_what_a_dead_one_left_goes_at_the_next_start(tmp_path):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left, alive = tmp_path / f"{desks.PREFIX}{dead.pid}-x", tmp_path / f"{desks.PREFIX}{os.getpid()}-x"
    for folder in (left, alive):
        folder.mkdir()
    with ground(tmp_path) as folder:
        assert (left.exists(), alive.exists(), folder.exists()) == (False, True, True)
    assert not folder.exists()
