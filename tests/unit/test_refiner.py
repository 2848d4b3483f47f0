"""The denoiser of moved photos: nothing until it has learned, each condition kept back on its own, the same for same settings."""

from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from animator.core.emotion import Emotion
from animator.embedders.space import load_space
from animator.errors import InputError
from animator.reenactors.diffusion import Diffusion
from animator.reenactors.moved.mover import Look
from animator.reenactors.refine.bank import Bank
from animator.reenactors.refine.net import Given, Refiner
from animator.reenactors.refine.painter import Painter, device_of
from animator.reenactors.refine.sampling import TIMESTEPS, sample, schedule, without

SIZE = 128
SPACE = load_space()
FEELINGS = SPACE.feelings
CPU = torch.device("cpu")


def refiner(learned):
    """A small net, as it begins or, in the place of learning, with all that begins at zero drawn at random."""
    torch.manual_seed(0)
    net = Refiner(torch.from_numpy(SPACE.anchors), torch.from_numpy(SPACE.bank), (16, 16, 32), 16)
    if learned:
        for parameter in (net.pixels.weight, net.feel_coarse.ask.to_out[0].weight, net.feel_middle.ask.to_out[0].weight):
            torch.nn.init.normal_(parameter, std=0.1)
    return net.eval().requires_grad_(False)


def looks(count, seed=0):
    rng = np.random.default_rng(seed)
    made = []
    for _ in range(count):
        pictures = rng.random((2, SIZE, SIZE), dtype=np.float32)
        normals = rng.uniform(-1, 1, (SIZE, SIZE, 3)).astype(np.float32)
        nothing = np.zeros((SIZE, SIZE, 3), np.float32)
        made.append(
            Look(*pictures, normals, nothing[..., :2], nothing[..., :2], nothing, rng.integers(0, 256, (SIZE, SIZE, 3), np.uint8))
        )
    return made


def given(count=2):
    chance = torch.Generator().manual_seed(1)

    def some(*shape):
        return torch.randn(*shape, generator=chance)

    picture = (count, 3, SIZE, SIZE)
    head = torch.zeros(count, 1, SIZE, SIZE)
    head[..., 8:-8] = 1
    return Given(some(*picture), some(count, 5, SIZE, SIZE), some(*picture), some(count, SPACE.K), torch.ones(count), head)


def painter(net, **changed):
    settings = {"steps": 1, "guidance": {}, "precision": "float32", "seed": 0, "batch": 5} | changed
    photo = np.random.default_rng(9).integers(0, 256, (SIZE, SIZE, 3), np.uint8)
    made = Painter(net, FEELINGS, **settings)
    return SimpleNamespace(codes=made.codes, paint=lambda looks, codes: made.paint(looks, [photo] * len(looks), codes))


CODES = np.random.default_rng(2).normal(0, 0.5, (5, SPACE.K)).astype(np.float32)
NOISE = torch.randn((1, 3, SIZE, SIZE), generator=torch.Generator().manual_seed(3))


@pytest.mark.parametrize("steps", [1, 2, 3, 4])
@pytest.mark.parametrize("guidance", [{}, {"lips": 2.0, "emotion": 3.0, "reference": 0.0}])
def test_a_net_that_has_learned_nothing_leaves_the_warp_as_it_is_to_the_bit(steps, guidance):
    seen = looks(3)
    made = painter(refiner(learned=False), steps=steps, guidance=guidance).paint(seen, CODES[:3])
    assert made.dtype == np.uint8
    np.testing.assert_array_equal(made, np.stack([look.warped for look in seen]))


def test_the_first_step_holds_no_signal_and_the_last_one_returns_what_the_net_says():
    scheduler = schedule(4)
    assert scheduler.timesteps.tolist() == [TIMESTEPS - 1, 749, 499, 249]
    residual, noise = torch.randn(2, 1, 3, 8, 8)
    start = scheduler.add_noise(residual, noise, torch.tensor([TIMESTEPS - 1]))
    torch.testing.assert_close(start, noise, rtol=0, atol=0)
    torch.testing.assert_close(scheduler.step(residual, 249, noise).prev_sample, residual, rtol=0, atol=0)


def test_one_step_is_what_the_net_says_of_noise():
    net = refiner(learned=True)
    said = net(NOISE, torch.tensor([TIMESTEPS - 1]), given()).residual
    torch.testing.assert_close(sample(net, given(), NOISE, 1, {}), said, rtol=0, atol=0)
    assert said.shape == (2, 3, SIZE, SIZE)


@pytest.mark.parametrize("steps", [1, 3])
def test_nothing_changes_beside_the_head(steps):
    made = sample(refiner(learned=True), given(), NOISE, steps, {"lips": 2.0})
    assert not made[..., :8].any()
    assert made[..., 8:-8].abs().mean() > 1e-3
    (look,) = looks(1)
    look.normals[:, :32] = look.inside[:, :32] = 0
    refined = painter(refiner(learned=True), steps=steps).paint([look], None)[0]
    np.testing.assert_array_equal(refined[:, :32], look.warped[:, :32])
    assert (refined[:, 36:] != look.warped[:, 36:]).any()


def test_more_steps_go_on_from_what_was_made():
    net = refiner(learned=True)
    one, two = (sample(net, given(), NOISE, steps, {}) for steps in (1, 2))
    assert (one - two).abs().max() > 1e-3


def test_a_guidance_of_one_is_the_condition_as_given_and_of_nought_without_it():
    net = refiner(learned=True)
    for what in ("lips", "emotion", "reference"):
        plain = sample(net, given(), NOISE, 1, {})
        torch.testing.assert_close(sample(net, given(), NOISE, 1, {what: 1.0}), plain, rtol=0, atol=0)
        bare = sample(net, without(given(), what), NOISE, 1, {})
        torch.testing.assert_close(sample(net, given(), NOISE, 1, {what: 0.0}), bare)
        twice = sample(net, given(), NOISE, 1, {what: 2.0})
        torch.testing.assert_close(twice - plain, plain - bare)
        assert (plain - bare).abs().max() > 1e-3, "each condition is heard"


def test_guidances_add_up():
    net = refiner(learned=True)
    plain = sample(net, given(), NOISE, 1, {})
    each = [sample(net, given(), NOISE, 1, {what: 1.7}) - plain for what in ("lips", "emotion", "reference")]
    together = sample(net, given(), NOISE, 1, dict.fromkeys(("lips", "emotion", "reference"), 1.7))
    torch.testing.assert_close(together, plain + sum(each), rtol=1e-4, atol=1e-4)


def test_a_condition_is_kept_back_from_the_rows_asked_for_alone():
    rows = torch.tensor([True, False])
    for what, part in (("lips", "guide"), ("emotion", "told"), ("reference", "reference")):
        kept = without(given(), what, rows)
        assert not getattr(kept, part)[0].any()
        for name, value in kept._asdict().items():
            untouched = slice(1, None) if name == part else slice(None)
            torch.testing.assert_close(value[untouched], getattr(given(), name)[untouched], rtol=0, atol=0)


def test_a_frame_does_not_depend_on_those_beside_it():
    seen = looks(5)
    paint = painter(refiner(learned=True), steps=2, guidance={"emotion": 2.0})
    together = paint.paint(seen, CODES)
    alone = np.concatenate([paint.paint(seen[i : i + 1], CODES[i : i + 1]) for i in range(5)])
    assert np.abs(together.astype(int) - alone).max() <= 1, "but for the rounding of sums in another order"
    assert (together != np.stack([look.warped for look in seen])).any()


def test_equal_settings_make_equal_pictures_and_another_seed_others():
    net, seen = refiner(learned=True), looks(2)
    one, again, other = (painter(net, seed=seed).paint(seen, CODES[:2]) for seed in (0, 0, 1))
    np.testing.assert_array_equal(one, again)
    assert (one != other).any()


def test_equal_frames_come_out_equal():
    seen = looks(1) * 4
    made = painter(refiner(learned=True)).paint(seen, np.repeat(CODES[:1], 4, axis=0))
    assert np.abs(made.astype(int) - made[0]).max() <= 1


def test_the_bank_is_read_as_the_embedder_reads_it():
    torch.manual_seed(0)
    bank = Bank(torch.from_numpy(SPACE.anchors), torch.from_numpy(SPACE.bank), 8)
    words = torch.cat([bank.words + bank.alike(bank.directions), bank.plain])
    said = bank(torch.from_numpy(CODES), torch.ones(5))
    shares = SPACE.attend(CODES) * np.linalg.norm(CODES, axis=1, keepdims=True) * len(SPACE.bank) ** 0.5
    wanted = np.concatenate([shares, np.ones((5, 1))], axis=1)[:, :, None] * words.detach().numpy()
    np.testing.assert_allclose(said.detach().numpy(), wanted, atol=1e-5)
    assert not bank(torch.from_numpy(CODES), torch.zeros(5)).any(), "what is not told is silence"


def test_weights_of_feelings_say_what_their_code_says():
    weights = np.random.default_rng(0).uniform(0, 0.5, (20, len(FEELINGS))).astype(np.float32)
    plain = Emotion(FEELINGS, weights, Fraction(50))
    coded = replace(plain, code=None if plain.code else _code(weights))
    paint = painter(refiner(learned=False))
    found, same = (paint.codes(emotion, 8, Fraction(25)) for emotion in (plain, coded))
    np.testing.assert_allclose(found, same, atol=1e-5)
    np.testing.assert_allclose(found[3], (weights @ SPACE.anchors)[6], atol=1e-5)
    assert paint.codes(None, 8, Fraction(25)) is None


def _code(weights):
    from animator.core.emotion import Code

    return Code(*SPACE.encode_weights(weights))


def test_what_is_out_of_range_is_told():
    with pytest.raises(InputError, match=r"steps of diffusion lies in \[1, 50\], not 0"):
        Diffusion(steps=0)
    with pytest.raises(InputError, match="guidance_emotion of diffusion lies"):
        Diffusion(guidance_emotion=-1)
    with pytest.raises(InputError, match="precision of diffusion is float32, bfloat16 or float16, not 'int4'"):
        Diffusion(precision="int4")
    with pytest.raises(InputError, match="torch has no device 'abacus' here"):
        device_of("abacus")


def test_pictures_of_a_film_are_each_refined_from_their_own():
    photos = np.random.default_rng(8).integers(0, 256, (2, SIZE, SIZE, 3), np.uint8)
    made = Painter(refiner(learned=True), FEELINGS, 1, {}, "float32", 0, 2)
    seen = looks(2)
    both = made.paint(seen, list(photos), None)
    for look, photo, refined in zip(seen, photos, both, strict=True):
        np.testing.assert_allclose(made.paint([look], [photo], None)[0].astype(int), refined, atol=1)
    assert (made.paint(seen, [photos[0]] * 2, None)[1] != both[1]).any()
