"""Every clip says which kind of media it is, to ExifTool."""

import shutil
import zlib
from fractions import Fraction

import numpy as np
import pytest
from PIL import Image

from animator.core.audio import Audio
from animator.core.frames import Frames
from animator.core.provenance import COMPOSITE, DRAWN, GENERATED, MAKER
from animator.io.probe import probe, read_frames
from animator.io.video import write_video

RECIPE = 'seed = 3\n[head]\nname = "x"; # \\ =\n'


def written(path, source=None, opaque=True):
    rng = np.random.default_rng(1)
    pictures = rng.integers(0, 256, (3, 32, 48, 4), dtype=np.uint8)
    if opaque:
        pictures[..., 3] = 255
    frames = Frames(48, 32, Fraction(25), 3, pictures, opaque)
    sound = Audio(np.zeros(1920, dtype=np.float32), 16000)
    write_video(frames, sound, path, recipe=RECIPE, **({} if source is None else {"source": source}))
    return path


def said(read_with, *paths):
    """What ExifTool reads of origin, file by file."""
    if shutil.which("perl") is None:
        pytest.skip("ExifTool needs Perl")
    told = read_with("exiftool", *paths)
    assert not [word for file in told for key, word in file.items() if key.endswith(("Warning", "Error"))]
    return [{key.partition(":")[2]: word for key, word in file.items() if not key.startswith("System")} for file in told]


@pytest.mark.parametrize("source", [GENERATED, COMPOSITE, DRAWN])
def test_exiftool_reads_the_kind_of_media_in_every_container(tmp_path, read_with, source):
    paths = [written(tmp_path / f"clip{suffix}", source) for suffix in (".mp4", ".mov", ".webm")]
    paths += sorted(written(tmp_path / "clip", source).glob("*.png"))
    read = said(read_with, *paths)
    assert len(read) == 6
    assert {file["DigitalSourceType"] for file in read} == {source}
    assert [file.get("CreatorTool") for file in read] == [MAKER, MAKER, None, MAKER, MAKER, MAKER]


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".webm"])
def test_where_nothing_is_said_a_clip_is_generated_and_its_recipe_stays_beside_the_mark(tmp_path, read_with, suffix):
    (file,) = said(read_with, written(tmp_path / f"clip{suffix}"))
    assert file["DigitalSourceType"] == GENERATED
    assert probe(tmp_path / f"clip{suffix}").comment == RECIPE


def test_a_marked_picture_is_a_whole_png_whose_packet_stands_before_its_pixels(tmp_path):
    for path in written(tmp_path / "clip", opaque=False).glob("*.png"):
        data, at, kinds = path.read_bytes(), 8, []
        while at < len(data):
            size = int.from_bytes(data[at : at + 4])
            kinds.append(data[at + 4 : at + 8])
            assert zlib.crc32(data[at + 4 : at + 8 + size]) == int.from_bytes(data[at + 8 + size : at + 12 + size])
            at += 12 + size
        assert kinds[:2] == [b"IHDR", b"iTXt"]
        with Image.open(path) as picture:
            assert GENERATED in picture.info["XML:com.adobe.xmp"]
            assert picture.size == (48, 32)


def test_the_mark_of_an_mp4_leaves_all_before_it_as_it_was(tmp_path):
    path = written(tmp_path / "clip.mp4")
    data, at, boxes = path.read_bytes(), 0, []
    while at < len(data):
        size, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        boxes.append(kind)
        at += size
    assert at == len(data)
    assert boxes[0] == b"ftyp"
    assert boxes[-1] == b"uuid"
    assert boxes.index(b"moov") < boxes.index(b"mdat"), "it still starts to play before it is loaded"
    assert len(list(read_frames(path))) == 3


def test_the_same_clip_has_the_same_bytes(tmp_path):
    for suffix in (".mp4", ".mov", ".webm"):
        first, again = (written(tmp_path / f"{name}{suffix}").read_bytes() for name in ("first", "again"))
        assert first == again
