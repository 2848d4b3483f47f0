"""`Ear`: log-mel in, phones, voicing, pitch, effort and content out, with as much of the future as it is allowed.

One stack of convolutions serves every look-ahead (`animator.nn.ahead`), so sound in pieces gives what the whole gives.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from animator.core.phones import PHONES
from animator.nn.ahead import FULL, Block, Plan, plan, whole

STEP = 2
"""Mel frames a step: the net runs at 50 Hz and answers at 100 Hz."""

STEM = 4
"""Mel frames that a step sees at first: its own two and the two before."""


class Heard(NamedTuple):
    """What the net gives, at 100 Hz but for ``content``, which is at 50 Hz."""

    phones: Tensor
    """``float [B T P]``: logits in the order of `animator.core.phones.PHONES`."""
    voicing: Tensor
    """``float [B T]``: logit of voicing."""
    octave: Tensor
    """``float [B T]``: fundamental frequency in octaves from 200 Hz; means nothing where there is no voice."""
    effort: Tensor
    """``float [B T]``: vocal effort, 0 = usual, 1 = marked."""
    content: Tensor
    """``float [B T/2 K]``: what is said, as the phones are read from it."""


class Ear(nn.Module):
    """The network.

    Parameters
    ----------
    mels, width, hidden, content
        Mel bands; channels of the trunk; channels inside a block; channels of the content embedding.
    dilations
        Of each block's taps, in steps.
    taps
        Of each block, on either side.
    """

    def __init__(
        self,
        mels: int = 80,
        width: int = 256,
        hidden: int = 512,
        content: int = 48,
        dilations: tuple[int, ...] = (1, 1, 2, 2, 4, 4, 2, 1),
        taps: int = 4,
    ) -> None:
        super().__init__()
        self.stem = nn.Linear(STEM * mels, width)
        self.blocks = nn.ModuleList(Block(width, hidden, d, taps) for d in dilations)
        self.norm = nn.LayerNorm(width)
        self.content = nn.Linear(width, content)
        self.phones = nn.Linear(content, STEP * len(PHONES))
        self.voice = nn.Linear(width, STEP * 3)

    def plan(self, ahead: int) -> Plan:
        """The blocks, each with the taps into the future that it gets of ``ahead`` steps."""
        return plan(self.blocks, ahead)

    def forward(self, mel: Tensor, ahead: int = FULL) -> Heard:
        """Hear.

        Parameters
        ----------
        mel
            ``float [B T M]``, normalised log-mel; T even.
        ahead
            Steps of 20 ms into the future that may be used.
        """
        x = self.begin(functional.pad(mel, (0, 0, STEM - STEP, 0)))
        return self.tell(whole(self.plan(ahead), x))

    def begin(self, mel: Tensor) -> Tensor:
        """``float [B T C]`` from ``float [B 2 + 2 T M]``: mel frames, the two before the first step ahead of them."""
        pairs = mel.reshape(len(mel), -1, STEP * mel.shape[2])
        x: Tensor = self.stem(torch.cat([pairs[:, :-1], pairs[:, 1:]], dim=2))
        return x

    def tell(self, x: Tensor) -> Heard:
        """What the trunk's ``float [B T C]`` means."""
        x = self.norm(x)
        content = self.content(x)
        voice = self.voice(x).reshape(len(x), -1, 3)
        phones = self.phones(content).reshape(len(x), -1, len(PHONES))
        return Heard(phones, voice[..., 0], voice[..., 1], voice[..., 2], content)
