from fractions import Fraction

import numpy as np
import pytest
from PIL import Image

from animator.compositor import backdrop, composite, studio
from animator.core.frames import Frames
from animator.errors import FormatError, InputError, UnknownNameError


def clip(*pictures):
    height, width = pictures[0].shape[:2]
    return Frames(width=width, height=height, fps=Fraction(30), count=len(pictures), pictures=pictures)


def flat(height, width, *colour):
    return np.full((height, width, len(colour)), colour, dtype=np.uint8)


def over_slowly(picture, behind):
    """Porter and Duff's "over" in linear light, in double precision."""
    levels = np.arange(256) / 255
    light = np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)
    share = picture[..., 3:] / 255
    mixed = share * light[picture[..., :3]] + (1 - share) * light[behind]
    encoded = np.where(mixed <= 0.0031308, mixed * 12.92, 1.055 * np.maximum(mixed, 1e-12) ** (1 / 2.4) - 0.055)
    return encoded * 255


def test_every_mixture_is_that_of_linear_light_to_half_a_step():
    rng = np.random.default_rng(0)
    picture = rng.integers(0, 256, (200, 200, 4), dtype=np.uint8)
    behind = rng.integers(0, 256, (200, 200, 3), dtype=np.uint8)
    (laid,) = composite(clip(picture), behind)
    assert (laid[..., 3] == 255).all()
    assert np.abs(laid[..., :3] - over_slowly(picture, behind)).max() < 0.75  # half a step, and the table's own


def test_where_nothing_is_drawn_the_backdrop_stands_and_where_all_is_the_picture_does():
    picture = np.random.default_rng(1).integers(0, 256, (16, 32, 4), dtype=np.uint8)
    picture[:, :16, 3], picture[:, 16:, 3] = 0, 255
    behind = studio(32, 16)
    (laid,) = composite(clip(picture), behind)
    np.testing.assert_array_equal(laid[:, :16, :3], behind[:, :16])
    np.testing.assert_array_equal(laid[:, 16:, :3], picture[:, 16:, :3])


def test_a_colour_over_itself_is_itself_at_every_coverage():
    picture = np.empty((256, 256, 4), dtype=np.uint8)
    picture[..., :3] = np.arange(256, dtype=np.uint8)[:, None, None]
    picture[..., 3] = np.arange(256, dtype=np.uint8)
    (laid,) = composite(clip(picture), picture[..., :3])
    np.testing.assert_array_equal(laid[..., :3], picture[..., :3])


def test_half_coverage_of_white_over_black_is_half_the_light_and_not_half_the_level():
    (laid,) = composite(clip(flat(2, 2, 255, 255, 255, 128)), flat(2, 2, 0, 0, 0))
    assert laid[0, 0, 0] == 188


def test_composited_frames_say_that_they_are_opaque_and_others_pass_untouched():
    frames = clip(flat(4, 4, 1, 2, 3, 4))
    assert composite(frames, flat(4, 4, 0, 0, 0)).opaque
    assert composite(frames, None) is frames


def test_pictures_are_composited_only_as_they_are_asked_for():
    asked = []

    def pictures():
        for i in range(3):
            asked.append(i)
            yield flat(4, 4, 0, 0, 0, 0)

    frames = Frames(width=4, height=4, fps=Fraction(30), count=3, pictures=pictures())
    stream = iter(composite(frames, flat(4, 4, 9, 9, 9)))
    assert asked == []
    next(stream)
    assert asked == [0]


def test_a_backdrop_of_another_size_is_refused():
    with pytest.raises(InputError, match="4x4"):
        composite(clip(flat(4, 4, 0, 0, 0, 0)), flat(4, 5, 0, 0, 0))


@pytest.mark.parametrize(
    ("text", "colour"), [("#202830", (0x20, 0x28, 0x30)), ("white", (255,) * 3), ("hsl(0,100%,50%)", (255, 0, 0))]
)
def test_a_colour_fills_the_frame(text, colour):
    np.testing.assert_array_equal(backdrop(text, 3, 2), flat(2, 3, *colour))


def test_transparent_is_no_backdrop():
    assert backdrop("transparent", 8, 8) is None


def test_the_studio_is_brightest_behind_the_head_has_no_bands_and_is_always_the_same():
    wall = backdrop("studio", 256, 256).astype(int)
    np.testing.assert_array_equal(wall, studio(256, 256))
    light = wall.mean(axis=2)
    assert light[90:130, 108:148].mean() > 1.5 * light[[0, 0, -1, -1], [0, -1, 0, -1]].mean()
    longest = max(len(run) for row in wall[..., 0] for run in np.split(row, np.flatnonzero(np.diff(row)) + 1))
    assert longest < 64, "a level that holds for so long shows as a band"


def test_a_picture_covers_the_frame_and_is_cut_evenly_on_both_sides(tmp_path):
    pixels = np.zeros((40, 120, 3), dtype=np.uint8)
    pixels[:, :40], pixels[:, 40:80], pixels[:, 80:] = (255, 0, 0), (0, 255, 0), (0, 0, 255)
    Image.fromarray(pixels).save(tmp_path / "wall.png")
    behind = backdrop(str(tmp_path / "wall.png"), 80, 80)
    np.testing.assert_array_equal(behind[5:-5, 5:-5], flat(70, 70, 0, 255, 0))


def test_a_see_through_background_is_refused_whether_colour_or_picture(tmp_path):
    Image.fromarray(flat(4, 4, 9, 9, 9, 200)).save(tmp_path / "glass.png")
    for glass in ("#20283080", str(tmp_path / "glass.png")):
        with pytest.raises(InputError, match="see-through"):
            backdrop(glass, 8, 8)


def test_a_mistyped_colour_is_told_with_the_nearest():
    with pytest.raises(UnknownNameError, match="did you mean 'crimson'"):
        backdrop("crimsn", 8, 8)


def test_a_background_that_is_no_picture_is_told(tmp_path):
    with pytest.raises(InputError, match=r"no\.png.*No such file"):
        backdrop(str(tmp_path / "no.png"), 8, 8)
    (tmp_path / "text.png").write_text("not a picture")
    with pytest.raises(FormatError, match=r"text\.png"):
        backdrop(str(tmp_path / "text.png"), 8, 8)
    with pytest.raises(InputError, match="directory"):
        backdrop(str(tmp_path) + "/", 8, 8)


def test_a_picture_cut_short_is_told(tmp_path):
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)).save(tmp_path / "whole.png")
    (tmp_path / "half.png").write_bytes((tmp_path / "whole.png").read_bytes()[:5000])
    with pytest.raises(FormatError, match=r"half\.png"):
        backdrop(str(tmp_path / "half.png"), 8, 8)


def test_a_picture_with_sixteen_bits_is_refused_rather_than_clipped(tmp_path):
    Image.fromarray(np.full((4, 4), 40000, dtype=np.uint16)).save(tmp_path / "deep.png")
    with pytest.raises(FormatError, match="8 bits"):
        backdrop(str(tmp_path / "deep.png"), 8, 8)


def test_a_photo_taken_sideways_is_turned_upright(tmp_path):
    pixels = np.zeros((20, 40, 3), dtype=np.uint8)
    pixels[:, :20] = 255
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held a quarter turn to the left
    Image.fromarray(pixels).save(tmp_path / "photo.png", exif=exif)
    behind = backdrop(str(tmp_path / "photo.png"), 20, 40)
    assert (behind[:15] == 255).all()
    assert (behind[-15:] == 0).all()
