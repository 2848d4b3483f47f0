"""Sparse keys: few, on the curve, and never farther from any frame than they may be."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from animator.core.keys import check_tolerance, sparse_keys
from animator.errors import InputError
from animator.io.rig import load_rig
from animator.io.track import read_motion

FLOATS = st.floats(-2, 2, width=32)
CURVES = arrays(np.float32, array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=40), elements=FLOATS)
STEPS = arrays(np.float32, st.tuples(st.integers(1, 60), st.integers(1, 3)), elements=st.sampled_from([-0.01, 0, 0, 0, 0.01]))
TOLERANCES = st.sampled_from([0.0, 1e-4, 1e-3, 0.02, 0.5])


def rebuilt(keys, frames):
    return np.stack([np.interp(np.arange(frames), key.frames, key.values.astype(float)) for key in keys], axis=1)


@given(CURVES | STEPS.map(lambda steps: np.cumsum(steps, axis=0, dtype=np.float32)), TOLERANCES)
def test_lines_between_keys_pass_every_frame_within_the_tolerance(curves, tolerance):
    keys = sparse_keys(curves, tolerance)
    assert np.abs(rebuilt(keys, len(curves)) - curves).max() <= tolerance + 1e-12


@given(CURVES, TOLERANCES)
def test_keys_lie_on_the_curve_from_its_first_frame_to_its_last(curves, tolerance):
    for c, key in enumerate(sparse_keys(curves, tolerance)):
        assert key.frames[0] == 0
        assert key.frames[-1] == len(curves) - 1
        assert (np.diff(key.frames) > 0).all()
        np.testing.assert_array_equal(key.values, curves[key.frames, c])


@given(CURVES, TOLERANCES)
def test_each_key_reaches_as_far_as_a_straight_line_can(curves, tolerance):
    """No frame behind the next key could have been the next key, but for those whose line the funnel's rounding decides."""
    for c, key in enumerate(sparse_keys(curves, tolerance)):
        curve = curves[:, c].astype(float)
        for start, chosen in zip(key.frames[:-1], key.frames[1:], strict=True):
            for later in range(chosen + 1, len(curve)):
                span = np.arange(start, later + 1)
                line = curve[start] + (curve[later] - curve[start]) * (span - start) / (later - start)
                assert np.abs(line - curve[span]).max() > tolerance - 1e-12


@given(arrays(np.float32, st.tuples(st.integers(2, 40), st.just(2)), elements=FLOATS))
def test_curves_do_not_know_of_one_another(curves):
    both = sparse_keys(curves, 0.1)
    for c in range(2):
        alone = sparse_keys(curves[:, [c]], 0.1)[0]
        np.testing.assert_array_equal(alone.frames, both[c].frames)


def test_what_rests_or_moves_in_a_straight_line_has_two_keys():
    frames = np.arange(1001)[:, None]
    curves = np.concatenate([np.full_like(frames, 0.3, dtype=float), frames / 1024, -frames / 1024], axis=1).astype(np.float32)
    assert [key.frames.tolist() for key in sparse_keys(curves, 0.0)] == [[0, 1000]] * 3


def test_lips_that_close_still_do(pytestconfig):
    rig = load_rig("arkit")
    motion, _ = read_motion(pytestconfig.rootpath / "tests" / "golden" / "visemes.npz")
    keys = sparse_keys(motion.values, 0.001)
    assert sum(len(key.frames) for key in keys) < 0.3 * motion.values.size
    moved = (rebuilt(keys, len(motion)) - motion.values) @ rig.opening_row
    assert np.abs(moved).max() < 0.003


@pytest.mark.parametrize("tolerance", [-0.001, math.inf, math.nan])
def test_a_tolerance_that_bounds_nothing_is_refused(tolerance):
    with pytest.raises(InputError, match="tolerance"):
        check_tolerance(tolerance)


def test_curves_without_a_frame_are_refused():
    with pytest.raises(InputError, match="without a frame"):
        sparse_keys(np.zeros((0, 3), dtype=np.float32), 0.1)
