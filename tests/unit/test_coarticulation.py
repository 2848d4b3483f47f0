from itertools import pairwise

import numpy as np
import pytest
from said import said

from animator.core.phones import PHONE_VISEMES, PHONES, VISEMES
from animator.core.spoken import phones, targets
from animator.generators.speech.coarticulation import mouth
from animator.io.rig import load_rig

# JALI's classes (Edwards et al. 2016, section 4.2).
LIP_HEAVY = {"UW", "OW", "OY", "W", "SH", "ZH", "CH", "JH"}
TONGUE_ONLY = {"L", "N", "T", "D", "K", "G", "NG"}

RIG = load_rig("arkit")
ROUND = RIG.column("mouthPucker")
JAW = RIG.column("jawOpen")
OPEN_VOWEL = RIG.visemes["aa"]["jawOpen"]


def visemes(script):
    given = targets(phones(said(script)))
    return [(VISEMES[v], round(float(b - a), 3)) for v, a, b in zip(given.viseme, given.start, given.end, strict=True)]


def speak(script, jaw=1.0, lips=1.0, pre_roll=0.1, **prosody):
    features = said(script, **prosody)
    times = np.arange(0, len(features) / 100, 0.005)
    return times, mouth(times, targets(phones(features)), RIG, jaw=jaw, lips=lips, pre_roll=pre_roll)


def at(times, curves, seconds):
    return curves[np.searchsorted(times, seconds)]


def test_each_phone_becomes_its_viseme():
    for phone, expected in PHONE_VISEMES.items():
        if phone in ("HH", "SIL"):
            continue
        assert [v for v, _ in visemes(f"SIL:200 {phone}:100 SIL:200")] == ["sil", *expected, "sil"]


def test_a_diphthong_glides_and_keeps_its_length():
    assert visemes("AY:200") == [("aa", 0.11), ("ih", 0.09)]


def test_repeated_visemes_merge():
    assert visemes("AA:100 M:60 P:80 AE:100") == [("aa", 0.1), ("PP", 0.14), ("aa", 0.1)]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("SIL:100 HH:60 UW:100 SIL:100", ["sil", "ou", "sil"]),
        ("HH:60 AW:100", ["aa", "ou"]),
        ("AW:100 HH:60 SIL:100", ["aa", "ou", "sil"]),
        ("SIL:100 HH:60 SIL:100", ["sil"]),
        ("HH:60", ["sil"]),
    ],
)
def test_h_takes_the_mouth_of_its_neighbour(script, expected):
    assert [v for v, _ in visemes(script)] == expected


def test_a_flicker_of_one_frame_is_not_a_phone():
    assert visemes("AA:100 P:10 AE:100") == [("aa", 0.21)]
    assert visemes("P:10") == [("PP", 0.01)]


def test_targets_cover_the_sound_without_a_gap():
    given = targets(phones(said("SIL:100 HH:50 AY:90 T:10 S:80 OW:100 P:10 B:60 SIL:300")))
    assert given.start[0] == 0.0
    np.testing.assert_allclose(given.start[1:], given.end[:-1])
    assert given.end[-1] == pytest.approx(0.8)


def test_a_long_sound_reaches_its_pose():
    times, curves = speak("SIL:300 UW:400 SIL:300")
    np.testing.assert_allclose(at(times, curves, 0.5)[ROUND], RIG.visemes["ou"]["mouthPucker"], rtol=0.02)


@pytest.mark.parametrize("phone", sorted(LIP_HEAVY - {"OW", "OY"}))
def test_lip_heavy_sounds_round_early_and_let_go_late(phone):
    times, curves = speak(f"IY:200 T:60 {phone}:120 T:60 IY:200")
    full = curves[:, ROUND].max()
    early = times[np.argmax(curves[:, ROUND] > 0.25 * full)]
    late = times[len(times) - 1 - np.argmax(curves[::-1, ROUND] > 0.25 * full)]
    assert early <= 0.26 - 0.05, "the rounding stands before its sound begins"
    assert late >= 0.38 + 0.03
    apex = times[np.argmax(curves[:, ROUND])]
    assert apex - early >= 0.10


@pytest.mark.parametrize("phone", sorted(TONGUE_ONLY))
def test_sounds_of_the_tongue_leave_the_lips_to_their_neighbours(phone):
    _, around = speak(f"SIL:200 UW:150 {phone}:80 UW:150 SIL:200")
    between = slice(round(0.36 / 0.005), round(0.42 / 0.005))
    assert around[between, ROUND].min() > 0.9 * RIG.visemes["ou"]["mouthPucker"]
    assert np.ptp(around[between, ROUND]) < 0.06


@pytest.mark.parametrize("phone", ["S", "Z", "SH", "ZH", "CH", "JH"])
def test_sibilants_nearly_close_the_jaw_between_open_vowels(phone):
    times, curves = speak(f"AA:150 {phone}:100 AA:150", loudness=2.0)
    assert at(times, curves, 0.2)[JAW] < 0.25 * curves[:, JAW].max()


def test_fast_speech_undershoots():
    peaks = []
    for ms in (150, 100, 70, 50):
        _, curves = speak("SIL:200 " + f"AA:{ms} T:{ms // 2} " * 6 + "SIL:200")
        peaks.append(curves[:, JAW].max())
    assert all(slow > fast for slow, fast in pairwise(peaks))


def test_dials_scale_jaw_and_lips_apart():
    script = "SIL:200 AA:200 UW:200 SIL:200"
    _, plain = speak(script)
    _, wide = speak(script, jaw=1.5)
    _, mumbled = speak(script, lips=0.5)
    np.testing.assert_allclose(wide[:, JAW], 1.5 * plain[:, JAW], rtol=1e-6)
    np.testing.assert_allclose(wide[:, ROUND], plain[:, ROUND])
    np.testing.assert_allclose(mumbled[:, ROUND], 0.5 * plain[:, ROUND])
    np.testing.assert_allclose(mumbled[:, JAW], plain[:, JAW])


def test_a_louder_vowel_opens_the_jaw_more():
    _, soft = speak("SIL:200 AA:200 SIL:200", loudness=0.4)
    _, usual = speak("SIL:200 AA:200 SIL:200")
    _, loud = speak("SIL:200 AA:200 SIL:200", loudness=1.5)
    assert soft[:, JAW].max() < usual[:, JAW].max() < loud[:, JAW].max()
    assert loud[:, JAW].max() < 2.0 * OPEN_VOWEL


def test_every_viseme_has_a_manner_and_every_phone_a_place_in_the_tables():
    from animator.generators.speech.coarticulation import MANNERS

    assert set(MANNERS) == set(VISEMES)
    assert set(PHONES) == set(PHONE_VISEMES)


def test_curves_have_no_corners():
    _, curves = speak("SIL:300 P:80 AA:120 S:90 UW:100 M:60 IY:110 F:80 OW:160 SIL:400")
    step = np.abs(np.diff(curves, axis=0)).max()
    bend = np.abs(np.diff(curves, 2, axis=0)).max()
    assert bend < 0.5 * step, "at 200 Hz a slope changes little from sample to sample"
