"""Pairs of warped and true pictures, what one step learns from them, and that the course of it can be taken up again."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from animator.errors import FormatError, InputError
from animator.reenactors.refine.looks import GAIN
from animator.training.motion import course
from animator.training.portrait.lessons import draw, lesson, tinted, windowed
from animator.training.portrait.losses import Critic, Weights, pixels, readable, realness, stakes
from animator.training.portrait.pairs import SIZE, Pairs, map_pairs, write_shard
from animator.training.portrait.train import TINY, train_portrait
from animator.training.portrait.trial import trial_pairs

CPU = torch.device("cpu")
ANCHORS = np.eye(2, 4, dtype=np.float32)


@pytest.fixture(scope="module")
def pairs():
    return trial_pairs(8)


def some(pairs, count=4):
    return lesson(pairs.batch(np.arange(count)), ANCHORS, CPU)


def test_shards_come_back_as_they_were_written(tmp_path, pairs):
    (shard,) = pairs.shards
    for name in ("b", "a"):
        write_shard(tmp_path / name, shard)
    (tmp_path / "half").mkdir()
    again = map_pairs(tmp_path)
    assert len(again) == 2 * len(pairs)
    assert again.held.tolist() == [*pairs.held, *pairs.held]
    mine, theirs = pairs.batch(np.array([3, 5])), again.batch(np.array([3, len(pairs) + 5]))
    for a, b in zip(mine, theirs, strict=True):
        np.testing.assert_array_equal(a, b)


def test_what_is_no_shard_is_told(tmp_path, pairs):
    (shard,) = pairs.shards
    write_shard(tmp_path / "a", shard)
    (tmp_path / "a" / "seen.npy").unlink()
    with pytest.raises(FormatError, match="is no whole shard of pairs"):
        map_pairs(tmp_path)
    with pytest.raises(InputError, match="there are no pairs to learn from"):
        map_pairs(tmp_path / "nowhere")
    with pytest.raises(InputError, match="a shard's inside is uint8"):
        replace(shard, inside=shard.inside.astype(np.float32))
    with pytest.raises(InputError, match="refer to its own references"):
        replace(shard, reference=shard.reference + 1)
    with pytest.raises(InputError, match="boxes are not empty"):
        replace(shard, boxes=np.zeros_like(shard.boxes))
    with pytest.raises(InputError, match="come from 'the web', which is no corpus"):
        replace(shard, corpora=("the web",))
    with pytest.raises(InputError, match="know different feelings"):
        Pairs([shard, replace(shard, feelings=("bored", "sleepy"))])


def test_a_residual_is_what_the_warp_lacks(pairs):
    learned, batch = some(pairs), pairs.batch(np.arange(4))
    target = (learned.given.warped + learned.residual / GAIN + 1) * 127.5
    head = learned.given.head[:, 0].numpy() == 1
    assert head.mean() > 0.3
    np.testing.assert_allclose(target.permute(0, 2, 3, 1).numpy()[head], batch.target[head], atol=1e-3)
    assert not learned.residual.permute(0, 2, 3, 1)[learned.given.head[:, 0] == 0].any()
    np.testing.assert_allclose(learned.given.code.numpy(), batch.felt @ ANCHORS, atol=1e-6)


def test_a_feeling_that_nobody_knows_is_not_told(pairs):
    batch = pairs.batch(np.arange(2))
    batch.felt[1] = np.nan
    learned = lesson(batch, ANCHORS, CPU)
    assert learned.given.told.tolist() == [1.0, 0.0]
    assert learned.given.code.isfinite().all()
    told = torch.randn(2, 2, requires_grad=True)
    readable(told, learned.felt, learned.given.told > 0).backward()
    assert told.grad[0].all()
    assert not told.grad[1].any()


def test_a_feeling_told_rightly_costs_nothing():
    felt = torch.tensor([[0.2, 0.7]])
    assert readable(torch.logit(felt), felt, torch.tensor([True])).abs() < 1e-6
    assert readable(-torch.logit(felt), felt, torch.tensor([True])) > 0.1


def test_half_are_mirrored_and_whose_right_eye_is_right_stays_true(pairs):
    which = np.array([0])
    plain = pairs.batch(which)
    drawn = draw(pairs, which, 0.0, 16, np.random.default_rng(0))
    turned = [i for i in range(16) if not np.array_equal(drawn.warped[i], plain.warped[0])]
    assert 3 < len(turned) < 13
    i = turned[0]
    for name in ("warped", "target", "inside", "seen", "reference"):
        np.testing.assert_array_equal(getattr(drawn, name)[i][:, ::-1], getattr(plain, name)[0])
    np.testing.assert_array_equal(drawn.normals[i][:, ::-1] * np.array([-1, 1, 1]), plain.normals[0])
    left, top, right, bottom = drawn.boxes[i, 1].tolist()
    assert plain.boxes[0, 2].tolist() == [SIZE - right, top, SIZE - left, bottom]


def test_another_light_is_the_same_for_all_pictures_of_a_pair(pairs):
    learned = some(pairs)
    other = tinted(learned, np.random.default_rng(0))
    assert not torch.equal(other.given.warped, learned.given.warped)
    target = other.given.warped + other.residual / GAIN
    same = learned.residual.abs().amax(dim=1) == 0
    assert same.any()
    torch.testing.assert_close(target.permute(0, 2, 3, 1)[same], other.given.warped.permute(0, 2, 3, 1)[same], rtol=0, atol=1e-6)


def test_a_window_is_a_piece_of_all_pictures_of_a_pair_and_mostly_around_the_mouth_or_the_eyes(pairs):
    batch = pairs.batch(np.arange(8).repeat(32))
    cut = windowed(batch, 96, np.random.default_rng(0))
    starts = (batch.boxes - cut.boxes)[:, 0, :2].astype(int)
    assert starts.min() >= 0
    assert starts.max() <= SIZE - 96
    for name in ("warped", "target", "inside", "seen", "normals", "reference"):
        whole = getattr(batch, name)
        pieces = np.stack([whole[i, y : y + 96, x : x + 96] for i, (x, y) in enumerate(starts)])
        np.testing.assert_array_equal(getattr(cut, name), pieces)
    np.testing.assert_array_equal(batch.boxes - cut.boxes, np.tile(starts, 2)[:, None].repeat(3, axis=1))
    middles = (cut.boxes[..., :2] + cut.boxes[..., 2:]) / 2
    shown = ((middles > 0) & (middles < 96)).all(axis=2)
    assert 0.5 < shown[:, 0].mean() < 0.9
    assert 0.2 < shown[:, 1:].any(axis=1).mean() < 0.7


def test_mouths_that_a_window_cuts_are_not_judged(pairs):
    torch.manual_seed(0)
    critic, learned = Critic(8), some(pairs)
    beside = learned.boxes.clone()
    beside[:3, 0] += SIZE // 2
    cut, alone = learned._replace(boxes=beside), lesson(pairs.batch(np.array([3])), ANCHORS, CPU)
    made = torch.zeros_like(learned.residual)
    torch.testing.assert_close(realness(critic, made, cut), realness(critic, made[3:], alone))
    beside[3, 0] += SIZE // 2
    assert realness(critic, made, cut) == (0, 0)


def test_an_error_in_the_mouth_costs_most(pairs):
    learned, weights = some(pairs, 1), Weights()
    stake = stakes(learned.boxes, SIZE, weights)[0, 0]
    left, top, right, bottom = learned.boxes[0, 0].tolist()
    assert stake[top, left] == stake[bottom - 1, right - 1] == 1 + weights.mouth
    assert stake[0, 0] == 1
    assert pixels(learned.residual, learned, weights) == 0

    def cost(y, x):
        made = learned.residual.clone()
        made[0, :, y, x] += 1.0
        return float(pixels(made, learned, weights))

    assert cost((top + bottom) // 2, (left + right) // 2) == pytest.approx((1 + weights.mouth) * cost(5, 128), rel=1e-3)


def test_the_critic_and_the_maker_learn_from_their_own_errors_alone(pairs):
    torch.manual_seed(0)
    critic, learned = Critic(8), some(pairs)
    made = torch.zeros_like(learned.residual, requires_grad=True)
    fooled, caught = realness(critic, made, learned)
    fooled.backward()
    assert all(parameter.grad is None for parameter in critic.parameters())
    left, top, right, bottom = learned.boxes[0, 0].tolist()
    assert made.grad[0, :, top:bottom, left:right].any()
    assert not made.grad[0, :, : top - (right - left)].any(), "only mouths are judged"
    made.grad = None
    caught.backward()
    assert made.grad is None or not made.grad.any()
    assert all(parameter.grad.any() for name, parameter in critic.named_parameters() if name.endswith("weight"))


def test_a_training_that_was_stopped_goes_on_and_ends_where_one_that_ran_through_ends(tmp_path, pairs, monkeypatch):
    monkeypatch.setattr(course, "EVERY", 1)
    plan = replace(TINY, steps=3, critical=1)
    train_portrait(pairs, tmp_path / "through.safetensors", plan)

    def stop(line):
        if line.startswith("step 2"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_portrait(pairs, tmp_path / "again.safetensors", plan, tmp_path, stop)
    told = []
    train_portrait(pairs, tmp_path / "again.safetensors", plan, tmp_path, told.append)
    assert told[0] == "going on from step 1"
    through, again = (load_file(tmp_path / f"{name}.safetensors") for name in ("through", "again"))
    assert all(np.array_equal(through[name], again[name]) for name in through)


def test_nothing_is_trained_without_pairs_that_are_held_out(tmp_path, pairs):
    (shard,) = pairs.shards
    with pytest.raises(InputError, match="others that are held out"):
        train_portrait(Pairs([replace(shard, held=np.zeros(len(pairs), dtype=bool))]), tmp_path / "w.safetensors", TINY)
