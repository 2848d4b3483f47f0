"""Curves as they were when somebody last looked at them. After a wanted change: ``sh run test tests/golden --update-golden``."""

from pathlib import Path

import numpy as np
import pytest
from said import feeling, said

from animator.core.motion import Motion
from animator.generators.learned import Learned
from animator.generators.visemes import Visemes
from animator.io.rig import load_rig
from animator.io.track import read_motion, write_motion

TOLERANCE = 0.01


@pytest.mark.parametrize("generator", [Visemes(), Learned()], ids=["visemes", "learned"])
def test_the_curves_of_a_line_are_the_golden_ones(request, generator):
    """Silence, 'have my tomb', silence, with a feeling: contacts, rounding, life and expression in three seconds."""
    rig = load_rig("arkit")
    features = said("SIL:400 HH:60 AE:120 V:80 M:90 AY:180 T:60 UW:140 M:110 SIL:900")
    emotion = feeling(seconds=features.seconds, happy=0.6, surprised=0.3)
    golden_file = Path(__file__).with_name(f"{type(generator).__name__.lower()}.npz")
    motion = generator.generate(features, emotion, rig, np.random.default_rng(11))
    if request.config.getoption("--update-golden"):
        write_motion(motion, golden_file)
    golden, _ = read_motion(golden_file)
    assert golden.names == motion.names
    assert golden.values.shape == motion.values.shape
    worst = np.abs(golden.values - motion.values).max(axis=0)
    moved = {name: float(w) for name, w in zip(motion.names, worst, strict=True) if w > TOLERANCE}
    assert not moved, "look at these curves, then update the golden ones"
    assert isinstance(golden, Motion)
