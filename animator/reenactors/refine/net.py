"""`Refiner`: the denoiser. From noise and a warped face, what the warp cannot show.

A U-Net of `diffusers` blocks on patches of 8x8 pixels (pixel-unshuffle: its first convolutions have stride 8), so that all its
work is done at 1/8 to 1/32 of the picture's size. It gives the clean residual to the warped picture, not the noise: where it says
0, the warp stays as it is, and as its last layer begins at zero, so does all of it until something is learned.

The feeling comes in by cross-attention alone, over the words of `Bank`; a feeling that is not told has words of zeros, and a
branch without biases makes nothing of these. A small classifier reads the feeling back from what the denoiser computes (the
emotion discrimination objective of DICE-Talk, arXiv 2504.18087); only training asks it.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from diffusers.models.attention_processor import Attention
from diffusers.models.downsampling import Downsample2D
from diffusers.models.embeddings import TimestepEmbedding, Timesteps
from diffusers.models.resnet import ResnetBlock2D
from diffusers.models.upsampling import Upsample2D
from torch import Tensor, nn
from torch.nn import functional

from animator.reenactors.refine.bank import Bank

PATCH = 8
"""Side of what the net sees as one place, pixels."""

HEADS = 4


class Given(NamedTuple):
    """What is known of some pictures; ``S`` is a multiple of 32."""

    warped: Tensor
    """``float [B 3 S S]`` in [-1, 1]."""
    guide: Tensor
    """``float [B 5 S S]``: inside and seen in [0, 1], normals in [-1, 1]; all 0 where the guide is kept back."""
    reference: Tensor
    """``float [B 3 S S]`` in [-1, 1], or one for all; all 0 where it is kept back."""
    code: Tensor
    """``float [B K]``: what is felt, in the space of the embedder."""
    told: Tensor
    """``float [B]``: 1, or 0 where the feeling is kept back."""
    head: Tensor
    """``float [B 1 S S]`` in [0, 1]: where a residual may be; 0 beside the head."""


class Denoised(NamedTuple):
    """What the net says."""

    residual: Tensor
    """``float [B 3 S S]``: the clean residual, in units of the noise."""
    feeling: Tensor
    """``float [B E]``: log-odds of each feeling, as read from the net's own features."""


class Refiner(nn.Module):
    """The network.

    Parameters
    ----------
    anchors, bank
        ``float [E K]`` and ``float [N K]`` of the embedder's space; kept with the weights.
    widths
        Channels at 1/8, 1/16 and 1/32 of the picture's size, multiples of 16.
    words
        Size of the words for feelings.
    """

    def __init__(self, anchors: Tensor, bank: Tensor, widths: tuple[int, int, int] = (64, 128, 256), words: int = 64) -> None:
        super().__init__()
        fine, middle, coarse = widths
        time = 4 * fine
        self.bank = Bank(anchors, bank, words)
        self.sinusoid = Timesteps(fine, flip_sin_to_cos=True, downscale_freq_shift=0)
        self.time = TimestepEmbedding(fine, time)
        self.see_noisy, self.see_warped, self.see_guide, self.see_reference = (
            nn.Conv2d(channels, fine, PATCH, stride=PATCH, bias=channels == 5) for channels in (3, 3, 5, 3)
        )
        self.down_fine = _block(fine, fine, time)
        self.to_middle = Downsample2D(fine, use_conv=True, out_channels=middle, name="op")
        self.down_middle = _block(middle, middle, time)
        self.to_coarse = Downsample2D(middle, use_conv=True, out_channels=coarse, name="op")
        self.here = _block(coarse, coarse, time)
        self.around = Attention(coarse, heads=HEADS, dim_head=coarse // HEADS, norm_num_groups=16, residual_connection=True)
        self.feel_coarse = Feel(coarse, words)
        self.there = _block(coarse, coarse, time)
        self.from_coarse = Upsample2D(coarse, use_conv=True, out_channels=middle)
        self.up_middle = _block(2 * middle, middle, time)
        self.feel_middle = Feel(middle, words)
        self.from_middle = Upsample2D(middle, use_conv=True, out_channels=fine)
        self.up_fine = _block(2 * fine, fine, time)
        self.last = _block(fine, fine, time)
        self.norm = nn.GroupNorm(16, fine)
        self.pixels = nn.Conv2d(fine, 3 * PATCH**2, 3, padding=1)
        nn.init.zeros_(self.pixels.weight)
        nn.init.zeros_(self.pixels.bias)  # type: ignore[arg-type]
        self.reads = nn.Linear(coarse + fine, len(anchors))

    def forward(self, noisy: Tensor, step: Tensor, given: Given) -> Denoised:
        """Denoise ``float [B 3 S S]``, or one for all, at the noise of ``step [B]``, a timestep of the schedule."""
        time = self.time(self.sinusoid(step).to(noisy.dtype))
        words = self.bank(given.code, given.told)
        seen = self.see_warped(given.warped) + self.see_guide(given.guide)
        fine = self.down_fine(seen + self.see_noisy(noisy) + self.see_reference(given.reference), time)
        middle = self.down_middle(self.to_middle(fine), time)
        coarse = self.feel_coarse(self.around(self.here(self.to_coarse(middle), time)), words)
        coarse = self.there(coarse, time)
        x = self.up_middle(torch.cat([self.from_coarse(coarse), middle], dim=1), time)
        x = self.from_middle(self.feel_middle(x, words))
        x = self.last(self.up_fine(torch.cat([x, fine], dim=1), time), time)
        x = functional.silu(self.norm(x))
        told = torch.cat([coarse.mean(dim=(2, 3)), x.mean(dim=(2, 3))], dim=1)
        return Denoised(functional.pixel_shuffle(self.pixels(x), PATCH) * given.head, self.reads(told))


class Feel(nn.Module):
    """What the words of a feeling change at each place: nothing until it has learned, and nothing in silence."""

    def __init__(self, width: int, words: int) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(16, width)
        self.ask = Attention(width, words, heads=HEADS, dim_head=width // HEADS, bias=False, out_bias=False)
        nn.init.zeros_(self.ask.to_out[0].weight)  # type: ignore[arg-type]

    def forward(self, x: Tensor, words: Tensor) -> Tensor:
        """``x [B C H W]``, changed by ``words [B N D]``."""
        told: Tensor = self.ask(self.norm(x).flatten(2).transpose(1, 2), words)
        y: Tensor = x + told.transpose(1, 2).reshape(x.shape)
        return y


def _block(inputs: int, width: int, time: int) -> ResnetBlock2D:
    return ResnetBlock2D(in_channels=inputs, out_channels=width, temb_channels=time, groups=16)
