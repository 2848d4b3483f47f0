"""What is painted on the head, by our own code."""

from dataclasses import replace

import numpy as np
import pytest

from animator.errors import InputError
from animator.heads.paint import atlas, colour, eyes, lashes, lines, noise, skin, strands, strokes, teeth
from animator.heads.paint import brows as brow_paint
from animator.heads.paint.hairline import margin
from animator.heads.paint.look import Look
from animator.heads.paint.regions import ears, ramp, regions
from animator.heads.pieces import brows
from animator.heads.shape.basemesh import read_base
from animator.heads.shape.bust import skin_quads

BASE = read_base()
SIZE = 256


@pytest.fixture(scope="module")
def small() -> atlas.Atlas:
    return atlas.bake(BASE, SIZE)


def lightness(material, rows=slice(None)):
    return float((colour.linear(material.colour[..., :3])[rows] @ colour.LUMINANCE).mean())


def test_every_colour_survives_the_way_to_light_and_back():
    codes = np.arange(256, dtype=np.uint8)[:, None].repeat(3, axis=1)
    assert np.array_equal(colour.encode(colour.linear(codes)), codes)


def test_pigment_adds_in_density():
    some = (200, 150, 120)
    thrice = np.exp(-3 * colour.density(some))
    assert np.allclose(thrice, colour.linear(some) ** 3, rtol=1e-4)


def test_noise_is_the_same_for_the_same_seed_and_another_for_another():
    points = np.random.default_rng(0).uniform(-1, 1, (5000, 3)).astype(np.float32)
    one = noise.fractal(points, 0.1, 3, 7)
    assert np.array_equal(one, noise.fractal(points, 0.1, 3, 7))
    assert abs(np.corrcoef(one, noise.fractal(points, 0.1, 3, 8))[0, 1]) < 0.1


def test_noise_is_smooth_small_and_without_bias():
    points = np.random.default_rng(1).uniform(-1, 1, (40000, 3)).astype(np.float32)
    values = noise.fractal(points, 0.05, 4, 3)
    assert abs(values.mean()) < 0.02
    assert np.abs(values).max() < 2.0
    near = noise.fractal(points + np.float32(1e-5), 0.05, 4, 3)
    assert np.abs(near - values).max() < 0.01


def test_a_cell_is_no_farther_than_its_own_seed():
    points = np.random.default_rng(2).uniform(-3, 3, (20000, 3)).astype(np.float32)
    near, pick = noise.cells(points, 0.2, 5)
    assert near.min() >= 0 and near.max() < np.sqrt(3)
    assert pick.min() >= 0 and pick.max() <= 1
    assert len(np.unique(pick)) > 1000


def test_a_thick_stroke_covers_its_middle_and_nothing_far_away():
    line = np.array([[[10.0, 20.0], [50.0, 20.0]]])
    cover, value = strokes.draw((40, 60), line, np.full((1, 2), 2.0), np.array([0.25]))
    assert (cover[19:21, 12:48] == 1).all()
    assert (value[19:21, 12:48] == 0.25).all()
    assert not cover[:16].any() and not cover[24:].any()


def test_a_thin_stroke_fades_instead_of_vanishing():
    line = np.array([[[10.0, 20.5], [50.0, 20.5]]])
    thin, _ = strokes.draw((40, 60), line, np.full((1, 2), 0.1), np.ones(1))
    assert thin[20, 30] == pytest.approx(0.2, abs=1e-5)


def test_a_ramp_runs_from_nought_to_one_both_ways():
    at = np.linspace(-1, 2, 31)
    assert np.allclose(ramp(at, 0.0, 1.0), 1 - ramp(at, 1.0, 0.0))
    assert ramp(at, 0.0, 1.0)[0] == 0 and ramp(at, 0.0, 1.0)[-1] == 1


def test_the_bust_lies_within_the_square():
    uv = atlas.head_uv(BASE.uv[BASE.quad_uv[skin_quads()]].reshape(-1, 2))
    assert uv.min() >= 0 and uv.max() <= 1


def test_no_two_places_of_the_bust_share_a_texel_s_area():
    corners = atlas.head_uv(BASE.uv[BASE.quad_uv[skin_quads()]].reshape(-1, 2)).reshape(-1, 4, 2).astype(np.float64)
    a, b, c, d = corners.transpose(1, 0, 2)
    doubled = (c - a)[:, 0] * (d - b)[:, 1] - (c - a)[:, 1] * (d - b)[:, 0]
    covered = atlas.bake(BASE, 1024).covered.mean()
    assert np.abs(doubled).sum() / 2 == pytest.approx(covered, rel=0.02)


def test_the_face_gets_more_texels_than_the_back_of_the_head(small):
    z = small.position[:, 2]
    assert (z > 0.11).sum() > 2 * (z < 0.0).sum()


def test_mirrored_places_lie_under_mirrored_texels(small):
    flipped = small.covered[: SIZE * 3 // 4, ::-1]
    assert (flipped == small.covered[: SIZE * 3 // 4]).mean() > 0.985


def test_padding_keeps_what_is_covered_and_fills_the_rest():
    rng = np.random.default_rng(3)
    image = rng.random((32, 48, 3)).astype(np.float32)
    covered = rng.random((32, 48)) < 0.2
    image[~covered] = np.nan
    filled = atlas.pad(image.copy(), covered)
    assert np.array_equal(filled[covered], image[covered])
    assert np.isfinite(filled).all()


def test_lips_are_lips_and_ears_are_ears(small):
    r = regions(small)
    lips, ear = small.position[r.lips > 0.6], small.position[ears(small.uv) > 0.9]
    assert np.abs(lips[:, 0]).max() < 0.032
    assert lips[:, 1].min() > 0.640 and lips[:, 1].max() < 0.680
    assert np.abs(ear[:, 0]).min() > 0.055
    assert set(np.sign(ear[:, 0])) == {-1.0, 1.0}


def test_hair_stands_on_the_crown_and_not_on_the_face():
    places = np.array([[0.0, 0.845, 0.05], [0.0, 0.70, -0.06], [0.0, 0.76, 0.15], [0.045, 0.69, 0.13]], dtype=np.float32)
    assert (np.sign(margin(places, 0.5)) == [1, 1, -1, -1]).all()


def test_the_skin_keeps_its_colour_from_dark_to_fair():
    for tone in ((70, 44, 32), (140, 95, 70), (219, 172, 145), (235, 205, 190)):
        painted = skin.skin(BASE, Look(skin=tone, scalp=0.0, freckles=0.0), SIZE).colour
        cheek = painted[SIZE * 45 // 100 : SIZE * 55 // 100, SIZE * 27 // 100 : SIZE * 36 // 100, :3].astype(float)
        assert np.abs(np.median(cheek, axis=(0, 1)) - tone).max() < 22


def test_skin_is_opaque_and_the_same_for_the_same_person():
    one, two = (skin.skin(BASE, Look(seed=4), SIZE) for _ in range(2))
    assert (one.colour[..., 3] == 255).all()
    assert np.array_equal(one.colour, two.colour) and np.array_equal(one.surface, two.surface)
    assert not np.array_equal(one.colour, skin.skin(BASE, Look(seed=5), SIZE).colour)


def test_lips_are_redder_and_wetter_than_the_cheek(small):
    painted = skin.skin(BASE, Look(masculine=0.0), SIZE)
    mask = small.image(regions(small).lips) > 0.9
    cheek = np.zeros_like(mask)
    cheek[SIZE * 45 // 100 : SIZE * 50 // 100, SIZE * 28 // 100 : SIZE * 34 // 100] = True
    ratio = painted.colour[..., 0] / painted.colour[..., 1].astype(float)
    assert ratio[mask].mean() > ratio[cheek].mean() + 0.15
    rough = np.repeat(np.repeat(painted.surface[..., 0], 4, 0), 4, 1)
    assert rough[mask].mean() < rough[cheek].mean() - 20


def test_a_beard_darkens_the_chin_and_nothing_above_the_eyes():
    bare, shaved = (skin.skin(BASE, Look(stubble=amount, scalp=0.0), SIZE) for amount in (0.0, 1.0))
    change = bare.colour[..., :3].astype(int) - shaved.colour[..., :3]
    assert np.abs(change[: SIZE * 25 // 100]).max() <= 1
    assert change[SIZE * 62 // 100 : SIZE * 68 // 100, SIZE * 45 // 100 : SIZE * 55 // 100].mean() > 8


def test_lines_deepen_with_age():
    young, old = (np.abs(lines.depth(Look(age=age), 256)).sum() for age in (20.0, 75.0))
    assert old > 5 * young > 0


def test_the_iris_has_its_colour_a_black_pupil_and_white_around_it():
    painted = eyes.eyeball(Look(eyes=(92, 58, 32)), 512).colour.astype(float)
    span = (np.arange(512) + 0.5) / 512 - 0.5
    rim = 2 * np.pi * np.hypot(*np.meshgrid(span, span)) / eyes.IRIS
    assert painted[rim < 0.6 * eyes.PUPIL][:, :3].max() < 25
    assert np.abs(painted[(rim > 0.5) & (rim < 0.85)][:, :3].mean(axis=0) - (92, 58, 32)).max() < 15
    assert painted[(rim > 1.15) & (rim < 1.3)][:, :3].mean() > 150


def test_the_cornea_hides_nothing_and_shines():
    clear = eyes.cornea()
    assert clear.blend and clear.colour[..., 3].max() <= 25
    assert clear.surface[..., 0].max() < 26


def test_teeth_are_whiter_than_gums_and_gums_than_the_throat():
    look = Look()
    assert lightness(teeth.teeth(look)) > 1.8 * lightness(teeth.gums(look))
    assert lightness(teeth.teeth(replace(look, age=80.0))) < lightness(teeth.teeth(look))


def test_the_tongue_s_uv_fills_its_square():
    quads = BASE.groups["helper-tongue"]
    uv = teeth.tongue_uv(BASE.uv[BASE.quad_uv[quads]].reshape(-1, 2))
    assert (uv.min(axis=0) > 0).all() and (uv.max(axis=0) < 1).all()


def test_lashes_lie_on_their_cards_alike_on_both_sides():
    painted = lashes.lashes(Look(), 512)
    assert painted.blend and painted.two_sided
    covered = []
    for side in "lr":
        quads = np.concatenate([BASE.groups[f"helper-{side}-eyelashes-{k}"] for k in "12"])
        uv = lashes.lash_uv(BASE.uv[BASE.quad_uv[quads]].reshape(-1, 2))
        assert uv.min() >= 0 and uv.max() <= 1
        covered.append({tuple(place) for place in np.round(uv, 3)})
    assert len(covered[0] & covered[1]) > 0.8 * len(covered[0])
    assert 0.02 < (painted.colour[..., 3] > 60).mean() < 0.3


def test_brows_move_as_their_skin_does():
    piece = brows.grow(BASE, BASE.vertices, Look())
    shift = np.random.default_rng(0).normal(size=BASE.vertices.shape).astype(np.float32)
    assert np.array_equal(piece.carried(shift), shift[piece.anchor])
    away = np.linalg.norm(piece.vertices - BASE.vertices[piece.anchor], axis=1)
    assert np.allclose(np.unique(np.round(away, 5)), brows.LIFT, atol=1e-5)
    assert piece.uv.min() >= 0 and piece.uv.max() <= 1


def test_a_heavier_brow_covers_more():
    light, heavy = (brow_paint.brow_cover(Look(masculine=m))[0].sum() for m in (0.0, 1.0))
    assert heavy > 1.1 * light


def test_strands_are_dense_at_the_root_and_part_at_the_tip():
    alpha = strands.strands(Look(), 512).colour[..., 3] / 255
    full = alpha[:, : 512 * strands.DENSE // strands.COLUMNS]
    assert full[150:250].mean() > 0.6
    assert full[-10:].mean() < 0.1


def test_hair_greys_late_in_life():
    young, old = (lightness(strands.strands(Look(age=age, hair=(30, 20, 15)), 256)) for age in (30.0, 80.0))
    assert old > 2 * young


@pytest.mark.parametrize("wrong", [{"age": 0.0}, {"masculine": 1.5}, {"freckles": -0.1}, {"stubble": 2.0}, {"skin": (1, 2, 300)}])
def test_an_impossible_look_is_told(wrong):
    with pytest.raises(InputError):
        Look(**wrong)
