"""From noise to a residual in a few steps, with a guidance for each thing that is given.

The schedule is that of DDIM (Song et al. 2021) with no signal left at its first step (Lin et al. 2024), so that one step is a
whole generation, and the net gives the clean residual, so that the last step returns what the net says and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import torch
from diffusers.schedulers.scheduling_ddim import DDIMScheduler
from torch import Tensor

from animator.reenactors.refine.net import Given, Refiner

TIMESTEPS = 1000
"""Of the schedule; the last, ``TIMESTEPS - 1``, is noise alone."""

LIPS, EMOTION, REFERENCE = "lips", "emotion", "reference"


@cache
def schedule(steps: int = 1) -> DDIMScheduler:
    """The schedule, walked in so many steps from noise alone."""
    scheduler: DDIMScheduler = DDIMScheduler(
        num_train_timesteps=TIMESTEPS,
        beta_schedule="scaled_linear",
        prediction_type="sample",
        timestep_spacing="trailing",
        rescale_betas_zero_snr=True,
        clip_sample=False,
    )
    scheduler.set_timesteps(steps)
    return scheduler


def without(given: Given, what: str, rows: Tensor | None = None) -> Given:
    """The same with one of `LIPS` (the guide), `EMOTION` and `REFERENCE` kept back; in ``rows`` (``bool [B]``) alone if given."""

    def kept(part: Tensor) -> Tensor:
        if rows is None:
            return torch.zeros_like(part)
        out: Tensor = part * ~rows.reshape(-1, *[1] * (part.ndim - 1))
        return out

    if what == LIPS:
        return given._replace(guide=kept(given.guide))
    if what == EMOTION:
        return given._replace(told=kept(given.told))
    return given._replace(reference=kept(given.reference))


def sample(net: Refiner, given: Given, noise: Tensor, steps: int, guidance: Mapping[str, float]) -> Tensor:
    """A clean residual.

    Parameters
    ----------
    net
        The denoiser.
    given
        ``B`` pictures.
    noise
        ``float [1 3 S S]``, the same for all, so that what is made up does not flicker.
    steps
        At least 1.
    guidance
        How strongly each of `LIPS`, `EMOTION` and `REFERENCE` is followed: 1 as given, 0 not at all, above 1 beyond it (Ho and
        Salimans 2022, for each condition on its own). Each that is not 1 asks the net once more a step.

    Returns
    -------
    Tensor
        ``float [B 3 S S]``, in units of the noise.
    """
    scheduler, x = schedule(steps), noise
    for step in scheduler.timesteps:
        at = step.reshape(1).to(noise.device)
        clean = full = net(x, at, given).residual
        for what, weight in guidance.items():
            if weight != 1:
                clean = clean + (weight - 1) * (full - net(x, at, without(given, what)).residual)
        (x, *_) = scheduler.step(clean, step, x, return_dict=False)
    return x
