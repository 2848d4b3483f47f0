"""The training of the ear: what is spared stays apart, and what a change of phone costs is told for each corpus."""

from dataclasses import replace

import numpy as np
import torch
from safetensors.numpy import load_file

from animator.encoders.listening.net import Ear
from animator.io.weights import load_weights
from animator.metrics.spans import Span
from animator.training.ear.cost import COSTS, ONE_IN, by_cost, spared
from animator.training.ear.train import TINY, Lessons, train
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


def test_lessons_taken_up_again_end_where_those_that_ran_through_end(tmp_path):
    plan, lessons = replace(TINY, steps=2, size=2, width=16, hidden=16), Lessons(steps=4, fitting=2)
    packs = [noise(6, held={0})]

    def hear(samples):
        return np.abs(samples.reshape(-1, 320)[:, :8]).astype(np.float16) / 32768

    def taught(name, until, cache=None, told=lambda _: None):
        train(packs, tmp_path / name, plan, cache, told, hear, replace(lessons, steps=until))

    taught("through.safetensors", 4)
    told = []
    taught("again.safetensors", 2, tmp_path)
    taught("again.safetensors", 4, tmp_path, told.append)
    assert told == ["going on from step 2", "going on from step 4"]
    through, again = (load_file(tmp_path / f"{name}.safetensors") for name in ("through", "again"))
    assert all(np.array_equal(through[name], again[name]) for name in through)


def test_who_was_taught_hears_otherwise_and_says_by_whom(tmp_path):
    plan, packs = replace(TINY, steps=2, size=2, width=16, hidden=16), [noise(6, held={0})]

    def hear(samples):
        return np.abs(samples.reshape(-1, 320)[:, :8]).astype(np.float16) / 32768

    told = {}
    for lean in (0.0, 0.7):
        train(packs, tmp_path / "ear.safetensors", plan, tutor=hear, lessons=Lessons(steps=3, lean=lean, fitting=2))
        told[lean], header = load_weights(tmp_path / "ear.safetensors")
        assert "moonshine" in {corpus["name"] for corpus in header["corpora"]}
        assert header["recipe"]["lessons"]["lean"] == lean
    assert any(not np.array_equal(told[0.0][name], told[0.7][name]) for name in told[0.0])
