"""Takes are lines that differ in what was asked for and nothing else; the grid plays several clips as one."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import animator
from animator.app.compare import HEADS, SAME, feelings, take
from animator.app.desk import Desk
from animator.app.grid import BAND, WIDEST, grid, interleaved
from animator.app.line import Line, choosing, having
from animator.app.studio import Stopped, Studio
from animator.io.probe import probe


def in_turn(colours, width=32, height=20, count=3):
    pictures = [np.full((height, width, 4), (*colour, 255), dtype=np.uint8) for colour in colours]
    return animator.Frames(
        width, height, Fraction(25), count * len(colours), (each for _ in range(count) for each in pictures), True
    )


def test_a_take_differs_in_what_was_asked_for_and_nothing_else():
    line = choosing(having(Line(), seed=4), "generator", "learned", blink=0.5)
    assert take(line, SAME, SAME, SAME, SAME, SAME) == line
    assert take(line, "happy", SAME, SAME, SAME, SAME) == choosing(line, "embedder", "label", feelings="happy")
    assert take(line, SAME, "visemes", "calm", SAME, SAME) == choosing(line, "generator", "visemes"), "it has no style"
    styled = take(line, SAME, "learned", "calm", "7", SAME).recipe
    with pytest.raises(animator.InputError, match="not 'seven'"):
        take(line, SAME, SAME, SAME, "seven", SAME)
    assert (styled.generator.settings, styled.seed) == ({"blink": 0.5, "style": "calm"}, 7)


@pytest.mark.parametrize("name", HEADS)
def test_another_head_takes_the_place_of_a_photo(name):
    line = take(replace(Line(), photo=Path("face.jpg")), SAME, SAME, SAME, SAME, name)
    assert line.photo is None
    line.recipe.part("head")


def test_a_grid_holds_every_picture_in_its_place_under_its_name():
    colours = [(250, 0, 0), (0, 250, 0), (0, 0, 250)]
    whole = grid(in_turn(colours), "abc", columns=2)
    assert (whole.width, whole.height, whole.count, whole.fps) == (64, 2 * (20 + BAND), 3, 25)
    pictures = list(whole)
    for picture in pictures:
        for k, colour in enumerate(colours):
            top, left = (20 + BAND) * (k // 2), 32 * (k % 2)
            assert (picture[top + BAND : top + BAND + 20, left : left + 32, :3] == colour).all()
            assert len(np.unique(picture[top : top + BAND, left : left + 32, :3])) > 3, "a name"
        assert (picture[-20:, 32:, :3] == picture[-1, -1, :3]).all()


def test_wide_pictures_are_reduced():
    whole = grid(in_turn([(9, 9, 9)], width=WIDEST * 2, height=100, count=1), ["one"], columns=1)
    assert (whole.width, whole.height) == (WIDEST, 50 + BAND)
    list(whole)


def test_rows_of_several_tracks_come_in_turn():
    assert interleaved([np.array([[1], [2]]), np.array([[3], [4]])]).tolist() == [[1], [3], [2], [4]]


def test_a_line_in_eight_feelings_is_one_clip_and_can_be_stopped(tmp_path, assets, monkeypatch):
    monkeypatch.setattr("animator.app.compare.SMALL", 16)
    studio = Studio(Desk(tmp_path))
    sound = tmp_path / "short.wav"
    animator.write_wav(replace(animator.read_audio(assets / "sample_sad.wav"), samples=np.zeros(8000, dtype=np.float32)), sound)
    plain = {"ambient_sides": 0, "shadow_size": 16}  # quickly drawn
    line = choosing(choosing(Line(sound), "generator", "visemes"), "renderer", "soft", **plain)

    def stop(share, what):
        if what.startswith("drawing 2"):
            studio.cancel("grid")

    with pytest.raises(Stopped):
        feelings(studio, line, 0.8, stop)
    path = feelings(studio, line, 0.8, lambda share, what: None)
    assert probe(path).only("video").size == (16 * 4, 2 * (16 + BAND))
    assert feelings(studio, line, 0.8, lambda share, what: None) == path
