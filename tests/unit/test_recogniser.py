"""A tiny recogniser tells feelings that were acted, from each half of the face too, and is not asked about what is not felt."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from motion_clips import acted

from animator.core.script import felt
from animator.errors import InputError
from animator.generators.acting.prior import columns
from animator.io.rig import load_rig
from animator.training.motion.recogniser import LOWER, TINY, UPPER, Performance, load_recogniser, train_recogniser
from animator.training.motion.recogniser_score import score
from animator.training.motion.store import collect

RIG = load_rig("arkit")
FEELINGS = len(felt(RIG.emotions))


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    path = tmp_path_factory.mktemp("feelings") / "recogniser.safetensors"
    return train_recogniser([acted(RIG, 108)], path, TINY), path


def test_acted_feelings_are_told_apart_with_half_a_face_too(trained):
    scores, _ = trained
    assert scores["whole"] > 0.9
    assert min(scores["no mouth"], scores["no brows"]) > 3 / FEELINGS
    assert np.array(scores["confusion"]).shape == (FEELINGS, FEELINGS)
    assert scores["intensity"] < 0.35


def test_halves_make_a_face():
    assert not (RIG.region(*UPPER) & RIG.region(*LOWER)).any()
    assert (RIG.region(*UPPER) | RIG.region(*LOWER))[columns(RIG)].all()


def test_strangers_are_told_apart_by_the_weights_as_they_are_kept(trained):
    net = load_recogniser(trained[1])
    strangers = acted(RIG, 36, seed=1)
    shown = [Performance(strangers.motion[a:b], strangers.felt[a:b]) for a, b in strangers.clips]
    assert score(net, shown, RIG)["whole"] > 0.9
    frozen = [replace(clip, motion=np.tile(RIG.rest, (120, 1))) for clip in shown]
    assert score(net, frozen, RIG)["whole"] == pytest.approx(1 / FEELINGS)


def test_what_it_sees_can_be_learned_through(trained):
    net = load_recogniser(trained[1])
    curves = torch.rand(2, 40, len(RIG.controls), generator=torch.Generator().manual_seed(0), requires_grad=True)
    assert net.logits(curves).shape == (2, FEELINGS)
    net.logits(curves)[0, 0].backward()
    assert curves.grad[0].abs().sum() > 0
    assert curves.grad[1].abs().sum() == 0


def test_where_nothing_is_felt_nothing_is_learned(tmp_path):
    neutral = collect(("samples",), RIG, [clip for clip in acted(RIG, 36) if not clip.felt.any()])
    with pytest.raises(InputError, match="felt"):
        train_recogniser([neutral], tmp_path / "recogniser.safetensors", TINY)
