"""A diffusion over a moved photo: it changes the head alone, heeds its settings, and says the same again."""

from fractions import Fraction

import numpy as np
import pytest
import torch

from animator import compositor, registry
from animator.core.emotion import Emotion
from animator.core.motion import Motion
from animator.core.stage import Stage
from animator.embedders.space import load_space
from animator.errors import FormatError, MissingWeightsError
from animator.heads.fitting.find import find_face
from animator.heads.fitting.fit import fit
from animator.heads.fitting.sitter import sit
from animator.io.landmarks import Tracker
from animator.io.rig import load_rig
from animator.io.weights import write_weights
from animator.reenactors.diffusion import SIZE, Diffusion
from animator.reenactors.moved.mover import Mover
from animator.reenactors.refine.net import Refiner
from animator.reenactors.refine.weights import refiner
from animator.reenactors.warp import Warp

RIG = load_rig("arkit")
OPEN = {"jawOpen": 0.4, "mouthUpperUpLeft": 0.3, "mouthUpperUpRight": 0.3}
SHUT = {"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0}
SPOKEN = Motion(
    RIG.names, np.stack([RIG.row({name: k / 4 * full for name, full in OPEN.items()}) for k in range(5)]), Fraction(25)
)
HAPPY = Emotion(("happy",), np.full((10, 1), 0.8, np.float32), Fraction(50))


def drawn(*rows):
    """One person in these poses, ``uint8 [T H W 3]``."""
    head = registry.find("heads", "makehuman")(gender=0.3, age=30.0).make()
    frames = registry.find("renderers", "soft")().render(
        Motion(RIG.names, np.stack([RIG.row(row) for row in rows]), Fraction(25)), head, Stage(320, 320)
    )
    pictures = compositor.composite(frames, np.full((320, 320, 3), 120, np.uint8))
    return np.ascontiguousarray(np.stack(list(pictures))[..., :3])


@pytest.fixture(scope="module")
def sitter():
    pytest.importorskip("mediapipe")
    (photo,) = drawn({})
    with Tracker(RIG) as tracker:
        return sit(fit(photo, find_face(tracker.read_all, photo, None, "photo"), RIG, "photo"))


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """Of a small net that has learned nothing yet, with what begins at zero drawn at random."""
    space = load_space()
    torch.manual_seed(0)
    net = Refiner(torch.from_numpy(space.anchors), torch.from_numpy(space.bank), (16, 16, 32), 16)
    for parameter in (net.pixels.weight, net.feel_coarse.ask.to_out[0].weight, net.feel_middle.ask.to_out[0].weight):
        torch.nn.init.normal_(parameter, std=0.05)
    path = tmp_path_factory.mktemp("weights") / "portrait.safetensors"
    tensors = {name: tensor.numpy() for name, tensor in net.state_dict().items()}
    write_weights(path, tensors, [], {"widths": [16, 16, 32], "words": 16, "feelings": space.feelings}, {})
    return str(path)


@pytest.fixture(scope="module")
def made(sitter, weights):
    def reenact(emotion=HAPPY, **settings):
        return np.stack(list(Diffusion(weights=weights, **settings).reenact(SPOKEN, sitter, RIG, emotion)))

    return reenact


def test_a_refined_clip_is_the_moved_one_but_for_the_head(sitter, made):
    plain = np.stack(list(Warp(size=SIZE).reenact(SPOKEN, sitter, RIG, HAPPY)))
    refined = made()
    assert refined.shape == plain.shape
    assert (refined[..., 3] == 255).all()
    changed = np.abs(refined.astype(int) - plain)[..., :3].max(axis=3)
    face = Mover(sitter, SIZE).face
    left, top, side = (int(part) for part in (face.left, face.top, face.side))
    assert not changed[:, :, : max(left, 0)].any()
    assert not changed[:, :, left + side + 1 :].any()
    assert changed[:, top + side // 2, left + side // 2].any()


def test_frames_do_not_depend_on_how_many_are_made_at_once(made):
    one, many = made(batch=1, threads=1), made(batch=8)
    assert np.abs(one.astype(int) - many).max() <= 2
    np.testing.assert_array_equal(many, made(batch=8))


def test_a_part_of_a_clip_is_refined_as_in_the_whole_to_the_bit(sitter, weights, made):
    whole, mover = made(), Diffusion(weights=weights)
    for first, last in ((0, 1), (1, 3), (2, 5)):
        part = Motion(RIG.names, SPOKEN.values[first:last], SPOKEN.fps)
        felt = Emotion(HAPPY.names, HAPPY.values[: last - first], SPOKEN.fps)
        np.testing.assert_array_equal(np.stack(list(mover.reenact(part, sitter, RIG, felt))), whole[first:last])


def test_steps_guidance_and_feeling_are_heard(made):
    plain = made()
    for other in (
        made(steps=2),
        made(guidance_lips=0.0),
        made(guidance_emotion=3.0),
        made(emotion=None),
    ):
        assert (plain != other).any()


@pytest.mark.parametrize(("pose", "share"), [(OPEN, 0.97), (SHUT, 0.85)], ids=["open mouth", "shut eyes"])
def test_the_shipped_net_comes_nearer_to_the_true_picture_than_the_moved_photo_does(sitter, pose, share):
    (true,) = drawn(pose).astype(float)
    motion = Motion(RIG.names, RIG.row(pose)[None], Fraction(25))
    moved, refined = (next(iter(mover.reenact(motion, sitter, RIG, None)))[..., :3] for mover in (Warp(size=SIZE), Diffusion()))
    assert ((refined - true) ** 2).mean() < share * ((moved - true) ** 2).mean()


def test_weights_that_are_not_there_or_another_parts_are_told(tmp_path):
    with pytest.raises(MissingWeightsError, match="'animator train portrait' makes them"):
        refiner("cpu", str(tmp_path / "none.safetensors"))
    write_weights(tmp_path / "other.safetensors", {}, [], {}, {})
    with pytest.raises(FormatError, match="holds the weights of another part"):
        refiner("cpu", str(tmp_path / "other.safetensors"))
