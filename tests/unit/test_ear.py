"""The ear: pieces give what the whole gives, and nothing beyond the look-ahead is used."""

import itertools

import numpy as np
import pytest
import torch

from animator.core.audio import Audio
from animator.encoders.hearing import prosody
from animator.encoders.listening import mel
from animator.encoders.listening.net import Ear
from animator.encoders.listening.speaker import Speaker
from animator.encoders.listening.stream import Stream, joined
from animator.encoders.speech import ALL, Speech, channels
from animator.errors import InputError
from animator.nn.ahead import FULL

AHEAD = [0, 1, 2, 4, 6, FULL]


@pytest.fixture(scope="module")
def ear():
    torch.manual_seed(0)
    net = Ear(width=32, hidden=48)
    for block in net.blocks:
        torch.nn.init.normal_(block.missing)
    return net.eval().requires_grad_(False)


@pytest.fixture(scope="module")
def sound():
    return torch.from_numpy(np.random.default_rng(0).normal(0, 0.1, 16000 * 4 + 33).astype(np.float32))


def whole(ear, sound, ahead):
    return ear(mel.log_mel(mel.power(sound[None], mel.frames_in(len(sound)))), ahead)


@pytest.mark.parametrize("ahead", AHEAD)
@pytest.mark.parametrize("size", [37, 160, 1280, 7777, 10**6])
def test_pieces_give_what_the_whole_gives(ear, sound, ahead, size):
    stream = Stream(ear, ahead)
    pieces = [stream.feed(sound[first : first + size]) for first in range(0, len(sound), size)]
    together = joined([*pieces, stream.finish()])
    for one, other in zip(together.heard, whole(ear, sound, ahead), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=2e-5)
    assert len(together.level) == mel.frames_in(len(sound))


@pytest.mark.parametrize("ahead", AHEAD[:-1])
def test_what_lies_beyond_the_look_ahead_changes_nothing(ear, sound, ahead):
    bands = mel.log_mel(mel.power(sound[None], 300))
    changed = bands.clone()
    step = 70
    changed[:, 2 * (step + ahead + 1) :] += 1.0
    before, after = ear(bands, ahead), ear(changed, ahead)
    torch.testing.assert_close(before.phones[:, : 2 * step + 2], after.phones[:, : 2 * step + 2], rtol=0, atol=1e-6)
    if ahead:
        changed[:, 2 * (step + ahead) :] += 1.0
        assert (ear(changed, ahead).phones[:, 2 * step] - before.phones[:, 2 * step]).abs().max() > 1e-4, (
            "and up to it all is used"
        )


def test_the_first_frame_comes_within_120_ms_when_80_are_looked_ahead(ear, sound):
    stream = Stream(ear, 80 // 20)
    told = [stream.feed(sound[first : first + 16]).level.numel() for first in range(0, 16 * 120, 16)]
    assert sum(told) >= 1


@pytest.mark.parametrize("samples", [1, 159, 160, 161, 321])
def test_the_shortest_sounds_are_heard_too(ear, samples):
    stream = Stream(ear, 4)
    assert joined([stream.feed(torch.zeros(samples)), stream.finish()]).level.numel() == mel.frames_in(samples)


def test_levels_are_those_of_prosody(sound):
    frames = 400
    mine = mel.level(mel.power(sound[None], frames))[0].numpy()
    np.testing.assert_allclose(mine, prosody.levels(sound.numpy(), frames), atol=0.1)


def test_a_speaker_told_in_pieces_is_told_as_a_whole():
    rng = np.random.default_rng(1)
    curves = [rng.normal(-30, 5, 500), rng.normal(0, 0.2, 500), rng.random(500)]
    level, octave, voicing = (c.astype(np.float32) for c in curves)
    loudness, pitch = Speaker().relate(level, octave, voicing)
    speaker = Speaker()
    cuts = [0, 1, 2, 90, 333, 500]
    pieces = [speaker.relate(level[a:b], octave[a:b], voicing[a:b]) for a, b in itertools.pairwise(cuts)]
    np.testing.assert_array_equal(loudness, np.concatenate([p[0] for p in pieces]))
    np.testing.assert_array_equal(pitch, np.concatenate([p[1] for p in pieces]))


def test_a_louder_voice_is_the_same_voice_after_a_while():
    rng = np.random.default_rng(2)
    level = rng.normal(-30, 5, 3000).astype(np.float32)
    flat, voiced = np.zeros(3000, np.float32), np.ones(3000, np.float32)
    quiet, loud = (Speaker().relate(level + gain, flat, voiced)[0] for gain in (np.float32(-6), np.float32(6)))
    np.testing.assert_allclose(quiet[-100:], loud[-100:], rtol=0.12)


@pytest.mark.parametrize("look_ahead", [0, 80, 120])
def test_a_sound_that_is_still_coming_is_heard_as_the_whole_one(assets, look_ahead):
    from animator.io.audio import read_audio

    audio = read_audio(assets / "librivox_dashwood.wav")
    encoder = Speech(look_ahead=look_ahead)
    listener = encoder.listen()
    pieces = [listener.feed(audio.samples[first : first + 640]) for first in range(0, len(audio.samples), 640)]
    together = np.concatenate([*pieces, listener.finish()])
    features = encoder.encode(audio)
    np.testing.assert_allclose(together[: len(features)], features.values, rtol=1e-3, atol=1e-3)
    assert features.names == channels()


def test_silence_is_heard_as_silence_and_nothing_else():
    features = Speech().encode(Audio(np.zeros(24000, np.float32), 24000))
    assert features["phone/SIL"].min() > 0.9
    assert not features["loudness"].any() and not features["effort"].max() > 0.3


@pytest.mark.parametrize("look_ahead", [-20, 30, ALL + 20])
def test_a_look_ahead_that_is_none_is_refused(look_ahead):
    with pytest.raises(InputError, match="look-ahead"):
        Speech(look_ahead=look_ahead)


def test_no_sound_is_refused():
    with pytest.raises(InputError, match="0 samples"):
        Speech().encode(Audio(np.zeros(0, np.float32), 16000))
