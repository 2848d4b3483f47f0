"""Laws of maps between rigs, for any performance."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from animator.core.motion import Motion
from animator.core.rig_map import retarget
from animator.io.rig import BETWEEN, load_rig, shipped
from animator.io.rig_map import load_maps

ARKIT = load_rig("arkit")
FROM_ARKIT = sorted(name.split(BETWEEN)[1] for name in shipped() if name.startswith(f"arkit{BETWEEN}"))
strength = st.floats(0.0, 1.0, width=32)

pytestmark = pytest.mark.filterwarnings("ignore::animator.errors.LossWarning")


def carried(rows, target):
    (found,) = load_maps("arkit", target)
    return retarget(Motion(ARKIT.names, np.asarray(rows, dtype=np.float32), Fraction(50)), found).values


@settings(max_examples=25, deadline=None)
@given(target=st.sampled_from(FROM_ARKIT), pose=st.sampled_from(sorted(ARKIT.visemes)), less=strength, more=strength)
def test_a_stronger_viseme_never_moves_anything_less(target, pose, less, more):
    less, more = sorted((less, more))
    row = ARKIT.row(ARKIT.visemes[pose]) - ARKIT.rest
    rest = load_rig(target).rest
    weak, strong = np.abs(carried([ARKIT.rest + less * row, ARKIT.rest + more * row], target) - rest)
    assert (strong >= weak - 1e-5).all()


@settings(max_examples=25, deadline=None)
@given(target=st.sampled_from(FROM_ARKIT), seed=st.integers(0, 2**32 - 1))
def test_frames_are_carried_alone_as_they_are_together(target, seed):
    rng = np.random.default_rng(seed)
    rows = ARKIT.rest + rng.uniform(0, 1, (4, 1)) * rng.uniform(0, 1, (4, len(ARKIT.names))) * (ARKIT.high - ARKIT.rest)
    alone = np.concatenate([carried(row[None], target) for row in rows])
    assert np.abs(carried(rows, target) - alone).max() < 1e-5


@settings(max_examples=25, deadline=None)
@given(target=st.sampled_from(FROM_ARKIT), seed=st.integers(0, 2**32 - 1))
def test_a_little_change_is_carried_to_a_little_change(target, seed):
    rng = np.random.default_rng(seed)
    row = ARKIT.rest + 0.5 * rng.uniform(0, 1, len(ARKIT.names)) * (ARKIT.high - ARKIT.rest)
    near = row + 1e-4 * rng.uniform(-1, 1, len(row))
    one, other = carried([row, near], target)
    assert np.abs(one - other).max() < 0.02
