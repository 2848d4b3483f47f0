"""The light that a photo's face stands in, by which teeth are coloured."""

import numpy as np
import pytest

from animator.core.colour import srgb
from animator.core.sitter import EYE, SKIN, UNUSED
from animator.reenactors.moved.inside import LIGHT_TINT, SKIN_TINT, WHITE_TINT, brightness


def photo(skin=SKIN_TINT, white=WHITE_TINT, light=(1.0, 1.0, 1.0)):
    """A face of one colour, two eyes with dark irises, and a green wall, in some light."""
    kind = np.full((64, 64), UNUSED, dtype=np.int8)
    kind[8:56, 16:48] = SKIN
    kind[24:28, 20:30] = kind[24:28, 34:44] = EYE
    seen = np.tile([0.1, 0.5, 0.1], (64, 64, 1))
    seen[kind == SKIN] = 0.3 * np.asarray(skin)
    seen[kind == EYE] = 0.5 * np.asarray(white)
    seen[24:28, 23:27] = seen[24:28, 37:41] = 0.02
    return (srgb((seen * light).clip(0, 1)) * 255).round().astype(np.uint8), kind


def tint(*picture):
    found = brightness(*picture)
    return found / found.mean()


def test_a_usual_face_stands_in_usual_light():
    np.testing.assert_allclose(tint(*photo()), LIGHT_TINT / LIGHT_TINT.mean(), atol=0.02)


@pytest.mark.parametrize("skin", [(1.75, 0.8, 0.45), (1.2, 0.95, 0.85)])
def test_the_colour_of_skin_alone_does_not_tint_teeth(skin):
    np.testing.assert_allclose(tint(*photo(skin=skin)), LIGHT_TINT / LIGHT_TINT.mean(), atol=0.03)


@pytest.mark.parametrize("light", [(1.1, 1.0, 0.4), (0.7, 0.9, 1.2)])
def test_what_skin_and_eyes_both_say_is_the_colour_of_the_light(light):
    plain = LIGHT_TINT * light
    np.testing.assert_allclose(tint(*photo(light=light)), plain / plain.mean(), rtol=0.12)


def test_twice_the_light_is_twice_as_bright():
    dim, bright = (brightness(*photo(light=(level,) * 3)).mean() for level in (0.5, 1.0))
    assert bright / dim == pytest.approx(2, rel=0.03)


def test_a_picture_without_a_face_is_lit_plainly_and_a_black_one_not_at_all():
    picture, kind = photo()
    np.testing.assert_array_equal(brightness(picture, np.full_like(kind, UNUSED)), np.ones(3))
    assert (brightness(np.zeros_like(picture), kind) == 0).all()
