from __future__ import annotations

import numpy as np
import pytest

from animator.core.colour import linear
from animator.core.head import Material
from animator.geometry.normals import down_texture, smooth_normals
from animator.raster.mesh import Mesh
from animator.raster.occlusion import FAR, depth_map, openness, seen_share, sides, view
from animator.raster.shade import KEY, LEAN, MIRRORED, NORMAL, PLACE, REACH, ROW, Lights, light_points, tone
from animator.raster.texture import Textures, pack, trilinear

f32 = np.float32


def read(textures: Textures, lod: float, u: float, v: float) -> np.ndarray:
    out = np.empty(8, np.float32)
    trilinear(textures, 0, f32(lod), f32(u), f32(v), out)
    return out


def noise(size: int, seed: int = 3) -> Material:
    rng = np.random.default_rng(seed)
    colour = rng.integers(0, 256, (size, size, 4), dtype=np.uint8)
    colour[..., 3] = 255
    return Material(colour, np.full((2, 2, 3), (51, 102, 204), np.uint8))


def test_a_texel_reads_back_as_painted() -> None:
    material = noise(8)
    textures = pack([material])
    for y, x in np.ndindex(8, 8):
        texel = read(textures, 0, (x + 0.5) / 8, (y + 0.5) / 8)
        wanted = linear(material.colour[y, x, :3] / 255.0)
        np.testing.assert_allclose(texel[:3] ** 2, wanted, atol=0.006)
        np.testing.assert_allclose(texel[3:7], [1, 0.2, 0.4, 0.8], atol=0.003)


def test_from_far_away_a_texture_is_its_mean_in_linear_light() -> None:
    material = noise(64)
    far = read(pack([material]), 99, 0.3, 0.7)
    np.testing.assert_allclose(far[:3] ** 2, linear(material.colour[..., :3] / 255.0).mean(axis=(0, 1)), atol=0.01)


def test_between_texels_and_levels_values_are_blended() -> None:
    textures = pack([noise(16)])
    left, right = read(textures, 0, 2.5 / 16, 0.5), read(textures, 0, 3.5 / 16, 0.5)
    np.testing.assert_allclose(read(textures, 0, 3.0 / 16, 0.5), (left + right) / 2, atol=0.005)
    fine, coarse = read(textures, 1, 0.4, 0.6), read(textures, 2, 0.4, 0.6)
    np.testing.assert_allclose(read(textures, 1.5, 0.4, 0.6), (fine + coarse) / 2, atol=0.01)


def test_clear_texels_lend_no_colour() -> None:
    colour = np.zeros((16, 16, 4), np.uint8)
    colour[:, :8] = (200, 100, 50, 255)
    textures = pack([Material(colour, np.zeros((1, 1, 3), np.uint8))])
    wanted = linear(np.array([200, 100, 50]) / 255)
    for lod in (0, 0.5, 1, 2, 3, 4):
        np.testing.assert_allclose(read(textures, lod, 0.5, 0.5)[:3] ** 2, wanted, atol=0.02)


@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (5, 3), (33, 64)])
def test_any_size_of_texture_packs_and_reads(shape: tuple[int, int]) -> None:
    textures = pack([Material(np.full((*shape, 4), 128, np.uint8), np.full((3, 2, 3), 64, np.uint8))])
    for lod in (0, 1, 2.5, 9):
        np.testing.assert_allclose(read(textures, lod, 0.9, 0.1)[3:7], [128 / 255, *[64 / 255] * 3], atol=0.01)


def test_tone_keeps_what_is_dark_and_never_clips_what_is_bright() -> None:
    light = np.linspace(0, 40, 4001, dtype=np.float32)
    shown = np.array([tone(value) for value in light])
    dark = light <= 0.5
    np.testing.assert_allclose(shown[dark], light[dark], atol=1e-6)
    assert (np.diff(shown) > 0).all() and shown.max() < 1


@pytest.mark.parametrize("lamp", [(0.3, 0.5, 1.0), (0.0, 1.0, -1.0), (1.0, 0.0, 0.0), (0.01, 1.0, 0.0)])
@pytest.mark.parametrize("eye", [(0.0, 0.0, 2.0), (0.1, 2.0, 1.9), (-1.5, 0.3, -1.0)])
def test_what_a_vertex_keeps_of_the_key_tells_how_far_aslant_it_stands(
    lamp: tuple[float, float, float], eye: tuple[float, float, float]
) -> None:
    rng = np.random.default_rng(5)
    rows = np.zeros((200, ROW), f32)
    normals = rng.normal(size=(200, 3))
    rows[:, PLACE : PLACE + 3] = rng.uniform(-0.1, 0.1, (200, 3))
    rows[:, NORMAL : NORMAL + 3] = normals = normals / np.linalg.norm(normals, axis=1, keepdims=True)
    toward = np.array([lamp]) / np.linalg.norm(lamp)
    matrices = np.array([view(toward[0], np.zeros(3), 1.0, 8)])
    lights = Lights(
        np.array(eye, f32), toward.astype(f32), np.ones((1, 3), f32), np.zeros(1, np.int64), 0,
        matrices, np.full((1, 8, 8), FAR, f32), np.zeros(3, f32), np.zeros(3, f32),
    )  # fmt: skip
    matter = np.full((200, 8), 0.5, f32)
    light_points(lights, matter, np.zeros(200, bool), np.zeros((200, 3), f32), np.ones(200, f32), rows)
    away = np.array(eye) - rows[:, PLACE : PLACE + 3]
    half = toward + away / np.linalg.norm(away, axis=1, keepdims=True)
    half /= np.linalg.norm(half, axis=1, keepdims=True)
    lit = (normals * toward).sum(axis=1) > 0
    aslant = 1 - (normals * half).sum(axis=1) ** 2
    np.testing.assert_allclose((rows[lit, LEAN : LEAN + 2] ** 2).sum(axis=1), aslant[lit], atol=2e-5)
    np.testing.assert_allclose(rows[lit, REACH], 1, atol=1e-6)
    assert (rows[lit, MIRRORED] > 0).all() and (rows[lit, KEY] > 0).all()


def test_a_share_of_a_shadow_map_is_seen() -> None:
    depths = np.full((16, 16), FAR, np.float32)
    depths[:, 8:] = 1.0
    assert seen_share(depths, f32(3), f32(8), f32(0)) == 1
    assert seen_share(depths, f32(15), f32(8), f32(0)) == pytest.approx(1), "outside the map there is no shadow to know of"
    assert seen_share(depths, f32(9.6), f32(8), f32(0)) == pytest.approx(0, abs=1e-6)
    assert seen_share(depths, f32(8), f32(8), f32(0)) == pytest.approx(0.5, abs=1e-5)
    assert seen_share(depths, f32(11), f32(8), f32(2)) == 1
    across = [seen_share(depths, f32(x), f32(8), f32(0)) for x in np.linspace(5, 11, 61)]
    assert (np.diff(across) <= 1e-6).all()


def board(size: float, height: float, facing: int) -> tuple[np.ndarray, np.ndarray]:
    vertices = np.array([[-size, height, -size], [-size, height, size], [size, height, size], [size, height, -size]], np.float32)
    triangles = np.array([[0, 1, 2], [0, 2, 3]], np.int32)
    return vertices, triangles if facing > 0 else triangles[:, ::-1].copy()


def test_a_floor_is_open_and_under_a_lid_it_is_not() -> None:
    floor, triangles = board(0.1, 0.0, 1)
    lid, over = board(0.17, 0.04, 1)
    vertices, both = np.concatenate([floor, lid]), np.concatenate([triangles, over + 4])
    textures = pack([Material(np.full((1, 1, 4), 255, np.uint8), np.zeros((1, 1, 3), np.uint8))])
    around = sides(12, np.array([0.0, 1.0, 0.0]))
    views = np.array([view(side, np.zeros(3), 0.2, 64) for side in around])
    point, normal = np.zeros((1, 3), np.float32), np.array([[0, 1, 0]], np.float32)
    seen = []
    for mesh_triangles in (triangles, both):
        mesh = Mesh(
            mesh_triangles,
            np.zeros((8, 2), np.float32),
            np.zeros(len(mesh_triangles), np.int64),
            np.zeros(len(mesh_triangles), bool),
            np.ones(len(mesh_triangles), bool),
            np.ones(len(mesh_triangles), np.float32),
        )
        maps = np.empty((12, 64, 64), np.float32)
        for matrix, depths in zip(views, maps, strict=True):
            order = np.arange(len(mesh_triangles), dtype=np.int32)
            corners = np.arange(8, dtype=np.int32)
            depth_map(vertices, mesh, textures, order, corners, matrix, np.empty((8, 3), f32), depths)
        out = np.empty(1, np.float32)
        openness(point, normal, np.zeros(1, np.int32), np.zeros(1, np.float32), around, views, maps, out)
        seen.append(out[0])
    assert seen[0] == pytest.approx(1, abs=0.02)
    assert seen[1] < 0.1


def test_sides_lie_around_the_front() -> None:
    around = sides(16, np.array([0.3, 0.1, 1.0]))
    np.testing.assert_allclose(np.linalg.norm(around, axis=1), 1, atol=1e-5)
    front = around @ (np.array([0.3, 0.1, 1.0]) / np.linalg.norm([0.3, 0.1, 1.0]))
    assert front.min() > np.cos(np.radians(111)) and front.max() > 0.9
    assert np.linalg.norm(around - front[:, None] * [0.2857, 0.0952, 0.9524], axis=1).mean() > 0.3


def test_normals_are_smooth_over_the_weld_and_unit() -> None:
    quad = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]], np.float32)
    wall = np.array([[1, 0, 0], [1, 0, -1], [1, 1, -1], [1, 1, 0]], np.float32)
    vertices = np.concatenate([quad, wall])
    triangles = np.array([[0, 1, 2], [0, 2, 3], [4, 5, 6], [4, 6, 7]], np.int32)
    apart = smooth_normals(vertices, triangles, np.arange(8, dtype=np.int32))
    np.testing.assert_allclose(apart, [[0, 0, 1]] * 4 + [[1, 0, 0]] * 4, atol=1e-6)
    welded = smooth_normals(vertices, triangles, np.array([0, 1, 2, 3, 1, 5, 6, 2], np.int32))
    np.testing.assert_array_equal(welded[[1, 2]], welded[[4, 7]])
    np.testing.assert_allclose(np.linalg.norm(welded, axis=1), 1, atol=1e-6)
    assert welded[1, 0] > 0.3 and welded[1, 2] > 0.3


def test_down_the_texture_is_where_v_grows() -> None:
    vertices = np.array([[0, 1, 0], [0, 0, 0], [1, 0, 0], [1, 1, 0]], np.float32)
    triangles = np.array([[0, 1, 2], [0, 2, 3]], np.int32)
    for uv in ([[0, 0], [0, 1], [1, 1], [1, 0]], [[1, 0], [1, 1], [0, 1], [0, 0]]):
        np.testing.assert_allclose(down_texture(vertices, np.array(uv, np.float32), triangles), [[0, -1, 0]] * 4, atol=1e-6)
