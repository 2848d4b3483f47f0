"""Every registered part keeps its family's promise. A new part is tested the moment it is registered."""

import dataclasses
import inspect
from fractions import Fraction

import numpy as np
import pytest

from animator import registry
from animator.cli.parts import describe
from animator.core.audio import Audio
from animator.core.emotion import Emotion
from animator.core.features import Features, phone_posteriors
from animator.core.motion import GENERATOR_FPS, Motion, limit
from animator.core.stage import Stage
from animator.core.track import Track, frame_count
from animator.errors import UnknownNameError
from animator.io.rig import load_rig

ALL = [(family, name) for family in registry.FAMILIES for name in registry.names(family)]
SPOKEN = Audio(
    samples=(0.3 * np.sin(2 * np.pi * 140 * np.arange(12000) / 16000) * np.hanning(12000)).astype(np.float32), rate=16000
)
SILENT = Audio(samples=np.zeros(8000, dtype=np.float32), rate=16000)


def parts(family):
    return pytest.mark.parametrize("part", [registry.find(family, name)() for name in registry.names(family)], ids=repr)


@pytest.fixture(scope="module")
def rig():
    return load_rig("arkit")


@pytest.fixture(scope="module")
def head():
    return registry.find("heads", "makehuman")().make()


@pytest.mark.parametrize(("family", "name"), ALL)
def test_a_part_is_a_frozen_dataclass_whose_settings_have_defaults_and_meanings(family, name):
    part = registry.find(family, name)
    assert dataclasses.is_dataclass(part)
    assert part.__dataclass_params__.frozen
    part()
    told = describe(family, name)
    assert told["summary"]
    assert all(setting["meaning"] for setting in told["settings"]), [s["name"] for s in told["settings"] if not s["meaning"]]


def test_an_unknown_part_is_told_with_the_nearest():
    with pytest.raises(UnknownNameError, match="did you mean 'phones'"):
        registry.find("encoders", "phone")


@parts("encoders")
@pytest.mark.parametrize("audio", [SPOKEN, SILENT], ids=["voiced", "silent"])
def test_an_encoder_covers_the_sound_with_phones_that_add_up(part, audio):
    features = part.encode(audio)
    assert isinstance(features, Features)
    assert abs(features.seconds - float(audio.seconds)) <= 1 / features.fps
    np.testing.assert_allclose(phone_posteriors(features).sum(axis=1), 1.0, atol=1e-4)


@pytest.mark.parametrize("name", registry.names("embedders"))
def test_an_embedder_covers_the_sound_with_feelings_of_the_rig(name, rig):
    emotion = registry.find("embedders", name)().embed(SPOKEN, tuple(rig.emotions))
    assert isinstance(emotion, Emotion)
    assert len(emotion) == frame_count(SPOKEN.seconds, emotion.fps)
    assert set(emotion.names) <= set(rig.emotions)


@parts("generators")
def test_a_generator_moves_the_whole_rig_within_its_limits_and_repeats_itself(part, rig):
    features = registry.find("encoders", "phones")().encode(SPOKEN)
    emotion = registry.find("embedders", "label")().embed(SPOKEN, tuple(rig.emotions))
    first = part.generate(features, emotion, rig, np.random.default_rng(3))
    again = part.generate(features, emotion, rig, np.random.default_rng(3))
    assert isinstance(first, Motion)
    assert first.fps == GENERATOR_FPS
    assert first.names == rig.names
    assert abs(first.seconds - features.seconds) <= 1 / GENERATOR_FPS
    np.testing.assert_array_equal(first.values, limit(first, rig).values)
    np.testing.assert_array_equal(first.values, again.values)


def test_a_head_has_every_displacement_control_of_the_rig(rig, head):
    weights = {control.name for control in rig.controls if control.unit == "weight"}
    assert set(head.controls) == weights
    for name, shape in zip(head.controls, head.displacements, strict=True):
        assert np.abs(shape).max() > 1e-4, f"{name} moves nothing"


@parts("renderers")
def test_a_renderer_draws_each_frame_on_nothing_and_repeats_itself(part, rig, head):
    motion = Motion(rig.names, np.stack([rig.rest, rig.row({"jawOpen": 1.0})]), Fraction(30))
    stage = Stage(width=96, height=96)
    pictures = list(part.render(motion, head, stage))
    again = list(part.render(motion, head, stage))
    assert len(pictures) == 2
    for one, two in zip(pictures, again, strict=True):
        np.testing.assert_array_equal(one, two)
    assert pictures[0][0, 0, 3] == 0, "nothing stands in the corner"
    assert pictures[0][48, 48, 3] == 255, "the face stands in the middle"
    assert np.abs(pictures[0].astype(int) - pictures[1]).max() > 30, "an open jaw shows"


def test_values_are_checked_where_they_are_born():
    with pytest.raises(ValueError, match="twice"):
        Track(("a", "a"), np.zeros((1, 2), dtype=np.float32), Fraction(1))
    for kind in (Track, Features, Motion):
        with pytest.raises(ValueError, match="finite"):
            kind(("a",), np.full((1, 1), np.nan, dtype=np.float32), Fraction(1))


def test_every_family_says_its_verb_in_a_base_file():
    from importlib import import_module

    for family in registry.FAMILIES:
        base = import_module(f"animator.{family}.base")
        verbs = [c for _, c in inspect.getmembers(base, inspect.isclass) if c.__module__ == base.__name__]
        assert len(verbs) == 1
        assert verbs[0].__doc__
