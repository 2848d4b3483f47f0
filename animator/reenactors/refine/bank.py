"""`Bank`: a feeling's code as words that a picture attends to."""

from __future__ import annotations

import torch
from torch import Tensor, nn

SHARPNESS = 12.0
"""Of attention over the bank, as in the embedder's space."""


class Bank(nn.Module):
    """A word for each direction of the embedder's bank, as loud as the feeling shares in it, and one that says that it is told.

    A code of length 0 is neutral: all directions are silent, and only that last word is heard. A feeling that is not told is
    silence throughout.

    Parameters
    ----------
    anchors, directions
        ``float [E K]``, the code of each feeling at intensity 1, and ``float [N K]``, each of length 1.
    size
        Of a word.
    """

    anchors: Tensor
    directions: Tensor

    def __init__(self, anchors: Tensor, directions: Tensor, size: int) -> None:
        super().__init__()
        self.register_buffer("anchors", anchors)
        self.register_buffer("directions", directions)
        self.words = nn.Parameter(torch.randn(len(directions), size))
        self.alike = nn.Linear(directions.shape[1], size, bias=False)
        self.plain = nn.Parameter(torch.randn(1, size))

    def forward(self, code: Tensor, told: Tensor) -> Tensor:
        """``float [B N + 1, size]`` from codes ``float [B K]``, told (1) or not (0)."""
        length = code.norm(dim=1, keepdim=True)
        shares = torch.softmax(SHARPNESS * (code / length.clamp(min=1e-6)) @ self.directions.T, dim=1)
        loud = torch.cat([length * shares * shares.shape[1] ** 0.5, torch.ones_like(length)], dim=1) * told[:, None]
        words: Tensor = torch.cat([self.words + self.alike(self.directions), self.plain])
        return loud[:, :, None] * words
