"""Pictures of bytes to what the net sees, and what it says back to pictures."""

from __future__ import annotations

import numpy as np
import torch
from jaxtyping import Float32, UInt8
from torch import Tensor
from torch.nn import functional

FEATHER = 4
"""Pixels over which a residual fades out inside the outline of a head."""

ROWS, COLUMNS = (3 / 16, 15 / 16), (1 / 8, 7 / 8)
"""What of a crop the net is shown when it works, as shares of its side: from the hairline to below the chin of an open mouth and
from ear to ear. Beside that it has little to add, and would take nearly twice the time."""

GAIN = 4.0
"""Units of noise to a residual of 1 on the net's scale of colours, [-1, 1]: a mouth's residual is as large as the noise."""


def colours(pictures: UInt8[np.ndarray, "B S S 3"], device: torch.device) -> Tensor:
    """``float [B 3 S S]`` in [-1, 1]."""
    return torch.from_numpy(pictures).to(device).permute(0, 3, 1, 2).float() / 127.5 - 1.0


def guides(
    inside: Float32[np.ndarray, "B S S"],
    seen: Float32[np.ndarray, "B S S"],
    normals: Float32[np.ndarray, "B S S 3"],
    device: torch.device,
) -> Tensor:
    """``float [B 5 S S]``."""
    flat = np.stack([inside, seen], axis=1)
    return torch.from_numpy(np.concatenate([flat, normals.transpose(0, 3, 1, 2)], axis=1)).to(device)


def heads(guide: Tensor) -> Tensor:
    """``float [B 1 S S]`` of what `guides` gave: 1 on the head, falling to 0 within `FEATHER` pixels of its outline."""
    on = ((guide[:, 2:].square().sum(dim=1, keepdim=True) > 0) | (guide[:, :1] > 0)).float()
    level = _mean(_mean(on, 2), 3)
    return (2 * level - 1).clamp(min=0)


def _mean(level: Tensor, dim: int) -> Tensor:
    """The mean over `FEATHER` pixels on both sides and the one between, along ``dim``; beyond the edge there are none."""
    size = level.shape[dim]
    sums = functional.pad(level.cumsum(dim), [0, 0] * (3 - dim) + [1, 0])
    at = torch.arange(size, device=level.device)
    first, last = (at - FEATHER).clamp(min=0), (at + FEATHER + 1).clamp(max=size)
    shape = (-1, 1) if dim == 2 else (-1,)
    out: Tensor = (sums.index_select(dim, last) - sums.index_select(dim, first)) / (last - first).reshape(shape)
    return out


def window(size: int) -> tuple[slice, slice]:
    """`ROWS` and `COLUMNS` of a crop of so many pixels a side."""
    rows, columns = (slice(round(first * size), round(last * size)) for first, last in (ROWS, COLUMNS))
    return rows, columns


def framed(head: Tensor) -> Tensor:
    """What `heads` gave, falling to 0 within `FEATHER` pixels of the edges of the picture, too."""
    rows, columns = (
        torch.minimum(at + 1, size - at).div(FEATHER + 1).clamp(max=1)
        for size in head.shape[2:]
        for at in [torch.arange(size, device=head.device)]
    )
    return head * rows[:, None] * columns


def refined(warped: UInt8[np.ndarray, "B S S 3"], residual: Tensor) -> UInt8[np.ndarray, "B S S 3"]:
    """``warped``, changed by a residual ``float [B 3 S S]``; a residual of 0 changes nothing."""
    change = residual.float().permute(0, 2, 3, 1).cpu().numpy() * np.float32(127.5 / GAIN)
    out: np.ndarray = np.rint(np.clip(change + warped, 0, 255)).astype(np.uint8)
    return out
