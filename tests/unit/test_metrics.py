"""Each metric on motion whose truth is known by construction, and the order it must give good and broken systems."""

from fractions import Fraction

import numpy as np
import pytest

from animator.core.features import PHONE_PREFIX, Features
from animator.core.head import Head, Material, Part
from animator.core.motion import Motion
from animator.core.phones import BILABIALS, PHONES
from animator.core.rig import Control, Rig
from animator.errors import InputError, UnknownNameError
from animator.metrics.blinks import blinks
from animator.metrics.heard import Scale, Tally, events, tally, viseme_accuracy, visemes
from animator.metrics.jitter import jitter
from animator.metrics.lips import closures, is_closed, opening, opening_in_silence
from animator.metrics.mesh import CLOSED, lip_gap
from animator.metrics.spans import Span, merged, spans_of, within
from animator.metrics.sync import APERTURE, expected_opening, phone_sync

FPS = Fraction(50)
RIG = Rig("jaw", (Control("jawOpen", "jaw"), Control("mouthClose", "mouth")), opening={"jawOpen": 1.0, "mouthClose": -1.0})


def spoken(script):
    """``PHONE:milliseconds …`` as spans."""
    at, out = 0, []
    for phone, ms in (word.split(":") for word in script.split()):
        out.append(Span(at / 1000, (at + int(ms)) / 1000, phone))
        at += int(ms)
    return out


SAID = spoken("SIL:500 AA:200 B:80 IY:120 S:100 M:100 P:80 AE:200 F:80 AA:200 SIL:740")
FRAMES = 120


def obedient(spans=SAID, frames=FRAMES):
    """A mouth that does at once what each phone calls for."""
    return expected_opening(spans, frames, FPS)


def test_an_obedient_mouth_closes_for_every_bilabial_and_only_then():
    met = closures(obedient() <= 0.02, FPS, SAID)
    assert (met.recall, met.precision, met.bilabials) == (1.0, 1.0, 2)
    assert met.onset <= 0.02


def test_closures_removed_are_missed_and_closures_added_are_false():
    closed = obedient() <= 0.02
    within_m = within([SAID[5], SAID[6]], FRAMES, FPS, 0.03)
    assert closures(closed & ~within_m, FPS, SAID).recall == 0.5
    extra = closed | within([SAID[7]], FRAMES, FPS, -0.05)
    assert closures(extra, FPS, SAID).recall == 1.0
    assert closures(extra, FPS, SAID).precision == pytest.approx(14 / 19, abs=0.08)


def test_a_mouth_always_shut_has_all_recall_and_little_precision_and_one_always_open_none():
    shut = closures(np.ones(FRAMES, bool), FPS, SAID)
    assert shut.recall == 1.0
    assert shut.precision < 0.45
    gaping = closures(np.zeros(FRAMES, bool), FPS, SAID)
    assert (gaping.recall, gaping.precision, gaping.onset) == (0.0, None, None)


def test_speech_without_bilabials_has_no_recall():
    met = closures(np.zeros(50, bool), FPS, spoken("SIL:200 AA:800"))
    assert (met.recall, met.bilabials) == (None, 0)


def test_a_late_closure_has_its_lateness_as_onset_error():
    spans = spoken("AA:400 M:200 AA:400")
    closed = within([Span(0.46, 0.6, "M")], 50, FPS)
    assert closures(closed, FPS, spans).onset == pytest.approx(0.06)


def test_opening_and_closedness_follow_the_rig():
    motion = Motion(RIG.names, np.array([[0.5, 0.5], [0.5, 0.0], [0.02, 0.0], [0.0, 0.1]]), FPS)
    np.testing.assert_allclose(opening(motion, RIG), [0.0, 0.5, 0.02, -0.1], atol=1e-6)
    assert is_closed(motion, RIG).tolist() == [True, False, True, True]
    with pytest.raises(InputError, match="not written in rig"):
        opening(Motion(("other",), np.zeros((1, 1)), FPS), RIG)


def test_opening_in_silence_counts_only_silence_that_has_settled():
    parted = np.ones(FRAMES)
    parted[5:21] = parted[88:] = 0.1
    assert opening_in_silence(parted, FPS, SAID, settled=0.1) == pytest.approx(0.1)
    assert opening_in_silence(parted, FPS, spoken("AA:500 SIL:300 AA:500")) is None


def long_speech(seed=0, seconds=20.0):
    rng = np.random.default_rng(seed)
    spans, at = [], 0.0
    while at < seconds:
        stop = at + rng.uniform(0.06, 0.18)
        spans.append(Span(at, stop, PHONES[rng.integers(len(PHONES))]))
        at = stop
    return spans, round(seconds * 50)


@pytest.mark.parametrize("late", [-6, -3, 0, 2, 5, 10])
def test_sync_finds_the_lag_of_a_mouth_that_follows_its_phones(late):
    spans, frames = long_speech()
    expected = expected_opening(spans, frames, FPS)
    found = phone_sync(0.3 * np.roll(expected, late) + 0.1, expected, FPS)
    assert found.lag == pytest.approx(late / 50, abs=0.004)
    assert found.correlation > 0.97


def test_sync_orders_true_speech_other_speech_and_a_frozen_mouth():
    spans, frames = long_speech()
    expected = expected_opening(spans, frames, FPS)
    other = expected_opening(*long_speech(seed=9), FPS)
    noise = np.random.default_rng(2).normal(size=frames) * 0.2
    true, false = phone_sync(expected + noise, expected, FPS), phone_sync(other + noise, expected, FPS)
    frozen = phone_sync(np.full(frames, 0.3), expected, FPS)
    assert true.correlation > 0.6 > 0.35 > false.correlation > frozen.correlation == 0.0
    assert frozen.lag == 0.0


def test_sync_needs_a_rate_and_a_length():
    with pytest.raises(InputError, match="over 2 s or more"):
        phone_sync(np.zeros(99), np.zeros(99), FPS)
    with pytest.raises(InputError, match="above 18 frames"):
        phone_sync(np.zeros(99), np.zeros(99), Fraction(15))


def test_every_phone_has_an_aperture_and_bilabials_have_none():
    assert set(APERTURE) == set(PHONES)
    assert all(APERTURE[phone] == 0.0 for phone in BILABIALS)
    assert max(APERTURE.values()) == 1.0


def test_jitter_is_the_share_of_what_is_too_fast():
    time = np.arange(500) / 50
    slow, fast = np.sin(2 * np.pi * 3 * time), np.sin(2 * np.pi * 15 * time)
    assert jitter(slow, FPS) < 0.02
    assert jitter(slow + 0.1 * fast, FPS) == pytest.approx(0.1 / np.sqrt(1.01), abs=0.01)
    assert jitter(fast, FPS) == pytest.approx(1.0, abs=0.01)
    assert jitter(np.full(100, 0.4), FPS) is None
    with pytest.raises(InputError, match="above 16 frames"):
        jitter(slow, Fraction(15))


def test_blinks_are_counted_timed_and_spaced_and_squints_are_not():
    lids = np.full(1500, 0.1)
    for start in (100, 400, 850):
        lids[start : start + 11] = 0.1 + 0.9 * np.hanning(11)
    lids[1100:1160] = 0.4
    found = blinks(lids, FPS)
    assert len(found.starts) == 3
    assert found.per_minute == pytest.approx(6.0)
    np.testing.assert_allclose(found.gaps, [6.0, 9.0], atol=0.02)
    assert all(0.1 <= duration <= 0.2 for duration in found.durations)
    np.testing.assert_allclose(found.starts, [2.0, 8.0, 17.0], atol=0.08)
    assert blinks(np.zeros(100), FPS).starts == ()


def test_phones_heard_right_late_or_not_at_all():
    heard = [span._replace(start=span.start + 0.03, stop=span.stop + 0.03) for span in SAID if span.phone != "B"]
    met = events(heard, SAID, BILABIALS)
    assert (met.recall, met.precision) == (0.5, 1.0)
    assert met.f1 == pytest.approx(2 / 3)
    np.testing.assert_allclose(met.late, [0.03], atol=1e-9)
    assert events(SAID, SAID, BILABIALS).recall == 1.0
    nothing = events([], SAID, BILABIALS)
    assert (nothing.precision, nothing.recall, nothing.f1) == (None, 0.0, 0.0)


@pytest.mark.parametrize(("gap", "met"), [(0.0, 1), (0.019, 1), (0.021, 0)])
def test_a_closure_that_misses_by_up_to_20_ms_is_met(gap, met):
    said = [Span(0, 0.5, "AA"), Span(0.5, 0.6, "P"), Span(0.6, 1.2, "AA")]
    assert events([Span(0.6 + gap, 0.7 + gap, "M")], said, BILABIALS).met == met
    assert events([Span(0.4 - gap, 0.5 - gap, "M")], said, BILABIALS).met == met


def test_a_flicker_and_what_nobody_labelled_are_no_events():
    said = [Span(0, 0.5, "AA"), Span(0.5, 0.8, ""), Span(0.8, 1.0, "AA")]
    found = events([Span(0.2, 0.21, "P"), Span(0.6, 0.7, "P"), Span(0.85, 0.9, "P")], said, BILABIALS)
    assert (found.heard, found.right) == (1, 0)


def test_what_is_heard_right_counts_frame_by_frame_and_adds_up_over_clips():
    known = [Span(0, 0.2, "SIL"), Span(0.2, 0.3, "M"), Span(0.3, 0.5, "AY"), Span(0.5, 0.6, "HH"), Span(0.6, 0.7, "SIL")]
    heard = [Span(0, 0.22, "sil"), Span(0.22, 0.32, "PP"), Span(0.32, 0.7, "aa")]
    found = tally(heard, known)
    assert (found.frames, found.frames_right) == (60, 20 + 8 + 8)
    assert (found.speech, found.speech_right) == (30, 16)
    np.testing.assert_allclose(sorted(found.onsets), [0.02, 0.02])
    assert found.closure_onset_error == pytest.approx(0.02)
    both = found + tally(heard[:1], known)
    assert (both.speech, both.closures.known, both.closures.met) == (60, 2, 1)
    assert Tally().accuracy is None


def test_another_systems_classes_may_be_right_together():
    scale = Scale({"SIL": (frozenset("X"),), "N": (frozenset("BC"),), "P": (frozenset("A"),)}, closed="A")
    known = [Span(0, 0.1, "SIL"), Span(0.1, 0.2, "N"), Span(0.2, 0.3, "P"), Span(0.3, 0.4, "K")]
    heard = [Span(0, 0.1, "X"), Span(0.1, 0.15, "B"), Span(0.15, 0.2, "C"), Span(0.2, 0.25, "A"), Span(0.25, 0.4, "D")]
    found = tally(heard, known, scale)
    assert (found.speech, found.speech_right, found.frames) == (20, 15, 30)
    assert found.closures.f1 == 1.0


def test_a_diphthong_shows_as_two_visemes_and_a_breath_as_what_follows():
    assert visemes([Span(0, 0.1, "HH"), Span(0.1, 0.3, "AY")]) == [Span(0, 0.1, "aa"), Span(0.1, 0.2, "aa"), Span(0.2, 0.3, "ih")]


def test_viseme_accuracy_is_over_speech_and_halves_of_diphthongs():
    assert viseme_accuracy(SAID, SAID) == 1.0
    assert viseme_accuracy([Span(0, 3, "SIL")], SAID) == 0.0
    assert viseme_accuracy(spoken("AA:200"), spoken("AY:200")) == pytest.approx(0.5)
    assert viseme_accuracy(spoken("P:100 AA:100"), spoken("M:100 AH:100")) == 1.0, "visemes, not phones"
    assert viseme_accuracy([], []) is None


def test_spans_come_from_the_likeliest_phones():
    values = np.zeros((30, 2), np.float32)
    values[:10, 0] = values[20:, 0] = 0.9
    values[10:20, 1] = 0.6
    features = Features((PHONE_PREFIX + "SIL", PHONE_PREFIX + "M"), values, Fraction(100))
    assert spans_of(features) == [Span(0.0, 0.1, "SIL"), Span(0.1, 0.2, "M"), Span(0.2, 0.3, "SIL")]


def test_neighbouring_closures_are_one():
    assert merged(SAID, BILABIALS) == [Span(0.7, 0.78, "B"), Span(1.0, 1.18, "M")]


def face():
    """Six points: two lips that the jaw parts by a whole nose, a nose as long as 1 cm, eyes above it, and a chin."""
    points = {
        "upper_lip": (0, 0, 0.02),
        "lower_lip": (0, -0.001, 0.02),
        "nose_tip": (0, 0.02, 0.02),
        "eye_left": (0.01, 0.03, 0.02),
    }
    points |= {"eye_right": (-0.01, 0.03, 0.02), "chin": (0, -0.03, 0.02)}
    vertices = np.array(list(points.values()), np.float32)
    drop = np.zeros((2, len(vertices), 3), np.float32)
    drop[0, 1, 1], drop[1, 1, 1] = -0.01, 0.002
    count = len(vertices)
    grey = Material(np.full((1, 1, 4), 128, np.uint8), np.zeros((1, 1, 3), np.uint8))
    return Head(
        vertices=vertices,
        uv=np.zeros((count, 2), np.float32),
        weld=np.arange(count, dtype=np.int32),
        triangles=np.zeros((1, 3), np.int32),
        parts=(Part("skin", 0, 1, grey),),
        controls=("jawOpen", "press"),
        displacements=drop,
        follow=np.ones(count, np.float32),
        eye=np.zeros(count, np.int8),
        eye_centres=np.zeros((2, 3), np.float32),
        landmarks={name: i for i, name in enumerate(points)},
    )


def test_the_lip_gap_on_the_mesh_is_a_share_of_the_nose_whichever_way_the_head_turns():
    names = ("jawOpen", "press", "headYaw", "headPitch", "headRoll")
    rows = np.array([[0, 0, 0, 0, 0], [0.5, 0, 0, 0, 0], [0.5, 0, 0.4, -0.6, 2.5], [0, 1, 0, 0, 0], [0.02, 0, 0, 0, 3]])
    gap = lip_gap(Motion(names, rows, FPS), face())
    np.testing.assert_allclose(gap, [0.0, 0.5, 0.5, 0.0, 0.02], atol=1e-5)
    assert (gap < CLOSED).tolist() == [True, False, False, True, True]


def test_a_head_without_the_landmarks_is_refused():
    import dataclasses

    head = dataclasses.replace(face(), landmarks={"upper_lip": 0})
    with pytest.raises(UnknownNameError, match="lower_lip"):
        lip_gap(Motion(("jawOpen",), np.zeros((1, 1)), FPS), head)
