"""Drawn and filmed pairs: that what is taught is true."""

from dataclasses import replace

import numpy as np
import pytest
from dummy_head import dummy_head

from animator.core.head import Material
from animator.core.script import felt
from animator.core.stage import Camera
from animator.geometry.camera import project
from animator.geometry.pose import HEAD_ANGLES, Poser
from animator.geometry.rotation import euler, euler_angles
from animator.geometry.view import fall, view_of
from animator.heads.makehuman import MakeHuman
from animator.io.landmarks import Tracker
from animator.io.rig import load_rig
from animator.reenactors.moved.frame import Square
from animator.training.portrait.album import make_drawn
from animator.training.portrait.drawn import asked, photographed, spared
from animator.training.portrait.faces import Performed, in_photo, targets
from animator.training.portrait.filmed import Similarity, laid, similar
from animator.training.portrait.making import boxes, shard
from animator.training.portrait.pairs import SIZE, map_pairs, write_shard
from animator.training.portrait.people import Somebody, _halved, light, mistaken, tinted
from animator.training.portrait.scene import SIDE, backdrop, film, stage

RIG = load_rig("arkit")
SPEECH = Performed(np.tile(RIG.rest, (3, 1)), np.zeros((3, len(felt(RIG.emotions))), dtype=np.float32))


@pytest.mark.parametrize("seed", range(5))
def test_the_view_of_a_stage_has_a_turned_head_where_the_stage_draws_it(seed):
    rng = np.random.default_rng(seed)
    camera = Camera(*rng.uniform(-0.4, 0.4, 2), rng.uniform(0.5, 2), rng.uniform(0.1, 0.6), tuple(rng.uniform(-0.05, 0.05, 3)))
    points = rng.uniform(-0.1, 0.1, (200, 3)).astype(np.float32)
    turned = euler(*rng.uniform(-0.3, 0.3, 3))
    drawn_at = project((points @ turned.T).astype(np.float32), camera, 320, 240)[:, :2]
    np.testing.assert_allclose(fall(points.astype(np.float64), view_of(camera, 320, 240, turned)), drawn_at, atol=0.01)


def test_what_the_renderer_draws_lies_where_the_view_has_it():
    head, camera = dummy_head(), Camera(0.2, 0.1, 0.8, 0.4, (0.0, 0.03, 0.0))
    row = RIG.rest.copy()
    row[[RIG.column(name) for name in HEAD_ANGLES]] = 0.1, -0.2, 0.05
    posed = Poser(head, RIG.names)(row)
    whole = head.follow == 1
    view = view_of(camera, SIDE, SIDE, euler(0.1, -0.2, 0.05))
    upright = Poser(head, RIG.names)(RIG.rest)
    np.testing.assert_allclose(
        fall(upright[whole].astype(np.float64), view), project(posed, camera, SIDE, SIDE)[whole, :2], atol=0.01
    )


def test_a_drawn_target_shows_the_inside_of_the_mouth_as_the_warp_does_and_all_else_as_it_was_drawn():
    inside = np.zeros((SIZE, SIZE), dtype=np.float32)
    inside[100:120, 90:160] = 1
    warped, drawn = np.full((SIZE, SIZE, 3), 200, np.uint8), np.full((SIZE, SIZE, 3), 40, np.uint8)
    target = spared(drawn, warped, inside)
    assert (target[100:120, 90:160] >= 195).all()
    near = np.zeros((SIZE, SIZE), bool)
    near[80:140, 70:180] = True
    assert (target[~near] == 40).all()
    np.testing.assert_array_equal(spared(drawn, warped, np.zeros_like(inside)), drawn)


@pytest.mark.parametrize("angles", [(0.0, 0.0, 0.0), (0.3, -0.7, 0.4), (-1.2, 2.0, -3.0)])
def test_angles_are_read_back_from_their_rotation(angles):
    np.testing.assert_allclose(euler_angles(euler(*angles)), angles, atol=1e-5)


def test_what_is_asked_for_is_off_by_the_photos_mistakes_but_for_the_lips_opening_and_the_turn():
    class Fitted:
        row = RIG.rest.copy()

    photo, wanted = RIG.rest.copy(), np.tile(RIG.rest, (2, 1))
    wanted[:, RIG.column("jawOpen")] = 0.3
    wanted[:, RIG.column("headYaw")] = 0.1
    for name in ("jawOpen", "browInnerUp"):
        Fitted.row[RIG.column(name)] = 0.2
    rows = asked(Fitted, photo, wanted, RIG)
    np.testing.assert_allclose(rows[:, RIG.column("jawOpen")], 0.3, atol=1e-6)
    np.testing.assert_allclose(rows[:, RIG.column("headYaw")], 0.1, atol=1e-6)
    np.testing.assert_allclose(rows[:, RIG.column("browInnerUp")], 0.2, atol=1e-6)


@pytest.mark.parametrize("seed", range(20))
def test_faces_stay_within_the_rig_and_lips_do_not_pass_through_each_other(seed):
    rng = np.random.default_rng(seed)
    photo = in_photo(RIG, rng)
    rows, weights = targets(photo, 9, SPEECH, RIG, rng)
    for each in (photo[None], rows):
        assert (each >= RIG.low).all() and (each <= RIG.high).all()
    assert photo @ RIG.opening_row >= -1e-6
    known = ~np.isnan(weights).any(axis=1)
    assert known.sum() == 8
    assert (weights[known] >= 0).all() and (weights[known] <= 1).all()


def test_stages_walls_and_cameras_are_those_of_their_seed():
    one, other = (np.random.default_rng(4) for _ in range(2))
    assert stage(one) == stage(other)
    np.testing.assert_array_equal(backdrop(one), backdrop(other))
    picture = np.full((SIDE, SIDE, 3), 120, dtype=np.uint8)
    np.testing.assert_array_equal(film(one)(picture), film(other)(picture))


@pytest.mark.parametrize("seed", range(12))
def test_a_camera_takes_the_same_thing_the_same_way_twice(seed):
    rng = np.random.default_rng(seed)
    camera, wall = film(rng), backdrop(rng)
    np.testing.assert_array_equal(camera(wall), camera(wall))
    assert wall.shape == (SIDE, SIDE, 3)


def test_a_similarity_is_found_and_undone():
    rng = np.random.default_rng(0)
    points = rng.uniform(0, 300, (50, 2))
    turn = 1.1 * np.array([[np.cos(0.2), -np.sin(0.2)], [np.sin(0.2), np.cos(0.2)]])
    found = similar(points, points @ turn.T + (5.0, -7.0))
    np.testing.assert_allclose(found.matrix, turn, atol=1e-9)
    np.testing.assert_allclose(found.back(points @ turn.T + (5.0, -7.0)), points, atol=1e-9)


def test_a_picture_that_has_not_moved_is_cut_as_the_photo_is():
    y, x = np.mgrid[:200, :240] / 20
    photo = np.stack([127 + 100 * np.sin(x), 127 + 100 * np.cos(y), 127 + 100 * np.sin(x + y)], axis=2).astype(np.uint8)
    square = Square(30.3, 20.7, 128.0, SIZE)
    still = laid(photo, Similarity(np.eye(2), np.zeros(2)), square)
    assert np.abs(still.astype(int) - square.cut(photo)).mean() < 0.6


def test_a_picture_that_has_moved_is_brought_back():
    y, x = np.mgrid[:200, :240] / 20
    photo = np.stack([127 + 100 * np.sin(x), 127 + 100 * np.cos(y), 127 + 100 * np.sin(x + y)], axis=2).astype(np.uint8)
    moved = np.roll(photo, (-4, 6), axis=(0, 1))
    square = Square(60.0, 50.0, 100.0, SIZE)
    back = laid(moved, Similarity(np.eye(2), np.array([6.0, -4.0])), square)
    assert np.abs(back.astype(int) - square.cut(photo)).mean() < 0.6


@pytest.mark.parametrize("seed", range(10))
def test_boxes_are_not_empty_and_lie_in_the_crop_wherever_the_points_are(seed):
    found = boxes(np.random.default_rng(seed).normal(128, 200, (478, 2)))
    assert found.min() >= 0 and found.max() <= SIZE
    assert (found[:, :2] < found[:, 2:]).all()


def test_a_mistaken_person_is_somebody_else_of_the_same_age():
    maker = MakeHuman(age=50.0, gender=0.9, local={"nose-hump": 0.5})
    off = MakeHuman(**mistaken(maker, 0.2, np.random.default_rng(0)))
    missed = np.linalg.norm(off.rest() - maker.rest(), axis=1)
    assert (off.age, off.gender) == (50.0, 0.9)
    assert 0.0003 < np.median(missed) < 0.02
    assert off.local["nose-hump"] == pytest.approx(0.5, abs=0.3)


def test_halved_pictures_keep_the_colour_of_what_is_not_clear():
    colour = np.zeros((64, 64, 4), dtype=np.uint8)
    colour[:, ::2] = (200, 100, 50, 255)
    found = _halved(Material(colour, np.zeros((1, 1, 3), dtype=np.uint8), blend=True)).colour
    assert found.shape == (32, 32, 4)
    np.testing.assert_allclose(found, np.broadcast_to((200, 100, 50, 128), found.shape), atol=2)


def test_a_tint_changes_colours_and_no_shapes():
    head = dummy_head()
    skin = replace(head, parts=tuple(replace(part, name="skin") for part in head.parts))
    found = tinted(skin, np.random.default_rng(1))
    assert found.vertices is skin.vertices
    assert any((a.material.colour != b.material.colour).any() for a, b in zip(found.parts, skin.parts, strict=True))
    for a, b in zip(found.parts, skin.parts, strict=True):
        np.testing.assert_array_equal(a.material.colour[..., 3], b.material.colour[..., 3])


def test_a_shard_that_is_there_is_not_made_again(tmp_path, somebodys):
    write_shard(tmp_path / "drawn-6-00016", shard(somebodys, felt(RIG.emotions), ()))
    assert not make_drawn(tmp_path, range(16, 32), SPEECH, RIG, 6)
    assert len(map_pairs(tmp_path)) == 4


@pytest.fixture(scope="module")
def somebodys():
    maker = MakeHuman(age=40.0, gender=0.8, local={"nose-hump": 0.4}, style="short")
    with Tracker(RIG) as tracker:
        return [photographed(Somebody(maker, light(maker.make(painted=False))), 9, 6, SPEECH, RIG, 4, tracker)]


def test_the_warp_comes_nearer_to_the_truth_than_the_photo_does(somebodys):
    (source,) = somebodys
    off = np.zeros(2)
    for pair in source.pairs:
        left, top, right, bottom = pair.boxes[0]
        for k, picture in enumerate((pair.look.warped, source.reference)):
            off[k] += np.abs(picture[top:bottom, left:right].astype(int) - pair.target[top:bottom, left:right]).mean()
    assert off[0] < 0.8 * off[1]


def test_drawn_pairs_make_a_shard(somebodys):
    whole = shard(somebodys, felt(RIG.emotions), ())
    assert whole.held.all() and not whole.real.any()
    assert len(whole.warped) == 4
    assert whole.identity.tolist() == [9] * 4
