import re
import struct
import zlib
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from animator.core.portrait import View
from animator.errors import FormatError, InputError
from animator.geometry.rotation import euler
from animator.geometry.view import fall, turn
from animator.heads.fitting import person
from animator.heads.fitting.find import find_face, read_photo
from animator.heads.fitting.fit import RIG, fit, posed, reprojected
from animator.heads.fitting.marks import COUNT, OUTER_CORNERS, read_marks
from animator.heads.fitting.overlay import overlay
from animator.heads.fitting.solve import Problem, State, places, solve, solve_view, usual, within
from animator.heads.makehuman import MakeHuman
from animator.heads.shape.basemesh import read_base
from animator.heads.shape.targets import target_names
from animator.io.landmarks import Seen
from animator.io.rig import load_rig

CONTROLS = target_names("faceunits")
SIZE = (640, 480)


def a_view(pitch=0.1, yaw=0.25, roll=-0.1, distance=0.7, focal=900.0):
    axes, _, other = np.linalg.svd(euler(pitch, yaw, roll).astype(np.float64))
    return View(focal, np.array(SIZE) / 2, axes @ other, np.array([0.02, -0.06, -distance]))


@pytest.fixture(scope="module")
def truth():
    """A person in an expression, seen by a camera, all of them drawn; what the tracker would see of it; what it would read."""
    rng = np.random.default_rng(6)
    traits = person.traits()
    low, high = np.array([(t.low, t.high) for t in traits]).T
    values = np.array([t.usual + t.deviation * rng.normal() for t in traits]).clip(low, high)
    weights = np.zeros(len(CONTROLS))
    weights[[CONTROLS.index(name) for name in ("jawOpen", "mouthSmileLeft", "mouthSmileRight", "browInnerUp")]] = (
        0.4,
        0.7,
        0.6,
        0.5,
    )
    state = State(a_view(), values, weights)
    blank = Problem(read_marks(), np.zeros((COUNT, 2)), 1.0, weights, np.full(len(weights), 0.15))
    points = places(blank, state)
    scale = float(np.linalg.norm(np.subtract(*points[list(OUTER_CORNERS)])))
    read = (weights + rng.normal(0, 0.08, len(weights))).clip(0, 1)
    return state, replace(blank, points=points, scale=scale, read=read)


@pytest.fixture(scope="module")
def solved(truth):
    _, problem = truth
    start = usual(a_view(0.0, 0.1, 0.0, 0.9, 1000.0), problem)
    posed_ = solve_view(problem, start)
    return posed_, solve(problem, posed_)


def seen_of(problem, rig, move=(0.0, 0.0), grow=1.0, row=None):
    """What the tracker would see: the marks, and irises in the middle of the eyes."""
    skin = problem.points * grow + move
    irises = np.repeat([(skin[33] + skin[133]) / 2, (skin[263] + skin[362]) / 2], 5, axis=0)
    points = np.concatenate([np.concatenate([skin, irises]), np.zeros((478, 1))], axis=1)
    shown = rig.rest.copy()
    shown[[rig.column(name) for name in CONTROLS]] = problem.read
    shown[[rig.column("headPitch"), rig.column("headYaw")]] = 0.1, 0.25
    return Seen(shown if row is None else row, 1, points.astype(np.float32))


def away(problem, state):
    return np.linalg.norm(places(problem, state) - problem.points, axis=1).mean() / problem.scale


def test_the_camera_alone_comes_near_and_the_whole_nearer(truth, solved):
    _, problem = truth
    assert away(problem, solved[0]) < 0.08
    assert away(problem, solved[1]) < 0.01


def test_the_head_is_turned_as_it_was(truth, solved):
    state, _ = truth
    apart = state.view.rotation @ solved[1].view.rotation.T
    assert np.degrees(np.arccos((np.trace(apart) - 1) / 2)) < 3


def test_the_expression_that_is_found_is_nearer_than_what_was_read(truth, solved):
    state, problem = truth
    assert np.abs(solved[1].weights - state.weights).mean() < np.abs(problem.read - state.weights).mean()


def test_everybody_found_can_be_made(solved):
    settings = person.settings(solved[1].values)
    np.testing.assert_allclose(MakeHuman(**settings).rest(), person.rest(solved[1].values), atol=1e-7)


def test_slopes_are_what_a_small_change_does(truth):
    marks = truth[1].marks
    values = np.array([trait.usual + 0.5 * trait.deviation for trait in person.traits()])
    changes = person.changes(values, marks)
    names = [trait.name for trait in person.traits()]
    for trait in ("gender", "nose-scale-horiz", "l-eye-trans-up"):
        k = names.index(trait)
        step = np.zeros(len(values))
        step[k] = 0.01
        more, less = (marks.on(person.rest(values + sign * step)) for sign in (1, -1))
        moved = (more - less) / 0.02
        moved, found = (moves - moves.mean(axis=0) for moves in (moved, changes[k]))
        assert np.sqrt(((moved - found) ** 2).sum() / (moved**2).sum()) < 0.05, trait


def test_a_bounded_step_is_the_least_within_its_limits():
    rng = np.random.default_rng(1)
    half = rng.normal(size=(6, 6))
    curvature, gradient = half @ half.T + np.eye(6), rng.normal(size=6) * 4
    free = within(curvature, gradient, np.full(6, -99.0), np.full(6, 99.0))
    np.testing.assert_allclose(curvature @ free, -gradient)
    bounded = within(curvature, gradient, np.full(6, -0.2), np.full(6, 0.2))
    assert np.abs(bounded).max() <= 0.2
    loose = np.abs(bounded) < 0.2
    np.testing.assert_allclose((curvature @ bounded + gradient)[loose], 0, atol=1e-9)


def test_a_turn_to_the_left_and_down_is_told_with_its_sign():
    centred = View(900.0, np.zeros(2), euler(0.2, 0.3, 0.0).astype(np.float64), np.array([0.0, 0.0, -1.0]))
    centred = replace(centred, rotation=np.linalg.svd(centred.rotation)[0] @ np.linalg.svd(centred.rotation)[2])
    yaw, pitch = turn(centred)
    assert yaw > 0.2 and pitch > 0.1


def test_points_fall_where_the_camera_says():
    view = View(100.0, np.array([50.0, 40.0]), np.eye(3), np.array([0.0, 0.0, -2.0]))
    np.testing.assert_allclose(fall(np.array([[0.2, 0.1, 0.0], [0.2, 0.1, 1.0]]), view), [[60.0, 35.0], [70.0, 30.0]])


@pytest.fixture(scope="module")
def portrait(truth):
    rig = load_rig(RIG)
    return fit(np.full((*SIZE[::-1], 3), 90, np.uint8), seen_of(truth[1], rig), rig, "a.png")


def test_a_portrait_tells_its_own_error(portrait, truth):
    off = np.linalg.norm(reprojected(portrait) - truth[1].points, axis=1).mean()
    assert portrait.error == pytest.approx(off, abs=0.02)
    assert portrait.share == pytest.approx(off / truth[1].scale, abs=2e-4)
    assert portrait.share < 0.01


def test_the_overlay_is_of_the_pictures_size_and_shows_the_face(portrait):
    drawn = overlay(portrait)
    assert drawn.shape == portrait.image.shape
    x, y = reprojected(portrait)[1].astype(int)
    assert (drawn[y - 20 : y + 20, x - 20 : x + 20] != 90).mean() > 0.9
    assert (drawn[:40] == 90).all(), "what is beside the face is the picture"


def test_a_face_turned_away_is_told_with_its_angle(truth):
    state, problem = truth
    rig = load_rig(RIG)
    aside = replace(problem, points=places(problem, replace(state, view=a_view(0.0, 0.9, 0.0))))
    with pytest.raises(InputError, match=r"turned 5\d degrees away, mostly to its left, and up to 35"):
        fit(np.zeros((*SIZE[::-1], 3), np.uint8), seen_of(aside, rig), rig, "a.png")


def test_a_face_cut_off_by_the_edge_is_told(truth):
    rig = load_rig(RIG)
    half = seen_of(truth[1], rig, move=(-truth[1].points[1, 0], 0))  # the tip of the nose at the edge
    with pytest.raises(InputError, match=r"'a.png' is cut off: \d\d% of it"):
        fit(np.zeros((*SIZE[::-1], 3), np.uint8), half, rig, "a.png")


def reader(*faces):
    """Sees these faces in the whole picture, and none in a part of it."""
    return lambda picture: list(faces) if picture.shape[:2] == SIZE[::-1] else []


@pytest.mark.parametrize(
    ("grows", "number", "sentence"),
    [
        ((), None, "no face is seen in 'a.png' (640x480 pixels)"),
        ((0.5, 0.6), None, "2 faces are seen in 'a.png' (1 at ("),
        ((0.5, 0.6), 3, "there is no face 3 in 'a.png'; seen from the left: 1 at ("),
        ((0.5,), 0, "there is no face 0 in 'a.png'"),
        ((0.2,), None, "pixels from brow to chin, and 64 are needed"),
    ],
)
def test_what_cannot_be_chosen_is_told(truth, grows, number, sentence):
    rig = load_rig(RIG)
    faces = [seen_of(truth[1], rig, move=(300 * (1 - k), 0), grow=grow) for k, grow in enumerate(grows)]
    with pytest.raises(InputError, match=re.escape(sentence)):
        find_face(reader(*faces), np.zeros((*SIZE[::-1], 3), np.uint8), number, "a.png")


def test_faces_are_counted_from_the_left(truth):
    rig = load_rig(RIG)
    right, left = (seen_of(truth[1], rig, move=(x, 0), grow=0.5) for x in (300, 0))
    picture = np.zeros((*SIZE[::-1], 3), np.uint8)
    assert find_face(reader(right, left), picture, 1, "a.png") is left
    assert find_face(reader(right, left), picture, 2, "a.png") is right


def test_photos_of_any_kind_are_read_upright_in_colour(tmp_path):
    pixels = np.zeros((8, 6, 3), np.uint8)
    pixels[:4] = 255
    upside = Image.Exif()
    upside[0x0112] = 3
    Image.fromarray(pixels).save(tmp_path / "turned.png", exif=upside)
    assert read_photo(tmp_path / "turned.png")[7].min() == 255
    Image.fromarray(pixels[..., 0]).save(tmp_path / "grey.png")
    np.testing.assert_array_equal(read_photo(tmp_path / "grey.png"), pixels)
    Image.fromarray(np.dstack([pixels, np.zeros((8, 6), np.uint8)])).save(tmp_path / "clear.png")
    assert (read_photo(tmp_path / "clear.png") == 128).all()


def test_what_is_no_picture_or_too_large_a_one_is_told(tmp_path):
    (tmp_path / "words.png").write_text("no picture")
    with pytest.raises(FormatError, match="is not a picture that can be read"):
        read_photo(tmp_path / "words.png")
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(bytes(9))), (b"IEND", b""))
    body = b"".join(struct.pack(">I", len(d)) + kind + d + struct.pack(">I", zlib.crc32(kind + d)) for kind, d in chunks)
    (tmp_path / "vast.png").write_bytes(b"\x89PNG\r\n\x1a\n" + body)
    with pytest.raises(InputError, match="is too large"):
        read_photo(tmp_path / "vast.png")


def test_gaze_follows_the_irises(truth):
    rig = load_rig(RIG)
    seen = seen_of(truth[1], rig)
    aside = replace(
        seen, points=seen.points + np.where(np.arange(478)[:, None] >= COUNT, [6.0, 0.0, 0.0], 0.0).astype(np.float32)
    )
    image = np.zeros((*SIZE[::-1], 3), np.uint8)
    ahead, left = (fit(image, each, rig, "a.png") for each in (seen, aside))
    for name in ("leftEyeYaw", "rightEyeYaw"):
        assert left.row[rig.column(name)] > ahead.row[rig.column(name)] + 0.05
    np.testing.assert_allclose(posed(ahead), posed(left))


def test_marks_of_the_two_sides_mirror_each_other():
    marks = read_marks()
    places_ = marks.on(read_base().vertices)
    for left, right in ((263, 33), (362, 133), (291, 61), (454, 234), (334, 105)):
        np.testing.assert_allclose(places_[left] * (-1, 1, 1), places_[right], atol=0.004)
