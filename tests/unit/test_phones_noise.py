"""Speech in noise."""

import numpy as np
import pytest

from animator.core.audio import Audio
from animator.core.phones import BILABIALS
from animator.encoders.hearing.noise import is_noisy, reduced
from animator.encoders.hearing.prosody import measure
from animator.encoders.phones import Phones
from animator.io.audio import read_audio
from animator.metrics.heard import events, viseme_accuracy
from animator.metrics.spans import spans_of


@pytest.fixture(scope="module")
def speech(assets):
    return read_audio(assets / "librivox_dashwood.wav").samples


@pytest.fixture(scope="module")
def words(assets):
    return (assets / "librivox_dashwood.txt").read_text()


def hiss(samples, decibels):
    """White noise so many decibels below the speech."""
    noise = np.random.default_rng(0).normal(size=len(samples))
    return (samples + noise * np.sqrt(np.mean(samples**2)) * 10 ** (-decibels / 20)).astype(np.float32)


def test_noise_is_told_from_clean_speech(speech):
    frames = -(-len(speech) // 160)
    assert not is_noisy(measure(speech, frames).level)
    assert is_noisy(measure(hiss(speech, 20), frames).level)


def test_reduction_brings_noisy_speech_nearer_to_the_clean(speech):
    noisy = hiss(speech, 10)
    assert np.mean((reduced(noisy) - speech) ** 2) < 0.5 * np.mean((noisy - speech) ** 2)


@pytest.mark.parametrize("length", [1, 159, 399, 400, 401, 4000])
def test_reduction_keeps_the_length(length):
    sound = np.random.default_rng(1).normal(size=length).astype(np.float32)
    assert reduced(sound).shape == sound.shape
    assert np.isfinite(reduced(np.zeros(length, np.float32))).all()


def test_known_words_keep_their_lip_closures_in_noise(speech, words):
    known = spans_of(Phones().encode(Audio(speech, 16000), words))
    met = events(spans_of(Phones().encode(Audio(hiss(speech, 10), 16000), words)), known, BILABIALS)
    assert met.recall >= 5 / 7
    assert met.precision == 1.0


def test_the_free_loop_still_hears_something_in_noise(speech, words):
    known = spans_of(Phones().encode(Audio(speech, 16000), words))
    heard = spans_of(Phones().encode(Audio(hiss(speech, 20), 16000)))
    assert viseme_accuracy(heard, known) > 0.45
