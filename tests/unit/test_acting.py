"""What acts: pieces are the whole, no feeling is the neutral face to the bit, and chance comes from the seed alone."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from said import SENTENCE, said

from animator.errors import InputError
from animator.generators.acting.cast import Cast
from animator.generators.acting.hearing import PROSODY, SPEECH, heard
from animator.generators.acting.net import AHEAD, Actor
from animator.generators.acting.performer import FAINT, Manner, Performer, Wanted, eased, performed, split
from animator.generators.acting.prior import FRAMES, Prior, columns
from animator.generators.acting.style import PARAMETERS, Reader
from animator.generators.acting.variety import Habit, Wandering
from animator.io.rig import load_rig

RIG = load_rig("arkit")
MOVED = columns(RIG)
UPPER = RIG.region("brows", "eyes", "nose", "cheeks")[MOVED]
FEELINGS, FRAMES_SAID = 3, 4 * FRAMES * 13
ANCHORS = torch.tensor([[0.9, -0.2, 0.1, 0.0], [-0.4, 0.7, 0.0, 0.3], [0.1, 0.5, -0.8, 0.0]])


@pytest.fixture(scope="module")
def cast():
    """Small nets that have learned nothing, but whose every layer does something."""
    torch.manual_seed(3)
    prior = Prior(len(MOVED), latent=6, width=16, hidden=24, blocks=1).eval().requires_grad_(False)
    actor = Actor(ANCHORS, len(PARAMETERS), 6, width=16, hidden=24, answer=12, feeling=20).eval().requires_grad_(False)
    for layer in (actor.reply[1], actor.express[1]):
        layer.weight.normal_(0.0, 0.3)
    habit = Habit(0.3 * np.eye(6, dtype=np.float32)[:4], np.array([0.9, 0.8, 0.5, 0.0], dtype=np.float32))
    reader = Reader(np.zeros((4 * len(MOVED), 8), np.float32), np.zeros(8, np.float32))
    return Cast(actor, prior, ("a", "b", "c"), habit, reader)


@pytest.fixture(scope="module")
def sound():
    return np.concatenate(list(heard(said(SENTENCE), FRAMES_SAID)))


def manner(ahead=AHEAD, variety=0.0, effort=1.0):
    return Manner(np.linspace(-1, 1, len(PARAMETERS), dtype=np.float32), ahead, variety, effort)


def felt(strength, frames=FRAMES_SAID):
    wanted = np.zeros((frames, FEELINGS), np.float32)
    wanted[:, 1] = strength
    return Wanted(wanted, np.zeros((frames, ANCHORS.shape[1]), np.float32))


def act(cast, sound, wanted, given, pieces=(FRAMES_SAID,), seed=0):
    performer = Performer(cast, given, UPPER, np.random.default_rng(seed))
    edges = pairwise(np.cumsum((0, *pieces)).tolist())
    told = [performer.feed(sound[a:b], wanted.within(slice(a, b)), last=b == len(sound)) for a, b in edges]
    return np.concatenate([t.neutral for t in told]), np.concatenate([t.felt for t in told])


@pytest.mark.parametrize("ahead", [0, 2, 8, AHEAD])
@pytest.mark.parametrize("pieces", [(1, 2, 70, 0, 7, 128), (4,) * 52, (207, 1)])
def test_all_pieces_together_are_what_the_whole_gives(cast, sound, ahead, pieces):
    wanted = felt(np.linspace(0, 1, FRAMES_SAID))
    given = manner(ahead, variety=1.0, effort=2.0)
    for whole, part in zip(act(cast, sound, wanted, given), act(cast, sound, wanted, given, pieces), strict=True):
        np.testing.assert_allclose(part, whole, atol=1e-5)


@pytest.mark.parametrize("ahead", [0, 8, AHEAD])
def test_what_is_learned_is_what_is_performed(cast, sound, ahead):
    given, wanted = manner(ahead), felt(0.7)
    batch = (torch.from_numpy(each)[None] for each in (sound, given.style, wanted.weights))
    learned = performed(cast.actor, cast.prior, *batch, ahead)[0].numpy()
    np.testing.assert_allclose(act(cast, sound, wanted, given)[1], learned, atol=1e-5)


def test_a_window_needs_no_more_of_the_future_than_it_is_allowed(cast, sound):
    ahead, later = 8, 100
    changed = sound.copy()
    changed[later:] = 0.5
    before = later - ahead - (later - ahead) % FRAMES
    one, other = (act(cast, each, felt(1.0), manner(ahead))[1] for each in (sound, changed))
    np.testing.assert_allclose(one[:before], other[:before], atol=1e-5)
    assert np.abs(one[before:] - other[before:]).max() > 1e-3


def test_without_a_feeling_the_face_is_the_neutral_one_to_the_bit(cast, sound):
    neutral, face = act(cast, sound, felt(0.0), manner(variety=1.0))
    np.testing.assert_array_equal(neutral, face)
    np.testing.assert_array_equal(neutral, act(cast, sound, felt(1.0), manner(variety=1.0))[0])


def test_an_actor_that_has_learned_no_feeling_shows_none(sound):
    torch.manual_seed(0)
    fresh = Actor(ANCHORS, len(PARAMETERS), 6, width=16, hidden=24, answer=12, feeling=20)
    acted = fresh(torch.from_numpy(sound)[None], torch.zeros(1, 8), torch.ones(1, FRAMES_SAID // FRAMES, ANCHORS.shape[1]))
    assert not acted.feeling.any()
    assert not acted.answer.any()


def test_a_feeling_shows_in_proportion_to_its_strength(cast, sound):
    neutral, full = act(cast, sound, felt(1.0), manner())
    for strength in (0.2, 0.5, 0.9):
        _, some = act(cast, sound, felt(strength), manner())
        np.testing.assert_allclose(some, neutral + strength * (full - neutral), atol=1e-5)


def test_the_dial_of_effort_moves_the_upper_face_alone_and_in_proportion(cast, sound):
    none, once, thrice = (act(cast, sound, felt(0.4), manner(effort=effort))[1] for effort in (0.0, 1.0, 3.0))
    np.testing.assert_allclose(once[:, ~UPPER], thrice[:, ~UPPER], atol=1e-6)
    np.testing.assert_allclose(thrice - none, 3.0 * (once - none), atol=1e-4)
    assert np.abs(once - none)[:, UPPER].max() > 1e-2


def test_one_seed_is_one_performance_and_without_variety_all_seeds_are(cast, sound):
    various = manner(variety=1.0)
    one, again, other = (act(cast, sound, felt(0.5), various, seed=seed)[1] for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert np.abs(one - other).max() > 1e-2
    np.testing.assert_array_equal(*(act(cast, sound, felt(0.5), manner(), seed=seed)[1] for seed in (1, 2)))


def test_performances_wander_as_far_and_as_slowly_as_was_learned(cast):
    habit = cast.habit
    along = Wandering(habit, np.random.default_rng(0)).next(20000) @ np.linalg.pinv(habit.basis)
    np.testing.assert_allclose(along.std(axis=0), 1.0, atol=0.1)
    lagged = [np.corrcoef(path[:-1], path[1:])[0, 1] for path in along.T]
    np.testing.assert_allclose(lagged, habit.memory, atol=0.05)


def test_strength_times_the_code_of_full_strength_is_the_code_of_what_was_wanted():
    wanted = torch.tensor([[0.0, 0.0, 0.0], [0.3, 0.0, 0.0], [0.5, 0.4, 0.0], [1.0, 0.7, 0.0]])
    strength, code = split(wanted, ANCHORS)
    torch.testing.assert_close(strength, torch.tensor([0.0, 0.3, 0.9, 1.0]))
    torch.testing.assert_close(strength[:, None] * code, wanted @ ANCHORS)


def test_what_a_code_says_beyond_its_weights_joins_it_but_is_not_blown_up_where_little_is_felt():
    wanted, beyond = torch.tensor([[0.0, 0.5, 0.0], [0.0, FAINT / 10, 0.0]]), torch.full((2, 4), 0.1)
    strength, code = split(wanted, ANCHORS, beyond)
    torch.testing.assert_close((strength[:, None] * code)[0], (wanted @ ANCHORS + beyond)[0])
    torch.testing.assert_close((strength[:, None] * code)[1], (wanted @ ANCHORS + beyond / 10)[1])


def test_a_change_of_what_is_felt_comes_along_a_slope_and_one_that_stays_is_as_it_was():
    windows = torch.tensor([0.0, 1.0, 1.0, 0.2]).repeat_interleave(FRAMES)[None, :, None]
    slope = eased(windows, windows[:, :0])[0, :, 0]
    assert slope.diff().abs().max() <= 1.0 / FRAMES + 1e-6
    torch.testing.assert_close(slope[FRAMES - 1 :: FRAMES], windows[0, ::FRAMES, 0])
    torch.testing.assert_close(eased(windows[:, 5:], windows[:, 2:5])[0, :, 0], slope[5:])


def test_what_is_heard_is_the_same_in_pieces_and_silence_follows_the_sound(monkeypatch):
    features = said(SENTENCE)
    whole = np.concatenate(list(heard(features, 240)))
    assert whole.shape == (240, SPEECH + PROSODY)
    monkeypatch.setattr("animator.generators.acting.hearing.PIECE", 7)
    np.testing.assert_array_equal(np.concatenate(list(heard(features, 240))), whole)
    assert (whole[199:, -PROSODY:] == 0).all()


def test_features_without_phones_are_refused():
    from fractions import Fraction

    from animator.core.features import Features

    deaf = Features(("loudness",), np.ones((10, 1), dtype=np.float32), Fraction(100))
    with pytest.raises(InputError, match="name no phones"):
        next(heard(deaf, 8))
