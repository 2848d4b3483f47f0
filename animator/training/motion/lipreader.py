"""A lip reader: which viseme and which word of GRID's small grammar a mouth shows, from its curves alone.

It learns from tracked clips of a real speaker and is used twice, each time as a network of its own that saw other clips: one
gives the generator's training a differentiable opinion of what a mouth says, the other judges what came of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from animator.core.phones import VISEMES
from animator.core.rig import Rig
from animator.errors import InputError
from animator.io.rig import load_rig
from animator.io.weights import load_weights, write_weights
from animator.nn import ahead
from animator.training.corpora import credited, refuse_unshippable
from animator.training.motion.course import Course, learn
from animator.training.motion.spoken import SLOT, UNTOLD, WORDS, Batch, Line, Otherness, batch, lines
from animator.training.motion.store import MotionPack

REGIONS = ("mouth", "jaw")
"""What a lip reader looks at; of the tongue, a tracker sees nothing."""

DILATIONS, TAPS = (1, 1, 2, 4), 3

QUICK = 3.0
"""Gain of velocities beside curves: a frame changes by about a third of a curve's deviation."""


class Read(NamedTuple):
    """What a lip reader makes of curves, frame by frame."""

    features: Tensor
    """``float [B T F]``: what both answers are read from."""
    visemes: Tensor
    """``float [B T V]``: logits in the order of `core.phones.VISEMES`."""
    words: Tensor
    """``float [B T W]``: logits in the order of `spoken.WORDS`; the evidence for a word is their mean over its frames."""


class LipReader(nn.Module):
    """The network: curves at 50 Hz and their velocity, convolutions over half a second on either side.

    Parameters
    ----------
    columns
        The controls that it reads, as columns of the rig.
    width, hidden
        Channels of the trunk, and inside a block.
    """

    columns: Tensor
    centre: Tensor
    spread: Tensor

    def __init__(self, columns: Sequence[int], width: int = 96, hidden: int = 192) -> None:
        super().__init__()
        self.register_buffer("columns", torch.tensor(list(columns), dtype=torch.int64))
        self.register_buffer("centre", torch.zeros(len(columns)))
        self.register_buffer("spread", torch.ones(len(columns)))
        self.seen = nn.Linear(2 * len(columns), width)
        self.blocks = nn.ModuleList(ahead.Block(width, hidden, dilation, TAPS) for dilation in DILATIONS)
        self.norm = nn.LayerNorm(width)
        self.forget = nn.Dropout(0.2)
        self.visemes = nn.Linear(width, len(VISEMES))
        self.words = nn.Linear(width, len(WORDS))

    def forward(self, curves: Tensor) -> Read:
        """Read curves ``float [B T C]`` over all controls of the rig."""
        mouth = (curves[..., self.columns] - self.centre) / self.spread
        velocity = functional.pad(mouth.diff(dim=1), (0, 0, 1, 0))
        x = self.seen(torch.cat([mouth, QUICK * velocity], dim=2))
        features = self.norm(ahead.whole(ahead.plan(self.blocks, ahead.FULL), x))
        kept = self.forget(features)
        return Read(features, self.visemes(kept), self.words(kept))

    def features(self, curves: Tensor) -> Tensor:
        """``float [B T F]`` of curves ``float [B T C]``: compared by cosine, they say how alike two mouths speak."""
        features: Tensor = self(curves).features
        return features


@dataclass(frozen=True)
class Plan(Course):
    """How a lip reader is trained; what is not said here is in `Course`.

    Parameters
    ----------
    size
        Lines in a batch.
    part, parts
        It learns from each ``parts``-th line, beginning with number ``part``.
    speed, gain, offset, noise
        How much lines are made different, as `spoken.Otherness` has it.
    words
        Weight of the error in words beside that in visemes.
    width, hidden
        Of the network.
    """

    steps: int = 500
    rate: float = 3e-3
    decay: float = 0.05
    size: int = 16
    part: int = 0
    parts: int = 2
    speed: float = 0.15
    gain: float = 0.2
    offset: float = 0.3
    noise: float = 0.1
    words: float = 0.5
    width: int = 96
    hidden: int = 192


JUDGE = Plan(seed=1, part=1)
"""Of the lip reader that judges: another seed, and the lines that the first one never saw."""

TINY = Plan(steps=60, warmup=5, average=0.9, size=8, parts=1, width=32, hidden=48)
"""A few seconds on one core, for tests."""


def train_lipreader(
    packs: Sequence[MotionPack],
    out: Path,
    plan: Plan | None = None,
    cache: Path | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """Train a lip reader and write its weights.

    Parameters
    ----------
    packs
        Motion over the controls of the rig ``arkit``; real lines are learned from, those held out are read.
    out
        The ``.safetensors`` file to write.
    plan
        How; `Plan()` if absent, `JUDGE` for the one that judges.
    cache
        A folder for the state of the training, so that it can be taken up again.
    tell
        Gets a line of progress now and then.

    Returns
    -------
    dict
        `lipreader_score.controls` of the lines held out.

    Raises
    ------
    InputError
        There is no real line to learn from, or a pack may not be shipped.
    """
    from animator.training.motion.lipreader_score import controls

    plan = plan or Plan()
    rig = load_rig("arkit")
    found = list(lines(packs))
    taught = [line for line in found if not line.held][plan.part :: plan.parts]
    if not taught:
        raise InputError("a lip reader learns from real lines of GRID; none was given")
    learned_from = sorted({name for pack in packs if any(lines([pack])) for name in pack.corpora})
    refuse_unshippable(learned_from)
    torch.manual_seed(plan.seed)
    kept = cache / f"lipreader_{plan.name}.pt" if cache is not None else None
    net = learn(_fresh(taught, plan, rig), partial(_lose, taught, plan, rig), plan, kept, tell)
    scores = controls(net, [line for line in found if line.held])
    corpora = credited(learned_from)
    tensors = {name: tensor.detach().numpy() for name, tensor in net.state_dict().items()}
    write_weights(out, tensors, corpora, asdict(plan), scores)
    return scores


def load_lipreader(path: Path) -> LipReader:
    """A lip reader that `train_lipreader` wrote, frozen.

    Raises
    ------
    FormatError
        The file holds no weights of ours.
    """
    tensors, header = load_weights(path)
    net = LipReader(tensors["columns"].tolist(), header["recipe"]["width"], header["recipe"]["hidden"])
    net.load_state_dict({name: torch.from_numpy(tensor) for name, tensor in tensors.items()})
    return net.eval().requires_grad_(False)


def _fresh(taught: Sequence[Line], plan: Plan, rig: Rig) -> LipReader:
    known = np.logical_and.reduce([line.known for line in taught])
    net = LipReader(np.flatnonzero(known & rig.region(*REGIONS)).tolist(), plan.width, plan.hidden)
    seen = torch.from_numpy(np.concatenate([line.motion for line in taught]))[:, net.columns]
    net.centre.copy_(seen.mean(dim=0))
    net.spread.copy_(seen.std(dim=0).clamp(min=0.01))
    return net


def _lose(taught: Sequence[Line], plan: Plan, rig: Rig, net: LipReader, step: int) -> Tensor:
    rng = np.random.default_rng((plan.seed, step))
    torch.manual_seed(plan.seed * 1_000_003 + step)
    spread = np.zeros(len(rig.controls), np.float32)
    spread[net.columns.numpy()] = net.spread.numpy()
    chosen = [taught[int(k)] for k in rng.integers(len(taught), size=plan.size)]
    drawn = batch(chosen, rig, spread, Otherness(plan.speed, plan.gain, plan.offset, plan.noise), rng)
    return _wrong(net(drawn.curves), drawn, plan.words)


def _wrong(read: Read, drawn: Batch, words: float) -> Tensor:
    """Cross-entropy of visemes, and of words among those that may stand in their place."""
    visemes = functional.cross_entropy(
        read.visemes.flatten(0, 1), drawn.visemes.flatten(), ignore_index=UNTOLD, label_smoothing=0.05
    )
    return visemes + words * functional.cross_entropy(evidence(read, drawn.spans).flatten(0, 1), drawn.words.flatten())


def evidence(read: Read, spans: Tensor) -> Tensor:
    """Logits ``[B 6 W]`` of the words of sentences whose words lie at ``spans [B 6 T]``; no word out of its place."""
    elsewhere = torch.from_numpy(np.arange(SLOT.max() + 1)[:, None] != SLOT)
    return (spans @ read.words).masked_fill(elsewhere, -1e4)
