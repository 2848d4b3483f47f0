"""``animator render --photo``: the person in a picture says it, at the picture's size; wrong wishes are told in a sentence."""

import json
from fractions import Fraction

import numpy as np
import pytest
import soundfile
from command_line import here, process
from PIL import Image

from animator import compositor, registry
from animator.core.motion import Motion
from animator.core.provenance import COMPOSITE
from animator.core.stage import Stage
from animator.io.probe import probe, read_frames
from animator.io.rig import load_rig
from animator.io.track import write_motion
from animator.recipe import Recipe, recipe_from_toml, recipe_to_toml

RIG = load_rig("arkit")
SIZE = 257


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """``face.png``; ``two.png``, that face twice; ``open.npz``, a mouth that opens; ``silence.wav`` as long; ``other.npz``."""
    pytest.importorskip("mediapipe")
    at = tmp_path_factory.mktemp("photos")
    head = registry.find("heads", "makehuman")().make()
    still = Motion(RIG.names, RIG.rest[None], Fraction(1))
    frames = registry.find("renderers", "soft")().render(still, head, Stage(SIZE, SIZE))
    face = next(iter(compositor.composite(frames, compositor.backdrop("#808890", SIZE, SIZE))))[..., :3]
    Image.fromarray(face).save(at / "face.png")
    Image.fromarray(np.concatenate([face, face], axis=1)).save(at / "two.png")
    rows = np.stack([RIG.row({"jawOpen": weight}) for weight in np.linspace(0, 0.8, 20)])
    write_motion(Motion(RIG.names, rows, Fraction(50)), at / "open.npz", recipe_to_toml(Recipe()))
    soundfile.write(at / "silence.wav", np.zeros(6400, dtype=np.float32), 16000)
    vrm = load_rig("vrm")
    write_motion(Motion(vrm.names, vrm.rest[None], Fraction(50)), at / "other.npz", recipe_to_toml(Recipe(rig="vrm")))
    done = process(at, "fit", "face.png", "-o", "face.portrait")
    assert done.returncode == 0, done.stderr
    return at


def test_the_person_in_a_photo_opens_the_mouth_and_nothing_else_moves(folder, read_with):
    options = ("--audio", "silence.wav", "--fps", "10", "--set", "reenactor.steps=2")
    done = process(folder, "render", "open.npz", "--photo", "face.png", "-o", "clip.mp4", "--json", *options)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {"stage": "done", "output": "clip.mp4", "frames": 4, "seconds": 0.4}
    assert "so of 257x257 pixels 256x256 are kept" in done.stderr
    found = probe(folder / "clip.mp4")
    assert found.only("video").size == (256, 256)
    assert abs(found.only("video").seconds - found.only("audio").seconds) <= Fraction(1, 10)
    assert recipe_from_toml(found.comment).reenactor.settings == {"steps": 2}
    pictures = np.stack([picture[..., :3].astype(int) for picture in read_frames(folder / "clip.mp4")])
    moved = np.abs(pictures[-1] - pictures[0]).max(axis=-1)
    assert moved[130:220, 80:180].max() > 60, "the mouth opens"
    assert moved[:20].max() <= 8, "what is far from it stays, but for what the codec does"
    (told,) = read_with("exiftool", folder / "clip.mp4")
    assert told["XMP-iptcExt:DigitalSourceType"] == COMPOSITE

    again = process(folder, "render", "open.npz", "--photo", "face.portrait", "-o", "again.mp4", *options)
    assert again.returncode == 0, again.stderr
    assert (folder / "again.mp4").read_bytes() == (folder / "clip.mp4").read_bytes(), "a fit that was kept is the same fit"


def test_speech_with_a_feeling_moves_one_of_two_and_keeps_the_size_where_the_format_does(folder):
    done = here(
        folder, "render", "silence.wav", "--photo", "two.png", "--face", "2", "--emotion", "happy", "--fps", "10",
        "--reenactor", "warp", "--set", "reenactor.size=128", "-o", "clip",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    pictures = [np.asarray(Image.open(path)).astype(int) for path in sorted((folder / "clip").glob("*.png"))]
    assert [picture.shape for picture in pictures] == [(SIZE, 2 * SIZE, 3)] * 4
    photo = np.asarray(Image.open(folder / "two.png")).astype(int)
    changed = np.abs(pictures[-1] - photo).max(axis=-1)
    assert changed[:, :180].max() <= 1, "the first one stays as photographed"
    assert changed[:, SIZE:].max() > 40
    assert recipe_from_toml((folder / "clip" / "recipe.toml").read_text()).embedder.settings == {"feelings": "happy"}


@pytest.mark.parametrize(
    ("run", "arguments", "sentence"),
    [
        (here, ("open.npz", "--photo", "face.portrait", "--size", "64x64"), "so --size has nothing to change"),
        (here, ("open.npz", "--photo", "face.portrait", "--camera", "portrait"), "so --camera has nothing to change"),
        (here, ("open.npz", "--photo", "face.portrait", "--background", "red"), "so --background has nothing to change"),
        (here, ("open.npz", "--photo", "face.portrait", "--head", "ana.toml"), "so --head has nothing to change"),
        (here, ("open.npz", "--photo", "face.portrait", "--set", "head.age=3"), "so --set has nothing to change"),
        (here, ("open.npz", "--photo", "face.portrait", "--face", "1"), "'face.portrait' holds one face"),
        (here, ("open.npz", "--photo", "face.portrait", "--reenactor", "wrap"), "did you mean 'warp'"),
        (process, ("open.npz", "--photo", "two.png"), "2 faces are seen in 'two.png' (1 at ("),
        (here, ("open.npz", "--photo", "absent.jpg"), "cannot be read: No such file"),
        (here, ("open.npz", "--photo", "silence.wav"), "is not a picture that can be read"),
        (here, ("other.npz", "--photo", "face.portrait"), "this motion is in rig 'vrm'"),
        (here, ("open.npz", "--face", "1"), "--face goes with --photo or --video, and neither is given"),
        (here, ("open.npz", "--reenactor", "warp"), "--reenactor goes with --photo or --video, and neither is given"),
        (here, ("open.npz", "--sign", "key.pem"), "give both or neither"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_sentence(folder, run, arguments, sentence):
    done = run(folder, "render", *arguments, "-o", "none.mp4")
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert sentence in done.stderr
    assert not (folder / "none.mp4").exists()
