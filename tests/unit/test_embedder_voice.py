import json

import numpy as np
import pytest
from click.testing import CliRunner

from animator.cli.main import animator as main
from animator.core.audio import Audio
from animator.embedders.acoustics import NAMES, functionals, listen
from animator.embedders.both import Both
from animator.embedders.space import load_space
from animator.embedders.voice import HEARD, Voice, shares
from animator.errors import InputError
from animator.io.audio import read_audio
from animator.io.rig import load_rig

FEELINGS = tuple(load_rig("arkit").emotions)
SPACE = load_space()


@pytest.fixture(scope="module")
def reading():
    from importlib.resources import as_file, files

    with as_file(files("animator.assets") / "librivox_dashwood.wav") as path:
        return read_audio(path)


def tone(hertz, seconds=1.0):
    t = np.arange(int(16000 * seconds)) / 16000
    return sum(np.sin(2 * np.pi * hertz * k * t) / k for k in range(1, 12)).astype(np.float32) * np.float32(0.1)


@pytest.mark.parametrize("hertz", [90, 140, 220, 380])
def test_the_pitch_of_a_tone_is_its_own_and_it_is_voiced_throughout(hertz):
    voice = listen(tone(hertz))
    inner = slice(5, -5)
    assert voice.voiced[inner].all()
    pitch = 55 * 2 ** (voice.curves[inner, NAMES.index("pitch")] / 12)
    np.testing.assert_allclose(pitch, hertz, rtol=0.02)


def test_noise_has_no_pitch():
    noise = 0.1 * np.random.default_rng(0).standard_normal(16000).astype(np.float32)
    assert listen(noise).voiced.mean() < 0.05


def test_what_is_measured_does_not_depend_on_how_loud_the_recording_is(reading):
    loud, soft = (functionals(listen(np.float32(gain) * reading.samples)) for gain in (1.0, 0.1))
    np.testing.assert_allclose(loud, soft, atol=0.02 * np.abs(loud).max(), rtol=0.05)


def test_silence_feels_nothing_and_says_so():
    silence = Audio(np.zeros(32000, dtype=np.float32), 16000)
    assert not Voice().embed(silence, FEELINGS).values.any()
    assert Voice().told(silence) == [{"feeling": "neutral", "odds": 1.0}]


@pytest.mark.parametrize("count", [1, 100, 4000])
def test_a_sound_too_short_to_judge_still_has_its_frames(count):
    audio = Audio(0.1 * np.ones(count, dtype=np.float32), 16000)
    assert len(Voice().embed(audio, FEELINGS)) == max(1, -(-count * 50 // 16000))


def test_odds_add_up_at_every_instant_and_the_code_decodes_to_the_weights(reading):
    verdict, emotion = Voice().hear(reading), Voice().embed(reading, FEELINGS)
    np.testing.assert_allclose(verdict.odds.sum(axis=1), 1, atol=1e-4)
    assert len(verdict.odds) == len(emotion)
    np.testing.assert_allclose(SPACE.decode(emotion.code.mean, emotion.names), emotion.values, atol=1e-5)


def test_a_calm_reading_makes_no_grimace(reading):
    assert Voice().embed(reading, FEELINGS).values.max() < 0.5


def test_without_strength_nothing_is_felt_and_more_strength_is_more_of_the_same(reading):
    assert not Voice(strength=0.0).embed(reading, FEELINGS).values.any()
    half, whole = (Voice(strength=s).embed(reading, FEELINGS).code.mean for s in (0.5, 1.0))
    np.testing.assert_allclose(2 * half, whole, atol=1e-5)


def test_the_less_sure_the_nearer_to_neutral_and_the_wider():
    angry = HEARD.index("angry")
    sizes, widths = [], []
    for sure in (1.0, 0.8, 0.6, 0.4, 1 / len(HEARD)):
        odds = np.full((1, len(HEARD)), (1 - sure) / (len(HEARD) - 1), dtype=np.float32)
        odds[0, angry] = sure
        code = SPACE.gaussian(shares(odds, np.ones(1, dtype=np.float32), SPACE))
        sizes.append(float(np.linalg.norm(code.mean)))
        widths.append(float(np.linalg.norm(code.scale)) / max(sizes[-1], 1e-6))
    assert sizes == sorted(sizes, reverse=True)
    assert widths == sorted(widths)
    assert sizes[-1] < 1e-3


def test_only_the_likeliest_is_felt_and_at_a_tie_nothing_so_that_no_feeling_jumps():
    happy, angry = HEARD.index("happy"), HEARD.index("angry")
    odds = np.zeros((201, len(HEARD)), dtype=np.float32)
    odds[:, happy] = np.linspace(0, 1, 201)
    odds[:, angry] = 1 - odds[:, happy]
    felt = shares(odds, np.ones(201, dtype=np.float32), SPACE)
    assert ((felt > 0).sum(axis=1) <= 1).all()
    assert felt[100].max() == 0
    assert np.abs(np.diff(felt, axis=0)).max() < 0.05
    assert felt[200, SPACE.feelings.index("happy")] == felt[0, SPACE.feelings.index("angry")] == 1


def test_neutral_and_bored_voices_leave_the_face_mild():
    odds = np.eye(len(HEARD), dtype=np.float32)[[HEARD.index("neutral"), HEARD.index("bored")]]
    weights = SPACE.decode(SPACE.gaussian(shares(odds, np.ones(2, dtype=np.float32), SPACE)).mean)
    assert weights[0].max() < 1e-3
    assert SPACE.feelings[int(weights[1].argmax())] == "calm"
    assert weights[1].max() < 0.5


@pytest.mark.parametrize(("settings", "complaint"), [({"strength": 2.0}, r"\[0, 1.5\]"), ({"window": 0.2}, r"\[1, 10\]")])
def test_a_setting_out_of_range_is_told(settings, complaint):
    with pytest.raises(InputError, match=complaint):
        Voice(**settings)
    with pytest.raises(InputError, match=r"strength of both lies in \[0, 1.5\]"):
        Both(strength=3.0)


def test_auto_says_what_it_heard_and_how_surely(tmp_path, assets):
    speech, out = str(assets / "sample_sad.wav"), str(tmp_path / "a.npz")
    told = CliRunner().invoke(main, ["generate", speech, "-o", out, "--emotion", "auto", "--encoder", "phones"], obj={})
    assert told.exit_code == 0, told.output
    assert "heard: " in told.stderr
    again = CliRunner().invoke(
        main, ["generate", speech, "-o", out, "--emotion", "auto", "--encoder", "phones", "--json", "--overwrite"], obj={}
    )
    heard = next(line for line in map(json.loads, again.stdout.splitlines()) if line["stage"] == "heard")
    assert all(0.1 <= each["odds"] <= 1 and each["feeling"] in HEARD for each in heard["feelings"])
