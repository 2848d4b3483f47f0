"""What the ear is wrong about, in numbers."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from animator.core.phones import BILABIALS, LABIODENTALS, PHONES
from animator.encoders.listening.net import Heard
from animator.training.ear.examples import FEELINGS, Batch

LIPS = 1.5
"""How much more a frame counts in which lips meet something: what a viewer sees at once."""


class Informer(nn.Module):
    """Tries to tell the feeling from the content embedding, so that the embedding learns to hide it (Ganin & Lempitsky 2015)."""

    def __init__(self, content: int) -> None:
        super().__init__()
        self.guess = nn.Sequential(nn.Linear(content, 64), nn.GELU(), nn.Linear(64, len(FEELINGS)))

    def forward(self, content: Tensor, strength: float) -> Tensor:
        """Logits ``[B T E]``; the gradient goes back to the embedding reversed, times ``strength``."""
        guess: Tensor = self.guess(_Reverse.apply(content, strength))  # type: ignore[no-untyped-call]
        return guess


class _Reverse(torch.autograd.Function):
    @staticmethod
    def forward(ctx: torch.autograd.function.FunctionCtx, x: Tensor, strength: float) -> Tensor:
        ctx.strength = strength  # type: ignore[attr-defined]
        return x.view_as(x)

    @staticmethod
    def backward(ctx: torch.autograd.function.FunctionCtx, grad: Tensor) -> tuple[Tensor, None]:
        return -ctx.strength * grad, None  # type: ignore[attr-defined]


def loss(heard: Heard, batch: Batch, informer: Informer, hide: float, lean: float = 0.0) -> Tensor:
    """Cross-entropy of phones; voicing, pitch where there is voice, effort; and what the informer makes out.

    Phones are learned from labels and, with the share ``lean``, from what a tutor says of them.
    """
    weights = torch.ones(len(PHONES))
    weights[[PHONES.index(p) for p in (*BILABIALS, *LABIODENTALS)]] = LIPS
    phones = functional.cross_entropy(
        heard.phones.flatten(0, 1), batch.phones.flatten(), weights, ignore_index=-1, label_smoothing=0.05
    )
    if lean:
        told = batch.told * weights
        missed = -(told * functional.log_softmax(heard.phones, dim=2)).sum() / (told.sum() + 1e-6)
        phones = (1.0 - lean) * phones + lean * missed
    voicing = functional.binary_cross_entropy_with_logits(heard.voicing, batch.voicing)
    voiced = (batch.voicing > 0.5).float()
    octave = (voiced * (heard.octave - batch.octave).abs()).sum() / (voiced.sum() + 1.0)
    effort = functional.smooth_l1_loss(heard.effort, batch.effort, beta=0.2)
    told = batch.feeling[:, ::2].flatten()
    informed = torch.zeros(())
    if (told >= 0).any():
        informed = functional.cross_entropy(informer(heard.content, hide).flatten(0, 1), told, ignore_index=-1)
    return phones + 0.2 * voicing + 0.2 * octave + 0.2 * effort + 0.1 * informed
