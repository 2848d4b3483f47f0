from dataclasses import asdict, replace

import numpy as np
import pytest

from animator.core.audio import Audio
from animator.core.script import Cue
from animator.embedders.label import Label
from animator.embedders.script import Script
from animator.errors import InputError, UnknownNameError

FEELINGS = ("neutral", "happy", "sad", "surprised")
SOUND = Audio(samples=np.zeros(64000, dtype=np.float32), rate=16000)


def told(*cues):
    return Script(cues=cues).embed(SOUND, FEELINGS)


def at(emotion, seconds):
    return dict(zip(emotion.names, emotion.values[round(seconds * 50)].tolist(), strict=True))


def test_a_label_holds_from_beginning_to_end_and_neutral_has_no_channel():
    emotion = Label("happy:0.6,surprised:0.4").embed(SOUND, FEELINGS)
    assert emotion.names == ("happy", "sad", "surprised")
    assert emotion.fps == 50
    assert len(emotion) == 200
    np.testing.assert_array_equal(emotion.values, np.tile(np.float32([0.6, 0, 0.4]), (200, 1)))


def test_neutral_is_nothing_felt():
    assert not Label().embed(SOUND, FEELINGS).values.any()
    assert not Label("neutral:0.3").embed(SOUND, FEELINGS).values.any()


def test_an_unknown_feeling_is_told_with_the_nearest():
    with pytest.raises(UnknownNameError, match="no feeling 'hapy'; did you mean 'happy'"):
        Label("hapy").embed(SOUND, FEELINGS)
    with pytest.raises(UnknownNameError, match=r"'Sad' in cue 2 of the script; did you mean 'sad'"):
        told(Cue(start=0.0, feeling="happy"), Cue(start=1.0, feeling="Sad"))


def test_a_label_that_cannot_be_read_is_told_at_birth():
    with pytest.raises(InputError, match=r"'happy:7'"):
        Label("happy:7")


def test_a_sound_of_one_sample_still_feels():
    assert len(Label("happy").embed(Audio(samples=np.zeros(1, dtype=np.float32), rate=192000), FEELINGS)) == 1


def test_before_the_first_cue_nothing_is_felt_and_a_cue_at_zero_is_there_at_once():
    assert not told(Cue(start=2.0, feeling="happy")).values[:101].any()
    assert at(told(Cue(start=0.0, feeling="happy")), 0)["happy"] == 1


def test_a_change_is_a_smoothstep_that_begins_at_its_start_and_then_holds():
    emotion = told(Cue(start=0.0, feeling="sad:0.8"), Cue(start=1.0, feeling="happy", intensity=0.5, ease=1.0))
    s = np.clip(np.arange(200) / 50 - 1, 0, 1)
    share = s * s * (3 - 2 * s)
    np.testing.assert_allclose(emotion["happy"], 0.5 * share, atol=1e-6)
    np.testing.assert_allclose(emotion["sad"], 0.8 * (1 - share), atol=1e-6)


def test_without_ease_a_cue_cuts():
    emotion = told(Cue(start=1.0, feeling="happy", ease=0.0))
    assert at(emotion, 0.98)["happy"] == 0
    assert at(emotion, 1)["happy"] == 1


def test_a_cue_that_interrupts_a_change_takes_over_without_a_jump():
    emotion = told(Cue(start=0.5, feeling="happy", ease=2.0), Cue(start=1.0, feeling="sad", ease=2.0))
    steps = np.abs(np.diff(emotion.values, axis=0))
    assert steps.max() < 1.5 / 2 / 50 * 2, "twice the steepest slope of one smoothstep"
    bends = np.abs(np.diff(emotion.values, n=2, axis=0))
    assert bends.max() < 0.005, "nor is there a corner"
    assert at(emotion, 3.98) == pytest.approx({"happy": 0, "sad": 1, "surprised": 0}, abs=1e-6)


def test_neutral_ends_a_feeling():
    assert not told(Cue(start=0.0, feeling="happy"), Cue(start=1.0, feeling="neutral")).values[75:].any()


def test_a_cue_when_the_sound_is_over_is_told():
    with pytest.raises(InputError, match=r"cue 2 of the script starts at 4 s, but the sound ends at 4\.00 s"):
        told(Cue(start=0.0, feeling="happy"), Cue(start=4.0, feeling="sad"))


def test_a_script_survives_its_settings():
    script = Script(cues=({"start": 0.0, "feeling": "happy"},))
    assert script == Script(cues=(Cue(start=0.0, feeling="happy"),))
    assert Script(**asdict(script)) == replace(script) == script


def test_cues_out_of_order_are_told_at_birth():
    with pytest.raises(InputError, match="cue 2 starts at 1 s, not after"):
        told(Cue(start=2.0, feeling="happy"), Cue(start=1.0, feeling="sad"))
