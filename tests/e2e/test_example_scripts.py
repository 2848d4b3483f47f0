"""The example scripts in `assets/`, each performed with its sample and drawn at toy size."""

import re
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

import animator
from animator.core.emotion import parts_of
from animator.core.rig import REGIONS
from animator.core.script import parse_feelings
from animator.io.rig import load_rig

RIG = load_rig("arkit")


def examples(assets):
    return sorted(assets.glob("directed_*.toml"))


def directed(path):
    sample = re.match(r"# (\w+\.wav): ", path.read_text(encoding="utf-8"))[1]
    recipe = animator.directed(animator.Recipe(), animator.read_script(path))
    return animator.read_audio(path.parent / sample), recipe


@pytest.fixture(scope="module")
def head():
    return animator.make_head(animator.Recipe())


@pytest.mark.parametrize("number", range(10))
def test_an_example_is_performed_and_drawn_and_its_recipe_keeps_it(assets, head, number):
    audio, recipe = directed(examples(assets)[number])
    text = animator.recipe_to_toml(recipe)
    assert animator.recipe_to_toml(animator.recipe_from_toml(text)) == text
    features = animator.hear(audio, recipe)
    emotion = animator.feel(audio, recipe, features)
    assert emotion.values.any()
    motion = animator.move(features, emotion, recipe)
    assert max(np.ptp(motion.values[:, RIG.region(region)]) for region in ("brows", "mouth")) > 0.2
    small = replace(recipe, picture=replace(recipe.picture, width=32, height=32, fps=Fraction(1)))
    frames = list(animator.draw(motion, head, small, audio.seconds).pictures)
    assert len(frames) == int(np.ceil(audio.seconds))
    assert all(frame.shape == (32, 32, 4) for frame in frames)


def test_there_are_ten_and_they_cover_every_control(assets):
    scripts = [animator.read_script(path) for path in examples(assets)]
    cues = [cue for script in scripts for cue in script.cues]
    assert len(scripts) == 10
    assert {cue.gesture for cue in cues if cue.gesture} == set(RIG.moves)
    assert {parts_of(name)[0] for cue in cues if cue.feeling for name in parse_feelings(cue.feeling)} == {"all", *REGIONS}
    for used in ("start", "word", "after", "hold", "offset"):
        assert any(getattr(cue, used) for cue in cues), used
    assert any(cue.intensity != 1 for cue in cues)
    assert any(cue.ease != 0.5 for cue in cues)
    assert any(script.inertia for script in scripts)
    assert any(script.lips for script in scripts)
    assert any(script.looks for script in scripts)
