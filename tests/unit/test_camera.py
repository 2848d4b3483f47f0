from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from animator.core.stage import CAMERAS, Camera, camera
from animator.errors import InputError
from animator.geometry.camera import axes, position, project


@pytest.mark.parametrize("name", CAMERAS)
def test_what_a_camera_looks_at_is_in_the_middle_at_its_distance(name: str) -> None:
    camera = CAMERAS[name]
    seen = project(np.array([camera.target], np.float32), camera, 300, 200)
    np.testing.assert_allclose(seen, [[150, 100, camera.distance]], atol=1e-3)


@pytest.mark.parametrize("name", CAMERAS)
def test_a_cameras_axes_are_a_right_handed_frame(name: str) -> None:
    turn = axes(CAMERAS[name])
    np.testing.assert_allclose(turn @ turn.T, np.eye(3), atol=1e-6)
    assert np.linalg.det(turn) == pytest.approx(1, abs=1e-6)


def test_up_is_up_and_the_subjects_left_is_on_the_right_of_the_picture() -> None:
    camera = Camera(target=(0.0, 0.0, 0.0))
    above, left = project(np.array([[0, 0.1, 0], [0.1, 0, 0]], np.float32), camera, 100, 100)
    assert above[0] == pytest.approx(50) and above[1] < 50
    assert left[0] > 50 and left[1] == pytest.approx(50)


def test_a_positive_yaw_sees_the_subjects_left_side_and_a_positive_pitch_looks_from_above() -> None:
    assert position(Camera(yaw=0.5, target=(0.0, 0.0, 0.0)))[0] > 0
    assert position(Camera(pitch=0.5, target=(0.0, 0.0, 0.0)))[1] > 0


def test_the_field_of_view_is_the_height_of_the_picture() -> None:
    camera = Camera(distance=2.0, fov=0.5, target=(0.0, 0.0, 0.0))
    top = 2.0 * np.tan(0.25)
    seen = project(np.array([[0, top, 0], [0, -top, 0]], np.float32), camera, 64, 48)
    np.testing.assert_allclose(seen[:, 1], [0, 48], atol=1e-4)


def test_what_lies_behind_the_camera_has_no_positive_depth() -> None:
    camera = Camera(distance=1.0, target=(0.0, 0.0, 0.0))
    seen = project(np.array([[0, 0, 1.0], [0, 0, 1.5]], np.float32), camera, 64, 64)
    assert (seen[:, 2] <= 0).all()


def test_settings_move_the_portrait_camera_and_leave_the_rest_of_it() -> None:
    assert camera("yaw=0.3, distance=1") == replace(CAMERAS["portrait"], yaw=0.3, distance=1.0)


@pytest.mark.parametrize("settings", ["yaw=nan", "pitch=inf", "distance=inf", "distance=0", "fov=nan", "fov=4", "yaw="])
def test_a_camera_that_stands_nowhere_is_refused(settings: str) -> None:
    with pytest.raises(InputError, match="camera"):
        camera(settings)
