import numpy as np
import pytest
from said import said

from animator.core.spoken import phones
from animator.generators.life.blinks import blinks, lids
from animator.generators.life.breath import breath
from animator.generators.life.gaze import gaze, look
from animator.generators.life.head import TEMPERS, head, temper
from animator.generators.speech.prosody import prosody
from animator.io.rig import load_rig

MINUTES = 20
TALK = "SIL:400 P:90 AE:120 T:60 B:80 IY:100 M:80 UW:140 N:90 AA:150 V:70 ER:100 S:100 T:50 OW:160 L:80 AY:170 "
TALKING = (TALK + "SIL:700 ") * 3 + TALK.replace("SIL:400 ", "")


def clock(seconds):
    return np.arange(round(seconds * 50)) / 50


def delivery(script, seconds):
    repeat = int(np.ceil(seconds * 100 / len(said(script))))
    features = said(script, repeat=repeat)
    times = clock(seconds)
    return times, prosody(features, phones(features), times)


@pytest.fixture(scope="module")
def talking():
    return delivery(TALKING, MINUTES * 60)


@pytest.fixture(scope="module")
def resting():
    return delivery("SIL:10000", MINUTES * 60)


def rng(seed=0):
    return np.random.default_rng(seed)


def blink(spoken, rate=1.0, seed=0):
    return blinks(*spoken, gaze(*spoken, rng(seed + 100)), rate, rng(seed))


def test_people_blink_26_times_a_minute_in_talk_and_17_at_rest(talking, resting):
    seeds = range(3)
    assert np.mean([len(blink(talking, seed=s).start) for s in seeds]) / MINUTES == pytest.approx(26, abs=2.5)
    assert np.mean([len(blink(resting, seed=s).start) for s in seeds]) / MINUTES == pytest.approx(17, abs=2)


def test_gaps_between_blinks_are_log_normal_at_rest(resting):
    from scipy.stats import kstest

    gaps = np.log(np.diff(blink(resting).start))
    assert kstest((gaps - gaps.mean()) / gaps.std(), "norm").pvalue > 0.01
    assert gaps.std() == pytest.approx(0.55, abs=0.08)


def test_a_blink_lasts_150_to_350_ms_and_opens_slower_than_it_closes(talking):
    given = blink(talking)
    total = given.closing + given.closed + given.opening
    assert (total >= 0.149).all()
    assert (total <= 0.351).all()
    np.testing.assert_allclose(given.opening, 2 * given.closing)


def test_most_blinks_close_the_lids_wholly_on_some_frame(talking):
    times, _ = talking
    given = blink(talking)
    closed = lids(times, given)
    assert 0.8 < (given.depth == 1.0).mean() < 0.95
    for start, depth, end in zip(given.start, given.depth, given.start + 0.36, strict=True):
        inside = closed[(times >= start) & (times <= end)]
        if len(inside) >= 18:
            np.testing.assert_allclose(inside.max(axis=0), depth, atol=1e-9)


def test_the_lids_blink_together(talking):
    times, _ = talking
    left, right = lids(times, blink(talking)).T
    assert np.corrcoef(left, right)[0, 1] > 0.98
    assert np.abs(left - right).max() > 0.0


def test_blinks_gather_at_phrase_ends(talking):
    times, spoken = talking
    given = blink(talking)
    since = given.start[:, None] - spoken.phrases[:, 1]
    share = ((since > -0.1) & (since < 0.5)).any(axis=1).mean()
    assert share > 1.8 * len(spoken.phrases) * 0.6 / times[-1]


def test_the_blink_dial_scales_the_rate_and_zero_is_none(talking):
    assert len(blink(talking, rate=0.0).start) == 0
    half, double = (len(blink(talking, rate=r).start) for r in (0.5, 2.0))
    assert double / half == pytest.approx(4.0, rel=0.25)


def test_saccades_follow_the_main_sequence(talking):
    given = gaze(*talking, rng())
    np.testing.assert_allclose(given.duration, 0.025 + 0.0024 * np.degrees(given.size), rtol=1e-9)
    np.testing.assert_allclose(given.size, np.hypot(*np.diff(given.looks, axis=0).T))
    assert (np.diff(given.start) > given.duration[:-1]).all(), "one ends before the next begins"


def test_the_look_is_mostly_mutual_and_mostly_within_8_degrees(talking):
    times, _ = talking
    yaw, pitch = np.degrees(look(times, gaze(*talking, rng()), rng(1))).T
    assert (np.abs(yaw) < 8).mean() > 0.95
    assert np.abs(yaw).max() < 15
    assert 0.6 < (np.hypot(yaw, pitch) < 2.5).mean() < 0.92


def test_listeners_look_away_less_often_than_talkers(talking, resting):
    away = [(np.hypot(*g.looks.T) > np.radians(3)).sum() for g in (gaze(*talking, rng()), gaze(*resting, rng()))]
    assert away[0] > 1.5 * away[1]


def test_looks_away_go_where_peoples_go(talking):
    given = gaze(*talking, rng())
    far = given.looks[np.hypot(*given.looks.T) > np.radians(4)]
    sideways = np.abs(far[:, 0]) > np.abs(far[:, 1])
    assert 0.25 < sideways.mean() < 0.75
    assert 0.35 < (far[:, 0] > 0).mean() < 0.65
    assert np.degrees(np.hypot(*far.T)).max() <= 12.0 + 1e-9


def test_the_head_moves_as_far_as_heads_do_and_less_in_silence(talking, resting):
    spread = []
    for times, spoken in (talking, resting):
        flat = np.ones(len(times))
        angles = np.degrees(head(times, spoken, flat, flat, rng()))
        assert np.abs(angles).max() < 9
        assert (angles.std(axis=0) > 0.3).all()
        assert (angles.std(axis=0) < 2.5).all()
        spread.append(np.diff(angles, axis=0).std(axis=0))
    assert (spread[1] < 0.8 * spread[0]).all()


def test_sway_is_slow(resting):
    times, spoken = resting
    flat = np.ones(len(times))
    yaw = head(times, spoken, flat, flat, rng())[:, 0]
    power = np.abs(np.fft.rfft(yaw - yaw.mean())) ** 2
    frequency = np.fft.rfftfreq(len(yaw), 0.02)
    assert power[frequency < 0.6].sum() > 0.95 * power.sum()


def test_the_head_nods_on_stressed_syllables(talking):
    times, spoken = talking
    flat = np.ones(len(times))
    pitch = np.degrees(head(times, spoken, flat, flat, rng())[:, 1])
    strong = spoken.accents[(spoken.prominence > 0.5) & (spoken.accents > 1) & (spoken.accents < times[-1] - 1)]
    beat = np.interp(strong + 0.04, times, pitch) - np.interp(strong - 0.3, times, pitch)
    assert beat.mean() > 0.8


def test_feelings_change_how_the_head_moves():
    assert set(TEMPERS) <= set(load_rig("arkit").emotions)
    still, quick = (temper({name: np.ones(3)}, 3)[1] for name in ("sad", "angry"))
    assert (still < 1).all()
    assert (quick > 1).all()
    np.testing.assert_array_equal(temper({"happy": np.zeros(3), "bored": np.ones(3)}, 3), np.ones((2, 3)))


def test_breath_is_a_quarter_hertz_at_rest(resting):
    times, spoken = resting
    full = breath(times, spoken, rng())
    assert 0.0 <= full.min() < 0.2
    assert 0.5 < full.max() <= 1.0
    rises = ((full[1:] >= 0.35) & (full[:-1] < 0.35)).sum()
    assert rises / (times[-1] - times[0]) == pytest.approx(0.25, abs=0.03)


def test_a_speaker_breathes_in_before_a_phrase():
    times, spoken = delivery("SIL:3000 " + TALK.replace("SIL:400 ", "") + "SIL:1000", 5)
    full = breath(times, spoken, rng())
    assert np.interp(3.0, times, full) > np.interp(2.55, times, full) + 0.3
    assert np.interp(spoken.phrases[0, 1], times, full) < 0.9


def test_short_clocks_live_too():
    for frames in (1, 2, 3):
        times = clock(frames / 50)
        spoken = prosody(said("AA:60"), phones(said("AA:60")), times)
        flat = np.ones(frames)
        assert head(times, spoken, flat, flat, rng()).shape == (frames, 3)
        assert lids(times, blink((times, spoken))).shape == (frames, 2)
        assert breath(times, spoken, rng()).shape == (frames,)
