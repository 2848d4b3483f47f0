"""Feelings of a director's own: mixtures by name and poses, on the face of either generator, in recipes, scripts and files."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from animator import pipeline
from animator.core.audio import Audio
from animator.core.feelings import check_own, with_own, written_out
from animator.directing import directed, feeling, saying
from animator.errors import FormatError, InputError, UnknownNameError
from animator.io.audio import read_audio
from animator.io.feelings import read_feelings
from animator.io.rig import load_rig
from animator.io.script import parse_script, script_to_toml
from animator.recipe import Choice, Recipe, recipe_from_toml, recipe_to_toml

RIG = load_rig("arkit")
SMUG = {"mouthSmileLeft": 0.6, "browOuterUpRight": 0.5}
OWN = {
    "smug": {"pose": SMUG, "near": "contempt:0.3"},
    "dazed": {"pose": {"eyeBlinkLeft": 0.4}},
    "awe": "fear:0.4+surprised:0.5",
    "bitter": "brows:angry:0.8+mouth:happy:0.5",
    "bitter awe": "bitter:0.5+awe",
}


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("happy:0.7", "happy:0.7"),
        ("awe:0.5", "fear:0.2,surprised:0.25"),
        ("brows:awe", "brows:fear:0.4,brows:surprised:0.5"),
        ("bitter:0.5", "brows:angry:0.4,mouth:happy:0.25"),
        ("brows:bitter", "brows:angry:0.8"),
        ("nose:bitter", "nose:neutral:0"),
        ("smug:0.5", "smug:0.5,contempt:0.15"),
        ("surprised:0.8,awe", "surprised:1,fear:0.4"),
        ("bitter awe", "brows:angry:0.4,mouth:happy:0.25,fear:0.4,surprised:0.5"),
    ],
)
def test_own_feelings_are_written_out_as_what_they_are_made_of(text, plain):
    assert written_out(text, OWN) == plain


@pytest.mark.parametrize(
    ("own", "kind", "told"),
    [
        ({"brows": "happy"}, InputError, "begins with a letter and is not"),
        ({"a,b": "happy"}, InputError, "begins with a letter"),
        ({"x": 3}, FormatError, "is text such as"),
        ({"x": {"pos": {}}}, UnknownNameError, "did you mean 'pose'"),
        ({"x": {"by": "me"}}, FormatError, "needs a pose"),
        ({"x": {"pose": {"jawOpen": "wide"}}}, FormatError, "needs a pose"),
        ({"x": "happy:2"}, InputError, r"'x': .*\[0, 1\]"),
        ({"x": "y", "y": "happy+x:0.5"}, InputError, "made of itself"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_name(own, kind, told):
    with pytest.raises(kind, match=told):
        check_own(own)


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ({"happy": "sad"}, "already"),
        ({"x": {"pose": {"mouthSmil": 1}}}, "did you mean 'mouthSmileLeft'"),
        ({"x": {"pose": {"jawOpen": 1.5}}}, r"outside \[0, 1\]"),
        ({"x": "hapy:0.5"}, "did you mean 'happy'"),
    ],
)
def test_what_does_not_fit_the_rig_is_told(own, told):
    with pytest.raises(InputError, match=told):
        feeling(Recipe(), own)


def test_a_rig_without_poses_of_ones_own_is_the_same_rig():
    assert with_own(RIG, {"awe": "fear"}) is RIG
    assert with_own(RIG, OWN).emotions["smug"] == SMUG


def shown(recipe, audio):
    return pipeline.generate(audio, recipe)


@pytest.mark.parametrize("generator", ["visemes", "learned"])
def test_a_pose_shows_on_either_face_and_leaves_the_lips_contacts(generator, assets):
    audio = read_audio(assets / "sample_happy.wav")
    audio = Audio(audio.samples[: 3 * audio.rate], audio.rate)
    still = feeling(Recipe(generator=Choice(generator, {"blink": 0.0})), {"open": {"pose": {**SMUG, "jawOpen": 0.8}}})
    none, half, full = (
        shown(replace(still, embedder=Choice("label", {"feelings": text})), audio) for text in ("neutral", "open:0.5", "open")
    )
    for name, value in SMUG.items():
        before, some, all_of_it = (float(np.median(motion[name])) for motion in (none, half, full))
        assert before < some < all_of_it
        assert all_of_it - before > 0.6 * value
    brows = shown(replace(still, embedder=Choice("label", {"feelings": "brows:open"})), audio)
    upper = RIG.region("brows")
    np.testing.assert_array_equal(brows.values[:, RIG.region("mouth", "jaw")], none.values[:, RIG.region("mouth", "jaw")])
    assert (brows.values[:, upper] != none.values[:, upper]).any()
    shut = pipeline.contacts(pipeline.hear(audio, still))
    for start, stop in shut:
        middle = round((start + stop) / 2 * float(full.fps))
        assert (full.values @ RIG.opening_row)[middle] < 0.06


def test_a_recipe_keeps_them_so_that_a_clip_can_be_made_again():
    recipe = feeling(Recipe(embedder=Choice("label", {"feelings": "smug:0.5,awe"})), OWN)
    assert recipe_from_toml(recipe_to_toml(recipe)) == recipe
    felt = pipeline.feel(Audio(np.zeros(1600, np.float32), 16000), recipe)
    assert {name: round(float(felt[name][0]), 3) for name in felt.names if felt[name].any()} == {
        "smug": 0.5,
        "contempt": 0.15,
        "fear": 0.4,
        "surprised": 0.5,
    }


def test_a_script_may_define_them_and_is_written_back():
    text = (
        'transcript = "so [smug] glad"\nfeeling.smug.pose = { cheekPuff = 0.5 }\n[[cue]]\nstart = 0.0\nfeeling = "brows:smug:0.2"'
    )
    script = parse_script(text, "s")
    assert parse_script(script_to_toml(script), "s").feelings == {"smug": {"pose": {"cheekPuff": 0.5}}}
    recipe = directed(Recipe(), script)
    assert [cue.feeling for cue in recipe.part("embedder").cues] == ["brows:smug:0.2", "smug:1"]
    assert saying(recipe, "oh [smug:0.5]").part("embedder").cues[-1].feeling == "smug:0.5"
    with pytest.raises(UnknownNameError, match="did you mean 'smug'"):
        directed(Recipe(), parse_script(text.replace("[smug]", "[smog]"), "s"))


def test_a_file_of_feelings_is_read_and_refused_as_told(tmp_path: Path):
    path = tmp_path / "mine.toml"
    path.write_text('schema = "animator.Feelings/1"\n[feeling]\nawe = "fear:0.4+surprised:0.5"\nsmug.pose = { jawOpen = 0.1 }\n')
    assert read_feelings(path) == {"awe": "fear:0.4+surprised:0.5", "smug": {"pose": {"jawOpen": 0.1}}}
    for text, told in (("", "defines no feeling"), ("feeling = 3", "a table"), ("felings = 3", "did you mean 'feeling'")):
        path.write_text(text)
        with pytest.raises(InputError, match=told):
            read_feelings(path)
