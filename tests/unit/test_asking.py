"""Nets asked in passing: who asks the same at the same time is answered at once, as if alone."""

import numpy as np
import pytest
import torch

from animator.errors import InputError
from animator.nn.asking import Ask, alone, serve
from animator.recipe import Choice, Recipe
from animator.session import Session


class Counting(torch.nn.Module):
    """Doubles, and remembers how many were answered at once."""

    def __init__(self):
        super().__init__()
        self.batches = []

    def forward(self, x, add=0):
        self.batches.append(len(x))
        return 2 * x + add


def asking(net, value, width=3, times=2):
    x = torch.full((1, width), float(value))
    for _ in range(times):
        x = yield Ask(net, (x,), (1,))
    return x


def test_those_who_ask_the_same_are_answered_at_once():
    net = Counting()
    told = serve([asking(net, value) for value in range(5)])
    assert net.batches == [5, 5]
    for value, x in enumerate(told):
        assert torch.equal(x, torch.full((1, 3), 4.0 * value + 3))


def test_other_shapes_and_other_lengths_are_answered_apart():
    net = Counting()
    told = serve([asking(net, 1), asking(net, 1, width=4), asking(net, 1, times=1)])
    assert sorted(net.batches) == [1, 1, 1, 2]
    assert [x.shape[1] for x in told] == [3, 4, 3]
    assert [float(x[0, 0]) for x in told] == [7, 7, 3]


def test_what_one_raises_harms_no_other():
    def failing():
        yield Ask(net, (torch.ones(1, 3),), (1,))
        raise InputError("no")

    net = Counting()
    first, complaint, last = serve([asking(net, 1), failing(), asking(net, 2)])
    assert isinstance(complaint, InputError)
    assert float(first[0, 0]) == 7
    assert float(last[0, 0]) == 11
    with pytest.raises(InputError, match="no"):
        alone(failing())


def test_sessions_side_by_side_are_as_each_alone(assets):
    from animator.io.audio import read_audio

    sound = read_audio(assets / "sample_story.wav")
    samples = sound.samples[:7680]
    recipes = [Recipe(generator=Choice("learned"), seed=seed) for seed in range(3)]
    together, apart = ([Session(recipe) for recipe in recipes] for _ in range(2))
    for session in (together[1], apart[1]):
        session.feel({"happy": 0.8}, 0.1)
    for first in range(0, len(samples), 1280):
        pieces = [samples[max(0, first - 40 * i) : first + 1280] for i in range(3)]
        told = Session.feed_all(together, pieces)
        for rows, session, piece in zip(told, apart, pieces, strict=True):
            np.testing.assert_allclose(rows, session.feed(piece), atol=1e-5)
