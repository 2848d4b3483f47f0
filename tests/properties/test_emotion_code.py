"""Laws of the space of feelings and of codes, for any feelings."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from animator.core.emotion import Code, Emotion
from animator.core.track import crop, join, resample
from animator.embedders.space import load_space
from animator.errors import InputError

SPACE = load_space()
E = len(SPACE.feelings)
RATES = st.sampled_from([Fraction(24), Fraction(30000, 1001), Fraction(50), Fraction(60)])


def weights(most=1.0):
    frames = arrays.arrays(np.float32, st.tuples(st.integers(1, 6), st.just(E)), elements=st.floats(0, 1, width=32))
    return frames.map(lambda w: (most * w / np.maximum(w.sum(axis=1, keepdims=True), 1)).astype(np.float32))


def emotion_of(w, fps=Fraction(50)):
    return Emotion(SPACE.feelings, w, fps, Code(*SPACE.encode_weights(w)))


@given(weights(), st.floats(0, 1))
def test_intensity_is_a_direction(w, s):
    mean, _ = SPACE.encode_weights(w)
    np.testing.assert_allclose(SPACE.encode_weights(np.float32(s) * w)[0], np.float32(s) * mean, atol=1e-5)


@given(weights(), st.integers(0, 2**31))
def test_a_mixture_is_the_sum_of_its_parts(w, seed):
    share = np.random.default_rng(seed).random(w.shape).astype(np.float32)
    parts = SPACE.encode_weights(share * w)[0] + SPACE.encode_weights((1 - share) * w)[0]
    np.testing.assert_allclose(SPACE.encode_weights(w)[0], parts, atol=1e-5)


@given(weights())
def test_decoding_gives_back_what_was_encoded(w):
    mean, scale = SPACE.encode_weights(w)
    np.testing.assert_allclose(SPACE.decode(mean), w, atol=2e-3)
    assert (scale > 0).all()


@given(weights())
def test_what_the_bank_shares_out_adds_up_and_the_more_is_felt_the_wider_it_varies(w):
    mean, scale = SPACE.encode_weights(w)
    np.testing.assert_allclose(SPACE.attend(mean).sum(axis=1), 1, atol=1e-5)
    assert (SPACE.scale(np.float32(0.5) * mean) <= scale + 1e-6).all()


@given(weights())
def test_the_gaussian_of_shares_has_the_mean_of_the_mixture_and_never_asks_for_more_than_was_shared(w):
    code = SPACE.gaussian(w)
    np.testing.assert_allclose(code.mean, SPACE.encode_weights(w)[0], atol=1e-5)
    np.testing.assert_allclose(SPACE.decode(code.mean), w, atol=2e-3)


@given(arrays.arrays(np.float32, (4, 3), elements=st.floats(-1, 1, width=32)))
def test_a_point_of_valence_arousal_and_dominance_stays_where_it_is(vad):
    np.testing.assert_array_equal(SPACE.from_vad(vad)[:, :3], vad)


@given(weights(), RATES, RATES)
def test_the_code_follows_its_weights_to_another_rate(w, before, after):
    moved = resample(emotion_of(w, before), after)
    np.testing.assert_allclose(moved.code.mean, SPACE.encode_weights(moved.values)[0], atol=1e-4)


@given(weights(), weights())
def test_the_code_follows_its_weights_through_cuts_and_joins_and_goes_where_one_has_none(w, other):
    whole = join([emotion_of(w), emotion_of(other)])
    np.testing.assert_array_equal(crop(whole, len(w), len(whole)).code.mean, emotion_of(other).code.mean)
    assert join([emotion_of(w), Emotion(SPACE.feelings, other, Fraction(50))]).code is None
    assert join([Emotion(SPACE.feelings, other, Fraction(50)), emotion_of(w)]).code is None


@given(weights(), st.integers(0, 2**31))
def test_a_draw_repeats_itself_and_without_variety_is_the_mean(w, seed):
    code = emotion_of(w).code
    again = [code.drawn(np.random.default_rng(seed)).mean for _ in range(2)]
    np.testing.assert_array_equal(*again)
    np.testing.assert_array_equal(code.drawn(np.random.default_rng(seed), 0.0).mean, code.mean)


def test_draws_have_the_mean_and_scale_of_the_code():
    code = emotion_of(np.float32([[0.0] * 4 + [0.8] + [0.0] * (E - 5)])).code
    rng = np.random.default_rng(0)
    drawn = np.array([code.drawn(rng).mean[0] for _ in range(4000)])
    np.testing.assert_allclose(drawn.mean(axis=0), code.mean[0], atol=4 * code.scale.max() / 4000**0.5)
    np.testing.assert_allclose(drawn.std(axis=0), code.scale[0], rtol=0.06)


@pytest.mark.parametrize(
    ("mean", "scale", "complaint"),
    [
        (np.full((2, 3), np.nan), np.ones((2, 3)), "finite"),
        (np.zeros((2, 3)), np.array([[1, 1, 1], [1, 0, 1]]), "above 0, but is 0 at frame 1"),
    ],
)
def test_a_code_that_is_no_gaussian_is_told(mean, scale, complaint):
    with pytest.raises(InputError, match=complaint):
        Code(mean.astype(np.float32), scale.astype(np.float32))


def test_an_emotion_and_its_code_have_as_many_frames():
    with pytest.raises(InputError, match="2 frames needs a code of as many, not of 3"):
        Emotion(
            ("happy",),
            np.zeros((2, 1), np.float32),
            Fraction(50),
            Code(np.zeros((3, 4), np.float32), np.ones((3, 4), np.float32)),
        )
