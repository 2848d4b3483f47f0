from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from dummy_head import dummy_head

from animator.core.head import Head
from animator.core.motion import Motion
from animator.core.stage import Camera, Light, Stage
from animator.errors import InputError
from animator.renderers.soft import Soft

NAMES = ("jawOpen", "headYaw", "headPitch", "headRoll", "leftEyePitch", "leftEyeYaw", "rightEyePitch", "rightEyeYaw")
STAGE = Stage(width=96, height=112)
SOFT = Soft()


@pytest.fixture(scope="module")
def head() -> Head:
    return dummy_head()


def motion(*rows: dict[str, float]) -> Motion:
    return Motion(NAMES, np.array([[row.get(name, 0.0) for name in NAMES] for row in rows], np.float32), Fraction(25))


def draw(head: Head, stage: Stage = STAGE, soft: Soft = SOFT, **row: float) -> np.ndarray:
    (picture,) = soft.render(motion(row), head, stage)
    return picture


def test_a_picture_has_the_stages_size_and_nothing_where_there_is_no_head(head: Head) -> None:
    for width, height in ((16, 16), (96, 112), (33, 17)):
        picture = draw(head, Stage(width=width, height=height))
        assert picture.shape == (height, width, 4) and picture.dtype == np.uint8
        assert (picture[0, 0] == 0).all() and picture[height // 2, width // 2, 3] == 255
        assert (picture[picture[..., 3] == 0] == 0).all()


def test_the_bytes_do_not_depend_on_the_number_of_threads_or_on_the_frames_around(head: Head) -> None:
    rows = [{"jawOpen": 0.1 * i, "headYaw": 0.05 * i} for i in range(6)]
    one = list(Soft(threads=1).render(motion(*rows), head, STAGE))
    three = list(Soft(threads=3).render(motion(*rows), head, STAGE))
    np.testing.assert_array_equal(one, three)
    np.testing.assert_array_equal(one[4], draw(head, **rows[4]))


def test_a_still_face_is_drawn_once_and_given_as_often_as_asked(head: Head) -> None:
    pictures = list(Soft().render(motion(*[{"jawOpen": 0.5}] * 5), head, STAGE))
    assert len(pictures) == 5
    for other in pictures[1:]:
        np.testing.assert_array_equal(pictures[0], other)
    pictures[0][:] = 0
    assert pictures[1].any(), "each picture is the receiver's own"


def test_a_reader_may_stop_early(head: Head) -> None:
    frames = Soft(threads=2).render(motion(*[{"jawOpen": i / 50} for i in range(50)]), head, STAGE)
    stream = iter(frames.pictures)
    next(stream)
    stream.close()


def test_what_moves_moves(head: Head) -> None:
    still = draw(head)
    for name in NAMES:
        if name != "jawOpen":
            assert not np.array_equal(still, draw(head, **{name: 0.4})), name
    assert not np.array_equal(still, draw(head, jawOpen=1.0))


def test_the_edge_of_the_head_is_soft_in_steps_of_a_sample(head: Head) -> None:
    bald = replace(head, parts=head.parts[:3], triangles=head.triangles[: head.parts[2].stop])
    steps = np.unique(draw(bald)[..., 3])
    np.testing.assert_array_equal(steps, [0, 64, 128, 191, 255])


def test_a_light_on_the_left_lights_the_left(head: Head) -> None:
    for side in (1.0, -1.0):
        lamp = Light((side, 0.0, 0.3), (0.8, 0.8, 0.8), shadows=True)
        picture = draw(head, replace(STAGE, lights=(lamp,))).astype(float).sum(axis=2)
        half = picture.shape[1] // 2
        assert (picture[:, half:].sum() > picture[:, :half].sum()) == (side > 0)


def test_the_head_throws_a_shadow_on_the_shoulders(head: Head) -> None:
    lamp = Light((0.0, 1.0, 0.25), (0.9, 0.9, 0.9), shadows=True)
    stage = replace(STAGE, lights=(lamp,), camera=Camera(distance=1.6, pitch=0.3))
    shade = draw(head, stage)
    lit = draw(head, replace(stage, lights=(replace(lamp, shadows=False),)), soft=Soft(ambient_sides=0))
    darker = shade[..., :3].sum(axis=2) < 0.75 * lit[..., :3].sum(axis=2)
    assert darker.mean() > 0.01


def test_a_head_without_any_light_is_lit_by_the_sky_alone(head: Head) -> None:
    dim = draw(head, replace(STAGE, lights=()))
    dark = draw(head, replace(STAGE, lights=(), sky=(0.0, 0.0, 0.0), ground=(0.0, 0.0, 0.0)))
    assert dim[..., :3].max() > 60
    assert dark[..., :3].max() == 0 and dark[..., 3].max() == 255


def test_twice_the_light_is_twice_as_bright_below_the_shoulder(head: Head) -> None:
    def mean(strength: float) -> np.ndarray:
        dim = Stage(width=64, height=64, lights=(), sky=(strength,) * 3, ground=(strength,) * 3)
        srgb = draw(head, dim)[20:40, 26:38, :3].mean(axis=(0, 1)) / 255
        return np.where(srgb > 0.04045, ((srgb + 0.055) / 1.055) ** 2.4, srgb / 12.92)

    np.testing.assert_allclose(mean(0.4), 2 * mean(0.2), rtol=0.04)


def test_eyes_glint_where_the_light_is_mirrored(head: Head) -> None:
    stage = Stage(width=200, height=200, camera=Camera(distance=0.6, fov=0.2, target=(0.035, 0.07, 0.1)))
    eye = draw(head, stage)[60:140, 60:140, :3].min(axis=2)
    assert eye.max() > 235
    unlit = draw(head, replace(stage, lights=()))[60:140, 60:140, :3].min(axis=2)
    assert unlit.max() < 200


def test_hair_covers_in_part_over_nothing_and_over_skin(head: Head) -> None:
    stage = Stage(width=128, height=128, camera=Camera(distance=0.9, fov=0.3, target=(0.0, 0.1, 0.0)))
    turned = draw(head, stage, headYaw=1.2)
    part = (turned[..., 3] > 20) & (turned[..., 3] < 235)
    assert part.sum() > 20
    bald = replace(head, parts=head.parts[:4], triangles=head.triangles[: head.parts[3].stop])
    covered = draw(head, stage)[..., :3].astype(int).sum(axis=2) < draw(bald, stage)[..., :3].astype(int).sum(axis=2) - 30
    assert covered.sum() > 100


def test_a_camera_inside_the_head_does_not_crash(head: Head) -> None:
    assert draw(head, replace(STAGE, camera=Camera(distance=0.01))).shape == (112, 96, 4)


@pytest.mark.parametrize("settings", [{"threads": -1}, {"shadow_size": 8}, {"ambient_sides": -2}, {"ambient_size": 0}])
def test_settings_out_of_range_are_refused(settings: dict[str, int]) -> None:
    with pytest.raises(InputError, match="of soft lies in"):
        Soft(**settings)
