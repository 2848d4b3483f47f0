"""`Prior`: what a talking face can do, four frames a word.

A temporal variational autoencoder over short windows of motion, as EMOTE's FLINT is (Daněček et al. 2023), made for motion that
is still coming: each window of 80 ms has a latent of its own, and each latent becomes curves with the help of the two before it
and of none after. Whoever speaks this language of latents moves as faces do. It is learned once and then frozen.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Int
from torch import Tensor, nn
from torch.nn import functional

from animator.core.rig import Rig
from animator.io.weights import read_weights

FRAMES = 4
"""Frames at 50 Hz that a latent stands for."""

REACH = 2
"""Latents before a window that help to decode it."""

REGIONS = ("brows", "eyes", "nose", "cheeks", "mouth", "jaw", "tongue")
"""Where speech and feelings move a face; gaze and head are moved by the life of a face."""

BLINKS = ("blink_left", "blink_right")
"""Gestures whose lids the life of a face moves."""

LEAST = 0.01
"""Deviation, in weights, of the faintest component that is still told in full."""

SURE = -5.0
"""Logarithm of the variance that latents have before anything is learned."""

SHUT = 0.5
"""A control that a blink moves beyond this is one of its lids."""


def columns(rig: Rig) -> Int[np.ndarray, " C"]:
    """The controls of a rig that the prior moves: those of `REGIONS`, less the lids that blinks shut."""
    shut = np.any([rig.row(rig.gestures.get(name, {})) > SHUT for name in BLINKS], axis=0)
    return np.flatnonzero(rig.region(*REGIONS) & ~shut)


class Belief(NamedTuple):
    """The Gaussian of a window's latent."""

    mean: Tensor
    """``float [B K D]``."""
    log_variance: Tensor
    """``float [B K D]``."""


class Prior(nn.Module):
    """The network: a linear code of windows, as principal components are, and what a small net adds to it on either side.

    Parameters
    ----------
    controls
        Curves, in the order of `columns`.
    latent, width, hidden
        Size of a latent; channels of the trunks; channels inside a block.
    blocks
        Of the encoder and of the decoder each.
    """

    def __init__(self, controls: int = 42, latent: int = 64, width: int = 128, hidden: int = 256, blocks: int = 2) -> None:
        super().__init__()
        self.controls, self.latent = controls, latent
        self.coded = nn.Linear(FRAMES * controls, latent)
        self.seen = nn.Linear(FRAMES * controls, width)
        self.encoder = nn.Sequential(*(_Block(width, hidden) for _ in range(blocks)))
        self.belief = nn.Linear(width, 2 * latent)
        self.meant = nn.Linear(latent, FRAMES * controls)
        self.told = nn.Linear((1 + REACH) * latent, width)
        self.decoder = nn.Sequential(*(_Block(width, hidden) for _ in range(blocks)))
        self.shown = nn.Linear(width, FRAMES * controls)

    def encode(self, curves: Tensor) -> Belief:
        """Latents of curves ``float [B T C]`` in weights; T is a multiple of `FRAMES`. Each window is read on its own."""
        B, T, C = curves.shape
        windows = curves.reshape(B, T // FRAMES, FRAMES * C)
        mean, log_variance = self.belief(self.encoder(self.seen(windows))).chunk(2, dim=2)
        return Belief(self.coded(windows) + mean, log_variance.clamp(-12.0, 4.0))

    def decode(self, latents: Tensor, before: Tensor | None = None) -> Tensor:
        """Curves of latents.

        Parameters
        ----------
        latents
            ``float [B K D]``.
        before
            The `REACH` latents before them, ``float [B REACH D]``; zeros, if absent, for where a motion begins.

        Returns
        -------
        Tensor
            ``float [B K * FRAMES, C]`` in weights, a little outside [0, 1] at times. Curves of a window depend on its latent and
            `REACH` before it, so that pieces give what the whole gives.
        """
        past = functional.pad(latents, (0, 0, REACH, 0)) if before is None else torch.cat([before, latents], dim=1)
        K = latents.shape[1]
        heard = torch.cat([past[:, lag : lag + K] for lag in range(1 + REACH)], dim=2)
        windows: Tensor = self.meant(latents) + self.shown(self.decoder(self.told(heard)))
        return windows.reshape(len(latents), K * FRAMES, self.controls)

    @torch.no_grad()
    def begin(self, windows: Tensor) -> None:
        """Start as the principal components of windows ``float [N FRAMES * C]``, in units of their deviations."""
        centre = windows.mean(dim=0)
        _, sizes, axes = torch.linalg.svd((windows - centre).double(), full_matrices=False)
        axes, spread = axes[: self.latent].float(), (sizes[: self.latent] / len(windows) ** 0.5).float().clamp(min=LEAST)
        self.coded.weight.copy_(axes / spread[:, None])
        self.coded.bias.copy_(-axes @ centre / spread)
        self.meant.weight.copy_((axes * spread[:, None]).T)
        self.meant.bias.copy_(centre)
        for added in (self.belief, self.shown):
            nn.init.zeros_(added.weight)
            nn.init.zeros_(added.bias)
        self.belief.bias[self.latent :] = SURE

    @torch.no_grad()
    def rescale(self, unit: Tensor) -> None:
        """Measure each coordinate of the latents in another ``unit``, ``float [D]``; what they decode to stays."""
        for told in (self.coded, self.belief):
            told.weight[: self.latent] /= unit[:, None]
            told.bias[: self.latent] /= unit
        self.belief.bias[self.latent :] -= 2.0 * unit.log()
        self.meant.weight *= unit
        self.told.weight *= unit.repeat(1 + REACH)


@cache
def prior() -> Prior:
    """The shipped prior, frozen, made once a process.

    Raises
    ------
    MissingWeightsError
        Its weights are not installed.
    """
    return prior_of(*read_weights("prior"))


def prior_of(tensors: Mapping[str, np.ndarray], header: Mapping[str, Any]) -> Prior:
    """A prior from its weights, as `animator.io.weights.load_weights` gives them; frozen."""
    controls = len(tensors["shown.bias"]) // FRAMES
    net = Prior(controls, **{name: header["recipe"][name] for name in ("latent", "width", "hidden", "blocks")})
    net.load_state_dict({name: torch.from_numpy(tensor) for name, tensor in tensors.items()})
    return net.eval().requires_grad_(False)


class _Block(nn.Module):
    """Channels mixed by a two-layer net, added to what came in."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.mix = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, hidden), nn.GELU(), nn.Linear(hidden, width))

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = x + self.mix(x)
        return y
