"""What holds for any person: lips that meet, lids that close, eyes that stay in their sockets."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from animator.heads.pieces.eyeballs import depth_inside, fit_ball
from animator.heads.shape import seal
from animator.heads.shape.basemesh import read_base
from animator.heads.shape.identity import ANCESTRIES, Phenotype, shape, sliders
from animator.heads.shape.targets import read_target
from animator.heads.shape.units import at_rest, displacements

SHARES = st.floats(0, 1)
SLIDERS = [name for name in sliders() if not name.startswith(("l-", "r-", "asym"))]
FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def people(draw):
    shares = {name: draw(SHARES) for name in ANCESTRIES}
    if not sum(shares.values()) > 0.01:
        shares["caucasian"] = 1.0
    person = Phenotype(draw(st.floats(16, 90)), draw(SHARES), shares, draw(SHARES), draw(SHARES))
    chosen = draw(st.lists(st.sampled_from(SLIDERS), max_size=4, unique=True))
    return person, {name: draw(st.floats(0, 0.7)) for name in chosen}


@FEW
@given(people())
def test_any_lips_meet_at_rest_and_when_the_jaw_is_shut_again(chosen):
    base = read_base()
    rest = at_rest(base, shape(base, *chosen))
    assert max(g.max() for g in seal.lips().gaps(rest)) < 0.0001
    moves = displacements(base, rest)
    assert max(g.max() for g in seal.lips().gaps(rest + moves["jawOpen"] + moves["mouthClose"])) < 0.0002


@FEW
@given(people())
def test_any_lids_are_open_at_rest_and_just_meet_in_a_blink(chosen):
    base = read_base()
    rest = at_rest(base, shape(base, *chosen))
    moves = displacements(base, rest)
    for side, name in (("l", "eyeBlinkLeft"), ("r", "eyeBlinkRight")):
        seam = seal.lids(side)
        assert seam.gaps(rest)[0].max() > 0.002
        np.testing.assert_allclose(seam.gaps(rest + moves[name])[0], -0.0006, atol=0.0004)


@FEW
@given(people())
def test_any_eyeball_fits_its_helper_and_lies_behind_the_lids(chosen):
    base = read_base()
    rest = at_rest(base, shape(base, *chosen))
    for side, sign in (("l", 1), ("r", -1)):
        ball = fit_ball(base, rest, side)
        assert 0.008 < ball.radius < 0.020
        assert sign * ball.centre[0] > 0.015
        members = base.group_vertices(f"helper-{side}-eye")
        np.testing.assert_allclose(np.linalg.norm(rest[members] - ball.centre, axis=1), ball.radius, rtol=0.1)
        seam = seal.lids(side)
        lids = rest[np.unique(seam.members[seam.first :])]
        assert np.linalg.norm(lids - ball.centre, axis=1).min() > ball.radius


@FEW
@given(people(), SHARES)
def test_no_eyeball_shows_through_a_lid_on_its_way_down(chosen, weight):
    base = read_base()
    rest = at_rest(base, shape(base, *chosen))
    moves = displacements(base, rest)
    for side, name in (("l", "eyeBlinkLeft"), ("r", "eyeBlinkRight")):
        seam = seal.lids(side)
        lids = (rest + np.float32(weight) * moves[name])[np.unique(seam.members[seam.first :])]
        assert depth_inside(fit_ball(base, rest, side), lids).max() < 0.0001


@FEW
@given(people())
def test_every_unit_of_any_person_is_finite_and_of_human_size(chosen):
    base = read_base()
    rest = at_rest(base, shape(base, *chosen))
    head = base.vertices[:, 1] > 0.6
    for name, move in displacements(base, rest).items():
        assert np.isfinite(move).all(), name
        assert 0.0005 < np.linalg.norm(move[head], axis=1).max() < 0.06, name


@FEW
@given(st.floats(16, 90), SHARES, SHARES, SHARES)
def test_a_person_lies_between_those_that_they_are_mixed_of(age, gender, weight, muscle):
    """The mix is linear in each factor: halfway between two genders is the mean of both."""
    base = read_base()
    asian = {"asian": 1.0}
    shapes = [shape(base, Phenotype(age, g, asian, weight, muscle), {}) for g in (0.0, 1.0, gender)]
    mixed = (1 - gender) * shapes[0].astype(np.float64) + gender * shapes[1]
    np.testing.assert_allclose(shapes[2], mixed, atol=2e-6)


@pytest.mark.parametrize("name", ["nose-hump", "chin-width", "head-oval"])
def test_a_slider_moves_as_its_target_says_and_by_its_share(name):
    base = read_base()
    average = Phenotype()
    target = f"{name}-incr" if name != "head-oval" else name
    moved = shape(base, average, {name: 0.25}) - shape(base, average, {})
    expected = np.zeros_like(base.vertices)
    indices, deltas = read_target(target)
    expected[indices] = 0.25 * deltas
    np.testing.assert_allclose(moved, expected, atol=1e-6)


def test_the_shares_of_ancestry_count_only_against_one_another():
    base = read_base()
    one, ten = (shape(base, Phenotype(ancestry={"african": k, "asian": 3 * k}), {}) for k in (1.0, 10.0))
    np.testing.assert_allclose(one, ten, atol=1e-6)
