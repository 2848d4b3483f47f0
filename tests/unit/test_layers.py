"""Curves laid over a generated motion: how, when, and what becomes of closures."""

import warnings
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from said import SENTENCE, feeling, said

from animator import pipeline
from animator.core.audio import Audio
from animator.core.layers import Curves, Layer, overlaid
from animator.core.motion import CLOSED, GENERATOR_FPS, Motion
from animator.errors import InputError, LossWarning, UnknownNameError
from animator.generators.visemes import Visemes
from animator.io.rig import load_rig
from animator.io.track import write_motion
from animator.recipe import Choice, Recipe, recipe_from_toml, recipe_to_toml
from animator.session import Session

RIG = load_rig("arkit")
NONE = np.zeros((0, 2))
FEATURES = said(SENTENCE)
RULES = Recipe(generator=Choice("visemes"))


@pytest.fixture(scope="module")
def motion():
    return Visemes().generate(FEATURES, feeling(), RIG, np.random.default_rng(0))


def held(value, *names, start=1.0, frames=25, fps=50):
    return Curves(names, np.full((frames, len(names)), value, dtype=np.float32), Fraction(fps), start=start)


@pytest.mark.parametrize(
    ("mode", "weight", "expected"),
    [("replace", 1.0, lambda was: 0.6), ("add", 0.5, lambda was: was + 0.3), ("blend", 0.25, lambda was: 0.75 * was + 0.15)],
)
def test_each_mode_is_what_it_says_within_the_span_and_nothing_outside(motion, mode, weight, expected):
    laid = overlaid(motion, [(Layer("fix.csv", mode, weight), held(0.6, "browInnerUp"))], NONE, RIG)
    times = np.arange(len(motion)) / 50
    inside, outside = (times >= 1.0) & (times <= 1.5), (times <= 0.9) | (times >= 1.6)
    np.testing.assert_allclose(laid["browInnerUp"][inside], expected(motion["browInnerUp"][inside]), atol=1e-6)
    np.testing.assert_array_equal(laid.values[outside], motion.values[outside])
    others = [i for i, name in enumerate(RIG.names) if name != "browInnerUp"]
    np.testing.assert_array_equal(laid.values[:, others], motion.values[:, others])
    assert np.abs(np.diff(laid["browInnerUp"] - motion["browInnerUp"])).max() < 0.3


def test_a_span_of_its_own_cuts_curves_and_rates_may_differ(motion):
    layer = Layer("fix.csv", start=1.2, stop=1.4, ease=0.02)
    laid = overlaid(motion, [(layer, held(0.9, "browInnerUp", start=0.0, frames=90, fps=30))], NONE, RIG)
    changed = np.flatnonzero(laid["browInnerUp"] != motion["browInnerUp"]) / 50
    assert changed.min() == pytest.approx(1.2, abs=0.021)
    assert changed.max() == pytest.approx(1.4, abs=0.021)


def test_layers_are_laid_in_order(motion):
    layers = [(Layer("a.csv"), held(0.9, "browInnerUp")), (Layer("b.csv", "add"), held(0.05, "browInnerUp"))]
    assert overlaid(motion, layers, NONE, RIG)["browInnerUp"][60] == pytest.approx(0.95)


def test_lips_that_must_meet_make_a_layer_give_way_and_an_animator_may_win(motion):
    shut = pipeline.contacts(FEATURES)
    wide = held(0.5, "jawOpen", "browInnerUp", start=0.0, frames=200)
    times = np.arange(len(motion)) / 50
    closures = [(times >= a - 1e-9) & (times <= b + 1e-9) for a, b in shut]
    with pytest.warns(LossWarning, match=f"'fix.csv' gives way to {len(shut)} of the {len(shut)} closures"):
        kept = overlaid(motion, [(Layer("fix.csv", "add"), wide)], shut, RIG)
    assert all((kept.values[inside] @ RIG.opening_row <= CLOSED).all() for inside in closures)
    assert kept["jawOpen"].max() > motion["jawOpen"].max() + 0.4
    np.testing.assert_allclose(kept["browInnerUp"], motion["browInnerUp"] + 0.5, atol=1e-6)
    assert np.abs(np.diff(kept["jawOpen"])).max() < 0.35
    with pytest.warns(LossWarning, match=f"'fix.csv' opens {len(shut)} of the {len(shut)} closures"):
        won = overlaid(motion, [(Layer("fix.csv", "add", opens=True), wide)], shut, RIG)
    np.testing.assert_allclose(won["jawOpen"], motion["jawOpen"] + 0.5, atol=1e-6)


def test_a_fix_survives_the_next_generation(tmp_path):
    path = tmp_path / "fix.csv"
    path.write_text("time,browInnerUp,tongueOut\n" + "".join(f"{1 + k / 25:.2f},0.8,0.1\n" for k in range(10)))
    recipe = replace(RULES, layers=(Layer(str(path)),))
    assert recipe_from_toml(recipe_to_toml(recipe)) == recipe
    for seed in (0, 1):
        moved = pipeline.move(FEATURES, feeling(), replace(recipe, seed=seed))
        np.testing.assert_allclose(moved["browInnerUp"][50:68], 0.8, atol=1e-6)


def test_a_motion_file_is_a_layer_too(tmp_path, motion):
    write_motion(Motion(("browInnerUp",), np.full((50, 1), 0.7, dtype=np.float32), GENERATOR_FPS), tmp_path / "fix.npz")
    recipe = replace(RULES, layers=(Layer(str(tmp_path / "fix.npz"), stop=0.5),))
    assert pipeline.move(FEATURES, feeling(), recipe)["browInnerUp"][10] == pytest.approx(0.7)


def test_speech_in_chapters_keeps_the_times_of_a_layer(tmp_path):
    path = tmp_path / "fix.csv"
    path.write_text("time,browInnerUp\n95.0,0.8\n95.5,0.8\n96.0,0.8\n")
    sound = Audio(np.zeros(100 * 8000, dtype=np.float32), 8000)
    moved = pipeline.generate(sound, replace(RULES, layers=(Layer(str(path)),)))
    np.testing.assert_allclose(moved["browInnerUp"][95 * 50 : 96 * 50], 0.8, atol=1e-6)
    assert moved["browInnerUp"][: 94 * 50].max() < 0.5


@pytest.mark.parametrize(
    ("settings", "kind", "complaint"),
    [
        ({"mode": "ad"}, UnknownNameError, "did you mean 'add'"),
        ({"mode": "add", "weight": 1.5}, InputError, r"lies in \[0, 1\], not 1.5"),
        ({"weight": 0.5}, InputError, "a layer that replaces has a weight of 1"),
        ({"start": 2.0, "stop": 1.0}, InputError, "ends after it starts"),
        ({"ease": 0.0}, InputError, "to come and to go"),
    ],
)
def test_what_a_layer_cannot_be_is_told(settings, kind, complaint):
    with pytest.raises(kind, match=complaint):
        Layer("fix.csv", **settings)


def test_a_layer_of_other_controls_or_after_the_end_is_refused(motion):
    with pytest.raises(UnknownNameError, match=r"did you mean 'jawOpen'\?"):
        overlaid(motion, [(Layer("fix.npz"), held(0.5, "jawOpn"))], NONE, RIG)
    with pytest.raises(InputError, match=r"begins at 60 s, but the motion ends at 3\.\d+ s"):
        overlaid(motion, [(Layer("fix.npz"), held(0.5, "jawOpen", start=60.0))], NONE, RIG)


def test_nothing_is_laid_over_a_live_face():
    with pytest.raises(InputError, match="cannot be used live"):
        Session(Recipe(layers=(Layer("fix.csv"),)))


def test_a_layer_that_opens_nothing_is_laid_without_a_word(motion):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        overlaid(motion, [(Layer("fix.csv"), held(0.5, "browInnerUp"))], pipeline.contacts(FEATURES), RIG)
