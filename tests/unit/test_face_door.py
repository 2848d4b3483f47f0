from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from PIL import Image

from animator.core.audio import Audio
from animator.core.motion import Motion, mirror
from animator.embedders.face import Face, emotion_of
from animator.embedders.reading import window_features
from animator.embedders.space import load_space
from animator.errors import FormatError, InputError
from animator.io.kind import kind_of
from animator.io.rig import load_rig
from animator.io.track import write_motion

RIG = load_rig("arkit")
FEELINGS = tuple(RIG.emotions)
PLAIN = ("happy", "sad", "angry", "fear", "disgusted", "surprised")


def showing(weights, frames=25, fps=25):
    """A face that shows feelings at rest, with the little noise of a living one."""
    row = RIG.rest + sum(weight * (RIG.row(RIG.emotions[name]) - RIG.rest) for name, weight in weights.items())
    rows = np.tile(row, (frames, 1)) + np.random.default_rng(0).normal(0, 0.005, (frames, len(RIG.names)))
    return Motion(RIG.names, np.clip(rows, RIG.low, RIG.high).astype(np.float32), Fraction(fps))


def sound(seconds):
    return Audio(np.zeros(round(seconds * 16000), dtype=np.float32), 16000)


def whole(motion):
    emotion = emotion_of(motion, FEELINGS)[1]
    return dict(zip(emotion.names, emotion.values[0].tolist(), strict=True))


@pytest.fixture
def face(tmp_path):
    """A function that writes a motion of a face and gives the embedder that reads it."""

    def make(motion, **settings):
        write_motion(motion, tmp_path / "face.npz")
        return Face(str(tmp_path / "face.npz"), **settings)

    return make


@pytest.mark.parametrize("feeling", PLAIN)
def test_a_full_feeling_of_the_rig_is_read_as_what_it_is(feeling):
    told = whole(showing({feeling: 1.0}))
    assert max(told, key=told.get) == feeling
    assert told[feeling] > 0.4


@pytest.mark.parametrize("feeling", PLAIN)
def test_more_of_a_feeling_is_read_as_more(feeling):
    told = [whole(showing({feeling: weight}))[feeling] for weight in (0.0, 0.35, 0.7, 1.0)]
    assert told == sorted(told)
    assert told[-1] - told[0] > 0.3


def test_a_face_at_rest_feels_nothing():
    assert max(whole(showing({})).values()) < 0.15


def test_left_and_right_are_one_face():
    motion = showing({"happy": 0.8})
    turned = mirror(motion, RIG)
    assert whole(turned)["happy"] == pytest.approx(whole(motion)["happy"], abs=0.15)


def test_who_turns_the_head_or_looks_away_feels_no_different():
    motion = showing({"sad": 0.8})
    values = motion.values.copy()
    values[:, RIG.region("head", "gaze")] += 0.3
    assert whole(replace(motion, values=values)) == whole(motion)


def test_the_code_is_one_gaussian_a_frame_whose_mean_the_weights_are():
    emotion, clip = emotion_of(showing({"happy": 0.8}, frames=50, fps=30), FEELINGS)
    assert emotion.fps == 50
    assert len(emotion) == len(emotion.code) == round(50 / 30 * 50 + 0.5)
    assert len(clip) == 1
    np.testing.assert_allclose(load_space().decode(emotion.code.mean, emotion.names), emotion.values, atol=1e-5)
    assert (emotion.code.scale > 0).all()


def test_a_change_of_feeling_is_seen_when_it_comes():
    change = np.concatenate([showing({"happy": 1.0}, 75).values, showing({"sad": 1.0}, 75).values])
    emotion, _ = emotion_of(Motion(RIG.names, change, Fraction(25)), FEELINGS)
    assert emotion["happy"][25] > emotion["sad"][25] + 0.2
    assert emotion["sad"][-25] > emotion["happy"][-25] + 0.2


def test_one_frame_is_felt_throughout(face):
    emotion = face(showing({"happy": 1.0}, frames=1)).embed(sound(2.0), FEELINGS)
    assert len(emotion) == 100
    assert np.ptp(emotion.values, axis=0).max() < 1e-6
    assert emotion["happy"][0] > 0.3


def test_after_the_end_what_is_felt_in_all_is_held_or_the_face_begins_again(face):
    motion = showing({"happy": 1.0}, frames=25)
    held = face(motion).embed(sound(3.0), FEELINGS)
    clip = emotion_of(motion, FEELINGS)[1]
    np.testing.assert_allclose(held.values[-1], clip.values[0], atol=1e-3)
    assert np.abs(np.diff(held.values, axis=0)).max() < 0.1
    looped = face(motion, after="loop").embed(sound(3.0), FEELINGS)
    np.testing.assert_array_equal(looped.values[:50], looped.values[50:100])


def test_strength_scales_and_at_0_nothing_is_felt(face):
    motion = showing({"sad": 0.6})
    told = [face(motion, strength=s).embed(sound(1.0), FEELINGS)["sad"].mean() for s in (0.0, 0.5, 1.0, 2.0)]
    assert told == sorted(told)
    assert told[0] == 0
    assert told[1] == pytest.approx(told[2] / 2, rel=0.05)


def test_without_a_reference_nothing_is_felt():
    assert not Face().embed(sound(1.0), FEELINGS).values.any()


def test_windows_average_and_keep_what_is_constant():
    steady = np.full((2, 40, 3), 0.7, dtype=np.float32)
    np.testing.assert_allclose(window_features(steady, Fraction(25)), steady, rtol=1e-5)
    spike = np.zeros((1, 101, 1), dtype=np.float32)
    spike[0, 50] = 1.0
    assert 0 < window_features(spike, Fraction(25)).max() < 0.1


def test_wrong_settings_and_references_are_told(tmp_path, face):
    with pytest.raises(InputError, match=r"strength of face lies in \[0, 2\], not 3"):
        Face(strength=3.0)
    with pytest.raises(InputError, match="hold or loop, not 'stop'"):
        Face(after="stop")
    with pytest.raises(InputError, match="No such file"):
        Face(str(tmp_path / "none.png")).embed(sound(0.1), FEELINGS)
    (tmp_path / "words.txt").write_text("happy")
    with pytest.raises(InputError, match="shows no face"):
        Face(str(tmp_path / "words.txt")).embed(sound(0.1), FEELINGS)
    with pytest.raises(InputError, match="without a frame"):
        face(showing({}, frames=0)).embed(sound(0.1), FEELINGS)
    with pytest.raises(InputError, match="ARKit's curves, and this motion lacks 'eyeBlinkLeft'"):
        face(Motion(("jawOpen",), np.zeros((3, 1), dtype=np.float32), Fraction(25))).embed(sound(0.1), FEELINGS)
    (tmp_path / "cut.npz").write_bytes(b"PK\x03\x04 no archive")
    with pytest.raises((FormatError, InputError)):
        Face(str(tmp_path / "cut.npz")).embed(sound(0.1), FEELINGS)


def test_what_a_file_is_its_content_says(tmp_path):
    Image.new("RGB", (8, 8)).save(tmp_path / "a.wav", format="PNG")
    assert kind_of(tmp_path / "a.wav") == "picture"
    (tmp_path / "b").write_bytes(b"no picture at all")
    assert kind_of(tmp_path / "b") == "sound"
    with pytest.raises(InputError, match="is a folder"):
        kind_of(tmp_path)
