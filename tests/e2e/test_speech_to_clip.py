"""The main job, end to end, on real human speech (LibriVox), through the command line and read back by others' programs."""

import json
from fractions import Fraction
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from command_line import here, process

from animator.core.motion import CLOSED
from animator.io.audio import read_audio
from animator.io.probe import probe
from animator.io.rig import load_rig
from animator.io.track import read_motion
from animator.metrics.lips import closures, is_closed, opening
from animator.metrics.spans import spans_of
from animator.pipeline import hear
from animator.recipe import Recipe, recipe_from_toml

SPEECH = Path(str(files("animator.assets"))) / "librivox_young_man.wav"
TRANSCRIPT = SPEECH.with_suffix(".txt")


def animator(*arguments, run=process):
    done = run(Path.cwd(), *arguments)
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def motion_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("motion") / "clip.motion.npz"
    animator("generate", SPEECH, "-o", path, "--transcript", TRANSCRIPT, "--emotion", "happy:0.6,surprised:0.4")
    return path


def test_a_motion_file_is_plain_arrays_with_the_recipe_that_made_it(motion_file):
    with np.load(motion_file, allow_pickle=False) as file:
        assert str(file["schema"]) == "animator.Motion/1"
        assert tuple(file["names"]) == load_rig("arkit").names
        assert file["values"].dtype == np.float32
        numerator, denominator = map(int, file["fps"])
        seconds = len(file["values"]) * denominator / numerator
        recipe = recipe_from_toml(str(file["recipe"]))
    assert abs(seconds - float(read_audio(SPEECH).seconds)) <= denominator / numerator
    assert recipe.embedder.settings == {"feelings": "happy:0.6,surprised:0.4"}
    assert recipe.transcript == TRANSCRIPT.read_text()


def test_the_same_speech_and_recipe_give_the_same_bytes(motion_file, tmp_path):
    again = tmp_path / "again.motion.npz"
    animator("generate", SPEECH, "-o", again, "--transcript", TRANSCRIPT, "--emotion", "happy:0.6,surprised:0.4")
    assert again.read_bytes() == motion_file.read_bytes()


def test_a_happy_face_still_closes_its_lips_for_every_bilabial(motion_file):
    rig = load_rig("arkit")
    motion, _ = read_motion(motion_file)
    spans = spans_of(hear(read_audio(SPEECH), Recipe(transcript=TRANSCRIPT.read_text())))
    met = closures(is_closed(motion, rig), motion.fps, spans)
    assert motion["mouthSmileLeft"].max() > 0.2
    assert opening(motion, rig).max() > 5 * CLOSED, "the mouth opens to speak"
    assert met.bilabials == 2, "the p of 'disposed' and the m of 'man'"
    assert met.recall == 1.0


@pytest.mark.parametrize(
    ("run", "suffix", "options", "video", "audio", "alpha"),
    [
        (process, ".mp4", (), "h264", "aac", False),
        (here, ".webm", ("--background", "transparent"), "vp9", "opus", True),
        (here, ".mov", ("--background", "transparent"), "prores", "pcm_s16le", True),
    ],
)
def test_speech_becomes_a_clip_with_sound_and_picture_of_one_length(tmp_path, run, suffix, options, video, audio, alpha):
    clip, kept = tmp_path / f"clip{suffix}", tmp_path / "kept.motion.npz"
    done = animator(
        "render",
        SPEECH,
        "-o",
        clip,
        "--size",
        "128x96",
        "--fps",
        "25",
        "--motion-out",
        kept,
        "--json",
        "--emotion",
        "sad",
        *options,
        run=run,
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    found = probe(clip)
    picture, sound = found.only("video"), found.only("audio")
    assert (picture.codec, sound.codec) == (video, audio)
    assert picture.size == (128, 96)
    assert picture.alpha == alpha
    assert abs(picture.seconds - sound.seconds) <= Fraction(1, 25)
    assert abs(picture.seconds - read_audio(SPEECH).seconds) <= Fraction(1, 25)
    assert told[-1] == {"stage": "done", "output": str(clip), "frames": picture.packets, "seconds": picture.packets / 25}
    assert [line["done"] for line in told if line["stage"] == "drawing"] == list(range(picture.packets + 1))
    assert recipe_from_toml(found.comment).embedder.settings == {"feelings": "sad"}
    assert kept.exists()


def test_a_motion_file_is_drawn_as_it_is(motion_file, tmp_path):
    clip = tmp_path / "clip.mp4"
    done = animator("render", motion_file, "--audio", SPEECH, "-o", clip, "--size", "96x96", "--fps", "24")
    assert done.stdout == ""
    assert done.stderr == "", "quiet when piped"
    found = probe(clip)
    assert abs(found.only("video").seconds - found.only("audio").seconds) <= Fraction(1, 24)


def test_every_part_is_listed_with_its_settings():
    parts = json.loads(animator("list", "--json", run=here).stdout)
    assert {(p["family"], p["name"]) for p in parts} >= {("encoders", "phones"), ("generators", "visemes"), ("renderers", "soft")}
    assert "blink" in {s["name"] for p in parts if p["name"] == "visemes" for s in p["settings"]}
    assert "visemes" in animator("list", "generators", run=here).stdout


def test_help_tells_every_option_of_the_main_job():
    text = animator("render", "--help").stdout
    for word in (
        "--emotion",
        "--script",
        "--transcript",
        "--head",
        "--size",
        "--fps",
        "--camera",
        "--background",
        "--renderer",
        "--seed",
    ):
        assert word in text
