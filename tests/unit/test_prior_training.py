"""A tiny prior learns: it beats the face that never moves, resumes where it was, and says what it is."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from motion_clips import acted

from animator.errors import InputError
from animator.generators.acting.prior import FRAMES, columns, prior_of
from animator.io.rig import load_rig
from animator.io.weights import load_weights
from animator.training.motion.prior import TINY, train_prior

RIG = load_rig("arkit")


@pytest.fixture(scope="module")
def packs():
    return [acted(RIG, 36)]


@pytest.fixture(scope="module")
def trained(packs, tmp_path_factory):
    path = tmp_path_factory.mktemp("prior") / "prior.safetensors"
    return train_prior(packs, path, TINY), path


def test_what_was_held_out_comes_back_far_nearer_than_the_mean_face(trained):
    scores, _ = trained
    mine, still = scores["trained"]["teacher"], scores["mean face"]["teacher"]
    assert mine["error"] < 0.02
    assert mine["error"] < 0.3 * still["error"]
    assert mine["closures kept"] > 0.8


def test_weights_make_the_same_network_again(trained, packs):
    scores, path = trained
    tensors, header = load_weights(path)
    assert [corpus["name"] for corpus in header["corpora"]] == ["samples"]
    assert header["scores"] == scores
    net = prior_of(tensors, header)
    curves = torch.from_numpy(packs[0].motion[: 20 * FRAMES, columns(RIG)].astype(np.float32))[None]
    again = net.decode(net.encode(curves).mean)
    assert (again - curves).abs().mean() < 0.02
    assert not any(parameter.requires_grad for parameter in net.parameters())


def test_its_latents_have_one_scale(trained, packs):
    net = prior_of(*load_weights(trained[1]))
    motion = torch.from_numpy(packs[0].motion[:, columns(RIG)].astype(np.float32))[None]
    deviation = net.encode(motion).mean[0].std(dim=0)
    assert deviation.max() < 1.3
    assert (deviation > 0.7).sum() >= 4


def test_a_stopped_training_goes_on_to_the_same_weights(packs, tmp_path):
    short = replace(TINY, steps=6)
    train_prior(packs, tmp_path / "whole.safetensors", short, tmp_path / "a")
    told = []
    train_prior(packs, tmp_path / "again.safetensors", short, tmp_path / "a", told.append)
    assert told == ["going on from step 6"]
    for (name, one), other in zip(
        load_weights(tmp_path / "whole.safetensors")[0].items(),
        load_weights(tmp_path / "again.safetensors")[0].values(),
        strict=True,
    ):
        np.testing.assert_array_equal(one, other, err_msg=name)


def test_motion_too_short_to_learn_from_is_refused(tmp_path):
    with pytest.raises(InputError, match="frames long"):
        train_prior([acted(RIG, 4, frames=12)], tmp_path / "prior.safetensors", TINY)
    assert not list(tmp_path.iterdir())
