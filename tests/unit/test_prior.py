"""The motion prior: what it moves, that it never waits, that pieces are the whole, and that a tiny one learns."""

import numpy as np
import pytest
import torch

from animator.core.rig import Control, Rig
from animator.generators.acting.prior import FRAMES, REACH, Prior, columns
from animator.io.rig import load_rig

RIG = load_rig("arkit")


@pytest.fixture(scope="module")
def net():
    torch.manual_seed(0)
    return Prior(controls=7, latent=6, width=24, hidden=32).eval().requires_grad_(False)


@pytest.fixture(scope="module")
def latents():
    return torch.randn(2, 12, 6, generator=torch.Generator().manual_seed(1))


def test_it_moves_what_speech_and_feelings_move_and_leaves_blinks_gaze_and_head():
    moved = set(columns(RIG).tolist())
    assert moved.isdisjoint(np.flatnonzero(RIG.region("gaze", "head")))
    shut = [RIG.column(name) for side in ("left", "right") for name, v in RIG.gestures[f"blink_{side}"].items() if v == 1]
    assert len(shut) == 2
    assert moved.isdisjoint(shut)
    others = set(np.flatnonzero(~RIG.region("gaze", "head")).tolist()) - set(shut)
    assert moved == others
    assert {RIG.columns[RIG.controls[c].mirror] for c in moved} == moved


def test_a_rig_without_blinks_keeps_its_lids():
    rig = Rig("two", (Control("lid", "eyes"), Control("turn", "head")))
    np.testing.assert_array_equal(columns(rig), [0])


@pytest.mark.parametrize("at", [0, 3, 11])
def test_a_later_latent_leaves_earlier_frames_as_they_were_and_reaches_no_farther_than_it_may(net, latents, at):
    changed = latents.clone()
    changed[:, at] += 1.0
    differs = (net.decode(changed) != net.decode(latents)).any(dim=2).any(dim=0).reshape(-1, FRAMES).any(dim=1)
    expected = torch.zeros(12, dtype=torch.bool)
    expected[at : at + REACH + 1] = True
    torch.testing.assert_close(differs, expected)


@pytest.mark.parametrize("size", [1, 2, 5, 12])
def test_pieces_give_what_the_whole_gives(net, latents, size):
    before, made = torch.zeros(2, REACH, 6), []
    for piece in latents.split(size, dim=1):
        made.append(net.decode(piece, before))
        before = torch.cat([before, piece], dim=1)[:, -REACH:]
    torch.testing.assert_close(torch.cat(made, dim=1), net.decode(latents), rtol=0, atol=1e-5)


def test_each_window_is_read_on_its_own(net):
    curves = torch.rand(1, 6 * FRAMES, 7, generator=torch.Generator().manual_seed(2))
    whole = net.encode(curves).mean
    assert whole.shape == (1, 6, 6)
    torch.testing.assert_close(net.encode(curves[:, FRAMES : 3 * FRAMES]).mean, whole[:, 1:3], rtol=0, atol=1e-6)


def test_another_unit_of_latents_changes_no_motion(latents):
    torch.manual_seed(3)
    net = Prior(controls=7, latent=6, width=24, hidden=32)
    curves = torch.rand(1, 6 * FRAMES, 7)
    before, shown = net.encode(curves), net.decode(latents)
    unit = torch.tensor([0.5, 1.0, 2.0, 4.0, 0.25, 1.0])
    net.rescale(unit)
    after = net.encode(curves)
    torch.testing.assert_close(after.mean * unit, before.mean)
    torch.testing.assert_close(after.log_variance + 2 * unit.log(), before.log_variance)
    torch.testing.assert_close(net.decode(latents / unit), shown)
