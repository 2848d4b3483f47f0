from itertools import combinations

import numpy as np
import pytest
from scipy.stats import spearmanr

from animator.core.audio import Audio
from animator.core.script import Cue, felt
from animator.embedders.label import Label
from animator.embedders.script import Script
from animator.embedders.space import blends, category_code, load_space
from animator.errors import UnknownNameError
from animator.io.categories import categories
from animator.io.rig import load_rig

FEELINGS = tuple(load_rig("arkit").emotions)
SOUND = Audio(samples=np.zeros(32000, dtype=np.float32), rate=16000)
SPACE = load_space()


def strongest(name):
    return felt(FEELINGS)[int(np.argmax(blends(FEELINGS)[name]))]


def test_every_feeling_of_the_rig_has_an_anchor_and_its_first_coordinates_are_the_tables():
    assert set(SPACE.feelings) == set(felt(FEELINGS))
    table = [categories()["feelings"][name]["vad"] for name in SPACE.feelings]
    np.testing.assert_allclose(SPACE.anchors[:, :3], table, atol=1e-3)


def test_there_are_the_40_categories_and_none_has_the_name_of_a_feeling():
    assert len(categories()["categories"]) == 40
    assert not set(categories()["categories"]) & set(FEELINGS)


@pytest.mark.parametrize(
    ("category", "feeling"),
    [
        ("elation", "happy"),
        ("amusement", "happy"),
        ("triumph", "happy"),
        ("contemplation", "calm"),
        ("relief", "calm"),
        ("astonishment", "surprised"),
        ("awe", "surprised"),
        ("sadness", "sad"),
        ("disappointment", "sad"),
        ("helplessness", "sad"),
        ("terror", "fear"),
        ("anger", "angry"),
        ("disgust", "disgusted"),
        ("scorn", "contempt"),
    ],
)
def test_a_category_lands_nearest_the_feeling_it_is_a_kind_of(category, feeling):
    assert strongest(category) == feeling


def test_neighbours_in_valence_arousal_and_dominance_are_neighbours_in_the_space():
    table = categories()["categories"]
    near = [np.linalg.norm(np.subtract(table[a]["vad"], table[b]["vad"])) for a, b in combinations(table, 2)]
    apart = [np.linalg.norm(category_code(SPACE, a) - category_code(SPACE, b)) for a, b in combinations(table, 2)]
    assert spearmanr(near, apart)[0] > 0.9


def test_a_bare_point_of_valence_arousal_and_dominance_finds_the_feeling_that_lies_there():
    for name in ("calm", "happy", "sad", "angry", "fear"):
        vad = np.array([categories()["feelings"][name]["vad"]], dtype=np.float32)
        assert SPACE.feelings[int(SPACE.decode(SPACE.from_vad(vad)).argmax())] == name


def test_the_bank_gives_back_every_feeling_and_category_through_attention():
    codes = np.array([*SPACE.anchors, *(category_code(SPACE, name) for name in categories()["categories"])])
    told = SPACE.attend(codes) @ SPACE.bank
    cosine = (told * codes).sum(axis=1) / np.linalg.norm(told, axis=1) / np.linalg.norm(codes, axis=1)
    assert cosine.min() > 0.9


def test_a_category_is_a_name_for_a_label_and_its_weight_an_intensity():
    full, part = Label("elation").embed(SOUND, FEELINGS), Label("elation:0.5").embed(SOUND, FEELINGS)
    assert full.names[int(full.values[0].argmax())] == "happy"
    np.testing.assert_allclose(part.values, 0.5 * full.values, atol=1e-6)
    np.testing.assert_allclose(part.code.mean, 0.5 * full.code.mean, atol=1e-6)


def test_a_category_is_a_name_for_a_cue_and_the_code_follows_the_change():
    emotion = Script(cues=[Cue(start=0.0, feeling="sad"), Cue(start=0.5, feeling="relief", ease=0.5)]).embed(SOUND, FEELINGS)
    np.testing.assert_allclose(emotion.code.mean, SPACE.encode_weights(emotion.values, emotion.names)[0], atol=1e-6)
    assert emotion["sad"][0] == 1
    assert emotion.names[int(emotion.values[-1].argmax())] == "calm"


def test_a_misspelt_category_is_told_with_the_nearest():
    with pytest.raises(UnknownNameError, match="did you mean 'elation'"):
        Label("elatoin").embed(SOUND, FEELINGS)


def test_a_rig_without_a_feeling_gets_the_nearest_it_has():
    weights = blends(("neutral", "happy", "sad"))["anger"]
    assert weights.shape == (2,)
    assert np.isfinite(weights).all()
