from fractions import Fraction

import numpy as np
import pytest
from said import SENTENCE, feeling, said

from animator.core.emotion import Emotion
from animator.core.features import Features
from animator.core.motion import CLOSED, retime
from animator.core.spoken import phones, targets
from animator.errors import InputError, UnknownNameError
from animator.generators.speech.contacts import bite_spans, closure_spans
from animator.generators.visemes import RANGES, Visemes
from animator.io.rig import load_rig

RIG = load_rig("arkit")
FEELINGS = [name for name in RIG.emotions if name != "neutral"]
MOUTH = RIG.region("mouth", "jaw", "tongue")
HEAD = ["headYaw", "headPitch", "headRoll"]
EYES = ["leftEyeYaw", "leftEyePitch", "rightEyeYaw", "rightEyePitch"]
LIDS = ["eyeBlinkLeft", "eyeBlinkRight"]


def move(script=SENTENCE, seed=0, emotion=None, repeat=1, prosody=None, **dials):
    features = said(script, repeat=repeat, **(prosody or {}))
    return Visemes(**dials).generate(features, emotion or feeling(), RIG, np.random.default_rng(seed))


def opening(motion):
    return motion.values @ RIG.opening_row


def frames_within(motion, spans):
    times = np.arange(len(motion)) / 50
    return [(times >= a - 1e-9) & (times <= b + 1e-9) for a, b in spans]


def columns(motion, names):
    return np.stack([motion[name] for name in names], axis=1)


def test_a_motion_is_in_the_rig_at_50_hz_within_its_limits_and_as_long_as_the_speech():
    features = said(SENTENCE)
    motion = move(emotion=feeling(happy=1.0, surprised=1.0, fear=1.0))
    assert motion.names == RIG.names
    assert motion.fps == 50
    assert len(motion) == -(-len(features) // 2)
    assert (motion.values >= RIG.low).all()
    assert (motion.values <= RIG.high).all()


@pytest.mark.parametrize("emotion", [None, *FEELINGS])
@pytest.mark.parametrize("vowel", ["AA", "IY", "UW"])
@pytest.mark.parametrize("bilabial", ["P:40", "B:60", "M:110"])
def test_the_lips_close_for_three_frames_in_every_bilabial(bilabial, vowel, emotion):
    script = f"SIL:400 {vowel}:150 {bilabial} {vowel}:150 SIL:400"
    motion = move(script, emotion=feeling(**({emotion: 1.0} if emotion else {})), prosody={"loudness": 2.0}, jaw=2.0)
    (inside,) = frames_within(motion, closure_spans(targets(phones(said(script)))))
    assert inside.sum() >= 3
    assert (opening(motion)[inside] <= CLOSED / 2).all()


def test_the_mouth_opens_between_two_closures():
    motion = opening(move("SIL:400 B:60 IY:100 P:120 AA:100 M:60 SIL:400"))
    assert motion[round(0.50 * 50) : round(0.56 * 50)].max() > 0.06


@pytest.mark.parametrize("fps", [24, 25, 30, Fraction(30000, 1001), 60])
def test_a_closure_outlives_every_picture_rate(fps):
    motion = move()
    shown = retime(motion, Fraction(fps), RIG)
    times = np.arange(len(shown)) / float(fps)
    for start, end in closure_spans(targets(phones(said(SENTENCE)))):
        near = (times >= start - 0.5 / float(fps) - 0.021) & (times <= end + 0.5 / float(fps) + 0.021)
        assert opening(shown)[near].min() <= CLOSED


@pytest.mark.parametrize("emotion", FEELINGS)
def test_a_feeling_leaves_the_lip_at_the_teeth(emotion):
    features = said(SENTENCE)
    plain, felt = move(), move(emotion=feeling(**{emotion: 1.0}))
    contact = [name for name, value in RIG.visemes["FF"].items() if value > 0]
    for inside in frames_within(plain, bite_spans(targets(phones(features)))):
        np.testing.assert_allclose(columns(felt, contact)[inside], columns(plain, contact)[inside], atol=1e-6)
        np.testing.assert_allclose(opening(felt)[inside], opening(plain)[inside], atol=1e-3)


def test_a_smile_lives_on_through_a_closure():
    plain, happy = move(), move(emotion=feeling(happy=1.0))
    for inside in frames_within(plain, closure_spans(targets(phones(said(SENTENCE))))):
        assert (happy["mouthSmileLeft"][inside] > plain["mouthSmileLeft"][inside] + 0.3).all()


def test_a_smile_gives_way_to_rounded_lips():
    script = "SIL:400 IY:300 T:100 UW:300 SIL:400"
    gain = move(script, emotion=feeling(happy=1.0))["mouthSmileLeft"] - move(script)["mouthSmileLeft"]
    assert 0.2 < gain[round(0.98 * 50)] < 0.7 * gain[round(0.55 * 50)]


def test_a_blink_takes_the_lids_from_feeling_and_gaze():
    motion = move(repeat=10, emotion=feeling(surprised=1.0))
    shut = motion["eyeBlinkLeft"] == 1.0
    assert shut.any()
    assert motion["eyeWideLeft"][~shut].max() > 0.5
    assert motion["eyeWideLeft"][shut].max() < 1e-6
    assert motion["eyeLookDownLeft"][shut].max() < 1e-6


def test_a_feeling_comes_softly_and_goes_more_softly():
    asked = np.zeros((400, 1), dtype=np.float32)
    asked[100:250] = 1.0
    motion = move("SIL:8000", emotion=Emotion(("angry",), asked, Fraction(50)), blink=0.0)
    brow = motion["browDownLeft"] / motion["browDownLeft"].max()
    rise, fall = (np.flatnonzero((brow[part] > 0.1) & (brow[part] < 0.9)) for part in (slice(50, 150), slice(220, 400)))
    assert 0.25 < len(rise) / 50 < 0.5
    assert len(fall) > 1.3 * len(rise)
    assert np.argmax(motion["mouthPressLeft"] > 0.1) > np.argmax(brow > 0.3), "the upper face leads"
    head = np.degrees(columns(motion, HEAD))
    assert np.abs(np.diff(head, axis=0)).max() * 50 < 40


def test_a_held_feeling_is_alive():
    held = move("SIL:8000", emotion=feeling(happy=1.0), blink=0.0)
    upper, lower = held["cheekSquintLeft"][50:], held["mouthSmileLeft"][50:]
    assert 0.01 < upper.std() / upper.mean() < 0.1
    assert abs(np.corrcoef(upper, lower)[0, 1]) < 0.9, "not in lock-step"


def test_no_feeling_closes_the_lips_where_speech_parts_them():
    times = np.arange(len(move())) / 50
    near_closure = np.zeros(len(times), dtype=bool)
    for start, end in closure_spans(targets(phones(said(SENTENCE)))):
        near_closure |= (times > start - 0.1) & (times < end + 0.1)
    parted = (opening(move()) > 0.1) & ~near_closure
    for emotion in FEELINGS:
        assert (opening(move(emotion=feeling(**{emotion: 1.0})))[parted] > CLOSED).all(), emotion


def test_a_closed_mouth_stays_closed_in_silence():
    motion = move("SIL:20000")
    assert (np.abs(opening(motion)) <= CLOSED).all()
    assert np.abs(motion.values[:, MOUTH]).max() < 0.01


def test_the_mouth_is_shut_a_quarter_second_after_the_last_sound_and_not_at_once():
    shut = opening(move("SIL:300 AA:200 SIL:1000"))
    assert (shut[25 + 13 :] <= CLOSED).all()
    assert shut[25 + 3] > CLOSED


def test_the_mouth_starts_before_the_first_sound_but_not_long_before():
    motion = move("SIL:1000 AA:200 SIL:500")
    assert opening(motion)[50 - 4] > CLOSED
    assert (opening(motion)[: 50 - 16] <= CLOSED).all()
    later = opening(move("SIL:1000 AA:200 SIL:500", pre_roll=0.0))
    assert (later[46:50] < opening(motion)[46:50]).all()


def test_the_mouth_stays_parted_in_a_short_pause_and_shuts_in_a_longer_one():
    assert opening(move("SIL:300 AA:200 SIL:120 AA:200 SIL:300"))[25:31].min() > CLOSED
    assert opening(move("SIL:300 AA:200 SIL:600 AA:200 SIL:300"))[38:48].max() <= CLOSED


def test_surprise_may_hold_the_mouth_open_in_silence():
    assert opening(move("SIL:3000", emotion=feeling(surprised=1.0))).min() > CLOSED


def test_nothing_jumps_but_lids_and_eyes():
    motion = move(repeat=10, emotion=feeling(happy=0.5))
    slow = ~RIG.region("eyes", "gaze")
    assert np.abs(np.diff(motion.values[:, slow], axis=0)).max() < 0.3
    assert np.abs(np.diff(motion["jawOpen"])).max() < 0.2
    head = np.degrees(columns(motion, HEAD))
    assert np.abs(np.diff(head, axis=0)).max() * 50 < 60, "degrees a second"
    assert np.abs(np.diff(head, 2, axis=0)).max() * 2500 < 900, "degrees a second a second"


def test_one_seed_is_one_motion_and_seeds_differ_in_life_but_not_in_speech():
    one, again, other = move(seed=1), move(seed=1), move(seed=2)
    np.testing.assert_array_equal(one.values, again.values)
    np.testing.assert_array_equal(one.values[:, MOUTH], other.values[:, MOUTH])
    for names in (HEAD, EYES, LIDS):
        assert np.abs(columns(one, names) - columns(other, names)).max() > 0.01


def test_turning_one_dial_leaves_the_rest_of_the_life_as_it_was():
    base = move(repeat=5)
    unblinking, unbreathing = move(repeat=5, blink=0.0), move(repeat=5, breath=0.0)
    np.testing.assert_array_equal(columns(base, HEAD + EYES), columns(unblinking, HEAD + EYES))
    np.testing.assert_array_equal(columns(base, LIDS), columns(unbreathing, LIDS))
    staring, still = move(repeat=5, gaze=0.0), move(repeat=5, head_motion=0.0)
    np.testing.assert_array_equal(columns(base, LIDS), columns(staring, LIDS))
    np.testing.assert_array_equal(columns(base, LIDS), columns(still, LIDS))
    np.testing.assert_array_equal(columns(base, ["headRoll"]), columns(staring, ["headRoll"]))


def test_dials_at_zero_switch_a_life_off():
    still = move(repeat=5, blink=0.0, gaze=0.0, head_motion=0.0, breath=0.0, effort=0.0)
    np.testing.assert_array_equal(still.values[:, ~MOUTH & ~RIG.region("cheeks")], 0.0)


def test_eyes_stay_on_the_camera_when_only_the_head_moves():
    motion = move(repeat=5, gaze=0.0)
    assert np.abs(motion["headYaw"]).max() > 0.01
    np.testing.assert_allclose(motion["leftEyeYaw"], -motion["headYaw"], atol=1e-6)
    np.testing.assert_allclose(motion["rightEyePitch"], -motion["headPitch"], atol=1e-6)


def test_lids_follow_the_eyes():
    motion = move(repeat=10, blink=0.0)
    down = np.maximum(motion["leftEyePitch"], 0) / RIG.control("leftEyePitch").high
    np.testing.assert_allclose(motion["eyeLookDownLeft"], down, atol=1e-6)
    out = np.maximum(motion["rightEyeYaw"], 0) / RIG.control("rightEyeYaw").high
    np.testing.assert_allclose(motion["eyeLookInRight"], out, atol=1e-6)


def test_brows_answer_vocal_effort_with_the_human_slope_and_silence_not_at_all():
    usual, marked = move(repeat=3, blink=0.0), move(repeat=3, blink=0.0, prosody={"effort": 1.0})
    answer = usual["browInnerUp"] > 0.02
    middle = np.abs(np.log(marked["browInnerUp"][answer] / usual["browInnerUp"][answer]))
    assert np.median(middle) == pytest.approx(0.217, abs=0.01)
    assert usual["browInnerUp"].max() > 0.1
    assert np.abs(move("SIL:5000")["browInnerUp"]).max() == 0.0


def test_brows_do_not_simply_follow_level():
    usual, louder = move(repeat=3), move(repeat=3, prosody={"loudness": 1.5, "pitch": 5.0})
    assert louder["browInnerUp"].mean() == pytest.approx(usual["browInnerUp"].mean(), rel=0.1)


def test_a_face_in_silence_lives():
    motion = move("SIL:20000")
    assert columns(motion, LIDS).max() == 1.0
    assert np.degrees(np.ptp(motion["headYaw"])) > 0.5
    assert np.degrees(np.ptp(motion["leftEyeYaw"])) > 0.5
    assert np.ptp(motion["noseSneerLeft"]) > 0.005


@pytest.mark.parametrize("milliseconds", [10, 20, 30])
def test_one_frame_is_enough(milliseconds):
    motion = move(f"AA:{milliseconds}")
    assert len(motion) == max(1, -(-milliseconds // 20))


def test_sound_without_phones_loudness_or_pitch():
    values = said(SENTENCE)
    phones_only = [i for i, name in enumerate(values.names) if name.startswith("phone/")]
    bare = Features(tuple(values.names[i] for i in phones_only), values.values[:, phones_only], values.fps)
    motion = Visemes().generate(bare, feeling(), RIG, np.random.default_rng(0))
    assert opening(motion).max() > 0.3
    deaf = Features(("loudness",), np.ones((10, 1), dtype=np.float32), Fraction(100))
    with pytest.raises(InputError, match="encoder that hears them"):
        Visemes().generate(deaf, feeling(), RIG, np.random.default_rng(0))


def test_an_unknown_feeling_is_told_with_the_nearest():
    odd = Emotion(("hapy",), np.zeros((1, 1), dtype=np.float32), Fraction(50))
    with pytest.raises(UnknownNameError, match="did you mean 'happy'"):
        Visemes().generate(said(SENTENCE), odd, RIG, np.random.default_rng(0))


@pytest.mark.parametrize("dial", RANGES)
@pytest.mark.parametrize("value", [-0.1, 99.0, float("nan")])
def test_a_dial_out_of_range_is_refused(dial, value):
    with pytest.raises(InputError, match=dial):
        Visemes(**{dial: value})


def test_nothing_to_move_by_is_refused():
    with pytest.raises(InputError, match="at least one frame"):
        Visemes().generate(said("SIL:0"), feeling(), RIG, np.random.default_rng(0))
