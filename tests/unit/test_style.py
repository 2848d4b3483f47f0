"""Styles by name, by amount and by example."""

from fractions import Fraction

import numpy as np
import pytest

from animator.core.motion import Motion
from animator.errors import InputError, UnknownNameError
from animator.generators.acting.prior import columns
from animator.generators.acting.style import PARAMETERS, STYLES, Reader, style_of, style_row, traits
from animator.io.rig import load_rig
from animator.io.track import write_motion

RIG = load_rig("arkit")
N = 4 * len(columns(RIG))
FLAT = Reader(np.zeros((N, len(PARAMETERS)), np.float32), np.linspace(-3, 3, len(PARAMETERS), dtype=np.float32))


def moving(seconds, fps=50, gain=1.0):
    values = np.tile(RIG.rest, (int(seconds * fps), 1))
    values[:, RIG.column("jawOpen")] = gain * (0.3 + 0.2 * np.sin(np.arange(len(values)) / fps * 12))
    return Motion(RIG.names, values, Fraction(fps))


def test_there_are_four_named_styles_each_of_which_differs_from_the_usual_and_from_the_others():
    rows = [style_row(name, 1.0, RIG, FLAT) for name in STYLES]
    assert set(STYLES) == {"calm", "broadcast", "animated", "mumbled"}
    assert not style_row("usual", 1.0, RIG, FLAT).any()
    for i, row in enumerate(rows):
        assert np.linalg.norm(row) > 1.0
        assert all(np.linalg.norm(row - other) > 1.0 for other in rows[:i])


@pytest.mark.parametrize("name", STYLES)
def test_a_style_scales(name):
    np.testing.assert_allclose(style_row(name, 0.5, RIG, FLAT), 0.5 * style_row(name, 1.0, RIG, FLAT))
    assert not style_row(name, 0.0, RIG, FLAT).any()


def test_a_style_that_nobody_has_is_told_with_the_nearest():
    with pytest.raises(UnknownNameError, match="did you mean 'calm'"):
        style_row("clam", 1.0, RIG, FLAT)


def test_a_style_is_read_from_a_motion_file_at_any_rate_and_kept_within_two(tmp_path):
    write_motion(moving(4.0), tmp_path / "speaker.motion.npz")
    row = style_row(str(tmp_path / "speaker.motion.npz"), 1.0, RIG, FLAT)
    np.testing.assert_allclose(row, np.clip(FLAT.bias, -2, 2))
    np.testing.assert_allclose(traits(moving(4.0).values), traits(moving(8.0).values), atol=0.05)


def test_too_little_speech_shows_no_style():
    with pytest.raises(InputError, match=r"2 s of speech or more, not in 1\.0"):
        style_of(moving(1.0), RIG, FLAT)


def test_who_opens_wider_has_larger_traits():
    narrow, wide = (traits(moving(4.0, gain=gain).values[:, columns(RIG)]) for gain in (0.5, 1.0))
    jaw = columns(RIG).tolist().index(RIG.column("jawOpen"))
    assert (wide[jaw :: len(columns(RIG))] > narrow[jaw :: len(columns(RIG))]).all()
