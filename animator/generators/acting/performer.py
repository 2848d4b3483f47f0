"""`Performer`: one clip as curves, piece by piece: what the net expects, what chance adds, and feelings by their intensity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Bool, Float32, Int
from torch import Tensor

from animator.generators.acting.cast import Cast
from animator.generators.acting.net import Actor, Stage, centres
from animator.generators.acting.prior import FRAMES, REACH, Prior
from animator.generators.acting.variety import Wandering
from animator.nn.ahead import FULL
from animator.nn.asking import Ask, Asking, alone

FAINT = 0.2
"""Strength below which what a code says beyond its weights counts in proportion."""


class Performed(NamedTuple):
    """Curves of the prior's controls, ``float32 [T C]`` each, a little outside [0, 1] at times."""

    neutral: Float32[np.ndarray, "T C"]
    felt: Float32[np.ndarray, "T C"]


class Wanted(NamedTuple):
    """What is to be felt, frame by frame."""

    weights: Float32[np.ndarray, "T E"]
    """Intensity of each of the cast's feelings in [0, 1]."""
    beyond: Float32[np.ndarray, "T K"]
    """What the emotion's code says that its weights do not; 0 where they say it all."""

    def within(self, frames: slice | Int[np.ndarray, " F"]) -> Wanted:
        """Some of the frames."""
        return Wanted(self.weights[frames], self.beyond[frames])


@dataclass(frozen=True)
class Manner:
    """How a clip is performed: its ``style [S]``, frames of look-ahead, and the dials ``variety`` and ``effort``."""

    style: Float32[np.ndarray, " S"]
    ahead: int
    variety: float
    effort: float


class Performer:
    """One clip. All pieces together are what the whole gives.

    Parameters
    ----------
    cast, manner
        Who acts, and how.
    upper
        ``bool [C]``: the prior's controls that the dial ``effort`` moves.
    rng
        The only source of chance.
    """

    def __init__(self, cast: Cast, manner: Manner, upper: Bool[np.ndarray, " C"], rng: np.random.Generator) -> None:
        self._cast, self._manner = cast, manner
        self._stage = Stage(cast.actor, torch.from_numpy(manner.style)[None], manner.ahead)
        self._wandering = Wandering(cast.habit, rng)
        self._upper = torch.from_numpy(upper)
        self._plain, self._quiet, self._full = (_Course(cast.prior) for _ in range(3))
        self._strength = torch.zeros(0)
        self._before = torch.zeros(1, 0, cast.prior.controls)

    def feed(self, heard: Float32[np.ndarray, "T D"], wanted: Wanted, last: bool = False) -> Performed:
        """Take the next frames.

        Parameters
        ----------
        heard
            As `hearing.heard` gives it; all in all a multiple of `FRAMES`.
        wanted
            What is to be felt meanwhile.
        last
            Whether nothing comes after them.

        Returns
        -------
        Performed
            The frames that can be told by now.
        """
        return alone(self.feeding(heard, wanted, last))

    def feeding(self, heard: Float32[np.ndarray, "T D"], wanted: Wanted, last: bool = False) -> Asking[Performed]:
        """`feed`, beside others."""
        strength, direction = split(torch.from_numpy(wanted.weights), self._cast.actor.anchors, torch.from_numpy(wanted.beyond))
        self._strength = torch.cat([self._strength, strength])
        acted = yield from self._stage.feeding(torch.from_numpy(heard)[None], direction[None], last)
        told = acted.speech.shape[1] * FRAMES
        strength, self._strength = self._strength[:told, None], self._strength[told:]
        chance = self._manner.variety * self._wandering.next(acted.speech.shape[1])
        quiet = acted.speech + torch.from_numpy(chance.astype(np.float32))
        plain = quiet + acted.answer
        spoken = neutral = yield from self._plain.say(plain)
        if self._manner.effort != 1.0:
            unmoved = yield from self._quiet.say(quiet)
            neutral = torch.where(self._upper, unmoved + self._manner.effort * (spoken - unmoved), spoken)
        full = yield from self._full.say(plain + acted.feeling)
        change = (full - spoken)[None]
        coming, self._before = eased(change, self._before), torch.cat([self._before, change], dim=1)[:, 1 - FRAMES :]
        return Performed(neutral.numpy(), (neutral + strength * coming[0]).numpy())


def performed(
    actor: Actor, speaks: Prior, heard: Tensor, style: Tensor, wanted: Tensor, ahead: int = FULL, answers: bool = True
) -> Tensor:
    """Whole clips at once, as a `Performer` makes them without chance; gradients pass.

    ``heard``, ``style`` and ``wanted`` are ``float [B T D]``, ``[B S]`` and ``[B T E]``; the curves ``[B T C]``.
    """
    strength, direction = split(wanted, actor.anchors)
    acted = actor(heard, style, centres(direction), ahead)
    plain = acted.speech + acted.answer if answers else acted.speech
    neutral = speaks.decode(plain)
    change = eased(speaks.decode(plain + acted.feeling) - neutral, neutral[:, :0])
    curves: Tensor = neutral + strength[..., None] * change
    return curves


def eased(change: Tensor, before: Tensor) -> Tensor:
    """What a feeling changes, ``float [B T C]``, coming along a slope, though each window has a code of its own.

    Each frame is the mean of a window's length that ends with it; ``before [B P C]`` are frames that went before, if any.
    """
    if not change.shape[1]:
        return change
    known = torch.cat([before, change], dim=1)[:, -(change.shape[1] + FRAMES - 1) :]
    lacking = change.shape[1] + FRAMES - 1 - known.shape[1]
    slope: Tensor = torch.cat([known[:, :1].expand(-1, lacking, -1), known], dim=1).unfold(1, FRAMES, 1).mean(dim=3)
    return slope


def split(weights: Tensor, anchors: Tensor, beyond: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """Intensities ``float [... E]`` as one strength in [0, 1], ``[...]``, and the code of full strength, ``[... K]``.

    Of feelings that together are stronger than 1, the strength is 1 and they go on in the code. ``beyond [... K]`` is what the
    code says that the weights do not; of what is hardly felt, it is not blown up.
    """
    strength = weights.sum(dim=-1).clamp(max=1.0)
    code = weights @ anchors / strength.clamp(min=1e-6)[..., None]
    return strength, code if beyond is None else code + beyond / strength.clamp(min=FAINT)[..., None]


class _Course:
    """Latents to curves as they come; each window remembers those before it."""

    def __init__(self, prior: Prior) -> None:
        self._prior = prior
        self._before = torch.zeros(1, REACH, prior.latent)

    def say(self, latents: Tensor) -> Asking[Tensor]:
        """Curves ``float [K * FRAMES, C]`` of the next ``[1 K D]``."""
        curves: Tensor = (yield Ask(self._prior.decode, (latents, self._before)))[0]
        self._before = torch.cat([self._before, latents], dim=1)[:, -REACH:]
        return curves
