"""A tiny lip reader reads sentences performed by rule, and reads nothing where there is nothing to read."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from motion_clips import acted

from animator.errors import InputError
from animator.io.rig import load_rig
from animator.training.motion import trial
from animator.training.motion.lipreader import REGIONS, TINY, load_lipreader, train_lipreader
from animator.training.motion.lipreader_score import score
from animator.training.motion.spoken import GRAMMAR, SLOT, WORDS, lines
from animator.training.motion.store import Word, collect

RIG = load_rig("arkit")


@pytest.fixture(scope="module")
def pack():
    return trial.lines(RIG)


@pytest.fixture(scope="module")
def trained(pack, tmp_path_factory):
    path = tmp_path_factory.mktemp("lips") / "lipreader.safetensors"
    return train_lipreader([pack], path, replace(TINY, steps=120)), path


def test_the_grammar_is_grids():
    assert len(WORDS) == len(set(WORDS)) == 51
    assert np.bincount(SLOT).tolist() == [4, 4, 4, 25, 10, 4]
    assert "w" not in GRAMMAR[3]


def test_held_out_lines_are_read_and_controls_are_not(trained):
    scores, _ = trained
    spoken, other, frozen = (scores[name] for name in ("as spoken", "another line", "frozen"))
    chance = np.mean([1 / len(words) for words in GRAMMAR])
    assert spoken["words"] > 2 * chance
    assert spoken["words"] > other["words"] + 0.2
    assert spoken["visemes"] > 2 * max(other["visemes"], frozen["visemes"])
    assert spoken["viseme errors"] < min(other["viseme errors"], frozen["viseme errors"])


def test_weights_make_the_same_reader_again_and_it_looks_at_nothing_but_the_mouth(trained, pack):
    scores, path = trained
    net = load_lipreader(path)
    assert RIG.region(*REGIONS)[net.columns.numpy()].all()
    held = [line for line in lines([pack]) if line.held]
    assert score(net, held) == pytest.approx(scores["as spoken"], abs=0.03)
    curves = torch.from_numpy(held[0].motion)[None]
    other = curves.clone()
    other[..., torch.from_numpy(~RIG.region(*REGIONS))] += 0.3
    torch.testing.assert_close(net.features(other), net.features(curves))


def test_what_it_sees_can_be_learned_through(trained):
    net = load_lipreader(trained[1])
    curves = torch.rand(1, 40, len(RIG.controls), generator=torch.Generator().manual_seed(0), requires_grad=True)
    net.features(curves)[0, 20].square().sum().backward()
    reached = curves.grad[0].abs().sum(dim=0) > 0
    assert set(torch.nonzero(reached)[:, 0].tolist()) == set(net.columns.tolist())


def test_only_sentences_of_the_grammar_are_lines(pack):
    clip = pack[0]
    wrong = replace(clip, name="wrong", words=(*clip.words[:5], Word("soup", 0.5, 0.7)))
    short = replace(clip, name="short", words=clip.words[:5])
    assert [line.name for line in lines([collect(("samples",), RIG, [clip, wrong, short])])] == [clip.name]


def test_without_lines_nothing_is_learned(tmp_path):
    with pytest.raises(InputError, match="lines of GRID"):
        train_lipreader([acted(RIG, 4)], tmp_path / "lipreader.safetensors", TINY)
