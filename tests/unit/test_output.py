import errno
import os
from pathlib import Path

import pytest

from animator.errors import InputError
from animator.io.output import check_output, writing


def left_in(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_the_draft_has_the_name_of_its_target_on_the_same_disk_and_nothing_stands_at_either(tmp_path):
    with writing(tmp_path / "clip.mp4") as draft:
        assert draft.name == "clip.mp4"
        assert not draft.exists()
        assert draft.parent.stat().st_dev == tmp_path.stat().st_dev
        draft.write_text("new")
        assert not (tmp_path / "clip.mp4").exists()
    assert left_in(tmp_path) == ["clip.mp4"]
    assert (tmp_path / "clip.mp4").read_text() == "new"


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_failed_run_leaves_the_old_file_and_nothing_else(tmp_path, failure):
    (tmp_path / "clip.mp4").write_text("old")
    with pytest.raises(failure), writing(tmp_path / "clip.mp4", overwrite=True) as draft:
        draft.write_text("half")
        raise failure
    assert left_in(tmp_path) == ["clip.mp4"]
    assert (tmp_path / "clip.mp4").read_text() == "old"


def test_a_failed_run_takes_away_the_folders_it_made_and_only_those(tmp_path):
    (tmp_path / "kept").mkdir()
    with pytest.raises(ValueError, match="no"), writing(tmp_path / "kept" / "a" / "b" / "clip.mp4") as draft:
        draft.write_text("half")
        raise ValueError("no")
    assert left_in(tmp_path) == ["kept"]
    with writing(tmp_path / "kept" / "a" / "b" / "clip.mp4") as draft:
        draft.write_text("whole")
    assert left_in(tmp_path) == ["kept", "kept/a", "kept/a/b", "kept/a/b/clip.mp4"]


def test_an_output_that_exists_is_kept_unless_it_may_be_replaced(tmp_path):
    path = tmp_path / "clip.mp4"
    path.write_text("old")
    for refuse in (lambda: check_output(path), lambda: writing(path).__enter__()):
        with pytest.raises(InputError, match=r"clip\.mp4' exists; pass --overwrite"):
            refuse()
    assert path.read_text() == "old"
    with writing(path, overwrite=True) as draft:
        draft.write_text("new")
    assert path.read_text() == "new"


def test_what_came_to_stand_there_meanwhile_is_kept_too(tmp_path):
    path = tmp_path / "clip.mp4"
    with pytest.raises(InputError, match="exists"), writing(path) as draft:
        draft.write_text("ours")
        path.write_text("theirs")
    assert path.read_text() == "theirs"
    assert left_in(tmp_path) == ["clip.mp4"]


def test_a_link_goes_on_pointing_at_what_is_written(tmp_path):
    (tmp_path / "disk").mkdir()
    (tmp_path / "clip.mp4").symlink_to(tmp_path / "disk" / "real.mp4")
    with writing(tmp_path / "clip.mp4") as draft:
        draft.write_text("new")
    assert (tmp_path / "clip.mp4").is_symlink()
    assert (tmp_path / "disk" / "real.mp4").read_text() == "new"
    assert left_in(tmp_path) == ["clip.mp4", "disk", "disk/real.mp4"]


def test_a_folder_replaces_the_folder_of_an_earlier_run_whole(tmp_path):
    old = tmp_path / "clip"
    old.mkdir()
    for name in ("frame_00000.png", "frame_00001.png", "sound.wav", "recipe.toml"):
        (old / name).write_text("old")
    with writing(old, overwrite=True) as draft:
        draft.mkdir()
        (draft / "frame_00000.png").write_text("new")
    assert left_in(tmp_path) == ["clip", "clip/frame_00000.png"]
    assert (old / "frame_00000.png").read_text() == "new"


def test_an_empty_folder_may_be_filled(tmp_path):
    (tmp_path / "clip").mkdir()
    with writing(tmp_path / "clip") as draft:
        draft.mkdir()
        (draft / "frame_00000.png").write_text("new")
    assert left_in(tmp_path) == ["clip", "clip/frame_00000.png"]


@pytest.mark.parametrize("theirs", ["holiday.png", "frame_00000.png/deep", "sound.wav.bak"])
def test_a_folder_with_anything_else_in_it_is_never_replaced(tmp_path, theirs):
    path = tmp_path / "clip" / theirs
    path.parent.mkdir(parents=True)
    path.write_text("precious")
    with pytest.raises(InputError, match="holds other things"):
        check_output(tmp_path / "clip", overwrite=True)
    assert path.read_text() == "precious"


def test_a_file_is_never_replaced_by_a_folder_nor_a_folder_by_a_file(tmp_path):
    (tmp_path / "clip").write_text("a file")
    with pytest.raises(InputError, match="is a file"), writing(tmp_path / "clip", overwrite=True) as draft:
        draft.mkdir()
    assert (tmp_path / "clip").read_text() == "a file"
    (tmp_path / "clip.mp4").mkdir()
    with pytest.raises(InputError, match="is a folder"), writing(tmp_path / "clip.mp4", overwrite=True) as draft:
        draft.write_text("a file")
    assert (tmp_path / "clip.mp4").is_dir()
    assert left_in(tmp_path) == ["clip", "clip.mp4"]


def test_a_place_below_a_file_cannot_be_written(tmp_path):
    (tmp_path / "notes.txt").write_text("text")
    with pytest.raises(InputError, match=r"notes\.txt' is a file"):
        check_output(tmp_path / "notes.txt" / "clip.mp4")


def test_a_name_that_is_too_long_is_told_before_any_work(tmp_path):
    with pytest.raises(InputError, match="name too long"):
        check_output(tmp_path / f"{'long' * 100}.mp4")


def test_a_device_is_no_output():
    with pytest.raises(InputError, match="neither a file nor a folder"):
        check_output(Path("/dev/null"), overwrite=True)


def test_a_place_that_refuses_writing_is_told_before_any_work():
    with pytest.raises(InputError, match="cannot be written"):
        check_output(Path("/proc/animator/clip.mp4"))


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_without_the_right_to_write_is_told_before_any_work(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match="Permission denied"):
        check_output(tmp_path / "clip.mp4")


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_disk_without_room_is_one_sentence_and_the_old_file_stands(tmp_path, code):
    (tmp_path / "clip.mp4").write_text("old")
    with (
        pytest.raises(InputError, match=r"no room to write .*clip\.mp4"),
        writing(tmp_path / "clip.mp4", overwrite=True) as draft,
    ):
        draft.write_text("half")
        raise OSError(code, os.strerror(code))
    assert left_in(tmp_path) == ["clip.mp4"]
    assert (tmp_path / "clip.mp4").read_text() == "old"


def test_other_trouble_inside_passes_as_it_is(tmp_path):
    with pytest.raises(PermissionError), writing(tmp_path / "clip.mp4"):
        raise PermissionError(errno.EACCES, "not yours")


@pytest.mark.skipif(os.name != "posix", reason="rights are POSIX's")
@pytest.mark.parametrize(("mask", "rights"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_file_gets_the_rights_of_any_new_file_however_it_was_made(tmp_path, mask, rights):
    before = os.umask(mask)
    try:
        with writing(tmp_path / "clip.mp4") as draft:
            os.close(os.open(draft, os.O_CREAT, 0o600))
    finally:
        os.umask(before)
    assert (tmp_path / "clip.mp4").stat().st_mode & 0o777 == rights
    assert left_in(tmp_path) == ["clip.mp4"]


def test_drafts_may_lie_elsewhere(tmp_path):
    (tmp_path / "drafts").mkdir()
    with writing(tmp_path / "ana" / "clip.mp4", drafts=tmp_path / "drafts") as draft:
        assert draft.is_relative_to(tmp_path / "drafts")
        draft.write_text("new")
        assert not (tmp_path / "ana").exists(), "so that who fails takes no folder from under another"
    assert left_in(tmp_path) == ["ana", "ana/clip.mp4", "drafts"]
