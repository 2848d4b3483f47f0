"""What a performance is judged by while the generator learns: speech frame by frame, feelings over a whole stretch.

The two are kept apart as EMOTE has it (Daněček et al. 2023): a lip reader looks at lips frame by frame, whatever is felt; a
recogniser of feelings looks at the whole stretch, whatever is said. Where the teacher performed an exchange, its curves are the
target beside both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from animator.core.motion import CLOSED
from animator.core.phones import BILABIALS, PHONES
from animator.core.rig import Rig
from animator.generators.acting.prior import columns
from animator.training.motion.lessons import Lessons

CLEAR = 0.25
"""Strength from which on a feeling should be told from the motion."""


class Reader(Protocol):
    """Tells how alike two mouths speak."""

    def features(self, curves: Tensor) -> Tensor:
        """``float [B T F]`` of curves ``float [B T C]`` over all controls of the rig."""
        ...


class Recogniser(Protocol):
    """Tells what a face feels."""

    def logits(self, curves: Tensor) -> Tensor:
        """``float [B E]`` of curves ``float [B T C]`` over all controls of the rig, in the order of the pack's feelings."""
        ...


@dataclass(frozen=True)
class Weights:
    """What each error counts, beside 1 for that of a curve.

    Parameters
    ----------
    lips
        Of a curve of mouth or jaw.
    velocity
        Of the change from frame to frame, of each curve.
    opening
        Of how far the lips part.
    closure
        Of how far they part where they must not (p b m).
    reading
        Of one minus the cosine of the lip reader's features.
    feeling
        Of the recogniser's cross-entropy.
    """

    lips: float = 3.0
    velocity: float = 2.0
    opening: float = 1.0
    closure: float = 1.0
    reading: float = 0.02
    feeling: float = 0.004


@dataclass(frozen=True, eq=False)
class Critic:
    """Judges performances in a rig.

    Parameters
    ----------
    rig
        The controls.
    weights
        What counts how much.
    reader, recogniser
        Networks, frozen; what is None is not asked.
    """

    rig: Rig
    weights: Weights
    reader: Reader | None
    recogniser: Recogniser | None

    def judge(self, made: Tensor, target: Tensor, lessons: Lessons) -> Tensor:
        """The loss of curves ``float [B T C]`` of the prior's controls."""
        moved = columns(self.rig)
        share = torch.ones(len(moved))
        share[torch.from_numpy(self.rig.region("mouth", "jaw")[moved])] = self.weights.lips
        counts = lessons.known * lessons.there * (share / share.mean())
        total = counts.sum().clamp(min=1.0)
        wrong = made - target
        parting = torch.from_numpy(self.rig.opening_row[moved])
        lost: Tensor = (counts * wrong.abs()).sum() / total
        lost = lost + self.weights.velocity * (counts[:, 1:] * wrong.diff(dim=1).abs()).sum() / total
        seen = lessons.known[..., torch.from_numpy(self.rig.opening_row[moved] != 0)].float().mean(dim=2, keepdim=True)
        lost = lost + self.weights.opening * (seen * lessons.there * (wrong @ parting).abs()[..., None]).mean()
        lost = lost + self.weights.closure * _ajar(made @ parting, lessons.phones)
        if self.reader is not None:
            lost = lost + self.weights.reading * self._unlike(self.reader, made, target, lessons)
        if self.recogniser is not None:
            lost = lost + self.weights.feeling * self._unfelt(self.recogniser, made, lessons.wanted)
        return lost

    def _whole(self, curves: Tensor) -> Tensor:
        """Over all controls of the rig; those that the prior does not move are at rest."""
        out = torch.from_numpy(self.rig.rest).expand(*curves.shape[:2], -1).clone()
        out[..., torch.from_numpy(columns(self.rig))] = curves
        return out

    def _unlike(self, reader: Reader, made: Tensor, target: Tensor, lessons: Lessons) -> Tensor:
        """One minus the cosine of what is read from the lips, frame by frame, where the target is known."""
        with torch.no_grad():
            wanted = reader.features(self._whole(target))
        alike = functional.cosine_similarity(reader.features(self._whole(made)), wanted, dim=2)
        seen = lessons.known.any(dim=2) * lessons.there[..., 0]
        return (seen * (1.0 - alike)).sum() / seen.sum().clamp(min=1.0)

    def _unfelt(self, recogniser: Recogniser, made: Tensor, wanted: Tensor) -> Tensor:
        """Cross-entropy of what is felt over the whole stretch, by how strongly it is felt."""
        usual = wanted.mean(dim=1)
        strength, strongest = usual.max(dim=1)
        told = functional.cross_entropy(recogniser.logits(self._whole(made)), strongest, reduction="none")
        counts = strength * (strength > CLEAR)
        return (counts * told).sum() / counts.sum().clamp(min=1.0)


def _ajar(opening: Tensor, phones: Tensor) -> Tensor:
    """Mean opening beyond `CLOSED` in the frames of p b m that have another one on either side."""
    closed = torch.isin(phones, torch.tensor([PHONES.index(phone) for phone in sorted(BILABIALS)]))
    inside = closed & functional.pad(closed[:, :-1], (1, 0)) & functional.pad(closed[:, 1:], (0, 1))
    over: Tensor = (opening - CLOSED).clamp(min=0.0)
    return (inside * over).sum() / inside.sum().clamp(min=1)


def unanswered(target: Tensor, upper: np.ndarray) -> Tensor:
    """The same curves ``float [B T C]`` with an upper face (``bool [C]``) that answers nothing: its mean, held."""
    return torch.where(torch.from_numpy(upper), target.mean(dim=1, keepdim=True), target)
