"""``animator embed``: a drawn face is tracked and felt with, by another face too; wrong input harms nothing."""

import json
from fractions import Fraction
from itertools import repeat

import numpy as np
import pytest
import soundfile
from command_line import here, process
from PIL import Image

from animator import compositor, registry
from animator.core.audio import Audio
from animator.core.frames import Frames
from animator.core.motion import Motion
from animator.core.stage import Stage
from animator.embedders.face import watch
from animator.embedders.space import load_space
from animator.errors import InputError, LossWarning
from animator.io.audio import read_audio
from animator.io.footage import open_footage
from animator.io.rig import load_rig
from animator.io.track import read_emotion, write_motion
from animator.io.video import write_video

RIG = load_rig("arkit")
RATE = Fraction(30000, 1001)


def told(folder, *arguments, run=here):
    """What the command line prints as its result."""
    done = run(folder, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout.splitlines()[-1])
    assert result["stage"] == "done"
    return result, done.stderr


@pytest.fixture(scope="module")
def drawn():
    """Pictures of one person: at rest, happy, happy with the head turned and tilted."""
    happy = RIG.row(RIG.emotions["happy"])
    turned = RIG.row({**RIG.emotions["happy"], "headYaw": 0.25, "headRoll": 0.15})
    head = registry.find("heads", "makehuman")().make()
    motion = Motion(RIG.names, np.stack([RIG.rest, happy, turned]), RATE)
    frames = registry.find("renderers", "soft")().render(motion, head, Stage(width=320, height=320))
    return list(compositor.composite(frames, compositor.backdrop("#808890", 320, 320)))


@pytest.fixture(scope="module")
def tracked(drawn):
    """The drawn pictures as a face tracker reads them."""
    pytest.importorskip("mediapipe")
    from animator.io.landmarks import Tracker

    with Tracker(RIG) as tracker:
        yield tracker, [tracker.read(np.ascontiguousarray(picture[..., :3])) for picture in drawn]


def clip(path, pictures, fps=RATE, sound=None):
    count = len(pictures)
    write_video(Frames(320, 320, fps, count, iter(pictures), opaque=True), sound, path)
    return path


def test_a_tracker_gives_the_rigs_curves_and_the_heads_turn(tracked):
    rest, happy, turned = (seen.row for seen in tracked[1])
    smile, yaw, roll = (RIG.column(name) for name in ("mouthSmileLeft", "headYaw", "headRoll"))
    assert happy[smile] > rest[smile] + 0.3
    assert turned[yaw] - happy[yaw] == pytest.approx(0.25, abs=0.08)
    assert turned[roll] - happy[roll] == pytest.approx(0.15, abs=0.06)
    assert ((rest[:52] >= 0) & (rest[:52] <= 1)).all()


def test_the_same_picture_is_read_the_same_whatever_came_before(tracked, drawn):
    tracker, found = tracked
    np.testing.assert_array_equal(tracker.read(np.ascontiguousarray(drawn[1][..., :3])).row, found[1].row)


def test_of_several_faces_the_largest_is_read_and_that_is_told(tracked, drawn, tmp_path):
    from animator.io.landmarks import read_picture

    small = Image.fromarray(drawn[0][..., :3]).resize((160, 160))
    both = Image.new("RGB", (560, 320), "#808890")
    both.paste(Image.fromarray(drawn[1][..., :3]), (0, 0))
    both.paste(small, (360, 100))
    both.save(tmp_path / "two.png")
    with pytest.warns(LossWarning, match="more than one face"):
        motion = read_picture(tmp_path / "two.png", RIG)
    assert motion["mouthSmileLeft"][0] > 0.3


def test_a_picture_without_a_face_is_told(tracked, tmp_path):
    from animator.io.landmarks import read_picture

    Image.new("RGB", (200, 200), "#808890").save(tmp_path / "wall.png")
    with pytest.raises(InputError, match=r"no face is seen in .*wall.png"):
        read_picture(tmp_path / "wall.png", RIG)


def test_frames_without_a_face_are_filled_and_told(tracked, drawn, tmp_path):
    from animator.io.landmarks import read_video

    wall = np.full_like(drawn[0], 128)
    clip(tmp_path / "a.mp4", [drawn[1], drawn[1], wall, wall, drawn[0], drawn[0]])
    with pytest.warns(LossWarning, match="no face is seen in 2 of 6 frames"):
        motion = read_video(open_footage(tmp_path / "a.mp4"), RIG)
    assert (len(motion), motion.fps) == (6, RATE)
    smile = motion["mouthSmileLeft"]
    np.testing.assert_allclose(smile[2:4], smile[1] + (smile[4] - smile[1]) * np.array([1, 2]) / 3, atol=1e-5)


def test_a_video_is_felt_over_its_length_and_the_terminal_stays_clean(tracked, drawn, tmp_path):
    clip(tmp_path / "happy.mp4", list(repeat(drawn[1], 15)))
    result, stderr = told(tmp_path, "embed", "happy.mp4", "-o", "a.emotion.npz", run=process)
    assert stderr == ""
    assert (result["door"], result["frames"]) == ("face", 26)
    assert result["felt"][0]["feeling"] == "happy"
    assert 0.5 < result["felt"][0]["sure"] <= 1
    emotion, recipe = read_emotion(tmp_path / "a.emotion.npz")
    assert len(emotion) == len(emotion.code) == 26
    assert emotion.fps == 50
    assert emotion["happy"].min() > 0.2
    assert 'name = "face"' in recipe


def test_a_picture_is_felt_and_printed(tracked, drawn, tmp_path):
    Image.fromarray(drawn[1]).save(tmp_path / "happy.png")
    done = process(tmp_path, "embed", "happy.png", "-o", "a.npz")
    assert (done.returncode, done.stderr) == (0, "")
    assert "happy" in done.stdout
    assert "how surely" in done.stdout


def test_a_person_at_rest_beside_themselves_at_rest_feels_nothing(tracked):
    rest = Motion(RIG.names, tracked[1][0].row[None], RATE)
    assert load_space().decode(watch(rest, rest)[1].mean).max() < 0.15


@pytest.fixture(scope="module")
def spoken(tracked, drawn, tmp_path_factory, assets):
    """A smile, with two seconds of speech that was spoken sadly."""
    speech = read_audio(assets / "sample_sad.wav")
    folder = tmp_path_factory.mktemp("spoken")
    sound = Audio(speech.samples[: 2 * speech.rate], speech.rate)
    return clip(folder / "spoken.mp4", list(repeat(drawn[1], 20)), Fraction(10), sound), sound


def test_a_video_with_sound_is_heard_and_looked_at_and_each_door_is_told_beside_both(spoken, tmp_path):
    video, sound = spoken
    result, stderr = told(tmp_path, "embed", video, "-o", "a.npz", run=process)
    assert stderr == ""
    assert (result["door"], list(result["by"]), result["felt"]) == ("both", ["voice", "face", "both"], result["by"]["both"])
    soundfile.write(tmp_path / "speech.wav", sound.samples, sound.rate)
    alone, _ = told(tmp_path, "embed", "speech.wav", "-o", "voice.npz")
    (heard, *_), (by_itself, *_) = result["by"]["voice"], alone["felt"]
    assert heard["feeling"] == by_itself["feeling"]
    assert heard["intensity"] == pytest.approx(by_itself["intensity"], abs=0.1), "the video's sound is compressed"
    assert result["by"]["face"][0]["feeling"] == "happy"
    emotion, recipe = read_emotion(tmp_path / "a.npz")
    assert 'name = "both"' in recipe
    assert len(emotion) == len(emotion.code) == result["frames"]
    weights = emotion.values.mean(axis=0)
    assert emotion.names[weights.argmax()] == "happy", "a plain smile outweighs a doubtful voice"
    assert weights.max() > 0.2


def test_what_each_door_found_is_printed(spoken, tmp_path):
    done = here(tmp_path, "embed", spoken[0], "-o", "a.npz")
    assert (done.returncode, done.stderr) == (0, "")
    for row in ("by voice and face together", "all, by the voice", "all, by the face", "all, by voice and face together"):
        assert row in done.stdout


def test_a_silent_video_with_a_sound_track_is_felt_by_its_face_and_over_all_its_pictures(tracked, drawn, tmp_path):
    clip(tmp_path / "a.mp4", list(repeat(drawn[1], 20)), Fraction(10), Audio(np.zeros(32000, dtype=np.float32), 16000))
    result, _ = told(tmp_path, "embed", "a.mp4", "-o", "a.npz")
    assert result["by"]["voice"] == [{"feeling": "neutral", "intensity": 0.0, "sure": pytest.approx(1, abs=0.2)}]
    assert result["felt"][0]["feeling"] == "happy"
    assert result["seconds"] == pytest.approx(2.0, abs=0.05)


def test_a_motion_is_felt_without_any_tracker_and_another_face_feels_the_same(tmp_path):
    write_motion(Motion(RIG.names, np.tile(RIG.row(RIG.emotions["sad"]), (25, 1)), Fraction(25)), tmp_path / "sad.npz")
    result, _ = told(tmp_path, "embed", "sad.npz", "-o", "sad.emotion.npz")
    assert result["felt"][0]["feeling"] == "sad"
    t = np.arange(16000) / 16000
    soundfile.write(tmp_path / "speech.wav", 0.2 * np.sin(2 * np.pi * 140 * t) * np.hanning(16000), 16000)
    for name, emotion in (("calm", "neutral"), ("recorded", "sad.emotion.npz"), ("seen", "sad.npz")):
        told(tmp_path, "generate", "speech.wav", "-o", f"{name}.npz", "--emotion", emotion)
    frown = {}
    for name in ("calm", "recorded", "seen"):
        with np.load(tmp_path / f"{name}.npz", allow_pickle=False) as file:
            frown[name] = file["values"][:, file["names"].tolist().index("mouthFrownLeft")].mean()
    assert frown["recorded"] > frown["calm"] + 0.1
    assert frown["seen"] == pytest.approx(frown["recorded"], abs=0.02)


BAD = {
    "nothing": (("embed", "none.mp4", "-o", "out.npz"), "No such file"),
    "a folder": (("embed", ".", "-o", "out.npz"), "is a folder"),
    "an empty file": (("embed", "empty", "-o", "out.npz"), "is empty"),
    "words": (("embed", "words.txt", "-o", "out.npz"), "holds no sound that can be read"),
    "an emotion": (("embed", "felt.npz", "-o", "out.npz"), "is an emotion file already"),
    "a cut video": (("embed", "cut.mp4", "-o", "out.npz"), "cut.mp4"),
    "another suffix": (("embed", "words.txt", "-o", "out.txt"), "an emotion cannot be written as 'out.txt'"),
    "its own output": (("embed", "felt.npz", "-o", "felt.npz", "--overwrite"), "would be written over"),
    "an old output": (("embed", "words.txt", "-o", "old.npz"), "exists; pass --overwrite"),
    "an old output to be replaced": (("embed", "words.txt", "-o", "old.npz", "--overwrite"), "holds no sound"),
    "no emotion": (("generate", "words.txt", "-o", "out.npz", "--emotion", "none.npz"), "No such file"),
    "a sound to feel": (("generate", "words.txt", "-o", "out.npz", "--emotion", "words.txt"), "words.txt holds no sound"),
    "a broken emotion": (("generate", "speech.wav", "-o", "out.npz", "--emotion", "broken.npz"), "broken.npz"),
}


@pytest.mark.parametrize(("arguments", "sentence"), BAD.values(), ids=BAD.keys())
def test_what_cannot_be_used_is_refused_in_one_sentence_and_harms_nothing(tmp_path, arguments, sentence):
    (tmp_path / "empty").touch()
    (tmp_path / "words.txt").write_text("happy, I suppose")
    (tmp_path / "old.npz").write_bytes(b"precious")
    (tmp_path / "broken.npz").write_bytes(b"no archive")
    soundfile.write(tmp_path / "speech.wav", np.zeros(8000), 16000)
    clip(tmp_path / "whole.mp4", [np.full((320, 320, 4), 255, dtype=np.uint8)] * 5)
    (tmp_path / "cut.mp4").write_bytes((tmp_path / "whole.mp4").read_bytes()[:700])
    np.savez(tmp_path / "felt.npz", schema=np.array("animator.Emotion/1"))
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    done = here(tmp_path, *arguments)
    assert done.returncode == 2, done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert done.stderr.startswith("animator: ")
    assert sentence in done.stderr
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
