import os
import re
import subprocess
import sys
import tracemalloc
import warnings
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from animator.core.audio import Audio
from animator.core.frames import Frames
from animator.errors import FormatError, InputError, LossWarning
from animator.io.output import writing
from animator.io.probe import probe, read_frames
from animator.io.video import FORMATS, check_clip, join_video, write_video

CODECS = {".mp4": ("h264", "aac"), ".webm": ("vp9", "opus"), ".mov": ("prores", "pcm_s16le")}
FPS = [Fraction(24), Fraction(30000, 1001), Fraction(60)]


def card(i, height, width, opaque):
    """Four plain quarters that change slowly, and alpha that grows from top to bottom."""
    out = np.empty((height, width, 4), dtype=np.uint8)
    out[:, : width // 2, :3], out[:, width // 2 :, :3] = (200, 40, 4 * i % 256), (30, 90, 220)
    out[: height // 2, : width // 2, :3] = (128, 128, 128)
    out[..., 3] = 255 if opaque else np.linspace(0, 255, height).astype(np.uint8)[:, None]
    return out


def clip(count=7, fps=FPS[1], size=(48, 32), opaque=True):
    pictures = (card(i, size[1], size[0], opaque) for i in range(count))
    return Frames(width=size[0], height=size[1], fps=fps, count=count, pictures=pictures, opaque=opaque)


def tone(seconds, rate=16000):
    return Audio(samples=(0.5 * np.sin(np.arange(round(seconds * rate)) * 0.1)).astype(np.float32), rate=rate)


@pytest.mark.parametrize("fps", FPS, ids=lambda fps: f"{float(fps):g}")
@pytest.mark.parametrize("suffix", CODECS)
def test_a_clip_has_the_promised_streams_and_sound_as_long_as_its_pictures(tmp_path, suffix, fps):
    write_video(clip(31, fps), tone(31 / fps), tmp_path / f"clip{suffix}")
    found = probe(tmp_path / f"clip{suffix}")
    video, audio = found.only("video"), found.only("audio")
    assert (video.codec, audio.codec) == CODECS[suffix]
    assert video.size == (48, 32)
    assert video.packets == 31
    tick = Fraction(1, 1000) if suffix == ".webm" else Fraction(1, 16000)  # Matroska counts in milliseconds
    assert abs(video.seconds - 31 / fps) <= tick
    assert abs(audio.seconds - video.seconds) <= tick * 2


@pytest.mark.parametrize("rate", [8000, 44100, 192000])
@pytest.mark.parametrize("suffix", CODECS)
def test_any_rate_of_sound_goes_in(tmp_path, suffix, rate):
    write_video(clip(12), tone(12 / FPS[1], rate), tmp_path / f"clip{suffix}")
    found = probe(tmp_path / f"clip{suffix}")
    assert abs(found.only("audio").seconds - found.only("video").seconds) <= Fraction(2, 1000)
    assert found.only("audio").rate == (rate if suffix == ".mov" else 48000)


@pytest.mark.parametrize("suffix", CODECS)
def test_opaque_pictures_come_back_in_their_colours_without_alpha(tmp_path, suffix):
    write_video(clip(5), None, tmp_path / f"clip{suffix}")
    assert not probe(tmp_path / f"clip{suffix}").only("video").alpha
    assert [stream.kind for stream in probe(tmp_path / f"clip{suffix}").streams] == ["video"]
    pictures = list(read_frames(tmp_path / f"clip{suffix}"))
    assert len(pictures) == 5
    for i, picture in enumerate(pictures):
        wanted = card(i, 32, 48, True)
        for rows in (slice(4, 12), slice(20, 28)):
            for columns in (slice(4, 20), slice(28, 44)):
                error = np.abs(picture[rows, columns].astype(int) - wanted[rows, columns]).mean(axis=(0, 1))
                assert error.max() < 6, f"picture {i}: {error}"


@pytest.mark.parametrize("suffix", [".webm", ".mov"])
def test_see_through_pictures_keep_their_alpha(tmp_path, suffix):
    write_video(clip(5, opaque=False), tone(5 / FPS[1]), tmp_path / f"clip{suffix}")
    assert probe(tmp_path / f"clip{suffix}").only("video").alpha
    pictures = list(read_frames(tmp_path / f"clip{suffix}"))
    assert len(pictures) == 5
    for i, picture in enumerate(pictures):
        assert np.abs(picture[..., 3].astype(int) - card(i, 32, 48, False)[..., 3]).max() <= 6


@pytest.mark.parametrize("opaque", [True, False])
def test_a_folder_holds_every_picture_exactly_with_sound_and_recipe(tmp_path, opaque):
    write_video(clip(5, opaque=opaque), tone(5 / FPS[1], 44100), tmp_path / "clip", recipe="seed = 3\n")
    names = sorted(path.name for path in (tmp_path / "clip").iterdir())
    assert names == [*(f"frame_{i:05d}.png" for i in range(5)), "recipe.toml", "sound.wav"]
    for i in range(5):
        (picture,) = read_frames(tmp_path / "clip" / f"frame_{i:05d}.png")
        np.testing.assert_array_equal(picture, card(i, 32, 48, opaque))
    sound = probe(tmp_path / "clip" / "sound.wav").only("audio")
    assert (sound.rate, sound.seconds) == (44100, Fraction(round(5 / FPS[1] * 44100), 44100))
    assert (tmp_path / "clip" / "recipe.toml").read_text() == "seed = 3\n"


def test_a_folder_without_sound_and_recipe_holds_pictures_alone(tmp_path):
    write_video(clip(2), None, tmp_path / "clip")
    assert sorted(path.name for path in (tmp_path / "clip").iterdir()) == ["frame_00000.png", "frame_00001.png"]


@pytest.mark.parametrize("suffix", CODECS)
def test_the_recipe_travels_in_the_clip(tmp_path, suffix):
    recipe = 'schema = "animator.Recipe/1"\n# half; \\ "quoted" = ä\n[picture]\nfps = "30000/1001"\n'
    write_video(clip(3), tone(0.1), tmp_path / f"clip{suffix}", recipe=recipe)
    assert probe(tmp_path / f"clip{suffix}").comment == recipe


@pytest.mark.parametrize("suffix", CODECS)
def test_the_same_clip_gives_the_same_bytes(tmp_path, suffix):
    for name in ("a", "b"):
        write_video(clip(9), tone(9 / FPS[1]), tmp_path / f"{name}{suffix}", recipe="seed = 3")
    assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()


def test_sound_within_one_picture_of_the_clip_is_fitted_quietly_and_beyond_that_with_a_word(tmp_path):
    for seconds, said in (
        (0.21, None),
        (0.24, None),
        (0.4, r"0\.40 s is cut to the 0\.23 s"),
        (0.1, r"silence up to the 0\.23 s"),
    ):
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter("always")
            write_video(clip(7), tone(seconds), tmp_path / "clip.mov")
        assert [warning.category for warning in heard] == ([LossWarning] if said else [])
        if said:
            assert re.search(said, str(heard[0].message))
        assert abs(probe(tmp_path / "clip.mov").only("audio").seconds - 7 / FPS[1]) <= Fraction(1, 16000)


def test_a_clip_of_one_picture_is_a_clip(tmp_path):
    for suffix in CODECS:
        write_video(clip(1), tone(0.01), tmp_path / f"clip{suffix}")
        assert probe(tmp_path / f"clip{suffix}").only("video").packets == 1


@pytest.mark.parametrize("size", [(17, 16), (33, 47)])
@pytest.mark.parametrize("opaque", [True, False])
def test_odd_sizes_go_where_the_format_takes_them(tmp_path, size, opaque):
    for suffix in (".webm", ".mov", ""):
        write_video(clip(2, size=size, opaque=opaque), None, tmp_path / f"clip{suffix}")
    for name in ("clip.webm", "clip.mov", "clip/frame_00000.png"):
        assert probe(tmp_path / name).only("video").size == size


def test_each_picture_is_counted_as_it_is_taken_and_drawn_only_then(tmp_path):
    drawn, counted = [], []

    def pictures():
        for i in range(6):
            assert len(counted) == i
            drawn.append(i)
            yield card(i, 32, 48, True)

    frames = Frames(width=48, height=32, fps=Fraction(30), count=6, pictures=pictures(), opaque=True)
    write_video(frames, None, tmp_path / "clip.mp4", on_frame=lambda: counted.append(1))
    assert len(drawn) == len(counted) == 6


@pytest.mark.parametrize(
    ("name", "size", "opaque", "complaint"),
    [
        ("clip.avi", (48, 32), True, r"'clip.avi'; end it in \.mp4, \.webm, \.mov"),
        ("clip.mp4", (48, 32), False, r"no transparency; write \.webm, \.mov"),
        ("clip.mp4", (47, 31), True, "not 47x31; take 48x32"),
    ],
)
def test_what_a_format_cannot_hold_is_told_before_the_first_picture(tmp_path, name, size, opaque, complaint):
    def pictures():
        raise AssertionError("a picture was drawn")
        yield

    frames = Frames(width=size[0], height=size[1], fps=Fraction(30), count=1, pictures=pictures(), opaque=opaque)
    for refuse in (lambda: check_clip(tmp_path / name, *size, opaque), lambda: write_video(frames, None, tmp_path / name)):
        with pytest.raises(InputError, match=complaint):
            refuse()
    assert not list(tmp_path.iterdir())


def test_suffixes_may_be_written_in_capitals(tmp_path):
    write_video(clip(2), None, tmp_path / "CLIP.MP4")
    assert probe(tmp_path / "CLIP.MP4").only("video").codec == "h264"


def test_a_clip_without_pictures_is_refused(tmp_path):
    with pytest.raises(InputError, match="at least one picture"):
        write_video(clip(0), None, tmp_path / "clip.mp4")


def children() -> list[str]:
    """The names of the programs that this process has started and that still run."""
    stats = [path.read_text() for path in Path("/proc").glob("[0-9]*/stat") if path.is_file()]
    told = [(stat[stat.index("(") + 1 : stat.rindex(")")], stat[stat.rindex(")") + 2 :].split()[1]) for stat in stats]
    return [name for name, parent in told if int(parent) == os.getpid()]


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt])
@pytest.mark.parametrize("suffix", FORMATS)
def test_when_drawing_fails_ffmpeg_ends_and_the_old_clip_stands(tmp_path, suffix, failure):
    path = tmp_path / f"clip{suffix}"
    write_video(clip(2), tone(0.1), path)
    before = {each: each.read_bytes() for each in tmp_path.rglob("*") if each.is_file()}

    def pictures():
        yield card(0, 32, 48, True)
        raise failure("in the middle")

    frames = Frames(width=48, height=32, fps=Fraction(30), count=9, pictures=pictures(), opaque=True)
    with pytest.raises(failure, match="in the middle"), writing(path, overwrite=True) as draft:
        write_video(frames, tone(0.3), draft)
    assert {each: each.read_bytes() for each in tmp_path.rglob("*") if each.is_file()} == before
    assert "ffmpeg" not in " ".join(children())


def test_what_ffmpeg_complains_of_is_told(tmp_path):
    with pytest.raises(InputError, match="ffmpeg could not write the clip"):
        write_video(clip(2, fps=Fraction(1, 10**12)), None, tmp_path / "clip.mp4")


FULL = """
import resource, sys
from pathlib import Path
sys.path[:0] = [{tests!r}]
import numpy as np
from fractions import Fraction
from test_video import tone
from animator.core.frames import Frames
from animator.errors import InputError
from animator.io.output import writing
from animator.io.video import write_video
rng = np.random.default_rng(0)
noise = (rng.integers(0, 256, (128, 128, 4), dtype=np.uint8) for _ in range(40))
frames = Frames(width=128, height=128, fps=Fraction(30), count=40, pictures=noise, opaque=True)
resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room}))
try:
    with writing(Path({path!r}), overwrite=True) as draft:
        write_video(frames, tone(4 / 3), draft)
except InputError as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("suffix", "room"), [(".mp4", 4000), (".mp4", 150_000), (".mov", 150_000), (".webm", 120_000), ("", 20_000)]
)
def test_without_room_the_clip_is_one_sentence_and_the_old_one_stands(tmp_path, suffix, room):
    path = tmp_path / f"clip{suffix}"
    if suffix:
        path.write_text("old")
    code = FULL.format(tests=str(Path(__file__).parent), room=room, path=str(path))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.startswith("there is no room to write"), done.stdout + done.stderr
    assert [each.name for each in tmp_path.iterdir()] == ([path.name] if suffix else [])
    assert not suffix or path.read_text() == "old"


def test_memory_does_not_grow_with_the_length_of_a_clip(tmp_path):
    tracemalloc.start()
    try:
        write_video(clip(100, size=(256, 256)), None, tmp_path / "clip.mp4")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4_000_000, "the pictures are 26 MB together"


def test_what_is_no_clip_is_told(tmp_path):
    (tmp_path / "text.mp4").write_text("not a clip")
    with pytest.raises(FormatError, match=r"text\.mp4' is not a clip"):
        probe(tmp_path / "text.mp4")
    with pytest.raises(InputError, match="no file"):
        probe(tmp_path / "no.mp4")
    write_video(clip(2), None, tmp_path / "mute.mp4")
    with pytest.raises(InputError, match="the clip has 0"):
        probe(tmp_path / "mute.mp4").only("audio")


@pytest.mark.parametrize(("suffix", "fps"), [(".mp4", FPS[0]), (".mp4", FPS[1]), (".mov", FPS[1])])
def test_joined_clips_have_every_picture_of_the_parts_as_it_was_at_its_own_instant(tmp_path, suffix, fps):
    parts = [tmp_path / f"it's part {k}{suffix}" for k in range(3)]
    for part, count in zip(parts, (11, 8, 3), strict=True):
        write_video(clip(count, fps, opaque=False) if suffix != ".mp4" else clip(count, fps), None, part)
    whole = tmp_path / f"whole{suffix}"
    join_video(parts, tone(22 / fps), whole, recipe="by hand")
    found = probe(whole)
    assert found.comment == "by hand"
    assert (found.only("video").packets, found.only("video").seconds) == (22, 22 / fps)
    assert abs(found.only("audio").seconds - 22 / fps) <= Fraction(1, 8000)
    assert found.only("video").alpha == (suffix != ".mp4")
    wanted = [picture for part in parts for picture in read_frames(part)]
    assert all(np.array_equal(*pair) for pair in zip(read_frames(whole), wanted, strict=True))


def test_clips_that_differ_are_not_joined(tmp_path):
    names = ("one.mp4", "large.mp4", "fast.mp4", "other.mov")
    for name, size, fps in zip(names, [(48, 32), (64, 32), (48, 32), (48, 32)], [FPS[0], FPS[0], FPS[2], FPS[0]], strict=True):
        write_video(clip(4, fps, size), None, tmp_path / name)
    one, large, fast, other = (tmp_path / name for name in names)
    for parts in ([one, large], [one, fast]):
        with pytest.raises(InputError, match=r"'(large|fast)\.mp4' differs from 'one\.mp4'"):
            join_video(parts, None, tmp_path / "whole.mp4")
    for parts, name in (([], "whole.mp4"), ([one, other], "whole.mp4"), ([one], "whole.webm")):
        with pytest.raises(InputError, match="of its own kind"):
            join_video(parts, None, tmp_path / name)
    write_video(clip(2, FPS[0]), None, tmp_path / "short.mp4")
    with pytest.raises(InputError, match=r"'short\.mp4' has fewer"):
        join_video([one, tmp_path / "short.mp4"], None, tmp_path / "whole.mp4")
    with pytest.raises(InputError, match="no file"):
        join_video([tmp_path / "gone.mp4"], None, tmp_path / "whole.mp4")
    assert not (tmp_path / "whole.mp4").exists()
