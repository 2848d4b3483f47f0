from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from dummy_head import dummy_head

from animator.core.motion import Motion
from animator.core.stage import CAMERAS, Stage
from animator.renderers.soft import Soft

Golden = Callable[[str, np.ndarray], None]
NAMES = ("jawOpen", "headYaw", "headPitch", "leftEyeYaw", "rightEyeYaw")


@pytest.mark.parametrize(
    ("name", "camera", "row"),
    [
        ("soft_rest", "portrait", (0, 0, 0, 0, 0)),
        ("soft_turned", "three-quarter", (0.5, 0.3, 0.2, 0.4, 0.4)),
        ("soft_profile", "profile", (1, 0, -0.2, 0, 0)),
    ],
)
def test_a_head_of_balls_looks_as_it_did(golden: Golden, name: str, camera: str, row: tuple[float, ...]) -> None:
    motion = Motion(NAMES, np.array([row], np.float32), Fraction(25))
    (picture,) = Soft().render(motion, dummy_head(), Stage(width=160, height=160, camera=CAMERAS[camera]))
    golden(name, picture)
