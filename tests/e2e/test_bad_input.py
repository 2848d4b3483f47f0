"""What the command line does with input that cannot be used: one sentence, status 2, nothing left behind, nothing harmed."""

import json
import os
import signal
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import soundfile
from command_line import here, process

from animator.core.motion import Motion
from animator.io.probe import probe
from animator.io.rig import load_rig
from animator.io.track import read_motion, write_motion
from animator.recipe import Recipe, recipe_from_toml, recipe_to_toml

SMALL = ("--size", "64x64", "--fps", "10")
OUT = {"generate": "out.npz", "render": "out.mp4"}


def contents(folder):
    return {path.relative_to(folder): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def refused(folder, *arguments, run=here):
    """The sentence with which the command line refuses; nothing in the folder has changed."""
    before = contents(folder)
    done = run(folder, *arguments)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    lines = [line for line in done.stderr.splitlines() if not line.startswith("animator: note: ")]
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("animator: ")
    assert contents(folder) == before
    return lines[0]


def tone(seconds, rate=16000):
    """A voice-like buzz."""
    t = np.arange(round(seconds * rate)) / rate
    return (0.2 * sum(np.sin(2 * np.pi * 140 * k * t) / k for k in range(1, 8))).astype(np.float32)


@pytest.fixture
def speech(tmp_path):
    soundfile.write(tmp_path / "speech.wav", tone(0.5), 16000)
    return "speech.wav"


# --- the speech ---


@pytest.mark.parametrize("command", ["generate", "render"])
def test_a_file_that_is_not_there_is_told(tmp_path, command):
    assert "nowhere.wav" in refused(tmp_path, command, "nowhere.wav", "-o", OUT[command], run=process)


@pytest.mark.parametrize(
    ("name", "content"),
    [("notes.wav", b"these are notes\n"), ("empty.wav", b""), ("picture.mp3", b"\x89PNG\r\n\x1a\n" + bytes(64))],
)
def test_a_file_that_is_no_sound_is_told(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    assert name in refused(tmp_path, "generate", name, "-o", "out.npz")


def test_a_folder_is_no_sound(tmp_path):
    (tmp_path / "speech.wav").mkdir()
    assert "speech.wav" in refused(tmp_path, "generate", "speech.wav", "-o", "out.npz")


def test_a_sound_without_samples_is_told(tmp_path):
    soundfile.write(tmp_path / "none.wav", np.zeros(0, dtype=np.float32), 16000)
    assert "0 samples" in refused(tmp_path, "generate", "none.wav", "-o", "out.npz")


def test_a_sound_that_is_not_numbers_is_told_with_the_place(tmp_path):
    samples = tone(0.5)
    samples[4000] = np.nan
    soundfile.write(tmp_path / "nan.wav", samples, 16000, subtype="FLOAT")
    assert "0.250 s" in refused(tmp_path, "generate", "nan.wav", "-o", "out.npz")


def test_a_sound_cut_short_is_told(tmp_path, speech):
    whole = (tmp_path / speech).read_bytes()
    (tmp_path / "half.wav").write_bytes(whole[: len(whole) // 2])
    assert "half.wav" in refused(tmp_path, "generate", "half.wav", "-o", "out.npz")


def test_a_video_is_not_taken_for_speech(tmp_path):
    from animator.core.frames import Frames
    from animator.io.video import write_video

    pictures = np.zeros((5, 16, 16, 4), dtype=np.uint8)
    write_video(
        Frames(width=16, height=16, fps=Fraction(10), count=5, pictures=pictures, opaque=True), None, tmp_path / "film.mp4"
    )
    assert "film.mp4" in refused(tmp_path, "render", "film.mp4", "-o", "out.mp4")


@pytest.mark.parametrize(("rate", "channels"), [(8000, 1), (192000, 1), (44100, 8)], ids=["8kHz", "192kHz", "8channels"])
def test_an_unusual_sound_is_heard_and_what_is_lost_is_told(tmp_path, rate, channels):
    samples = tone(0.5, rate)[:, None] * np.linspace(0.5, 1, channels, dtype=np.float32)
    soundfile.write(tmp_path / "odd.wav", samples, rate)
    done = here(tmp_path, "generate", "odd.wav", "-o", "out.npz")
    assert done.returncode == 0, done.stderr
    assert ("8 channels" in done.stderr) == (channels == 8)
    assert len(read_motion(tmp_path / "out.npz")[0]) == 25


@pytest.mark.parametrize("count", [1, 32000])
def test_silence_of_any_length_is_a_living_face_with_its_mouth_shut(tmp_path, count):
    from animator.core.motion import CLOSED
    from animator.io.rig import load_rig

    soundfile.write(tmp_path / "silence.wav", np.zeros(count, dtype=np.float32), 16000)
    done = here(tmp_path, "generate", "silence.wav", "-o", "out.npz")
    assert done.returncode == 0, done.stderr
    motion, _ = read_motion(tmp_path / "out.npz")
    assert (motion.values @ load_rig("arkit").opening_row <= CLOSED).all()
    if count == 32000:
        assert np.abs(np.diff(motion.values, axis=0)).max() > 0, "alive"


# --- what is asked for ---


def test_an_unknown_feeling_is_told_with_the_nearest(tmp_path, speech):
    assert "did you mean 'happy'" in refused(tmp_path, "render", speech, "-o", "out.mp4", "--emotion", "hapy")


@pytest.mark.parametrize("emotion", ["happy:2", "happy:", "happy,,sad", "happy,happy"])
def test_feelings_that_cannot_be_read_are_told(tmp_path, speech, emotion):
    assert repr(emotion) in refused(tmp_path, "render", speech, "-o", "out.mp4", "--emotion", emotion)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('[[cue]]\nstart = 0\nfeeling = "happy\n', "line 3"),
        ('[[cue]]\nstart = 0\nfeeling = "hapy"\n', "did you mean 'happy'"),
        ('[[cue]]\nstart = 0\nfeelng = "happy"\n', "did you mean 'feeling'"),
        ('[[cue]]\nstart = 9\nfeeling = "happy"\n', "the sound ends at 0.50 s"),
    ],
)
def test_a_script_that_cannot_be_followed_is_told(tmp_path, speech, text, complaint):
    (tmp_path / "moods.toml").write_text(text)
    assert complaint in refused(tmp_path, "generate", speech, "-o", "out.npz", "--script", "moods.toml")


def test_an_unknown_command_is_told_with_the_nearest(tmp_path):
    assert "did you mean 'render'" in refused(tmp_path, "rendr", "speech.wav", run=process)


@pytest.mark.skipif(os.name != "posix", reason="needs a device without an end")
def test_an_endless_text_is_told_and_not_read_for_ever(tmp_path, speech):
    assert "larger than the 4 MiB" in refused(tmp_path, "generate", speech, "-o", "out.npz", "--script", "/dev/zero")


@pytest.mark.parametrize("option", ["--script", "--head", "--recipe"])
def test_a_broken_or_missing_toml_is_told(tmp_path, speech, option):
    (tmp_path / "broken.toml").write_text("a = [1,\n")
    assert "broken.toml" in refused(tmp_path, "render", speech, "-o", "out.mp4", option, "broken.toml")
    assert "nowhere.toml" in refused(tmp_path, "render", speech, "-o", "out.mp4", option, "nowhere.toml")


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--size", "65x64"], "take 66x64"),
        (["--size", "big"], "'big'"),
        (["--size", "4x4"], "4x4"),
        (["--fps", "0"], "0"),
        (["--fps", "fast"], "'fast'"),
        (["--camera", "portait"], "did you mean 'portrait'"),
        (["--background", "crimsn"], "did you mean 'crimson'"),
        (["--background", "nowhere.png"], "nowhere.png"),
        (["--background", "transparent"], "no transparency"),
        (["--renderer", "sof"], "did you mean 'soft'"),
        (["--seed", "-1"], "-1"),
        (["--colour", "red"], "--colour"),
        (["--set", "generator.stile=calm"], "stile"),
        (["--audio", "speech.wav"], "--audio"),
    ],
)
def test_a_picture_that_cannot_be_drawn_is_told(tmp_path, speech, options, complaint):
    assert complaint in refused(tmp_path, "render", speech, "-o", "out.mp4", *options)


def test_a_format_that_is_not_known_is_told(tmp_path, speech):
    assert ".webm" in refused(tmp_path, "render", speech, "-o", "out.avi")


def test_a_motion_file_that_is_none_is_told(tmp_path, speech):
    (tmp_path / "clip.npz").write_bytes(b"not a motion")
    assert "clip.npz" in refused(tmp_path, "render", "clip.npz", "--audio", speech, "-o", "out.mp4")


# --- the output ---


@pytest.mark.parametrize("command", ["generate", "render"])
def test_an_output_that_exists_is_kept(tmp_path, speech, command):
    (tmp_path / OUT[command]).write_text("precious")
    assert "--overwrite" in refused(tmp_path, command, speech, "-o", OUT[command])


def test_an_output_is_replaced_when_that_is_asked_for(tmp_path, speech):
    (tmp_path / "out.mp4").write_text("old")
    done = process(tmp_path, "render", speech, "-o", "out.mp4", "--motion-out", "out.npz", "--overwrite", *SMALL)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    video, audio = (probe(tmp_path / "out.mp4").only(kind) for kind in ("video", "audio"))
    assert video.packets == 5
    assert abs(video.seconds - audio.seconds) <= Fraction(1, 10)
    assert {path.name for path in tmp_path.iterdir()} == {"speech.wav", "out.mp4", "out.npz"}


@pytest.mark.parametrize("output", ["speech.wav/out.mp4", "/proc/animator/out.mp4", "/dev/null"])
def test_an_output_that_cannot_be_written_is_told_before_any_work(tmp_path, speech, output):
    assert output.split("/")[1 if output[0] == "/" else 0] in refused(tmp_path, "render", speech, "-o", output)


def test_a_folder_of_other_things_is_kept_even_with_overwrite(tmp_path, speech):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "holiday.png").write_text("precious")
    refused(tmp_path, "render", speech, "-o", "photos", "--overwrite", *SMALL)


def can_mount():
    tried = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"],
        capture_output=True,
        check=False,
    )
    return tried.returncode == 0


@pytest.mark.parametrize("command", ["generate", "render"])
def test_a_full_disk_is_told_and_the_old_file_stands(tmp_path, command):
    try:
        assert can_mount()
    except (AssertionError, FileNotFoundError):
        pytest.skip("this system lets no one mount a small disk of their own")
    noise = np.random.default_rng(0).normal(0, 0.1, 3 * 16000).astype(np.float32)
    soundfile.write(tmp_path / "speech.wav", noise, 16000)
    disk = tmp_path / "disk"
    disk.mkdir()
    name = OUT[command]
    size = SMALL if command == "render" else ()
    inside = (
        'mount -t tmpfs -o size=12k none "$0" && echo old > "$0/$1" && shift && "$@"; status=$?; '
        'ls -A "$0" && cat "$0/$(ls "$0")"; exit $status'
    )
    command_line = [sys.executable, "-m", "animator", command, "speech.wav", "-o", disk / name, "--overwrite", *size]
    unshare = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", inside, disk, name, *command_line]
    done = subprocess.run([str(word) for word in unshare], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert done.stdout == f"{name}\nold\n"
    assert done.stderr.count("\n") == 1
    assert "no room" in done.stderr


# --- Ctrl-C ---


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
@pytest.mark.parametrize(
    ("when", "ended_by", "status", "told_of"),
    [
        ("listening", signal.SIGINT, 130, "animator: stopped"),
        ("drawing", signal.SIGINT, 130, "animator: stopped"),
        ("drawing", signal.SIGTERM, 143, ""),
    ],
)
def test_a_signal_stops_it_and_leaves_the_old_file(tmp_path, when, ended_by, status, told_of):
    soundfile.write(tmp_path / "speech.wav", tone(20), 16000)
    (tmp_path / "out.mp4").write_text("old")
    before = contents(tmp_path)
    command = [sys.executable, "-m", "animator", "render", "speech.wav", "-o", "out.mp4", "--overwrite", "--json", *SMALL]
    # What runs in a shell's background ignores Ctrl-C, these tests perhaps among it; the command is to run as in the foreground.
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "preexec_fn": _in_the_foreground}
    with subprocess.Popen(command, cwd=tmp_path, **pipes) as process:
        for line in process.stdout:
            told = json.loads(line)
            if told["stage"] == when and (when != "drawing" or told["done"] >= 2):
                process.send_signal(ended_by)
                break
        _, said = process.communicate()
    assert process.returncode == status, said
    assert said.strip() == told_of
    assert contents(tmp_path) == before


def _in_the_foreground():
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_debug_shows_where_it_went_wrong(tmp_path):
    done = process(tmp_path, "--debug", "generate", "nowhere.wav", "-o", "out.npz")
    assert done.returncode == 2
    assert "Traceback" in done.stderr
    assert "nowhere.wav" in done.stderr.splitlines()[-1]


def test_progress_as_json_is_json_alone(tmp_path, speech):
    done = process(tmp_path, "generate", speech, "-o", "out.npz", "--json")
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert told[-1]["stage"] == "done"
    assert Path(told[-1]["output"]) == Path("out.npz")


@pytest.mark.parametrize(
    ("command", "names"),
    [
        ("render", ["-o", "x.npz", "--motion-out", "x.npz"]),
        ("render", ["-o", "x.mp4", "--motion-out", "speech.wav.npz", "--overwrite"]),
        ("generate", ["-o", "speech.wav.npz", "--overwrite"]),
    ],
)
def test_no_output_is_written_over_an_input_or_another_output(tmp_path, speech, command, names):
    (tmp_path / speech).rename(tmp_path / "speech.wav.npz")
    assert "over" in refused(tmp_path, command, "speech.wav.npz", *names)


@pytest.mark.parametrize("arguments", [["generate", "-o", "x.txt"], ["render", "-o", "x.mp4", "--motion-out", "x.txt"]])
def test_a_motion_file_is_called_npz(tmp_path, speech, arguments):
    command, *rest = arguments
    assert "end it in .npz" in refused(tmp_path, command, speech, *rest)


@pytest.mark.parametrize(
    ("option", "text", "complaint"),
    [
        ("--head", "local = 5", "'local'"),
        ("--head", 'ancestry = "martian"', "'ancestry'"),
        ("--recipe", '[picture]\nwidth = "abc"', "'width'"),
        ("--recipe", "seed = -5", "from 0"),
        ("--recipe", '[embedder]\nname = "script"\ncues = 5', "'cues'"),
        ("--script", "[[cue]]\nstart = []", "cue 1"),
    ],
)
def test_a_file_with_a_value_of_another_kind_is_told(tmp_path, speech, option, text, complaint):
    (tmp_path / "given.toml").write_text(text)
    assert complaint in refused(tmp_path, "render", speech, "-o", "out.mp4", option, "given.toml")


@pytest.mark.parametrize("option", ["--emotion", "--transcript", "--size", "--fps", "--camera", "--background", "--renderer"])
def test_an_empty_value_is_told_and_not_passed_over(tmp_path, speech, option):
    refused(tmp_path, "render", speech, "-o", "out.mp4", option, "")


def test_a_transcript_file_that_is_not_there_is_not_taken_for_words(tmp_path, speech):
    assert "words.txt" in refused(tmp_path, "generate", speech, "-o", "out.npz", "--transcript", "words.txt")


def test_without_a_command_the_help_is_shown(tmp_path):
    done = process(tmp_path)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) > 20
    assert "Examples:" in done.stderr


def test_a_recipe_changes_how_a_motion_is_drawn_but_not_how_it_was_made(tmp_path):
    rig = load_rig("arkit")
    made = recipe_to_toml(Recipe(seed=5, transcript="Hello."))
    write_motion(Motion(rig.names, np.zeros((10, len(rig.names)), dtype=np.float32), Fraction(50)), tmp_path / "clip.npz", made)
    (tmp_path / "r.toml").write_text('seed = 9\n[picture]\nwidth = 64\nheight = 64\nfps = "10"')
    done = here(tmp_path, "render", "clip.npz", "--recipe", "r.toml", "-o", "out.mp4", "--motion-out", "kept.npz")
    assert done.returncode == 0, done.stderr
    _, kept = read_motion(tmp_path / "kept.npz")
    recipe = recipe_from_toml(kept)
    assert (recipe.seed, recipe.transcript, recipe.picture.width) == (5, "Hello.", 64)


def test_a_motion_held_for_a_longer_sound_is_told(tmp_path, speech):
    rig = load_rig("arkit")
    write_motion(Motion(rig.names, np.zeros((10, len(rig.names)), dtype=np.float32), Fraction(50)), tmp_path / "clip.npz")
    done = here(tmp_path, "render", "clip.npz", "--audio", speech, "-o", "out.mp4", *SMALL)
    assert done.returncode == 0
    assert "note: the motion of 0.20 s is held for the 0.50 s of the sound" in done.stderr


@pytest.mark.parametrize("options", [["--emotion", "sad"], ["--blink", "0"], ["--set", "generator.style=calm"]])
def test_a_motion_file_is_not_asked_for_another_performance(tmp_path, options):
    rig = load_rig("arkit")
    write_motion(Motion(rig.names, np.zeros((10, len(rig.names)), dtype=np.float32), Fraction(50)), tmp_path / "clip.npz")
    assert f"{options[0]} has nothing to change" in refused(tmp_path, "render", "clip.npz", "-o", "out.mp4", *options, *SMALL)
