"""The rig's opening measure, and with it every closure, holds on the mesh that is drawn."""

import numpy as np
import pytest
from said import SENTENCE, feeling, said

from animator.core.spoken import phones, targets
from animator.generators.speech.contacts import closure_spans
from animator.generators.visemes import Visemes
from animator.heads.makehuman import MakeHuman
from animator.io.rig import load_rig

RIG = load_rig("arkit")


@pytest.fixture(scope="module")
def head():
    return MakeHuman().make()


def move(**emotion):
    return Visemes().generate(said(SENTENCE), feeling(**emotion), RIG, np.random.default_rng(0))


def gap(motion, head):
    """How much farther than at rest the inner rims of the lips are apart at the middle, millimetres ``[T]``."""
    upper, lower = head.landmarks["upper_lip"], head.landmarks["lower_lip"]
    parting = head.displacements[:, upper, 1] - head.displacements[:, lower, 1]
    return 1000.0 * motion.values[:, [RIG.columns[name] for name in head.controls]] @ parting


@pytest.mark.parametrize("emotion", [None, *(name for name in RIG.emotions if name != "neutral")])
def test_the_lips_of_the_head_meet_in_every_bilabial(head, emotion):
    motion = move(**({emotion: 1.0} if emotion else {}))
    times = np.arange(len(motion)) / 50
    apart = gap(motion, head)
    for start, end in closure_spans(targets(phones(said(SENTENCE)))):
        assert apart[(times >= start) & (times <= end)].max() <= 0.5


def test_the_opening_measure_is_the_gap_between_the_lips(head):
    motion = move()
    measure, measured = motion.values @ RIG.opening_row, gap(motion, head)
    jaw = RIG.columns["jawOpen"]
    full = gap(type(motion)(motion.names, np.eye(len(RIG.names), dtype=np.float32)[[jaw]], motion.fps), head)[0]
    assert np.corrcoef(measure, measured)[0, 1] > 0.97
    np.testing.assert_allclose(measured, full * measure, atol=3.0)
