import zipfile
from fractions import Fraction

import numpy as np
import pytest

from animator.core.audio import Audio
from animator.core.emotion import Code, Emotion
from animator.embedders.recorded import Recorded
from animator.errors import FormatError, InputError, LossWarning, UnknownNameError
from animator.io.kind import kind_of
from animator.io.track import read_emotion, read_motion, write_emotion

CODE = Code(np.array([[0.1, -0.2, 0.3], [0, 1, 0], [0, 0, 0]], dtype=np.float32), np.full((3, 3), 0.25, dtype=np.float32))
VALUES = np.array([[0, 0.25], [0.5, 1], [1, 0]], dtype=np.float32)
EMOTION = Emotion(("happy", "sad"), VALUES, Fraction(30000, 1001), CODE)
PLAIN = Emotion(("happy", "sad"), VALUES, Fraction(50))
RIGHT = {
    "schema": np.array("animator.Emotion/1"),
    "names": np.array(["happy", "sad"]),
    "values": VALUES,
    "fps": np.array([50, 1]),
    "recipe": np.array(""),
    "mean": CODE.mean,
    "scale": CODE.scale,
}
FEELINGS = ("neutral", "sad", "happy", "angry")


def saved(path, **changed):
    np.savez(path, **{name: array for name, array in (RIGHT | changed).items() if array is not None})
    return path


def sound(seconds):
    return Audio(np.zeros(round(seconds * 16000), dtype=np.float32), 16000)


@pytest.mark.parametrize("emotion", [EMOTION, PLAIN], ids=["with code", "without"])
def test_what_is_written_is_read_again_whole(tmp_path, emotion):
    write_emotion(emotion, tmp_path / "a.npz", "seed = 3\n")
    again, recipe = read_emotion(tmp_path / "a.npz")
    assert (again.names, again.fps, recipe) == (emotion.names, emotion.fps, "seed = 3\n")
    np.testing.assert_array_equal(again.values, emotion.values)
    assert (again.code is None) == (emotion.code is None)
    if emotion.code is not None:
        np.testing.assert_array_equal(again.code.mean, emotion.code.mean)
        np.testing.assert_array_equal(again.code.scale, emotion.code.scale)


def test_the_file_is_plain_arrays_for_numpy(tmp_path):
    write_emotion(EMOTION, tmp_path / "a.npz", "")
    with np.load(tmp_path / "a.npz", allow_pickle=False) as file:
        arrays = dict(file)
    assert list(arrays) == ["schema", "names", "values", "fps", "recipe", "mean", "scale"]
    assert str(arrays["schema"]) == "animator.Emotion/1"
    assert arrays["values"].dtype == arrays["mean"].dtype == arrays["scale"].dtype == np.float32
    assert arrays["fps"].tolist() == [30000, 1001]


def test_the_same_emotion_gives_the_same_bytes(tmp_path):
    for name in "ab":
        write_emotion(EMOTION, tmp_path / name, "x")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"schema": np.array("animator.Motion/1")}, "animator.Emotion/1 belongs here, not animator.Motion/1"),
        ({"schema": np.array("animator.Emotion/2")}, "up to animator.Emotion/1 can be read here; update animator"),
        ({"values": None}, "lacks the array 'values'"),
        ({"mood": np.zeros(1)}, "has an unknown array 'mood'"),
        ({"scale": None}, "lacks the array 'scale'"),
        ({"mean": np.zeros((3, 3))}, "array 'mean': float32"),
        ({"mean": np.zeros((2, 3), dtype=np.float32)}, "array 'mean': float32 .3, K. belongs here"),
        ({"scale": np.ones((3, 2), dtype=np.float32)}, "array 'scale': float32 .3, K. belongs here"),
        ({"scale": np.zeros((3, 3), dtype=np.float32)}, "scale is above 0"),
        ({"values": VALUES + 0.5}, "lies in"),
        ({"values": VALUES.astype(float)}, "array 'values': float32"),
        ({"names": np.array(["happy", "happy"])}, "'happy' stands twice"),
        ({"fps": np.array([0, 1])}, "two whole numbers above 0"),
    ],
)
def test_a_wrong_file_is_told_with_its_name_and_the_place(tmp_path, changed, complaint):
    with pytest.raises(FormatError, match=complaint) as told:
        read_emotion(saved(tmp_path / "wrong.npz", **changed))
    assert "wrong.npz" in str(told.value)
    assert "\n" not in str(told.value)


def test_what_is_no_archive_or_not_there_is_told(tmp_path):
    (tmp_path / "text.npz").write_text("happy")
    with pytest.raises(FormatError, match="not an emotion file that can be read"):
        read_emotion(tmp_path / "text.npz")
    with pytest.raises(InputError, match=r"the emotion file .* cannot be read: No such file"):
        read_emotion(tmp_path / "none.npz")
    whole = saved(tmp_path / "whole.npz").read_bytes()
    (tmp_path / "cut.npz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(FormatError, match="not an emotion file"):
        read_emotion(tmp_path / "cut.npz")


def test_a_motion_and_an_emotion_are_not_taken_for_each_other(tmp_path):
    path = saved(tmp_path / "a.npz")
    assert kind_of(path) == "emotion"
    assert kind_of(saved(tmp_path / "b.npz", schema=np.array("animator.Motion/1"))) == "motion"
    with pytest.raises(FormatError, match=r"animator.Motion/1 belongs here, not animator.Emotion/1"):
        read_motion(path)


def test_a_broken_archive_is_still_told_by_its_reader(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("schema.npy", b"nonsense")
    assert kind_of(tmp_path / "a.npz") == "motion"


def test_a_recorded_emotion_is_felt_as_it_was(tmp_path):
    write_emotion(PLAIN, tmp_path / "a.npz")
    emotion = Recorded(str(tmp_path / "a.npz")).embed(sound(0.06), FEELINGS)
    assert emotion.names == ("sad", "happy", "angry")
    np.testing.assert_array_equal(emotion.values, VALUES[:, [1, 0, 0]] * [1, 1, 0])


def test_a_recorded_code_follows_its_weights_to_another_rate(tmp_path):
    write_emotion(EMOTION, tmp_path / "a.npz")
    emotion = Recorded(str(tmp_path / "a.npz")).embed(sound(0.1), FEELINGS)
    assert len(emotion) == len(emotion.code) == 5
    np.testing.assert_allclose(emotion.code.mean[-1], CODE.mean[-1], atol=1e-6)


@pytest.mark.parametrize(("seconds", "done"), [(1.0, "held"), (0.5, "cut")])
def test_a_sound_of_another_length_is_told(tmp_path, seconds, done):
    write_emotion(Emotion(("happy",), np.full((40, 1), 0.5, dtype=np.float32), Fraction(50)), tmp_path / "a.npz")
    with pytest.warns(LossWarning, match=done):
        emotion = Recorded(str(tmp_path / "a.npz")).embed(sound(seconds), FEELINGS)
    assert len(emotion) == seconds * 50
    assert (emotion["happy"] == 0.5).all()


def test_a_feeling_that_the_rig_lacks_is_told_unless_it_is_never_felt(tmp_path):
    for weight in (0.0, 0.5):
        write_emotion(Emotion(("happy", "bored"), np.array([[0.2, weight]], dtype=np.float32), Fraction(50)), tmp_path / "a.npz")
        if weight:
            with pytest.raises(UnknownNameError, match="bored"):
                Recorded(str(tmp_path / "a.npz")).embed(sound(0.02), FEELINGS)
        else:
            assert Recorded(str(tmp_path / "a.npz")).embed(sound(0.02), FEELINGS)["happy"][0] == np.float32(0.2)


def test_an_emotion_without_a_frame_is_told(tmp_path):
    write_emotion(Emotion(("happy",), np.zeros((0, 1), dtype=np.float32), Fraction(50)), tmp_path / "a.npz")
    with pytest.raises(InputError, match="holds no frame"):
        Recorded(str(tmp_path / "a.npz")).embed(sound(0.1), FEELINGS)
