"""A photo moves as the performance says: the face tracker, which had no part in it, reads from the pictures what was asked."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from animator import compositor, registry
from animator.core.emotion import Emotion
from animator.core.motion import Motion
from animator.core.stage import Stage
from animator.errors import InputError
from animator.heads.fitting.find import find_face
from animator.heads.fitting.fit import fit, reprojected
from animator.heads.fitting.marks import COUNT
from animator.heads.fitting.matte import matte
from animator.heads.fitting.sitter import sit
from animator.io.landmarks import Tracker
from animator.io.rig import load_rig
from animator.reenactors.moved.expression import targets
from animator.reenactors.moved.mover import Mover
from animator.reenactors.warp import Warp

RIG = load_rig("arkit")
SIZE, DRAWN, EDGE = 480, 300, 30
SMILE = {"jawOpen": 0.25, "mouthSmileLeft": 0.7, "mouthSmileRight": 0.7, "mouthUpperUpLeft": 0.5, "mouthUpperUpRight": 0.5}


def motion(*poses):
    return Motion(RIG.names, np.stack([RIG.row(pose) for pose in poses]), Fraction(25))


@pytest.fixture(scope="module")
def tracker():
    pytest.importorskip("mediapipe")
    with Tracker(RIG) as tracker:
        yield tracker


@pytest.fixture(scope="module")
def scene():
    """Someone drawn who smiles with parted lips, before noise; and where in the picture there is someone."""
    head = registry.find("heads", "makehuman")(gender=0.8, age=40.0, local={"nose-hump": 0.3}).make()
    frames = registry.find("renderers", "soft")().render(motion(SMILE), head, Stage(DRAWN, DRAWN))
    behind = np.random.default_rng(0).integers(90, 160, (SIZE, SIZE, 3), dtype=np.uint8)
    low, high = (SIZE - DRAWN) // 2, (SIZE + DRAWN) // 2
    photo = behind.copy()
    (drawn,) = frames
    alpha = drawn[..., 3].copy()
    (picture,) = compositor.composite(replace(frames, pictures=[drawn]), behind[low:high, low:high])
    photo[low:high, low:high] = picture[..., :3]
    there = np.zeros((SIZE, SIZE), dtype=bool)
    there[low:high, low:high] = alpha > 127
    return photo, there


@pytest.fixture(scope="module")
def sitter(scene, tracker):
    """Fitted from the picture alone."""
    return sit(fit(scene[0], find_face(tracker.read_all, scene[0], None, "photo"), RIG, "photo"))


@pytest.fixture(scope="module")
def moved(sitter):
    def reenact(*poses, emotion=None, **settings):
        return list(Warp(**settings).reenact(motion(*poses), sitter, RIG, emotion))

    return reenact


def read(tracker, picture, control):
    (seen,) = tracker.read_all(np.ascontiguousarray(picture[..., :3]))
    return float(seen.row[RIG.column(control)])


def test_what_the_fit_misses_is_found(sitter):
    missed = np.linalg.norm(sitter.portrait.landmarks[:COUNT] - reprojected(sitter.portrait), axis=1).mean()
    spread = np.linalg.norm(sitter.shared + sitter.own, axis=1)
    assert 0.3 * missed < spread[spread > 0.01].mean() < 3 * missed


def test_the_photos_own_expression_gives_nearly_the_photo(sitter):
    look = Mover(sitter).look(sitter.portrait.row)
    assert np.abs(look.shift[look.seen == 1]).mean() < 0.6
    assert np.abs(look.warped[look.seen == 1].astype(int) - Mover(sitter).reference[look.seen == 1]).mean() < 4


def test_parted_lips_of_a_photo_shut_and_part_again(sitter, moved, tracker):
    mover = Mover(sitter)
    rest, wide = (mover.look(row) for row in targets(motion({}, {"jawOpen": 0.7}), sitter.portrait, RIG, None, 1.0))
    assert rest.inside.sum() < 0.01 * wide.inside.sum()
    shut, half, parted = moved({}, {"jawOpen": 0.35}, {"jawOpen": 0.7})
    opened = [read(tracker, picture, "jawOpen") for picture in (shut, half, parted)]
    assert opened[0] < 0.1 < opened[1] < opened[2]
    assert opened[2] > 0.4


def test_eyes_shut_and_brows_rise(moved, tracker):
    still, blink, raised = moved({}, {"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0}, {"browInnerUp": 1.0})
    assert read(tracker, blink, "eyeBlinkLeft") > read(tracker, still, "eyeBlinkLeft") + 0.3
    assert read(tracker, blink, "eyeBlinkRight") > read(tracker, still, "eyeBlinkRight") + 0.3
    assert read(tracker, raised, "browInnerUp") > read(tracker, still, "browInnerUp") + 0.2


def test_the_head_turns_as_far_as_it_is_told(moved, tracker):
    left, right = moved({"headYaw": 0.15}, {"headYaw": -0.15})
    turned = read(tracker, left, "headYaw") - read(tracker, right, "headYaw")
    assert turned == pytest.approx(0.3, abs=0.12)


def test_a_smile_stays_gives_way_to_a_feeling_and_goes_when_asked(moved, tracker):
    sad = Emotion(("sad",), np.ones((1, 1), dtype=np.float32), Fraction(1))
    (stays,), (gives_way,), (gone,) = moved({}), moved({}, emotion=sad), moved({}, own=0.0)
    smiles = [read(tracker, picture, "mouthSmileLeft") for picture in (stays, gives_way, gone)]
    assert smiles[0] > 0.3
    assert max(smiles[1:]) < 0.5 * smiles[0]


def test_the_background_stays_as_it_is(sitter, moved):
    (picture,) = moved({"jawOpen": 0.6, "headYaw": 0.2})
    edge = np.ones((SIZE, SIZE), dtype=bool)
    edge[EDGE:, EDGE:-EDGE] = False
    np.testing.assert_array_equal(picture[..., :3][edge], sitter.portrait.image[edge])
    assert (picture[..., 3] == 255).all()


def test_the_person_is_told_from_what_is_behind(scene, sitter):
    photo, there = scene
    found = matte(photo, sitter.portrait.landmarks) > 127
    head = sitter.portrait.landmarks[:, 1].max()  # above the chin: clothes may be missed
    both, either = (found & there)[: int(head)].sum(), (found | there)[: int(head)].sum()
    assert both / either > 0.93


def test_what_is_behind_moves_less_where_it_is_known(scene, sitter):
    photo, there = scene
    known = sit(replace(sitter.portrait, matte=there.astype(np.uint8) * 255))
    changed = []
    for who in (sitter, known):
        (picture,) = Warp().reenact(motion({"headYaw": 0.15, "headPitch": 0.1}), who, RIG, None)
        changed.append((np.abs(picture[..., :3].astype(int) - photo).max(axis=2) > 1)[~there].mean())
    assert changed[1] < 0.2 * changed[0]


def test_the_bytes_do_not_depend_on_the_threads(moved):
    poses = [{"jawOpen": k / 10, "headRoll": k / 50} for k in range(5)]
    for one, many in zip(moved(*poses, threads=1), moved(*poses, threads=3), strict=True):
        np.testing.assert_array_equal(one, many)


def test_a_head_turns_only_as_far_as_a_photo_can_show(sitter):
    near, far = targets(motion({"headYaw": 0.1}, {"headYaw": 0.6}), sitter.portrait, RIG, None, 1.0)[:, RIG.column("headYaw")]
    assert near == pytest.approx(0.1)
    assert 0.2 < far <= 0.35


@pytest.mark.parametrize("settings", [{"own": 1.2}, {"size": 20}, {"threads": -1}])
def test_settings_out_of_range_are_told(settings):
    with pytest.raises(InputError, match=next(iter(settings))):
        Warp(**settings)


def test_a_motion_in_another_rig_is_told(sitter):
    with pytest.raises(InputError, match="in rig 'arkit'"):
        Warp().reenact(Motion(("x",), np.zeros((1, 1), np.float32), Fraction(1)), sitter, RIG, None)
