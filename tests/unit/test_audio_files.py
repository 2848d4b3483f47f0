"""Sound files of every kind, told by their content, and each way a file can fail to be one."""

import subprocess
import warnings

import numpy as np
import pytest
import soundfile

from animator.core.audio import Audio
from animator.errors import FormatError, InputError, LossWarning
from animator.io.audio import read_audio, write_wav
from animator.io.ffmpeg import program

TONE = (0.3 * np.sin(2 * np.pi * 220 * np.arange(22050) / 44100)).astype(np.float32)


def convert(*arguments):
    subprocess.run([program(), "-v", "error", "-y", *map(str, arguments)], check=True)


@pytest.fixture
def wav(tmp_path):
    path = tmp_path / "tone.wav"
    soundfile.write(path, TONE, 44100, subtype="FLOAT")
    return path


@pytest.mark.parametrize("kind", ["wav", "flac", "mp3", "ogg", "m4a", "aac", "aiff", "mka"])
def test_every_kind_of_sound_is_read_at_its_own_rate(wav, kind):
    path = wav.with_name(f"out.{kind}")
    convert("-i", wav, path)
    audio = read_audio(path)
    assert audio.rate == 44100
    assert abs(len(audio.samples) - len(TONE)) <= 2 * 2048, "a codec may pad by a frame or two"
    spectrum = np.abs(np.fft.rfft(audio.samples[4096:16384]))
    assert abs(np.argmax(spectrum) * 44100 / 12288 - 220) < 4, "it is the same tone"


def test_content_counts_and_not_the_suffix(wav):
    convert("-i", wav, wav.with_name("sound.m4a"))
    liar = wav.with_name("sound.m4a").rename(wav.with_name("liar.wav"))
    assert read_audio(liar).rate == 44100
    np.testing.assert_array_equal(read_audio(wav.rename(wav.with_name("tone.raw"))).samples, TONE)
    bare = wav.with_name("tone.raw").rename(wav.with_name("tone"))
    np.testing.assert_array_equal(read_audio(bare).samples, TONE)


@pytest.mark.parametrize("rate", [8000, 11025, 96000, 192000])
def test_any_rate_is_kept(tmp_path, rate):
    soundfile.write(tmp_path / "x.wav", TONE, rate)
    assert read_audio(tmp_path / "x.wav").rate == rate


def test_one_sample_is_a_sound(tmp_path):
    soundfile.write(tmp_path / "one.wav", TONE[7:8], 16000, subtype="FLOAT")
    np.testing.assert_array_equal(read_audio(tmp_path / "one.wav").samples, TONE[7:8])


def test_a_sound_of_unknown_length_from_a_pipe_is_read_whole(wav):
    piped = wav.with_name("piped.wav")
    with piped.open("wb") as out:
        subprocess.run([program(), "-v", "error", "-i", str(wav), "-f", "wav", "-"], stdout=out, check=True)
    assert len(read_audio(piped).samples) == len(TONE)


def test_several_channels_are_averaged_and_this_is_told(tmp_path):
    channels = np.stack([TONE * gain for gain in (1.0, 0.5, 0.0, -0.5, 1.0, 1.0, 0.5, 0.5)], axis=1)
    soundfile.write(tmp_path / "eight.wav", channels, 16000, subtype="FLOAT")
    with pytest.warns(LossWarning, match="8 channels; their average"):
        audio = read_audio(tmp_path / "eight.wav")
    np.testing.assert_allclose(audio.samples, TONE / 2, atol=1e-7)


def test_stereo_of_one_voice_is_that_voice_and_nothing_is_lost(tmp_path):
    soundfile.write(tmp_path / "both.wav", np.stack([TONE, TONE], axis=1), 16000, subtype="FLOAT")
    np.testing.assert_array_equal(read_audio(tmp_path / "both.wav").samples, TONE)


def test_a_written_sound_reads_back_the_same(tmp_path):
    write_wav(Audio(TONE, 44100), tmp_path / "x.wav")
    back = read_audio(tmp_path / "x.wav")
    assert back.rate == 44100
    np.testing.assert_array_equal(back.samples, TONE)
    with pytest.raises(InputError, match="exists"):
        write_wav(Audio(TONE[:5], 44100), tmp_path / "x.wav")
    assert len(read_audio(tmp_path / "x.wav").samples) == len(TONE), "the old file is untouched"


def refused(path, kind, match):
    with warnings.catch_warnings(), pytest.raises(kind, match=match) as caught:
        warnings.simplefilter("error")
        read_audio(path)
    assert str(path) in str(caught.value), "the sentence names the file"
    assert "\n" not in str(caught.value)


def test_what_is_no_file_is_told(tmp_path):
    refused(tmp_path / "none.wav", InputError, "there is no file")
    refused(tmp_path, InputError, "is a folder")


@pytest.mark.parametrize("name", ["notes.txt", "notes.wav", "notes.mp3", "notes.m4a"])
def test_text_is_no_sound_whatever_its_name(tmp_path, name):
    (tmp_path / name).write_text("to be or not to be\n" * 200)
    refused(tmp_path / name, FormatError, "no sound that can be read")


def test_a_picture_is_no_sound(tmp_path):
    convert("-f", "lavfi", "-i", "testsrc=d=1", "-frames:v", "1", tmp_path / "p.png")
    refused(tmp_path / "p.png", FormatError, "no sound that can be read")


def test_nothing_and_no_samples_are_told_apart(tmp_path):
    (tmp_path / "empty.wav").touch()
    refused(tmp_path / "empty.wav", FormatError, "0 bytes")
    soundfile.write(tmp_path / "none.wav", TONE[:0], 16000)
    refused(tmp_path / "none.wav", FormatError, "0 samples")


@pytest.mark.parametrize("kind", ["wav", "flac", "m4a", "mka"])
def test_half_a_file_is_refused(wav, kind):
    path = wav.with_name(f"whole.{kind}")
    convert("-i", wav, path)
    cut = wav.with_name(f"cut.{kind}")
    cut.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    refused(cut, FormatError, "cut short|no sound that can be read")


def test_a_sample_that_is_not_a_number_is_told_with_its_time(tmp_path):
    samples = TONE.copy()
    samples[11025] = np.nan
    soundfile.write(tmp_path / "nan.wav", samples, 22050, subtype="FLOAT")
    refused(tmp_path / "nan.wav", FormatError, r"not a number at 0\.500 s")


@pytest.mark.parametrize("kind", ["mp4", "webm", "avi"])
def test_a_video_is_told_how_to_give_its_sound(wav, kind):
    path = wav.with_name(f"clip.{kind}")
    convert("-f", "lavfi", "-i", "testsrc=d=0.5:s=64x64", "-i", wav, path)
    refused(path, InputError, "is a video; save its sound first")


def test_a_cover_picture_makes_no_video(wav):
    cover, song = wav.with_name("cover.png"), wav.with_name("song.m4a")
    convert("-f", "lavfi", "-i", "testsrc=d=1:s=64x64", "-frames:v", "1", cover)
    convert("-i", wav, "-i", cover, "-map", "0", "-map", "1", "-c:v", "copy", "-disposition:v:0", "attached_pic", song)
    assert read_audio(song).rate == 44100


def test_a_playlist_reaches_for_nothing(tmp_path):
    (tmp_path / "list.m3u8").write_text("#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:9/a.aac\n")
    refused(tmp_path / "list.m3u8", FormatError, "no sound that can be read")
