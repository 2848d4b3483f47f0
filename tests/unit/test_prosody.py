"""Loudness, pitch, voicing and effort of voices whose truth is known."""

import numpy as np
import pytest

from animator.encoders.hearing.prosody import RATE, measure
from animator.io.audio import read_audio


def voice(hertz, gains, seconds=0.5, pause=0.3):
    """A buzz with ten harmonics: one note a pair of pitch (Hz) and gain (dB), with near silence between."""
    rng = np.random.default_rng(1)
    out = []
    for pitch, gain in zip(hertz, gains, strict=True):
        time = np.arange(int(seconds * RATE)) / RATE
        note = sum(np.cos(2 * np.pi * pitch * k * time) / k for k in range(1, 11)) * 0.02 * 10 ** (gain / 20)
        out += [note * np.minimum(1.0, 50 * np.minimum(time, seconds - time)), np.zeros(int(pause * RATE))]
    samples = np.concatenate(out)
    return (samples + 1e-5 * rng.normal(size=len(samples))).astype(np.float32)


def listen(samples):
    return measure(samples, -(-len(samples) // 160))


def middle(note, seconds=0.5, pause=0.3):
    start = round(note * (seconds + pause) * 100)
    return slice(start + 15, start + 35)


def test_pitch_is_told_in_semitones_from_the_median_of_the_voice():
    heard = listen(voice([110, 130.81, 146.83, 220, 82.41], [0] * 5))
    notes = [np.median(heard.pitch[middle(i)]) for i in range(5)]
    np.testing.assert_allclose(np.array(notes) - notes[1], [-3, 0, 2, 9, -8], atol=0.2)
    assert abs(notes[1]) < 0.2, "the middle note is the median"


def test_loudness_is_1_at_the_usual_level_and_doubles_with_10_decibels():
    heard = listen(voice([120] * 5, [0, 0, 0, 10, -10]))
    notes = [heard.loudness[middle(i)].mean() for i in range(5)]
    np.testing.assert_allclose(np.array(notes) / notes[0], [1, 1, 1, 2, 0.5], rtol=0.16)  # less the quiet threshold's own
    assert 0.7 < notes[0] <= 1.05


def test_between_notes_it_is_quiet_unvoiced_and_silent():
    heard = listen(voice([120, 180], [0, 0]))
    gap = slice(57, 73)
    assert heard.quiet[gap].all()
    for curve in (heard.loudness, heard.voicing, heard.pitch):
        assert not curve[gap].any()
    assert (heard.voicing[middle(0)] > 0.95).all()
    assert not heard.quiet[middle(1)].any()


def test_noise_beside_a_voice_is_heard_but_has_no_voice():
    rng = np.random.default_rng(3)
    hiss = (0.02 * rng.normal(size=RATE // 2)).astype(np.float32)
    heard = listen(np.concatenate([voice([120], [0]), hiss]))
    assert not heard.quiet[90:125].any()
    assert (heard.voicing[90:125] < 0.5).mean() > 0.9
    assert np.abs(heard.pitch[90:125]).mean() < 1.0


def test_effort_answers_level_and_pitch_within_a_clip_and_is_0_for_the_usual():
    usual = [120] * 6
    heard = listen(voice([*usual, 120 * 2 ** (5 / 12)], [*[0] * 6, 7]))
    assert heard.effort[middle(6)].max() == pytest.approx(1.0, abs=0.25)
    assert heard.effort[: 4 * 80].max() < 0.1
    softer = listen(voice([*usual, 100], [*[0] * 6, -10]))
    assert softer.effort.max() < 0.1, "less than usual is no effort"


def test_effort_does_not_answer_the_level_of_the_whole_clip():
    samples = voice([120, 130, 150, 125], [0, 3, 6, 0])
    quiet, loud = listen(samples * np.float32(0.25)), listen(samples)
    assert loud.effort.max() > 0.3
    np.testing.assert_allclose(quiet.effort, loud.effort, atol=1e-3)
    np.testing.assert_allclose(quiet.loudness, loud.loudness, atol=1e-3)
    np.testing.assert_array_equal(quiet.quiet, loud.quiet)


def test_rumble_is_not_loudness():
    samples = voice([150, 150], [0, 0])
    rumble = 0.05 * np.sin(2 * np.pi * 25 * np.arange(len(samples)) / RATE).astype(np.float32)
    heard = listen(samples + rumble)
    assert heard.loudness[57:73].max() < 0.05


@pytest.mark.parametrize("frames", [1, 2, 2047, 2048, 2049, 4097])
def test_blocks_do_not_show(frames):
    """Frames are measured 2048 at a time; each is the same as when its surroundings are measured alone."""
    tone = voice([140] * (1 + frames // 70), [0] * (1 + frames // 70))[: frames * 160]
    heard = measure(tone, frames)
    assert all(len(getattr(heard, name)) == frames for name in ("loudness", "pitch", "voicing", "effort", "level", "quiet"))
    if frames > 2048:
        around = measure(tone[2000 * 160 :], frames - 2000)
        np.testing.assert_allclose(heard.level[2010:-5], around.level[10:-5], atol=1e-3)


def test_the_pitch_of_a_real_voice_stays_in_its_range(assets):
    audio = read_audio(assets / "librivox_young_man.wav")
    heard = listen(audio.samples)
    spoken = heard.pitch[heard.voicing > 0.5]
    assert 0.4 < (heard.voicing > 0.5).mean() < 0.9
    assert np.percentile(np.abs(spoken), 95) < 9
