"""A film's person says something else and goes on to look, blink and turn; the face tracker reads it from the pictures."""

from fractions import Fraction

import numpy as np
import pytest
import soundfile
from command_line import here, process

from animator import compositor, registry
from animator.core.frames import Frames
from animator.core.motion import Motion
from animator.core.sitter import Film, Sitter
from animator.core.stage import Stage
from animator.errors import InputError
from animator.heads.fitting.footage import fit_footage
from animator.heads.fitting.sitter import sit_each
from animator.io.footage import open_footage
from animator.io.landmarks import Tracker
from animator.io.rig import load_rig
from animator.io.video import write_video
from animator.reenactors.warp import Warp

RIG = load_rig("arkit")
SIZE, COUNT, EMPTY = 256, 10, 7
BLINK = 4


def performed(*poses):
    return Motion(RIG.names, np.stack([RIG.row(pose) for pose in poses]), Fraction(25))


@pytest.fixture(scope="module")
def pictures():
    """Someone who turns, talks, and blinks once; in the last but two, nobody."""
    poses = [{"headYaw": 0.02 * k, "jawOpen": 0.3 + 0.02 * k} for k in range(COUNT)]
    poses[BLINK] |= {"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0}
    frames = registry.find("renderers", "soft")().render(
        performed(*poses), registry.find("heads", "makehuman")().make(), Stage(SIZE, SIZE)
    )
    drawn = [p[..., :3] for p in compositor.composite(frames, compositor.backdrop("#907060", SIZE, SIZE))]
    drawn[EMPTY] = np.full_like(drawn[EMPTY], 90)
    return drawn


@pytest.fixture(scope="module")
def shots(pictures):
    pytest.importorskip("mediapipe")
    return list(sit_each(zip(fit_footage(pictures, "film"), pictures, strict=True)))


def film(shots):
    return Film(SIZE, SIZE, Fraction(25), COUNT, iter(shots))


@pytest.fixture(scope="module")
def said(shots):
    """What the tracker reads of each picture, by what is said in it."""
    read = {}
    with Tracker(RIG) as tracker:
        for name, pose in (("nothing", {}), ("ah", {"jawOpen": 0.6, "browInnerUp": 0.8})):
            frames = Warp(size=256).revoice(performed(*[pose] * COUNT), film(shots), RIG, None)
            read[name] = [tracker.read_all(np.ascontiguousarray(picture[..., :3])) for picture in frames]
    return read


def of(seen, control):
    return np.array([faces[0].row[RIG.column(control)] for k, faces in enumerate(seen) if k != EMPTY])


def test_each_picture_with_a_face_is_a_sitter_with_the_same_head(shots):
    assert [isinstance(shot, Sitter) for shot in shots] == [k != EMPTY for k in range(COUNT)]
    assert len({id(shot.head) for shot in shots if isinstance(shot, Sitter)}) == 1


def test_the_mouth_says_what_it_is_to_say_and_nothing_of_what_it_said(said):
    assert of(said["nothing"], "jawOpen").max() < 0.12
    assert of(said["ah"], "jawOpen").min() > 0.25


def test_brows_take_up_what_is_felt(said):
    assert (of(said["ah"], "browInnerUp") > of(said["nothing"], "browInnerUp") + 0.1).all()


def test_blinks_and_turns_stay(said):
    for seen in said.values():
        turns = of(seen, "headYaw")
        assert turns[-1] - turns[0] == pytest.approx(0.02 * (COUNT - 1), abs=0.06)
        blinks = of(seen, "eyeBlinkLeft")
        assert blinks[BLINK] > 0.4 > np.delete(blinks, BLINK).max()


def test_a_picture_without_a_face_stays(shots, pictures):
    frames = list(Warp(size=256).revoice(performed(*[{}] * COUNT), film(shots), RIG, None))
    np.testing.assert_array_equal(frames[EMPTY][..., :3], pictures[EMPTY])


def test_a_motion_that_ends_before_the_film_is_told(shots):
    with pytest.raises(InputError, match="of its own rate and length"):
        list(Warp().revoice(performed({}), film(shots), RIG, None))


@pytest.fixture(scope="module")
def folder(pictures, tmp_path_factory):
    """``film.mp4`` of 0.4 s, and silences of 0.3 and 2 s."""
    at = tmp_path_factory.mktemp("films")
    frames = [np.dstack([picture, np.full((SIZE, SIZE), 255, np.uint8)]) for picture in pictures]
    write_video(Frames(SIZE, SIZE, Fraction(25), COUNT, frames, opaque=True), None, at / "film.mp4")
    for name, seconds in (("short", 0.3), ("long", 2.0)):
        soundfile.write(at / f"{name}.wav", np.zeros(int(16000 * seconds)), 16000)
    return at


def test_the_command_gives_a_video_other_words(folder):
    pytest.importorskip("mediapipe")
    done = process(folder, "render", "short.wav", "--video", "film.mp4", "-o", "said.mp4")
    assert done.returncode == 0, done.stderr
    film = open_footage(folder / "said.mp4", None)
    pictures = list(film)
    assert (film.fps, len(pictures), film.has_sound) == (25, COUNT, True)
    assert {picture.shape for picture in pictures} == {(SIZE, SIZE, 3)}
    with Tracker(RIG) as tracker:
        read = [tracker.read_all(np.ascontiguousarray(picture)) for picture in pictures]
    assert of(read, "jawOpen").max() < 0.15


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("long.wav", "--video", "film.mp4"), "the speech takes 2.00 s and the video 0.40 s"),
        (("short.wav", "--video", "film.mp4", "--photo", "film.mp4"), "not both"),
        (("short.wav", "--video", "film.mp4", "--fps", "30"), "already has its rate"),
        (("short.wav", "--video", "film.mp4", "--size", "64x64"), "--size has nothing to change"),
        (("short.wav", "--video", "short.wav"), "is no video that can be read"),
        (("short.wav", "--video", "absent.mp4"), "cannot be read"),
    ],
)
def test_what_cannot_be_given_other_words_is_told(folder, arguments, sentence):
    done = here(folder, "render", *arguments, "-o", "never.mp4")
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert not (folder / "never.mp4").exists()
