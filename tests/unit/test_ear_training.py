"""The training of the ear: what is spared stays apart, and what a change of phone costs is told for each corpus."""

from dataclasses import replace

import numpy as np
import torch
from safetensors.numpy import load_file

from animator.encoders.listening.net import Ear
from animator.metrics.spans import Span
from animator.training.ear.cost import COSTS, ONE_IN, by_cost, spared
from animator.training.ear.train import TINY, train
from animator.training.phones.store import collect, utterance


def noise(count, held=()):
    """A pack of clips of a third of a second, each of them a P and then an S."""
    rng = np.random.default_rng(0)
    spans = [Span(0.0, 0.1, "P"), Span(0.1, 0.3, "S")]
    return collect(
        "hibari",
        [utterance(f"{k}", rng.normal(0, 0.1, 4800).astype(np.float32), spans, "me", held=k in held) for k in range(count)],
    )


def test_what_is_spared_is_neither_held_out_nor_much():
    pack = noise(3 * ONE_IN, held=range(0, 3 * ONE_IN, 3))
    clips = spared(pack)
    assert len(clips) == 2
    assert not pack.held[clips].any()


def test_a_few_clips_spare_none():
    assert len(spared(noise(4))) == 0


def test_a_costly_change_makes_fewer_of_them():
    torch.manual_seed(0)
    found = by_cost(Ear(width=16, hidden=16).eval(), [noise(ONE_IN)])
    assert list(found) == ["hibari"]
    assert list(found["hibari"]) == [f"{cost}" for cost in COSTS]
    assert all(0.0 <= value <= 1.0 for row in found["hibari"].values() for value in row.values())


def test_a_training_taken_up_again_ends_where_one_that_ran_through_ends(tmp_path):
    plan = replace(TINY, steps=4, size=2, width=16, hidden=16)
    packs = [noise(6, held={0})]
    train(packs, tmp_path / "through.safetensors", plan)
    train(packs, tmp_path / "again.safetensors", replace(plan, steps=2), tmp_path)
    told = []
    train(packs, tmp_path / "again.safetensors", plan, tmp_path, told.append)
    assert told == ["going on from step 2"]
    through, again = (load_file(tmp_path / f"{name}.safetensors") for name in ("through", "again"))
    assert all(np.array_equal(through[name], again[name]) for name in through)
