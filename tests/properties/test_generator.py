"""Laws of the generator for any speech, any feeling and any seed."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from said import feeling, said

from animator.core.motion import CLOSED
from animator.core.phones import PHONES
from animator.core.spoken import phones, targets
from animator.generators.speech.contacts import closure_spans
from animator.generators.visemes import Visemes
from animator.io.rig import load_rig

RIG = load_rig("arkit")
FEELINGS = [name for name in RIG.emotions if name != "neutral"]
MOUTH = RIG.region("mouth", "jaw", "tongue")

sounds = st.lists(
    st.tuples(st.sampled_from([*PHONES, "P", "B", "M", "AA", "SIL"]), st.integers(2, 30)), min_size=1, max_size=25
).map(lambda words: " ".join(f"{phone}:{10 * frames}" for phone, frames in words))
felt = st.dictionaries(st.sampled_from(FEELINGS), st.floats(0, 1, width=32), max_size=3)
laws = settings(max_examples=40, deadline=None)


def move(script, emotion=None, seed=0, loudness=1.0, **dials):
    return Visemes(**dials).generate(
        said(script, loudness=loudness), feeling(**(emotion or {})), RIG, np.random.default_rng(seed)
    )


def opening(motion):
    return motion.values @ RIG.opening_row


def closures(script, frames):
    """Frames within each closure, those that the clip is long enough to hold whole."""
    times = np.arange(frames) / 50
    spans = closure_spans(targets(phones(said(script))))
    return [(times >= a - 1e-9) & (times <= b + 1e-9) for a, b in spans if b <= times[-1]]


@laws
@given(sounds, felt, st.integers(0, 2**32 - 1))
def test_any_motion_is_finite_smooth_and_within_limits(script, emotion, seed):
    motion = move(script, emotion, seed)
    assert np.isfinite(motion.values).all()
    assert (motion.values >= RIG.low).all()
    assert (motion.values <= RIG.high).all()


@laws
@given(sounds, felt, st.floats(0, 2), st.floats(0, 2))
def test_every_bilabial_closes_whatever_is_felt_and_however_the_dials_stand(script, emotion, jaw, lips):
    motion = move(script, emotion, jaw=jaw, lips=lips, loudness=1.5)
    for inside in closures(script, len(motion)):
        assert inside.sum() >= 3
        assert (opening(motion)[inside] <= CLOSED / 2).all()


@laws
@given(sounds, felt)
def test_a_feeling_neither_moves_nor_breaks_a_closure(script, emotion):
    plain, emotional = move(script), move(script, emotion)
    for inside in closures(script, len(plain)):
        assert (opening(plain)[inside] <= CLOSED / 2).all()
        assert (opening(emotional)[inside] <= CLOSED / 2).all()


@laws
@given(sounds, st.floats(0.1, 1.0), st.floats(1.0, 2.0))
def test_louder_sound_never_closes_the_jaw_more(script, soft, loud):
    quieter, louder = move(script, loudness=soft), move(script, loudness=loud)
    assert (louder["jawOpen"] >= quieter["jawOpen"] - 1e-3).all()


@laws
@given(sounds, st.floats(0, 1), st.floats(0, 1))
def test_more_joy_never_smiles_less(script, one, other):
    less, more = sorted((one, other))
    gap = move(script, {"happy": more})["mouthSmileLeft"] - move(script, {"happy": less})["mouthSmileLeft"]
    assert gap.min() >= -1e-3


@laws
@given(sounds, st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
def test_no_chance_reaches_the_speaking_mouth(script, seed, other):
    np.testing.assert_array_equal(move(script, seed=seed).values[:, MOUTH], move(script, seed=other).values[:, MOUTH])


@laws
@given(st.integers(1, 400), st.integers(0, 2**32 - 1))
def test_silence_of_any_length_keeps_the_mouth_closed(hundredths, seed):
    motion = move(f"SIL:{10 * hundredths}", seed=seed)
    assert len(motion) == max(1, -(-hundredths // 2))
    assert np.abs(opening(motion)).max() <= CLOSED
