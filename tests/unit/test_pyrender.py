from __future__ import annotations

import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest
from dummy_head import dummy_head

from animator.core.head import Head
from animator.core.motion import Motion
from animator.core.stage import Stage
from animator.errors import MissingDependencyError, UnknownNameError
from animator.renderers.pyrender import Pyrender
from animator.renderers.soft import Soft

STAGE = Stage(width=200, height=200)
MOTION = Motion(("jawOpen", "headYaw"), np.array([[0, 0], [1, 0.4]], np.float32), Fraction(25))


@pytest.fixture(scope="module")
def head() -> Head:
    return dummy_head()


@pytest.fixture(scope="module")
def pairs(head: Head) -> list[tuple[np.ndarray, np.ndarray]]:
    """The same frames from `Soft` and from `Pyrender`."""
    try:
        theirs = list(Pyrender().render(MOTION, head, STAGE))
    except MissingDependencyError as error:
        pytest.skip(str(error))
    return list(zip(Soft().render(MOTION, head, STAGE), theirs, strict=True))


def test_both_draw_the_same_outline(pairs: list[tuple[np.ndarray, np.ndarray]]) -> None:
    for ours, theirs in pairs:
        a, b = ours[..., 3] > 127, theirs[..., 3] > 127
        assert (a & b).sum() / (a | b).sum() > 0.97
        assert np.abs(ours[..., 3].astype(int) - theirs[..., 3]).mean() < 2


def test_both_show_skin_in_the_light_alike(pairs: list[tuple[np.ndarray, np.ndarray]]) -> None:
    """Cheek and chest towards the key: within 24 of 255 a channel, though one lets light through skin and one does not."""
    for ours, theirs in pairs:
        for rows, columns in ((slice(85, 100), slice(105, 115)), (slice(176, 184), slice(100, 130))):
            mine, other = (p[rows, columns, :3].mean(axis=(0, 1)) for p in (ours, theirs))
            np.testing.assert_allclose(mine, other, atol=24)


def test_both_look_with_the_same_eyes(pairs: list[tuple[np.ndarray, np.ndarray]]) -> None:
    def irises(picture: np.ndarray) -> np.ndarray:
        red, _, blue, alpha = (picture[..., k].astype(int) for k in range(4))
        return np.argwhere((blue > red + 15) & (alpha == 255)).mean(axis=0)

    for ours, theirs in pairs:
        np.testing.assert_allclose(irises(ours), irises(theirs), atol=1.5)


def test_where_there_is_no_head_there_is_nothing(pairs: list[tuple[np.ndarray, np.ndarray]]) -> None:
    for _, theirs in pairs:
        assert (theirs[0, 0] == 0).all() and (theirs[theirs[..., 3] == 0] == 0).all()


def test_an_unknown_platform_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="egl"):
        Pyrender(platform="glx")


def test_without_the_system_library_the_error_says_what_to_install() -> None:
    """In a process of its own, where no library of the system is found."""
    code = (
        "import ctypes.util; ctypes.util.find_library = lambda name: None\n"
        "from fractions import Fraction; import numpy as np\n"
        "from dummy_head import dummy_head\n"
        "from animator.core.motion import Motion; from animator.core.stage import Stage\n"
        "from animator.renderers.pyrender import Pyrender; from animator.errors import MissingDependencyError\n"
        "try: list(Pyrender().render(Motion(('jawOpen',), np.zeros((1, 1), np.float32), Fraction(25)), dummy_head(), Stage()))\n"
        "except MissingDependencyError as error: print(error)\n"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd="tests")
    assert "install libegl1 libgl1 libxrender1" in out.stdout and "'soft'" in out.stdout
