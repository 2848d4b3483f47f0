"""``animator fit``: a drawn face is fitted, and its fit is a head that can be made again; wrong pictures are told."""

import json
from fractions import Fraction

import numpy as np
import pytest
from command_line import here, process
from PIL import Image

from animator import compositor, registry
from animator.core.motion import Motion
from animator.core.stage import Stage
from animator.geometry.view import turn
from animator.io.portrait import read_portrait
from animator.io.rig import load_rig

RIG = load_rig("arkit")
SIZE = 360
YAW = 0.3


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """``face.png``, turned to its left with the jaw open; ``two.png``, that face twice; ``wall.png``, nobody."""
    pytest.importorskip("mediapipe")
    at = tmp_path_factory.mktemp("photos")
    row = RIG.row({"headYaw": YAW, "jawOpen": 0.5, "mouthSmileLeft": 0.4, "mouthSmileRight": 0.4})
    head = registry.find("heads", "makehuman")().make()
    frames = registry.find("renderers", "soft")().render(Motion(RIG.names, row[None], Fraction(1)), head, Stage(SIZE, SIZE))
    face = next(iter(compositor.composite(frames, compositor.backdrop("#808890", SIZE, SIZE))))[..., :3]
    Image.fromarray(face).save(at / "face.png")
    Image.fromarray(np.concatenate([face, face], axis=1)).save(at / "two.png")
    Image.fromarray(np.full((SIZE, SIZE, 3), 128, np.uint8)).save(at / "wall.png")
    Image.fromarray(face).resize((80, 80)).save(at / "tiny.png")
    (at / "broken.jpg").write_bytes((at / "face.png").read_bytes()[:2000])
    return at


def test_a_face_is_fitted_with_its_turn_and_its_expression(folder):
    done = process(folder, "fit", "face.png", "-o", "face.portrait", "--preview", "fit.png", "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout.splitlines()[-1])
    portrait = read_portrait(folder / "face.portrait")
    assert result["stage"] == "done"
    assert result["error_share"] == pytest.approx(portrait.share)
    assert portrait.share < 0.02
    np.testing.assert_array_equal(portrait.image, np.asarray(Image.open(folder / "face.png")))
    assert np.asarray(Image.open(folder / "fit.png")).shape == (SIZE, SIZE, 3)
    assert np.degrees(turn(portrait.view)[0]) == pytest.approx(np.degrees(YAW), abs=6)
    assert dict(zip(portrait.names, portrait.row, strict=True))["jawOpen"] > 0.3
    made = registry.find("heads", "makehuman")(**portrait.head)
    assert np.isfinite(made.rest()).all()


def test_one_of_several_is_chosen(folder):
    done = here(folder, "fit", "two.png", "-o", "right.portrait", "--face", "2")
    assert done.returncode == 0, done.stderr
    assert "of the distance between the eyes' outer corners" in done.stdout
    assert read_portrait(folder / "right.portrait").landmarks[:, 0].min() > SIZE


@pytest.mark.parametrize(
    ("run", "arguments", "sentence"),
    [
        (process, ("two.png",), "2 faces are seen in 'two.png' (1 at ("),
        (here, ("two.png", "--face", "3"), "there is no face 3 in 'two.png'"),
        (here, ("wall.png",), "no face is seen in 'wall.png' (360x360 pixels)"),
        (here, ("tiny.png",), "pixels"),
        (here, ("broken.jpg",), "is broken"),
        (here, ("absent.jpg",), "cannot be read: No such file"),
        (here, ("face.png", "--preview", "fit.txt"), "end it in .png, .jpg or .webp"),
    ],
)
def test_what_cannot_be_fitted_is_told_in_one_sentence(folder, run, arguments, sentence):
    done = run(folder, "fit", *arguments, "-o", "none.portrait")
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert sentence in done.stderr
    assert not (folder / "none.portrait").exists()
