from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from dummy_head import dummy_head
from hypothesis import given, settings
from hypothesis import strategies as st

from animator.core.motion import Motion
from animator.core.stage import Camera, Stage
from animator.raster.cover import TILE, room, trace
from animator.renderers.soft import Soft

coordinate = st.integers(-20 * 256, 60 * 256).map(lambda i: i / 256)
points = st.lists(st.tuples(coordinate, coordinate), min_size=4, max_size=9, unique=True)


def samples(screen: np.ndarray, corners: tuple[int, int, int], size: int) -> np.ndarray:
    """How many times a triangle covers each sample: 0 or 1, ``[size * size, 4]``."""
    traced, tiles = room(size * size), np.zeros((-(-size // TILE),) * 2, np.float32)
    count = trace(screen, np.array(corners, np.int32), True, size, size, tiles, traced)
    out = np.zeros((size * size, 4), int)
    for pixel, mask in zip(traced.pixels[:count], traced.masks[:count], strict=True):
        out[pixel] += [(mask >> s) & 1 for s in range(4)]
    return out


@settings(max_examples=60, deadline=None)
@given(points)
def test_triangles_about_a_point_cover_each_sample_once(corners: list[tuple[float, float]]) -> None:
    """A convex outline cut into triangles about any of its points: no sample twice, none left out, however it is cut."""
    middle = np.mean(corners, axis=0)
    around = sorted(set(corners), key=lambda p: float(np.arctan2(p[1] - middle[1], p[0] - middle[0])))
    ring = hull(around)
    if len(ring) < 4:
        return
    screen = np.array([(x, y, 1.0) for x, y in ring], np.float32)
    cuts = [
        sum(samples(screen, (apex, (apex + k) % len(ring), (apex + k + 1) % len(ring)), 40) for k in range(1, len(ring) - 1))
        for apex in range(2)
    ]
    assert max(cut.max() for cut in cuts) <= 1
    np.testing.assert_array_equal(*cuts)


def hull(corners: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The convex outline of some points, in order (Andrew's monotone chain)."""
    half: list[list[tuple[float, float]]] = []
    for ordered in (sorted(corners), sorted(corners, reverse=True)):
        chain: list[tuple[float, float]] = []
        for p in ordered:
            while len(chain) > 1 and turn(chain[-2], chain[-1], p) <= 0:
                chain.pop()
            chain.append(p)
        half.append(chain[:-1])
    return half[0] + half[1]


def turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    """Twice the area of a triangle, positive where it turns left."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


@pytest.mark.filterwarnings("error")
@settings(max_examples=15, deadline=None)
@given(
    yaw=st.floats(-3.1, 3.1),
    pitch=st.floats(-1.4, 1.4),
    distance=st.floats(0.05, 5.0),
    width=st.integers(16, 70),
    height=st.integers(16, 70),
    jaw=st.floats(-1.0, 2.0),
    turn_head=st.floats(-1.5, 1.5),
)
def test_from_anywhere_a_picture_is_whole_and_alpha_is_straight(
    yaw: float, pitch: float, distance: float, width: int, height: int, jaw: float, turn_head: float
) -> None:
    stage = Stage(width=width, height=height, camera=Camera(yaw=yaw, pitch=pitch, distance=distance))
    motion = Motion(("jawOpen", "headYaw"), np.array([[jaw, turn_head]], np.float32), Fraction(25))
    (picture,) = Soft(threads=1, shadow_size=64, ambient_sides=4, ambient_size=32).render(motion, dummy_head(8), stage)
    assert picture.shape == (height, width, 4)
    assert (picture[picture[..., 3] == 0] == 0).all()
