"""A dial between what is named and what is heard; another voice as a reference."""

import json
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from click.testing import CliRunner

from animator import pipeline
from animator.cli.generate import generate
from animator.cli.options import assemble
from animator.core.audio import Audio
from animator.core.emotion import Emotion, strongest
from animator.directing import feeling, heard_beside
from animator.embedders.base import STRETCH, WHOLE
from animator.embedders.mixed import Mixed
from animator.embedders.reference import Reference
from animator.embedders.voice import Voice
from animator.errors import InputError, UnknownNameError
from animator.io.audio import read_audio
from animator.io.rig import load_rig
from animator.recipe import Choice, Recipe, recipe_from_toml, recipe_to_toml

FEELINGS = tuple(load_rig("arkit").emotions)


@pytest.fixture(scope="module")
def angry(assets):
    audio = read_audio(assets / "sample_angry.wav")
    return Audio(audio.samples[: 3 * audio.rate], audio.rate)


def test_at_0_what_is_named_is_felt_alone_and_at_1_the_voice(angry):
    named = Recipe(embedder=Choice("label", {"feelings": "happy:0.7"}))
    voice = Recipe(embedder=Choice("voice"))
    for share, alone in ((0.0, named), (1.0, voice)):
        mixed, expected = (pipeline.feel(angry, each) for each in (heard_beside(named, share), alone))
        assert mixed.names == expected.names
        np.testing.assert_array_equal(mixed.values, expected.values)
        np.testing.assert_array_equal(mixed.code.mean, expected.code.mean)
        np.testing.assert_allclose(mixed.code.scale, expected.code.scale, rtol=1e-6)


def test_between_them_every_weight_goes_from_one_to_the_other(angry):
    named = Recipe(embedder=Choice("label", {"feelings": "happy:0.7,brows:sad:0.6"}))
    values = np.stack([pipeline.feel(angry, heard_beside(named, share)).values for share in (0.0, 0.25, 0.5, 1.0)])
    np.testing.assert_allclose(values[2], (values[0] + values[3]) / 2, atol=1e-6)
    np.testing.assert_allclose(values[1], 0.75 * values[0] + 0.25 * values[3], atol=1e-6)


def test_scripts_at_words_own_feelings_and_recipes_go_with_the_dial(assets):
    angry, said = read_audio(assets / "sample_angry.wav"), (assets / "sample_angry.txt").read_text()
    script = Choice("script", {"cues": [{"word": "stop", "feeling": "awe:0.5"}]})
    recipe = heard_beside(feeling(Recipe(embedder=script, transcript=said), {"awe": "fear"}), 0.5)
    assert recipe_from_toml(recipe_to_toml(recipe)) == recipe
    assert pipeline.worded(recipe)
    alone = pipeline.feel(angry, replace(recipe, embedder=Choice("voice")))
    mixed = pipeline.feel(angry, recipe)
    assert (mixed["fear"] - 0.5 * alone["fear"]).max() == pytest.approx(0.25, abs=0.01)


def test_only_what_is_the_same_throughout_may_be_felt_in_stretches():
    assert Mixed().hears == STRETCH
    assert Mixed({"name": "recorded"}).hears == WHOLE


@pytest.mark.parametrize(
    ("settings", "kind", "told"),
    [
        ({"heard": 1.5}, InputError, r"\[0, 1\]"),
        ({"strength": 2.0}, InputError, "strength"),
        ({"named": {"name": "voice"}}, InputError, "cannot be 'voice'"),
        ({"named": {"name": "lable"}}, UnknownNameError, "did you mean 'label'"),
        ({"named": {"name": "label", "feeling": "happy"}}, UnknownNameError, "did you mean 'feelings'"),
    ],
)
def test_what_cannot_be_mixed_is_told(settings, kind, told):
    with pytest.raises(kind, match=told):
        Mixed(**settings)


def test_another_voice_is_felt_at_the_lines_own_length(angry, assets):
    path = assets / "sample_angry.wav"
    heard = Voice().embed(read_audio(path), FEELINGS)
    for seconds in (1, 9):
        line = Audio(np.zeros(16000 * seconds, np.float32), 16000)
        felt = Reference(str(path)).embed(line, FEELINGS)
        assert len(felt) == 50 * seconds
        np.testing.assert_allclose(felt.values[[0, -1]], heard.values[[0, -1]], atol=1e-3)
        np.testing.assert_allclose(felt.values.mean(axis=0), heard.values.mean(axis=0), atol=0.05)
    same = Reference(str(path)).embed(read_audio(path), FEELINGS)
    np.testing.assert_allclose(same.values, heard.values, atol=2e-3)


def test_the_command_line_says_who_feels(assets):
    voice = str(assets / "sample_sad.wav")
    for option in ("emotion", "emotion_from"):
        assert assemble({option: voice}).embedder.name == "reference"
    assert assemble({"heard": 0.4}).embedder.settings == {"named": {"name": "label"}, "heard": 0.4}
    assert assemble({"emotion": "sad", "heard": 0.4}).embedder.settings["named"] == {"name": "label", "feelings": "sad"}
    with pytest.raises(InputError, match="cannot be 'voice'"):
        assemble({"emotion": "auto", "heard": 0.5})
    with pytest.raises(InputError, match="--emotion and --emotion-from both"):
        assemble({"emotion": "sad", "emotion_from": voice})


def test_what_is_heard_or_read_is_told(assets, tmp_path):
    def said(*options):
        result = CliRunner().invoke(generate, [sample, "-o", str(tmp_path / "a.motion.npz"), "--overwrite", *options])
        assert result.exit_code == 0, result.output
        return result.output

    sample = str(assets / "sample_angry.wav")
    assert "heard: " in said("--emotion", "auto")
    assert "heard: " in said("--emotion", "happy", "--heard", "0.3")
    assert "heard: " not in said("--emotion", "happy", "--heard", "0")
    assert "felt as in sample_sad.wav: " in said("--emotion-from", str(assets / "sample_sad.wav"))
    stages = [json.loads(line) for line in said("--emotion-from", sample, "--json").splitlines()]
    (felt,) = (stage for stage in stages if stage["stage"] == "felt")
    assert felt["source"] == "sample_angry.wav"
    assert all(0.05 <= weight <= 1 for weight in felt["feelings"].values())


def test_the_strongest_feelings_of_the_whole_face_are_told_in_order():
    values = np.array([[0.2, 0.9, 0.5, 0.04, 0.3], [0.4, 0.7, 0.5, 0.04, 0.3]], np.float32)
    emotion = Emotion(("sad", "brows/sad", "happy", "fear", "angry"), values, Fraction(50))
    assert strongest(emotion) == {"happy": 0.5, "sad": 0.3, "angry": 0.3}
    assert strongest(emotion, least=0.4, most=1) == {"happy": 0.5}


def test_a_file_of_feelings_goes_before_what_is_felt(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("[feeling]\nsmug.pose = { mouthSmileLeft = 0.6 }\n")
    recipe = assemble({"feelings": path, "emotion": "smug:0.5"})
    assert recipe.feelings == {"smug": {"pose": {"mouthSmileLeft": 0.6}}}
    assert recipe.part("embedder").feelings == "smug:0.5"
