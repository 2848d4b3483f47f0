"""Laws of layers: none opens a contact that it does not say it opens, what it does not name stays, weight 0 is none."""

import warnings
from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from said import SENTENCE, feeling, said

from animator import pipeline
from animator.core.layers import Curves, Layer, overlaid
from animator.core.motion import CLOSED, limit
from animator.errors import LossWarning
from animator.generators.visemes import Visemes
from animator.io.rig import load_rig

RIG = load_rig("arkit")
FEATURES = said(SENTENCE)
SHUT = pipeline.contacts(FEATURES)
MOTION = Visemes().generate(FEATURES, feeling(happy=0.5), RIG, np.random.default_rng(0))
clock = np.arange(len(MOTION)) / 50
laws = settings(max_examples=60, deadline=None)


@st.composite
def layers(draw):
    """A layer of some controls, anywhere in the clip, of any mode, that may not open contacts."""
    names = tuple(draw(st.lists(st.sampled_from(RIG.names), min_size=1, max_size=6, unique=True)))
    frames, fps = draw(st.integers(2, 60)), draw(st.sampled_from([24, 30, 50, 60]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    low, high = (np.array([getattr(RIG.control(name), end) for name in names]) for end in ("low", "high"))
    values = rng.uniform(low, high, (frames, len(names))).astype(np.float32)
    mode = draw(st.sampled_from(["add", "replace", "blend"]))
    weight = 1.0 if mode == "replace" else draw(st.floats(0, 1))
    start = draw(st.floats(0, MOTION.seconds - 0.1))
    return Layer("fix.csv", mode, weight, ease=draw(st.floats(0.02, 0.5))), Curves(names, values, Fraction(fps), start=start)


def quietly(laid):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LossWarning)
        return limit(overlaid(MOTION, laid, SHUT, RIG), RIG)


@laws
@given(st.lists(layers(), min_size=1, max_size=3))
def test_no_layer_opens_a_contact_without_saying_so(laid):
    parted = quietly(laid).values @ RIG.opening_row
    for a, b in SHUT:
        assert parted[(clock >= a - 1e-9) & (clock <= b + 1e-9)].max() <= CLOSED + 1e-6


@laws
@given(layers())
def test_what_a_layer_does_not_name_stays_and_so_does_all_outside_its_span(laid):
    layer, curves = laid
    moved = quietly([laid])
    others = [i for i, name in enumerate(RIG.names) if name not in curves.names]
    np.testing.assert_array_equal(moved.values[:, others], MOTION.values[:, others])
    outside = (clock < curves.start - layer.ease) | (clock > curves.start + curves.seconds + layer.ease)
    np.testing.assert_array_equal(moved.values[outside], MOTION.values[outside])


@laws
@given(layers(), st.sampled_from(["add", "blend"]))
def test_a_layer_without_weight_is_none(laid, mode):
    np.testing.assert_array_equal(quietly([(Layer("fix.csv", mode, 0.0), laid[1])]).values, MOTION.values)
