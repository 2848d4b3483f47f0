"""The head is whole, moves as it should, and says no clearly."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

from animator.errors import InputError, UnknownNameError
from animator.geometry.pose import Poser
from animator.geometry.rotation import axis_angle
from animator.heads.makehuman import MakeHuman
from animator.heads.paint.colours import COLOURS, colour, lip_colour
from animator.heads.shape import bust, seal
from animator.heads.shape.basemesh import read_base
from animator.heads.shape.identity import Phenotype, shape, sliders
from animator.heads.shape.targets import read_target, target_names
from animator.heads.shape.units import displacements
from animator.io.rig import load_rig

WEIGHTS = tuple(c.name for c in load_rig("arkit").controls if c.unit == "weight")
LIPS_SHUT = [name for name in WEIGHTS if name.startswith(("mouthPress", "mouthRoll", "mouthPucker", "mouthSmile", "mouthFrown"))]


@pytest.fixture(scope="module")
def head():
    return MakeHuman().make()


@pytest.fixture(scope="module")
def person():
    """The base mesh, the default person's rest, and the units, without a cut or paint."""
    setting = MakeHuman()
    base = read_base()
    rest = setting.rest()
    return base, rest, displacements(base, rest)


def part(head, name):
    run = next(p for p in head.parts if p.name == name)
    return head.triangles[run.start : run.stop]


def volume(vertices, triangles):
    a, b, c = (vertices[triangles[:, i]].astype(np.float64) for i in range(3))
    return float(np.einsum("ij,ij->", a, np.cross(b, c)) / 6)


def test_every_weight_of_the_arkit_rig_moves_the_head(head):
    assert set(head.controls) == set(WEIGHTS)
    assert (np.abs(head.displacements).max(axis=(1, 2)) > 0.001).all()


def test_a_head_has_all_that_a_face_shows(head):
    names = {p.name for p in head.parts}
    mouth = {f"{kind}_{jaw}" for kind in ("teeth", "gums") for jaw in ("upper", "lower")}
    eyes = {f"{kind}_{side}" for kind in ("eye", "cornea") for side in ("left", "right")}
    assert {"skin", "tongue", "lashes", "brows", "shirt", *mouth, *eyes} <= names


def test_the_neck_bends_between_the_shoulders_and_the_head(head):
    posed = Poser(head, ("headYaw",))(np.array([0.4], dtype=np.float32))
    turns = axis_angle((head.follow[:, None] * np.array([[0.0, 0.4, 0.0]])).astype(np.float32))
    np.testing.assert_allclose(posed, np.einsum("vij,vj->vi", turns, head.vertices), atol=2e-6)


@pytest.mark.parametrize("angle", [1e-8, 1e-12, 1e-17, 1e-24, 1e-40])
def test_a_head_that_turns_by_next_to_nothing_stays_where_it_is(head, angle):
    poser = Poser(head, ("headPitch", "headYaw", "headRoll"))
    turned = poser(np.array([angle, -angle, angle], dtype=np.float32))
    np.testing.assert_allclose(turned, poser(np.zeros(3, dtype=np.float32)), atol=1e-7)


def test_what_blends_is_drawn_last(head):
    order = [p.material.blend for p in head.parts]
    assert order == sorted(order)


def test_the_same_settings_give_the_same_head(head):
    again = MakeHuman().make()
    for name in ("vertices", "uv", "weld", "triangles", "displacements", "follow", "eye", "eye_centres"):
        np.testing.assert_array_equal(getattr(again, name), getattr(head, name))
    assert again.landmarks == head.landmarks


def test_welded_vertices_are_one_point_that_moves_as_one(head):
    np.testing.assert_array_equal(head.weld[head.weld], head.weld)
    one = np.concatenate([np.unique(part(head, p.name)) for p in head.parts if not p.name.startswith("hair")])
    np.testing.assert_array_equal(head.vertices[head.weld[one]], head.vertices[one])
    np.testing.assert_array_equal(head.displacements[:, head.weld[one]], head.displacements[:, one])
    np.testing.assert_array_equal(head.follow[head.weld[one]], head.follow[one])


@pytest.mark.parametrize("name", ["eye_left", "eye_right", "teeth_upper", "teeth_lower", "skin"])
def test_surfaces_face_outward(head, name):
    triangles = part(head, name)
    centred = head.vertices - head.vertices[np.unique(triangles)].mean(axis=0)
    assert volume(centred, triangles) > 0


def test_no_triangle_of_the_skin_is_degenerate(head):
    a, b, c = (head.vertices[part(head, "skin")[:, i]] for i in range(3))
    assert (np.linalg.norm(np.cross(b - a, c - a), axis=1) > 1e-10).all()


def test_landmarks_lie_where_their_names_say(head):
    at = {name: head.vertices[vertex] for name, vertex in head.landmarks.items()}
    down_the_face = [
        "brow_left",
        "eyelid_upper_left",
        "eye_left",
        "eyelid_lower_left",
        "nose_tip",
        "upper_lip",
        "lower_lip",
        "chin",
    ]
    heights = [at[name][1] for name in down_the_face]
    assert heights == sorted(heights, reverse=True)
    for name in ("mouth", "brow", "eye", "eyelid_upper", "eyelid_lower"):
        np.testing.assert_allclose(at[f"{name}_left"] * [-1, 1, 1], at[f"{name}_right"], atol=1e-5)
        assert at[f"{name}_left"][0] > 0.01
    assert max(at.values(), key=lambda p: p[2]) is at["nose_tip"]
    assert at["teeth_upper"][1] > at["teeth_lower"][1]


def test_eyeballs_are_moved_by_no_unit(head):
    for triangles in (part(head, f"{kind}_{side}") for kind in ("eye", "cornea") for side in ("left", "right")):
        assert not head.displacements[:, np.unique(triangles)].any()
        assert (head.eye[np.unique(triangles)] > 0).all()
    assert set(np.unique(head.eye)) == {0, 1, 2}


def test_an_eyeball_turns_about_its_own_middle(head):
    turned = Poser(head, ["leftEyeYaw", "leftEyePitch"])(np.array([0.4, -0.3], dtype=np.float32))
    left = head.eye == 1
    centre = head.eye_centres[0]
    before, after = (np.linalg.norm(v[left] - centre, axis=1) for v in (head.vertices, turned))
    np.testing.assert_allclose(after, before, atol=1e-6)
    np.testing.assert_array_equal(turned[~left], head.vertices[~left])
    front = head.landmarks["eye_left"]
    assert turned[front][0] > head.vertices[front][0]
    assert turned[front][1] > head.vertices[front][1]


def test_upper_teeth_sit_in_the_skull(head):
    for name in ("teeth_upper", "gums_upper"):
        assert not head.displacements[:, np.unique(part(head, name))].any()


def test_lower_teeth_move_with_the_jaw_as_one_rigid_piece(head):
    row = head.controls.index("jawOpen")
    members = np.unique(np.concatenate([part(head, "teeth_lower"), part(head, "gums_lower")]))
    at = np.c_[head.vertices[members], np.ones(len(members))].astype(np.float64)
    moved = head.displacements[row, members].astype(np.float64)
    fitted = at @ np.linalg.lstsq(at, moved, rcond=None)[0]
    np.testing.assert_allclose(moved, fitted, atol=1e-6)
    assert moved[:, 1].min() < -0.02


def test_the_lips_rest_shut(person):
    _, rest, _ = person
    assert max(g.max() for g in seal.lips().gaps(rest)) < 0


@pytest.mark.parametrize("weight", [0.1, 0.25, 0.5, 0.75, 1.0])
def test_mouth_close_shuts_what_the_jaw_opens(person, weight):
    _, rest, moves = person
    posed = rest + np.float32(weight) * (moves["jawOpen"] + moves["mouthClose"])
    assert max(g.max() for g in seal.lips().gaps(posed)) < 0.0001


@pytest.mark.parametrize("name", LIPS_SHUT)
def test_units_that_do_not_part_the_lips_leave_them_shut(person, name):
    _, rest, moves = person
    assert max(g.max() for g in seal.lips().gaps(rest + moves[name])) < 0.0001


@pytest.mark.parametrize(("side", "name"), [("l", "eyeBlinkLeft"), ("r", "eyeBlinkRight")])
def test_lids_just_meet_at_the_end_of_a_blink_and_not_before(person, side, name):
    _, rest, moves = person
    seam = seal.lids(side)
    shut, _ = seam.gaps(rest + moves[name])
    np.testing.assert_allclose(shut, -0.0006, atol=0.0003)
    nearly, _ = seam.gaps(rest + np.float32(0.85) * moves[name])
    assert nearly.max() > 0.0005


def test_the_bust_ends_in_a_level_hem(head):
    shirt = part(head, "shirt")
    edges = np.sort(np.concatenate([shirt[:, [i, (i + 1) % 3]] for i in range(3)]), axis=1)
    distinct, uses = np.unique(edges, axis=0, return_counts=True)
    rim = np.unique(distinct[uses == 1])
    low = rim[head.vertices[rim, 1] < head.vertices[rim, 1].min() + 0.05]
    assert len(low) > 60
    np.testing.assert_allclose(head.vertices[low, 1], head.vertices[low, 1].min(), atol=1e-6)
    assert (head.follow[low] == 0).all()


def test_the_shirt_hides_where_the_skin_ends(head):
    skin, shirt = part(head, "skin"), part(head, "shirt")
    edges = np.sort(np.concatenate([head.weld[skin][:, [i, (i + 1) % 3]] for i in range(3)]), axis=1)
    distinct, uses = np.unique(edges, axis=0, return_counts=True)
    ends = np.unique(distinct[uses == 1])
    cloth = np.unique(shirt)
    away, nearest = cKDTree(head.vertices[cloth]).query(head.vertices[ends])
    assert away.max() < 0.03
    outward = np.hypot(*head.vertices[cloth[nearest]][:, [0, 2]].T) - np.hypot(*head.vertices[ends][:, [0, 2]].T)
    assert np.mean(outward > -0.001) > 0.9


def test_the_head_follows_its_turn_whole_and_the_neck_bends_without_a_step(head):
    assert head.follow[head.landmarks["chin"]] == 1
    assert (head.follow[head.eye > 0] == 1).all()
    triangles = part(head, "skin")
    steps = [np.abs(head.follow[triangles[:, i]] - head.follow[triangles[:, i - 1]]) for i in range(3)]
    assert max(step.max() for step in steps) < 0.5


def test_texture_places_of_the_skin_lie_in_its_square(head):
    uv = head.uv[np.unique(part(head, "skin"))]
    assert uv.min() >= -0.01
    assert uv.max() <= 1.01


def test_the_base_mesh_is_symmetric_and_whole():
    base = read_base()
    assert base.vertices.shape == (19158, 3)
    assert len(base.quads) == len(base.quad_uv) == sum(len(q) for q in base.groups.values())
    body = base.vertices[base.group_vertices("body")]
    tree = cKDTree(body)
    away, _ = tree.query(body * np.array([-1, 1, 1], dtype=np.float32))
    assert np.mean(away < 1e-5) > 0.99


def test_each_kind_of_target_is_listed_and_can_be_read():
    assert len(target_names("faceunits")) == 52
    assert "nose-hump-incr" in target_names("local")
    assert "caucasian-female-young" in target_names("macrodetails")
    indices, deltas = read_target("jawOpen")
    assert len(indices) == len(deltas)
    assert not deltas.flags.writeable


def test_a_target_or_kind_that_does_not_exist_is_named_with_the_nearest():
    with pytest.raises(UnknownNameError, match="'jawOpen'"):
        read_target("jawOpne")
    with pytest.raises(UnknownNameError, match="'faceunits'"):
        target_names("faceunit")


def test_corners_below_a_level_slide_up_to_it_and_no_other_moves():
    base = read_base()
    level = base.vertices[:, 1] - bust.HEM
    quads = base.quads[bust.shirt_quads()]
    anchor, share = bust.slide(quads, level)
    np.testing.assert_allclose(share.sum(axis=1), 1, atol=1e-6)
    slid = share[:, 1] > 0
    assert (level[slid] < 0).all()
    np.testing.assert_allclose((share * level[anchor]).sum(axis=1)[slid], 0, atol=1e-6)
    np.testing.assert_array_equal(anchor[~slid, 0], np.flatnonzero(~slid))


def test_opposite_targets_are_one_slider_and_both_sides_have_a_common_one():
    names = sliders()
    assert {"nose-hump", "nose-trans-up", "head-oval", "eye-scale", "l-eye-scale"} <= set(names)
    assert not {"nose-hump-incr", "nose-trans-down"} & set(names)
    base, average = read_base(), Phenotype()
    both = shape(base, average, {"eye-scale": -0.5})
    each = shape(base, average, {"l-eye-scale": -0.5, "r-eye-scale": -0.5})
    np.testing.assert_allclose(both, each, atol=1e-6)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"age": 12.0}, "16 to 90"),
        ({"gender": 1.5}, r"\[0, 1\]"),
        ({"weight": -0.1}, r"\[0, 1\]"),
        ({"ancestry": {"caucasian": 0.0}}, "at least one"),
        ({"ancestry": {"caucasian": -1.0, "asian": 2.0}}, "0 or more"),
        ({"ancestry": {"caucasion": 1.0}}, "'caucasian'"),
        ({"local": {"nose-hmup": 0.3}}, "'nose-hump'"),
        ({"local": {"nose-hump": 1.3}}, r"\[-1, 1\]"),
        ({"local": {"head-oval": -0.3}}, r"\[0, 1\]"),
        ({"skin": "#12"}, "#rrggbb"),
        ({"eyes": "bleu"}, "'blue'"),
        ({"style": "bobb"}, "'bob'"),
        ({"freckles": 2.0}, r"\[0, 1\]"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_at_birth(settings, says):
    with pytest.raises(InputError, match=says):
        MakeHuman(**settings)


def test_every_name_of_a_colour_is_listed_where_the_settings_are_explained():
    for what, names in COLOURS.items():
        explained = MakeHuman.__doc__.split(f"    {what}\n")[1].split("\n")[0]
        assert all(name in explained for name in names), what


def test_colours_come_by_name_or_as_hex():
    assert colour("skin", "#c58c6d") == (197, 140, 109)
    assert colour("hair", "Black") == colour("hair", "#17120f")


@pytest.mark.parametrize("skin", ["fair", "light", "olive", "brown", "dark"])
def test_natural_lips_are_redder_than_their_skin_and_follow_its_depth(skin):
    own = np.array(colour("skin", skin), dtype=float)
    lips = np.array(lip_colour("natural", colour("skin", skin)), dtype=float)
    assert lips[0] / lips[1] > own[0] / own[1]
    assert 0.55 < lips.mean() / own.mean() < 1.05


def test_the_usual_hairstyle_follows_from_gender():
    def strands(**settings):
        return sum(p.stop - p.start for p in MakeHuman(**settings).make().parts if p.name == "hair")

    assert strands(gender=1.0) == strands(gender=1.0, style="short")
    assert strands(gender=0.0) == strands(gender=0.0, style="bob")
