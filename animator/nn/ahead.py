"""Convolutions over time that look as far ahead as they are allowed, over a whole clip or piece by piece.

Each block mixes time by one depthwise convolution whose taps into the future are struck out once the look-ahead is used up, then
mixes channels (after ConvNeXt, Liu et al. 2022). What a block lacks of the future it is told, so one set of weights learns all
look-aheads side by side. Nothing is normalised over time: a frame depends on a fixed stretch alone, so pieces give what the whole
gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from animator.nn.asking import Ask, Asking

FULL = 1 << 16
"""Steps of look-ahead that strike out nothing."""


class Block(nn.Module):
    """Time mixed by one depthwise convolution, then channels by a two-layer net, added to what came in."""

    def __init__(self, width: int, hidden: int, dilation: int, taps: int) -> None:
        super().__init__()
        self.dilation, self.taps = dilation, taps
        self.kernel = nn.Parameter(torch.randn(width, 2 * taps + 1) / (2 * taps + 1) ** 0.5)
        self.missing = nn.Parameter(torch.zeros(taps + 1, width))
        self.norm = nn.LayerNorm(width)
        self.into = nn.Linear(width, hidden)
        self.out = nn.Linear(hidden, width)

    @property
    def reach(self) -> int:
        """Steps on either side that the convolution sees at most."""
        return self.taps * self.dilation

    def forward(self, x: Tensor, taps: int) -> Tensor:
        """``float [B T C]`` from ``float [B reach + T + taps * dilation, C]``, with ``taps`` into the future."""
        kernel = self.kernel[:, : self.taps + 1 + taps]
        mixed = functional.conv1d(x.transpose(1, 2), kernel[:, None], dilation=self.dilation, groups=len(kernel))
        y = self.norm(mixed.transpose(1, 2) + self.missing[self.taps - taps])
        z: Tensor = x[:, self.reach : self.reach + y.shape[1]] + self.out(functional.gelu(self.into(y)))
        return z


Plan = Sequence[tuple[Block, int]]
"""Blocks, one after another, each with the taps into the future that it gets."""


def plan(blocks: Iterable[nn.Module], ahead: int) -> Plan:
    """Share ``ahead`` steps of look-ahead among blocks, the first ones served first."""
    shared = []
    for block in blocks:
        assert isinstance(block, Block)
        taps = min(block.taps, ahead // block.dilation)
        ahead -= taps * block.dilation
        shared.append((block, taps))
    return shared


def whole(planned: Plan, x: Tensor) -> Tensor:
    """What the blocks make of a clip ``float [B T C]``, with zeros before and after it."""
    for block, taps in planned:
        x = block(functional.pad(x, (0, 0, block.reach, taps * block.dilation)), taps)
    return x


class Flow:
    """One clip, from its beginning to its end; all pieces together are what `whole` gives."""

    def __init__(self, planned: Plan) -> None:
        self._plan = planned
        self._held = [torch.zeros(1, block.reach, len(block.kernel)) for block, _ in planned]

    def feeding(self, x: Tensor, last: bool = False) -> Asking[Tensor]:
        """Take the next ``float [1 T C]``, T at least 0; what can be told by now or, with the ``last``, all that is left."""
        for i, (block, taps) in enumerate(self._plan):
            future = taps * block.dilation
            held = torch.cat([self._held[i], x, torch.zeros(1, future if last else 0, x.shape[2])], dim=1)
            ready = max(0, held.shape[1] - block.reach - future)
            x = (yield Ask(block, (held,), (taps,))) if ready else x[:, :0]
            self._held[i] = held[:, ready:]
        return x
