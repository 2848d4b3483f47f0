"""What each region of a face feels: written down, held over time, and carried through files and the other clock."""

import warnings

import numpy as np
import pytest
from said import SENTENCE, feeling, said

from animator import pipeline
from animator.core.audio import Audio
from animator.core.emotion import ALL, Emotion, by_region
from animator.core.script import Cue, feelings_text, parse_feelings
from animator.core.track import crop, join, resample
from animator.embedders.label import Label
from animator.embedders.recorded import Recorded
from animator.embedders.script import Script
from animator.errors import InputError, UnknownNameError
from animator.generators.learned import Learned
from animator.generators.visemes import Visemes
from animator.io.rig import load_rig
from animator.io.track import read_emotion, write_emotion
from animator.recipe import Choice, Recipe

RIG = load_rig("arkit")
FEELINGS = tuple(RIG.emotions)
SOUND = Audio(np.zeros(32000, dtype=np.float32), 16000)
RIG_FPS = Label().embed(SOUND, FEELINGS).fps


@pytest.mark.parametrize(
    ("text", "weights"),
    [
        ("brows:angry:0.8, mouth:happy:0.5", {"brows/angry": 0.8, "mouth/happy": 0.5}),
        ("happy:0.3,brows:sad", {"happy": 0.3, "brows/sad": 1.0}),
        (" brows : sad : .5 ", {"brows/sad": 0.5}),
        ("all:happy:0.3,happy:0.2", None),
        ("all:happy:0.3", {"happy": 0.3}),
        ("gaze:neutral", {"gaze/neutral": 1.0}),
    ],
)
def test_a_region_may_stand_before_a_feeling(text, weights):
    if weights is None:
        with pytest.raises(InputError, match="'happy' stands twice"):
            parse_feelings(text)
    else:
        assert parse_feelings(text) == weights
        assert parse_feelings(feelings_text(weights)) == weights


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("brows", "a feeling is missing: 'brows'; write brows:happy:0.7"),
        ("brows:0.8", "a feeling is missing: 'brows:0.8'; write brows:happy:0.7"),
        ("brows:angry:2", r"a number in \[0, 1\]: 'brows:angry:2'"),
        ("brow:angry:0.8", "no face region 'brow' in 'brow:angry:0.8'; did you mean 'brows'"),
        ("brows:sad,brows:sad:0.5", "'brows:sad' stands twice"),
    ],
)
def test_a_region_that_cannot_be_read_is_told_with_the_place(text, complaint):
    with pytest.raises(InputError, match=complaint):
        parse_feelings(text)


def test_a_region_feels_what_the_whole_face_feels_and_its_own_besides():
    felt = by_region(Label("happy:0.3,surprised:0.9,brows:sad:0.8,brows:surprised:0.4").embed(SOUND, FEELINGS))
    assert set(felt) == {ALL, "brows"}
    asked = {name: felt["brows"][name][0] for name in felt["brows"].names if felt["brows"][name].any()}
    assert asked == pytest.approx({"happy": 0.3, "surprised": 1.0, "sad": 0.8})
    assert felt[ALL]["sad"].max() == 0


def test_the_code_is_that_of_the_whole_face():
    plain, with_brows = (Label(text).embed(SOUND, FEELINGS) for text in ("happy:0.4", "happy:0.4,brows:angry"))
    np.testing.assert_array_equal(plain.code.mean, with_brows.code.mean)


def test_a_region_without_a_weight_leaves_no_trace():
    plain, zero = (Label(text).embed(SOUND, FEELINGS) for text in ("happy:0.4", "happy:0.4,brows:angry:0,jaw:neutral"))
    assert plain.names == zero.names
    np.testing.assert_array_equal(plain.values, zero.values)


def test_categories_may_be_felt_by_a_region():
    emotion = Label("brows:awe:0.5").embed(SOUND, FEELINGS)
    assert {name for name in emotion.names if emotion[name].any()} >= {"brows/surprised", "brows/happy"}


def test_an_unknown_feeling_of_a_region_is_told_with_the_nearest():
    with pytest.raises(UnknownNameError, match="no feeling 'angri'; did you mean 'ang"):
        Label("brows:angri").embed(SOUND, FEELINGS)


def test_a_region_that_shows_nothing_of_what_it_feels_is_told():
    def told(text):
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            pipeline.feel(SOUND, Recipe(embedder=Choice("label", {"feelings": text})))
        return [str(each.message) for each in said]

    assert told("gaze:sad, nose:angry, jaw:happy, fear") == []
    assert told("head:awe:0.5") == [], "surprise shows, if the joy in it does not"
    (gaze, tongue) = told("gaze:fear:0.4, tongue:happy")
    assert gaze == "nothing of fear shows in the gaze, which no pose of it moves in rig 'arkit'"
    assert tongue.startswith("nothing of happy shows in the tongue")


def test_a_channel_of_no_region_is_refused():
    with pytest.raises(UnknownNameError, match="no face region 'brow' in the channel 'brow/sad'"):
        Emotion(("brow/sad",), np.zeros((1, 1), np.float32), RIG_FPS)


def test_a_cue_changes_the_regions_that_it_names_and_leaves_the_others():
    cues = (
        Cue(0.0, "happy:0.7"),
        Cue(0.5, "brows:sad", ease=0.0),
        Cue(1.0, "angry:0.2", ease=0.0),
        Cue(1.5, "brows:neutral", ease=0.0),
    )
    emotion = Script(cues).embed(SOUND, FEELINGS)
    at = {second: by_region(crop(emotion, int(50 * second), int(50 * second) + 1)) for second in (0.2, 0.7, 1.2, 1.7)}
    assert "brows" not in at[0.2]
    assert (at[0.7]["brows"]["happy"], at[0.7]["brows"]["sad"]) == pytest.approx((0.7, 1.0))
    assert (at[1.2]["brows"]["angry"], at[1.2]["brows"]["sad"], at[1.2][ALL]["happy"]) == pytest.approx((0.2, 1.0, 0.0))
    assert "brows" not in at[1.7]


def test_regions_live_through_files_cuts_joins_and_other_clocks(tmp_path):
    emotion = Label("happy:0.3,brows:sad:0.8,mouth:angry:0.1").embed(SOUND, FEELINGS)
    write_emotion(emotion, tmp_path / "f.emotion.npz")
    read, _ = read_emotion(tmp_path / "f.emotion.npz")
    again = Recorded(str(tmp_path / "f.emotion.npz")).embed(SOUND, FEELINGS)
    pieces = join([crop(emotion, 0, 30), crop(emotion, 30, 100)])
    for other in (read, again, pieces, resample(resample(emotion, RIG_FPS * 2), RIG_FPS)):
        assert other.names == emotion.names
        np.testing.assert_array_equal(other.values, emotion.values)
        assert set(by_region(other)) == {ALL, "brows", "mouth"}


@pytest.mark.parametrize("generator", [Visemes(), Learned()], ids=["visemes", "learned"])
def test_a_region_shows_the_face_of_its_own_feelings_and_the_rest_that_of_the_whole(generator):
    def move(**felt):
        return generator.generate(said(SENTENCE), feeling(**felt), RIG, np.random.default_rng(1)).values

    bitter, angry, happy = move(happy=0.5, **{"brows/angry": 0.8}), move(happy=0.5, angry=0.8), move(happy=0.5)
    brows = RIG.region("brows")
    np.testing.assert_array_equal(bitter[:, brows], angry[:, brows])
    np.testing.assert_array_equal(bitter[:, ~brows], happy[:, ~brows])
    assert np.abs(angry - happy)[:, brows].max() > 0.2
