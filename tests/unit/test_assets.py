import hashlib
import tomllib
import wave

import numpy as np
import pytest

from animator.core.audio import Audio
from animator.embedders.script import Script
from animator.io.audio import read_audio
from animator.io.rig import load_rig
from animator.io.script import read_script

SPEECH = ["sample_happy", "sample_angry", "sample_sad", "sample_story", "librivox_dashwood", "librivox_young_man"]


@pytest.fixture
def manifest(assets):
    return tomllib.loads((assets / "manifest.toml").read_text(encoding="utf-8"))["asset"]


def test_every_asset_is_listed_once_and_every_one_listed_is_there(assets, manifest):
    there = {path.name for path in assets.iterdir() if path.is_file()} - {"manifest.toml", "__init__.py"}
    listed = [entry["file"] for entry in manifest]
    assert sorted(listed) == sorted(there)


def test_every_asset_is_what_its_hash_says(assets, manifest):
    for entry in manifest:
        assert hashlib.sha256((assets / entry["file"]).read_bytes()).hexdigest() == entry["sha256"], entry["file"]


def test_every_asset_says_what_it_is_who_made_it_under_which_licence_and_how(manifest):
    for entry in manifest:
        assert set(entry) == {"file", "what", "by", "licence", "source", "recipe", "sha256"}
        assert all(entry.values()), entry["file"]
        assert entry["licence"] in {"Apache-2.0", "public domain", "CC0-1.0"}


@pytest.mark.parametrize("name", SPEECH)
def test_every_sample_of_speech_is_short_clean_and_has_its_words_beside_it(assets, name):
    with wave.open(str(assets / f"{name}.wav")) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        assert file.getframerate() in (16000, 24000)
    audio = read_audio(assets / f"{name}.wav")
    assert 2.5 < audio.seconds < 10
    assert 0.1 < np.abs(audio.samples).max() < 1
    words = (assets / f"{name}.txt").read_text(encoding="utf-8")
    assert 1.5 < len(words.split()) / float(audio.seconds) < 4, "words a second"


def test_the_demo_script_goes_through_feelings_of_the_rig_within_its_sample(assets):
    audio: Audio = read_audio(assets / "sample_story.wav")
    emotion = Script(cues=read_script(assets / "demo_script.toml").cues).embed(audio, tuple(load_rig("arkit").emotions))
    felt = {name for name in emotion.names if emotion[name].max() >= 0.5}
    assert felt == {"sad", "angry", "surprised", "happy"}
    assert emotion["happy"][-1] == 1
