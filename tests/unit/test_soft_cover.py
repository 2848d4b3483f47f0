from __future__ import annotations

from itertools import combinations

import numpy as np

from animator.raster.cover import INNER, OUTER, TILE, cover, room, trace
from animator.raster.mesh import Mesh

SAMPLES = ((-INNER, -OUTER), (OUTER, -INNER), (-OUTER, INNER), (INNER, OUTER))


def flat_mesh(triangles: np.ndarray, two_sided: bool) -> Mesh:
    count = len(triangles)
    vertices = int(triangles.max()) + 1
    return Mesh(
        triangles.astype(np.int32),
        np.zeros((vertices, 2), np.float32),
        np.zeros(count, np.int64),
        np.zeros(count, bool),
        np.full(count, two_sided),
        np.ones(count, np.float32),
    )


def fast(screen: np.ndarray, triangles: np.ndarray, size: int, two_sided: bool = True) -> tuple[np.ndarray, np.ndarray]:
    depth, owner = np.zeros((size, size, 4), np.float32), np.full((size, size, 4), -1, np.int32)
    tiles = np.zeros((-(-size // TILE),) * 2, np.float32)
    order = np.arange(len(triangles), dtype=np.int32)
    cover(screen, flat_mesh(triangles, two_sided), order, tiles, room(size * size), depth, owner)
    return depth, owner


def slow(screen: np.ndarray, triangles: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Every sample against every triangle, in exact integers: the definition."""
    depth, owner = np.zeros((size, size, 4)), np.full((size, size, 4), -1)
    at = np.rint(screen[:, :2] * np.float32(256)).astype(np.int64)
    middle = np.arange(size) * 256 + 128
    y, x, s = np.meshgrid(middle, middle, np.arange(4), indexing="ij")
    x, y = x + np.array([p[0] for p in SAMPLES])[s], y + np.array([p[1] for p in SAMPLES])[s]
    for t, corners in enumerate(triangles):
        a, b, c = corners
        (bx, by), (cx, cy) = at[b] - at[a], at[c] - at[a]
        area = bx * cy - by * cx
        if area == 0:
            continue
        if area < 0:
            b, c, area = c, b, -area
        inside, shares = np.ones_like(x, bool), []
        for p, q in ((b, c), (c, a), (a, b)):
            dx, dy = at[q] - at[p]
            value = dx * (y - at[p][1]) - dy * (x - at[p][0])
            inside &= (value > 0) | ((value == 0) & (dy > 0 or (dy == 0 and dx < 0)))
            shares.append(value / area)
        here = sum(w * screen[v, 2] for w, v in zip(shares, (a, b, c), strict=True))
        nearer = inside & (here > depth)
        depth[nearer], owner[nearer] = here[nearer], t
    return depth, owner


def test_the_fast_rasteriser_draws_what_the_definition_says() -> None:
    rng = np.random.default_rng(7)
    for _ in range(20):
        screen = rng.uniform([-8, -8, 0.5], [40, 40, 2.0], (12, 3)).astype(np.float32)
        triangles = rng.permuted(rng.choice(list(combinations(range(12), 3)), 6, replace=False), axis=1)
        depth, owner = fast(screen, triangles, 32)
        wanted_depth, wanted_owner = slow(screen, triangles, 32)
        np.testing.assert_allclose(depth, wanted_depth, atol=2e-3)
        disputed = owner != wanted_owner
        # Where two surfaces meet within rounding, either may win.
        assert disputed.mean() < 0.002


def test_corners_on_samples_and_edges_on_pixel_borders_change_nothing() -> None:
    grid = np.array([[x, y, 1.0] for y in (0, 4.625, 8, 16) for x in (0, 4.375, 8, 16)], np.float32)
    quads = [(r * 4 + c, r * 4 + c + 1, r * 4 + c + 5, r * 4 + c + 4) for r in range(3) for c in range(3)]
    triangles = np.array([t for a, b, c, d in quads for t in ((a, b, c), (a, c, d))])
    _, owner = fast(grid, triangles, 16)
    np.testing.assert_array_equal(owner, slow(grid, triangles, 16)[1])
    assert (owner >= 0).all()


def test_a_back_side_is_seen_only_where_both_sides_are() -> None:
    screen = np.array([[2, 2, 1], [14, 2, 1], [2, 14, 1]], np.float32)
    clockwise = np.array([[0, 1, 2]])
    assert (fast(screen, clockwise, 16, two_sided=False)[1] < 0).all()
    assert (fast(screen, clockwise, 16, two_sided=True)[1] == 0).any()
    assert (fast(screen, clockwise[:, ::-1], 16, two_sided=False)[1] == 0).any()


def test_what_is_too_near_or_behind_the_camera_is_left_out() -> None:
    triangle = np.array([[0, 1, 2]])
    for nearness in (-1.0, 0.0, 21.0):
        screen = np.array([[2, 2, 1], [14, 2, 1], [2, 14, nearness]], np.float32)
        assert (fast(screen, triangle, 16)[1] < 0).all()


def test_a_hidden_tile_is_passed_over_and_nothing_else() -> None:
    screen = np.array([[0, 0, 1], [32, 0, 1], [0, 32, 1]], np.float32)
    tiles, traced = np.zeros((8, 8), np.float32), room(32 * 32)
    every = trace(screen, np.array([0, 1, 2], np.int32), True, 32, 32, tiles, traced)
    pixels = set(traced.pixels[:every].tolist())
    tiles[1, 2] = 2.0
    fewer = trace(screen, np.array([0, 1, 2], np.int32), True, 32, 32, tiles, traced)
    gone = pixels - set(traced.pixels[:fewer].tolist())
    assert gone == {y * 32 + x for y in range(4, 8) for x in range(8, 12)}
