"""Hair that grows from the scalp."""

import numpy as np
import pytest

from animator.errors import UnknownNameError
from animator.heads.paint.look import Look
from animator.heads.pieces import hair
from animator.heads.shape.basemesh import read_base
from animator.heads.shape.skull import skull

BASE = read_base()
STYLES = [name for name, layers in hair.STYLES.items() if layers]


@pytest.fixture(scope="module", params=STYLES)
def pieces(request):
    return hair.grow(BASE, BASE.vertices, Look(), request.param)


def test_no_hair_is_no_piece():
    assert hair.grow(BASE, BASE.vertices, Look(), "none") == []


def test_an_unknown_style_is_told_with_the_nearest():
    with pytest.raises(UnknownNameError, match="did you mean 'short'"):
        hair.grow(BASE, BASE.vertices, Look(), "shrot")


def test_hair_has_few_enough_triangles_for_thirty_frames_a_second(pieces):
    assert 4000 < sum(len(piece.triangles) for piece in pieces) < 12000


def test_hair_never_enters_the_skull(pieces):
    under = skull(BASE, BASE.vertices)
    for piece in pieces:
        d = piece.vertices - under.middle
        away = np.linalg.norm(d, axis=1)
        outside = away - under.height(d / away[:, None])
        assert np.quantile(outside, 0.02) > -0.003
        assert outside.max() < 0.08


def test_hair_leaves_the_eyes_and_the_mouth_free(pieces):
    for piece in pieces:
        x, y, z = piece.vertices.T
        assert not ((np.abs(x) < 0.045) & (y < 0.738) & (z > 0.09)).any()


def test_hair_moves_with_the_scalp_it_stands_on(pieces):
    turn = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]], dtype=np.float32)
    for piece in pieces:
        assert np.allclose(piece.share.sum(axis=1), 1, atol=1e-5)
        moved = piece.carried(BASE.vertices @ turn.T)
        assert np.allclose(moved, piece.carried(BASE.vertices) @ turn.T, atol=1e-5)


def test_uv_and_welds_lie_within_their_ranges(pieces):
    for piece in pieces:
        assert piece.uv.min() >= 0 and piece.uv.max() <= 1
        assert piece.weld.min() >= 0 and piece.weld.max() < len(piece.vertices)
        assert piece.triangles.max() == len(piece.vertices) - 1


def test_the_same_seed_grows_the_same_hair():
    one, two, other = (hair.grow(BASE, BASE.vertices, Look(seed=seed))[0].vertices for seed in (1, 1, 2))
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)


def test_hair_follows_a_larger_head():
    small = hair.grow(BASE, BASE.vertices, Look())
    large = hair.grow(BASE, BASE.vertices * np.float32(1.2), Look())
    spans = [np.concatenate([p.vertices for p in head]).max(axis=0) for head in (small, large)]
    assert (spans[1][:2] > 1.1 * spans[0][:2]).all()
