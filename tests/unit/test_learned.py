"""The generator learned: contacts under every feeling and style, dials that keep to their own, one seed one motion."""

from itertools import pairwise

import numpy as np
import pytest
from said import SENTENCE, feeling, said

from animator.core.emotion import Code, Emotion
from animator.core.motion import CLOSED, GENERATOR_FPS
from animator.core.rig import Control, Rig
from animator.core.spoken import phones, targets
from animator.embedders.space import emotion, load_space
from animator.errors import FormatError, InputError, UnknownNameError
from animator.generators.acting.cast import cast
from animator.generators.acting.style import STYLES
from animator.generators.learned import RANGES, Learned
from animator.generators.speech.contacts import closure_spans
from animator.io.rig import load_rig
from animator.io.track import write_motion

RIG = load_rig("arkit")
FEELINGS = [name for name in RIG.emotions if name != "neutral"]
MOUTH = RIG.region("mouth", "jaw", "tongue", "cheeks")
STILL = {"blink": 0.0, "gaze": 0.0, "head_motion": 0.0, "breath": 0.0, "variety": 0.0}


def move(script=SENTENCE, emotion=None, seed=0, prosody=None, **dials):
    features = said(script, **(prosody or {}))
    felt = feeling(seconds=features.seconds, **(emotion or {}))
    return Learned(**dials).generate(features, felt, RIG, np.random.default_rng(seed))


def opening(motion):
    return motion.values @ RIG.opening_row


def shut(motion, script=SENTENCE):
    times = np.arange(len(motion)) / 50
    return [(times >= a - 1e-9) & (times <= b + 1e-9) for a, b in closure_spans(targets(phones(said(script))))]


@pytest.mark.parametrize("name", FEELINGS)
@pytest.mark.parametrize("style", STYLES)
def test_every_bilabial_closes_whatever_is_felt_and_however_it_is_said(name, style):
    motion = move(emotion={name: 1.0}, style=style, variety=2.0, style_amount=1.3)
    for inside in shut(motion):
        assert inside.sum() >= 3
        assert (opening(motion)[inside] <= CLOSED / 2).all()


def test_a_mouth_opens_between_closures_and_rests_in_silence():
    motion = move()
    times = np.arange(len(motion)) / 50
    assert opening(motion)[(times > 0.5) & (times < 1.9)].max() > 0.2
    quiet = (times > 2.2) & (times < 2.5)
    assert opening(motion)[quiet].max() <= CLOSED
    assert opening(move("SIL:3000")).max() <= CLOSED


@pytest.mark.parametrize("name", FEELINGS)
def test_a_feeling_at_no_intensity_is_the_neutral_face_to_the_bit(name):
    np.testing.assert_array_equal(move(emotion={name: 0.0}, variety=1.0).values, move(variety=1.0).values)


def test_more_joy_never_smiles_less_and_more_anger_never_lifts_the_brows():
    joy = [move(emotion={"happy": s}, **STILL)["mouthSmileLeft"] for s in (0.0, 0.3, 0.6, 1.0)]
    anger = [move(emotion={"angry": s}, **STILL)["browDownLeft"] for s in (0.0, 0.3, 0.6, 1.0)]
    for curves in (joy, anger):
        assert all((more >= less - 1e-3).mean() > 0.97 for less, more in pairwise(curves))
        means = [curve.mean() for curve in curves]
        assert means == sorted(means)
        assert means[-1] > means[0] + 0.2


def test_one_seed_is_one_motion_and_seeds_differ_as_much_as_the_dial_says():
    faces = {variety: [move(seed=seed, **{**STILL, "variety": variety}).values for seed in (1, 1, 2)] for variety in (0.0, 1.0)}
    for one, again, _ in faces.values():
        np.testing.assert_array_equal(one, again)
    np.testing.assert_array_equal(faces[0.0][0], faces[0.0][2])
    assert np.abs(faces[1.0][0] - faces[1.0][2]).max() > 0.01


def test_turning_one_dial_leaves_the_rest_of_the_life_as_it_was():
    base, unblinking = move(), move(blink=0.0)
    for name in ("headYaw", "leftEyeYaw", "jawOpen"):
        np.testing.assert_array_equal(base[name], unblinking[name])
    np.testing.assert_array_equal(base.values[:, MOUTH], move(gaze=0.0, head_motion=0.0).values[:, MOUTH])
    assert move(blink=0.0)["eyeBlinkLeft"].max() == 0.0


def test_the_dial_of_effort_leaves_the_mouth_alone():
    none, twice = move(effort=0.0, **STILL), move(effort=2.0, **STILL)
    mouth = RIG.region("mouth", "jaw", "tongue")
    np.testing.assert_array_equal(none.values[:, mouth], twice.values[:, mouth])
    assert np.abs(none.values - twice.values)[:, RIG.region("brows")].max() > 0.01


def test_who_speaks_animatedly_opens_wider_than_who_mumbles():
    wide = [np.quantile(opening(move(style=style, **STILL)), 0.95) for style in ("mumbled", "calm", "usual", "animated")]
    assert wide == sorted(wide)
    assert wide[-1] > 1.3 * wide[0]
    same = move(style="animated", style_amount=0.0, **STILL)
    np.testing.assert_array_equal(same.values, move(**STILL).values)


def test_a_style_is_taken_from_somebody_who_is_seen_speaking(tmp_path):
    for style in ("mumbled", "animated"):
        write_motion(move(style=style, **STILL), tmp_path / f"{style}.npz")
    quiet, lively = (move(style=str(tmp_path / f"{style}.npz"), **STILL) for style in ("mumbled", "animated"))
    assert np.quantile(opening(lively), 0.95) > np.quantile(opening(quiet), 0.95)


def test_lids_and_head_take_their_part_in_a_feeling():
    calm, sad = move(emotion={"calm": 1.0}, **STILL), move(emotion={"sad": 1.0}, **STILL)
    assert calm["eyeBlinkLeft"].max() == pytest.approx(RIG.emotions["calm"]["eyeBlinkLeft"], abs=1e-3)
    assert sad["headPitch"].max() == pytest.approx(RIG.emotions["sad"]["headPitch"], abs=1e-3)


@pytest.mark.parametrize("ahead", [0, 80])
def test_live_look_aheads_move_too(ahead):
    assert opening(move(look_ahead=ahead)).max() > 0.2


@pytest.mark.parametrize("dial", RANGES)
@pytest.mark.parametrize("value", [-0.1, 99.0, float("nan")])
def test_a_dial_out_of_range_is_refused(dial, value):
    with pytest.raises(InputError, match=dial):
        Learned(**{dial: value})


def test_what_cannot_be_done_is_told():
    with pytest.raises(InputError, match="in steps of 40, not 30"):
        Learned(look_ahead=30)
    with pytest.raises(UnknownNameError, match="did you mean 'calm'"):
        move(style="clam")
    with pytest.raises(InputError, match="at least one frame"):
        Learned().generate(said("SIL:0"), feeling(), RIG, np.random.default_rng(0))


@pytest.mark.parametrize("milliseconds", [10, 20, 30, 90])
def test_one_frame_is_enough(milliseconds):
    assert len(move(f"AA:{milliseconds}")) == max(1, -(-milliseconds // 20))


def test_a_rig_that_it_did_not_learn_is_refused():
    other = Rig("two", (Control("lid", "eyes"), Control("turn", "head")))
    with pytest.raises(InputError, match="learned moves the rig"):
        Learned().generate(said(SENTENCE), feeling(), other, np.random.default_rng(0))


def feel(felt, seed=0, **dials):
    return Learned(**STILL, **dials).generate(said(SENTENCE), felt, RIG, np.random.default_rng(seed)).values


def sure(name, strength=1.0):
    """A feeling with its code, for as long as the sentence."""
    weights = np.zeros((len(said(SENTENCE)) // 2, len(FEELINGS)), dtype=np.float32)
    weights[:, FEELINGS.index(name)] = strength
    return emotion(weights, FEELINGS)


def test_the_generator_reads_codes_as_the_embedder_writes_them():
    anchors, _ = load_space().encode_weights(np.eye(len(FEELINGS), dtype=np.float32), cast().feelings)
    np.testing.assert_array_equal(cast().actor.anchors, anchors)


def test_a_code_that_says_what_its_weights_say_adds_nothing_to_them():
    felt = sure("sad", 0.7)
    np.testing.assert_allclose(feel(felt), feel(Emotion(felt.names, felt.values, felt.fps)), atol=1e-4)


def test_what_a_code_says_beyond_its_weights_is_shown_in_the_direction_of_its_feeling():
    felt, fear = sure("sad", 0.7), sure("fear", 0.5)
    both = Emotion(felt.names, felt.values, felt.fps, Code(felt.code.mean + fear.code.mean, felt.code.scale))
    was, becomes, meant = feel(felt), feel(both), feel(fear)
    moved, wanted = (becomes - was).mean(axis=0), (meant - feel(sure("fear", 0.0))).mean(axis=0)
    brows = RIG.region("brows")
    assert np.corrcoef(moved[brows], wanted[brows])[0, 1] > 0.5


def test_shades_of_a_feeling_differ_from_seed_to_seed_as_far_as_the_dial_says_and_never_touch_the_neutral_face():
    felt, nothing = sure("angry"), sure("angry", 0.0)
    mean = feel(felt)
    far = [[np.abs(feel(felt, seed, shade=shade) - mean).mean() for seed in (1, 2, 3)] for shade in (0.5, 1.0, 2.0)]
    assert 0.0 < np.mean(far[0]) < np.mean(far[1]) < np.mean(far[2])
    np.testing.assert_array_equal(feel(felt, 1, shade=1.0), feel(felt, 1, shade=1.0))
    assert np.abs(feel(felt, 1, shade=1.0) - feel(felt, 2, shade=1.0)).max() > 0.01
    np.testing.assert_array_equal(feel(nothing, 1, shade=2.0), feel(nothing))


def test_a_code_of_another_space_is_refused():
    felt = sure("happy")
    flat = Code(felt.code.mean[:, :3], felt.code.scale[:, :3])
    with pytest.raises(FormatError, match="3 coordinates"):
        feel(Emotion(felt.names, felt.values, GENERATOR_FPS, flat))
