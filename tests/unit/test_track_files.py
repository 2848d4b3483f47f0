import zipfile
from fractions import Fraction

import numpy as np
import pytest

from animator.core.motion import Motion
from animator.errors import FormatError, InputError
from animator.io import track
from animator.io.track import read_motion, write_motion

MOTION = Motion(
    names=("jawOpen", "headYaw"), values=np.array([[0, 0.25], [0.5, -1], [1, 3]], dtype=np.float32), fps=Fraction(30000, 1001)
)
RIGHT = {
    "schema": np.array("animator.Motion/1"),
    "names": np.array(["jawOpen", "headYaw"]),
    "values": MOTION.values,
    "fps": np.array([30000, 1001]),
    "recipe": np.array("seed = 3\n"),
}


def saved(path, **changed):
    arrays = RIGHT | changed
    np.savez(path, **{name: array for name, array in arrays.items() if array is not None})
    return path


def test_what_is_written_is_read_again_whole(tmp_path):
    write_motion(MOTION, tmp_path / "a.npz", "seed = 3\n")
    motion, recipe = read_motion(tmp_path / "a.npz")
    assert motion.names == MOTION.names
    assert motion.fps == MOTION.fps
    np.testing.assert_array_equal(motion.values, MOTION.values)
    assert recipe == "seed = 3\n"


def test_the_file_is_plain_arrays_for_numpy(tmp_path):
    write_motion(MOTION, tmp_path / "a.npz", "seed = 3\n")
    with np.load(tmp_path / "a.npz", allow_pickle=False) as file:
        arrays = dict(file)
    assert list(arrays) == ["schema", "names", "values", "fps", "recipe"]
    assert str(arrays["schema"]) == "animator.Motion/1"
    assert arrays["names"].tolist() == ["jawOpen", "headYaw"]
    assert arrays["values"].dtype == np.float32
    assert arrays["values"].shape == (3, 2)
    assert arrays["fps"].tolist() == [30000, 1001]
    assert str(arrays["recipe"]) == "seed = 3\n"


def test_the_same_motion_gives_the_same_bytes_and_another_does_not(tmp_path):
    for name, recipe in (("a", "x"), ("b", "x"), ("c", "y")):
        write_motion(MOTION, tmp_path / name, recipe)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes() != (tmp_path / "c").read_bytes()


def test_a_file_that_numpy_saved_is_read(tmp_path):
    motion, _ = read_motion(saved(tmp_path / "theirs.npz", fps=np.array([25, 1], dtype=np.int32)))
    assert motion.fps == 25
    np.testing.assert_array_equal(motion.values, MOTION.values)


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"schema": None}, "lacks the array 'schema'"),
        ({"schema": np.array("animator.Rig/1")}, "array 'schema': animator.Motion/1 belongs here, not animator.Rig/1"),
        ({"schema": np.array("animator.Motion/one")}, "array 'schema'"),
        ({"schema": np.array("animator.Motion/0")}, "array 'schema'"),
        ({"schema": np.array("animator.Motion/2")}, "up to animator.Motion/1 can be read here; update animator"),
        ({"schema": np.array(1)}, "array 'schema': one text belongs here, not int64"),
        ({"names": None}, "lacks the array 'names'"),
        ({"values": None}, "lacks the array 'values'"),
        ({"fps": None}, "lacks the array 'fps'"),
        ({"recipe": None}, "lacks the array 'recipe'"),
        ({"mood": np.zeros(1)}, "has an unknown array 'mood'"),
        ({"names": np.array("jawOpen")}, "array 'names'"),
        ({"names": np.array([1, 2])}, "array 'names'"),
        ({"names": np.array(["jawOpen", "jawOpen"])}, "'jawOpen' stands twice"),
        ({"names": np.array(["jawOpen", None], dtype=object)}, "array 'names': not a motion file that can be read"),
        ({"values": np.zeros((3, 2))}, r"array 'values': float32 \[frames, 2\] belongs here, not float64"),
        ({"values": np.zeros((3, 3), dtype=np.float32)}, "array 'values'"),
        ({"values": np.zeros(2, dtype=np.float32)}, "array 'values'"),
        ({"values": np.full((3, 2), np.nan, dtype=np.float32)}, "'jawOpen' is not at frame 0"),
        ({"fps": np.array([30.0, 1.0])}, "array 'fps'"),
        ({"fps": np.array([30, 0])}, "array 'fps'"),
        ({"fps": np.array([-30, 1])}, "array 'fps'"),
        ({"fps": np.array(30)}, "array 'fps'"),
        ({"recipe": np.array(["a", "b"])}, "array 'recipe'"),
    ],
)
def test_each_way_to_be_wrong_is_told_with_file_and_place(tmp_path, changed, complaint):
    with pytest.raises(FormatError, match=complaint) as told:
        read_motion(saved(tmp_path / "clip.npz", **changed))
    assert "clip.npz" in str(told.value)


def test_a_file_that_is_no_archive_is_told(tmp_path):
    for name, content in (("a.npz", b""), ("b.npz", b"speech"), ("c.npz", b"PK\x05\x06")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(FormatError, match=name):
            read_motion(tmp_path / name)


def test_an_archive_of_something_else_is_told(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(FormatError, match=r"a\.npz', array 'readme.txt'"):
        read_motion(tmp_path / "a.npz")


def test_a_file_that_is_not_there_or_is_a_folder_is_told(tmp_path):
    with pytest.raises(InputError, match=r"no\.npz.*No such file"):
        read_motion(tmp_path / "no.npz")
    with pytest.raises(InputError, match="directory"):
        read_motion(tmp_path)


def test_an_old_file_is_brought_up_version_by_version_and_a_newer_one_is_refused(tmp_path, monkeypatch):
    def rename(arrays):
        return {("recipe" if name == "made_by" else name): array for name, array in arrays.items()}

    def rate(arrays):
        return arrays | {"fps": np.array([int(arrays["fps"]), 1])}

    monkeypatch.setattr(track, "UPGRADES", (rename, rate))
    old = {"made_by": np.array("old"), "recipe": None, "fps": np.array(25)}
    motion, recipe = read_motion(saved(tmp_path / "1.npz", **old))
    assert (motion.fps, recipe) == (25, "old")
    motion, _ = read_motion(saved(tmp_path / "2.npz", schema=np.array("animator.Motion/2"), fps=np.array(25)))
    assert motion.fps == 25
    write_motion(MOTION, tmp_path / "3.npz")
    assert read_motion(tmp_path / "3.npz")[0].fps == MOTION.fps
    with pytest.raises(FormatError, match="update animator"):
        read_motion(saved(tmp_path / "4.npz", schema=np.array("animator.Motion/4")))
