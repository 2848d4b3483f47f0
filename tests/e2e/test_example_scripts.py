"""The example scripts in `assets/`, each performed as the command in it says, and drawn at toy size."""

import re
import shlex
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

import animator
from animator.cli.options import assemble
from animator.cli.render import render
from animator.core.emotion import parts_of
from animator.core.lips import DIALS
from animator.core.rig import REGIONS
from animator.core.script import parse_feelings, point_of
from animator.io.rig import load_rig

RIG = load_rig("arkit")


def examples(assets):
    return sorted(assets.glob("directed_*.toml"))


def command(path):
    """What the second line of an example gives to ``animator render``."""
    said = re.search(r"^# animator render (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)[1]
    given = render.make_context("render", shlex.split(said)).params
    assert path.read_text(encoding="utf-8").startswith(f"# {given['speech']}: ")
    assert given["script"].name == path.name
    return given


def directed(path):
    given = command(path)
    recipe = assemble(given, folders=dict.fromkeys(("script", "layer", "emotion_from"), path.parent))
    return animator.read_audio(path.parent / given["speech"]), recipe


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
    given = [command(path) for path in examples(assets)]
    recipes = [directed(path)[1] for path in examples(assets)]
    cues = [cue for script in scripts for cue in script.cues]
    looks = [look for recipe in recipes for look in recipe.part("generator").looks]
    ways = [way for recipe in recipes for way in recipe.part("generator").articulation]
    felt = {name for cue in cues if cue.feeling for name in parse_feelings(cue.feeling)}
    own = {name: entry for recipe in recipes for name, entry in recipe.feelings.items()}
    assert len(scripts) == 10
    assert {cue.gesture for cue in cues if cue.gesture} == set(RIG.moves)
    assert {parts_of(name)[0] for name in felt} == {"all", *REGIONS}
    for used in ("start", "word", "after", "hold", "offset"):
        assert any(getattr(cue, used) for cue in cues), used
    for used in ("word", "after", "hold", "offset", "ease"):
        assert any(getattr(look, used) for look in looks), used
    assert {len(look.at) for look in looks} == {0, 2, 3}, "back, a direction, a point"
    assert any(not look.timed for look in looks)
    assert any(cue.intensity != 1 for cue in cues)
    assert any(cue.ease != 0.5 for cue in cues)
    assert any(re.search(r"#\d", cue.words) and cue.line for cue in cues), "tags"
    assert any(script.inertia for script in scripts)
    assert {name for way in ways for name in DIALS if getattr(way, name) != 1} == set(DIALS)
    assert {(way.words is not None, way.timed) for way in ways} == {(True, False), (False, True), (False, False)}
    assert any(point_of(parts_of(name)[1]) for name in felt)
    assert any(isinstance(entry, str) for entry in own.values())
    assert {key for entry in own.values() if not isinstance(entry, str) for key in entry} == {"pose", "near", "by"}
    for option in ("emotion_from", "heard", "word", "look_at", "layer", "blink", "gaze", "head_motion", "breath", "seed"):
        assert any(each[option] not in (None, ()) for each in given), option
    assert {recipe.part("generator").style for recipe in recipes} > {"usual"}


@pytest.mark.parametrize("number", [0, 8])
def test_an_example_is_explained(assets, number):
    from click.testing import CliRunner

    from animator.cli.script import check

    path = examples(assets)[number]
    told = CliRunner().invoke(check, [str(path)], catch_exceptions=False).output
    script = animator.read_script(path)
    assert len(told.splitlines()) == 2 + len(script.cues) + len(script.lips) + len(script.looks)
