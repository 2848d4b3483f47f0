"""A person of a photo goes aside, and what is behind stays."""

import numpy as np
import pytest
from scipy.ndimage import distance_transform_edt

from animator.reenactors.moved.behind import NOTHING, RIM, behind
from animator.reenactors.moved.frame import Square
from animator.reenactors.moved.picture import DECODE, ENCODE, pasted

FIELD, FINE = 64, 512


@pytest.fixture(scope="module", params=[128, 900])
def apart(request):
    """A photo of so many pixels a side of a red disc, the disc's place, the same a tenth of the side farther right, and the photo
    before another wall with both told apart.
    """
    side = request.param
    square = Square(0.0, 0.0, side, FINE)
    y, x = np.mgrid[:side, :side] + 0.5
    was, comes = (np.hypot(x - middle * side, y - side / 2) < 0.2 * side for middle in (0.45, 0.55))

    def seen(wall):
        photo = np.where(was[..., None], np.uint8([200, 20, 20]), wall).astype(np.uint8)
        person = square.cut(was[..., None].repeat(3, axis=2).astype(np.uint8) * 255)[..., 0] > 127
        return photo, behind(square, photo, person)

    return side, was, comes, seen


def gone_aside(photo, told):
    """All of it, a tenth of the side to the right."""
    side = len(photo)
    shift = np.zeros((FIELD, FIELD, 2), np.float32)
    shift[..., 0] = -0.1 * side
    wide, elsewhere = np.float32([0, 0, side / FIELD]), np.float32([-9000, -9000, 1])
    nothing = np.zeros((8, 8, 1), np.float32)
    out = np.empty((side, side, 4), np.uint8)
    pasted(
        photo, wide, shift, told, elsewhere, nothing.repeat(2, axis=2), nothing, nothing.repeat(3, axis=2),
        np.empty((0, 0, 3), np.float32), DECODE, ENCODE, np.zeros(3, np.float32), out,
    )  # fmt: skip
    return out[..., :3]


def beside(place):
    """What is so far from a place that nothing there is the person's."""
    return distance_transform_edt(~place) > RIM * len(place) + 3


def test_where_nobody_was_or_comes_not_a_byte_changes(apart):
    side, was, comes, seen = apart
    photo, told = seen(np.random.default_rng(0).integers(0, 256, (side, side, 3)))
    still = beside(was | comes)
    assert still.mean() > 0.5
    np.testing.assert_array_equal(gone_aside(photo, told)[still], photo[still])
    assert (gone_aside(photo, NOTHING)[still] != photo[still]).mean() > 0.9


def test_the_person_goes_as_far_as_without(apart):
    side, _, comes, seen = apart
    photo, told = seen(np.full((side, side, 3), 90))
    within = distance_transform_edt(comes) > 3
    assert within.mean() > 0.05
    np.testing.assert_array_equal(gone_aside(photo, told)[within], gone_aside(photo, NOTHING)[within])


def test_the_wall_goes_on_where_the_person_was(apart):
    side, was, comes, seen = apart
    wall = np.linspace(60, 120, side)[:, None, None].repeat(side, axis=1).repeat(3, axis=2)
    photo, told = seen(wall)
    left = was & beside(comes)
    assert left.mean() > 0.02
    assert np.abs(gone_aside(photo, told)[left] - wall[left]).max() < 6
