import io
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from animator.core.portrait import Portrait, View
from animator.errors import FormatError, InputError
from animator.io.head import read_head
from animator.io.portrait import check_portrait, read_portrait, write_portrait


@pytest.fixture
def portrait():
    rng = np.random.default_rng(3)
    turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    turn *= np.sign(np.linalg.det(turn))
    return Portrait(
        image=rng.integers(0, 256, (40, 30, 3), dtype=np.uint8),
        landmarks=rng.uniform(0, 30, (478, 2)).astype(np.float32),
        view=View(51.3, np.array([15.0, 20.0]), turn, np.array([0.01, -0.02, -0.9])),
        head={"age": 34.5, "ancestry": {"asian": 0.4, "african": 0.6}, "local": {"nose-hump": 0.25}},
        names=("jawOpen", "leftEyeYaw"),
        row=np.array([0.25, -0.125], dtype=np.float32),
        error=1.25,
        share=0.0125,
    )


def png(pixels):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return np.frombuffer(file.getvalue(), np.uint8)


def rewritten(path, **changed):
    arrays = dict(np.load(path, allow_pickle=False)) | changed
    with path.open("wb") as file:
        np.savez(file, **{name: array for name, array in arrays.items() if array is not None})
    return path


def test_a_portrait_comes_back_bit_for_bit(portrait, tmp_path):
    write_portrait(portrait, tmp_path / "a.portrait")
    again = read_portrait(tmp_path / "a.portrait")
    for name in ("image", "landmarks", "row"):
        np.testing.assert_array_equal(getattr(again, name), getattr(portrait, name), strict=True)
    for name in ("focal", "middle", "rotation", "translation"):
        np.testing.assert_array_equal(getattr(again.view, name), getattr(portrait.view, name))
    assert (again.head, again.names, again.error, again.share) == (portrait.head, portrait.names, 1.25, 0.0125)


def test_a_matte_comes_back_too(portrait, tmp_path):
    matte = np.random.default_rng(4).integers(0, 256, (40, 30), dtype=np.uint8)
    write_portrait(replace(portrait, matte=matte), tmp_path / "a.portrait")
    np.testing.assert_array_equal(read_portrait(tmp_path / "a.portrait").matte, matte, strict=True)
    write_portrait(portrait, tmp_path / "b.portrait")
    assert read_portrait(tmp_path / "b.portrait").matte is None


def test_the_same_portrait_gives_the_same_bytes(portrait, tmp_path):
    for name in ("a.portrait", "b.portrait"):
        write_portrait(portrait, tmp_path / name)
    assert (tmp_path / "a.portrait").read_bytes() == (tmp_path / "b.portrait").read_bytes()


def test_the_shape_inside_is_a_head_file(portrait, tmp_path):
    write_portrait(portrait, tmp_path / "a.portrait")
    (tmp_path / "a.toml").write_text(str(np.load(tmp_path / "a.portrait")["head"]), encoding="utf-8")
    assert read_head(tmp_path / "a.toml") == portrait.head


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"schema": np.array("animator.Portrait/9")}, "up to animator.Portrait/1 can be read here"),
        ({"schema": np.array("animator.Motion/1")}, "animator.Portrait/1 belongs here, not animator.Motion/1"),
        ({"row": None}, "lacks the array 'row'"),
        ({"more": np.zeros(3)}, "has an unknown array 'more'"),
        ({"row": np.zeros(2)}, "array 'row': float32 \\[N\\] belongs here, not float64 \\[2\\]"),
        ({"landmarks": np.zeros((4, 3), np.float32)}, "array 'landmarks': float32 \\[N, 2\\]"),
        ({"names": np.zeros(2)}, "array 'names': text"),
        ({"names": np.array(["jawOpen"])}, "one value a control"),
        ({"rotation": np.ones((3, 3))}, "turns and does nothing else"),
        ({"translation": np.ones(3)}, "before the camera"),
        ({"focal": np.array(np.nan)}, "focal length above 0"),
        ({"landmarks": np.full((4, 2), 99, np.float32)}, "inside its picture"),
        ({"head": np.array("age = ")}, "not valid TOML"),
        ({"image": np.zeros(40, np.uint8)}, "array 'image': not a PNG"),
        ({"matte": np.zeros(40, np.uint8)}, "array 'matte': not a PNG"),
        ({"matte": np.zeros(40)}, "array 'matte': uint8 \\[N\\] belongs here"),
        ({"matte": png(np.zeros((40, 30, 3), np.uint8))}, "array 'matte': a PNG in grey belongs here"),
        ({"matte": png(np.zeros((4, 3), np.uint8))}, "as large as its picture, 30x40"),
    ],
)
def test_what_is_no_portrait_is_told_with_its_place(portrait, tmp_path, changed, sentence):
    write_portrait(portrait, tmp_path / "a.portrait")
    with pytest.raises(FormatError, match=f"'a.portrait'.*{sentence}"):
        read_portrait(rewritten(tmp_path / "a.portrait", **changed))


@pytest.mark.parametrize("mode", ["L", "RGBA"])
def test_a_picture_of_another_kind_inside_is_told(portrait, tmp_path, mode):
    write_portrait(portrait, tmp_path / "a.portrait")
    png = io.BytesIO()
    Image.new(mode, (30, 40)).save(png, "PNG")
    with pytest.raises(FormatError, match="in colour without alpha"):
        read_portrait(rewritten(tmp_path / "a.portrait", image=np.frombuffer(png.getvalue(), np.uint8)))


def test_damaged_and_absent_files_are_told(portrait, tmp_path):
    write_portrait(portrait, tmp_path / "a.portrait")
    whole = (tmp_path / "a.portrait").read_bytes()
    (tmp_path / "b.portrait").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(FormatError, match=r"'b\.portrait': not a portrait file that can be read"):
        read_portrait(tmp_path / "b.portrait")
    with pytest.raises(InputError, match="cannot be read"):
        read_portrait(tmp_path / "c.portrait")


def test_a_portrait_ends_in_portrait():
    check_portrait(Path("face.portrait"))
    with pytest.raises(InputError, match=r"end it in \.portrait, such as face\.portrait"):
        check_portrait(Path("face.npz"))


def test_numpy_reads_it_without_pickle(portrait, tmp_path):
    write_portrait(portrait, tmp_path / "a.portrait")
    with np.load(tmp_path / "a.portrait", allow_pickle=False) as arrays:
        assert str(arrays["schema"]) == "animator.Portrait/1"
    with zipfile.ZipFile(tmp_path / "a.portrait") as archive:
        assert archive.testzip() is None
