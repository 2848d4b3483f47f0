"""A recogniser of feelings on motion: which feeling a stretch of a performance shows, and how strongly, whatever is said.

It learns from taught performances and is used twice, each time as a network of its own that saw other people: one gives the
generator's training a differentiable opinion of what a face feels, the other judges what came of it. Persons are told apart by
their names in the packs, so neither may be given those that the generator learns from.
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

from animator.core.rig import Rig
from animator.core.script import felt
from animator.errors import InputError
from animator.generators.acting.prior import columns
from animator.io.rig import load_rig
from animator.io.weights import load_weights, write_weights
from animator.nn import ahead
from animator.training.corpora import credited, refuse_unshippable
from animator.training.motion.course import Course, learn
from animator.training.motion.store import MotionPack

STRIDE = 4
"""Frames that are read as one: feelings are slow."""

DILATIONS, TAPS = (1, 2), 2

UPPER = ("brows", "eyes", "nose")
LOWER = ("mouth", "jaw", "cheeks", "tongue")
"""Halves of a face, of which one may be hidden."""


class Told(NamedTuple):
    """What a recogniser makes of a stretch of motion."""

    features: Tensor
    """``float [B F]``: what both answers are read from."""
    feelings: Tensor
    """``float [B E]``: logits of which feeling is the strongest, in the order of `core.script.felt`."""
    intensity: Tensor
    """``float [B]``: how strong it is, about [0, 1]; 0 = neutral."""


class Recogniser(nn.Module):
    """The network: curves in steps of 80 ms, two convolutions, and their mean and deviation over the stretch.

    Parameters
    ----------
    columns
        The controls that it reads, as columns of the rig.
    feelings
        How many there are.
    width, hidden
        Channels of the trunk, and inside a block.
    """

    columns: Tensor
    centre: Tensor
    spread: Tensor

    def __init__(self, columns: Sequence[int], feelings: int, width: int = 64, hidden: int = 128) -> None:
        super().__init__()
        self.register_buffer("columns", torch.tensor(list(columns), dtype=torch.int64))
        self.register_buffer("centre", torch.zeros(len(columns)))
        self.register_buffer("spread", torch.ones(len(columns)))
        self.seen = nn.Linear(STRIDE * len(columns), width)
        self.blocks = nn.ModuleList(ahead.Block(width, hidden, dilation, TAPS) for dilation in DILATIONS)
        self.norm = nn.LayerNorm(width)
        self.forget = nn.Dropout(0.2)
        self.told = nn.Linear(2 * width, feelings + 1)

    def forward(self, curves: Tensor) -> Told:
        """Read a stretch ``float [B T C]`` over all controls of the rig, T at least twice `STRIDE`."""
        face = (curves[..., self.columns] - self.centre) / self.spread
        steps = face.shape[1] // STRIDE
        x = self.seen(face[:, : steps * STRIDE].reshape(len(face), steps, -1))
        x = self.norm(ahead.whole(ahead.plan(self.blocks, ahead.FULL), x))
        features = torch.cat([x.mean(dim=1), x.std(dim=1)], dim=1)
        told = self.told(self.forget(features))
        return Told(features, told[:, :-1], told[:, -1])

    def features(self, curves: Tensor) -> Tensor:
        """``float [B F]`` of stretches ``float [B T C]``: compared by cosine, they say how alike two stretches feel."""
        features: Tensor = self(curves).features
        return features

    def logits(self, curves: Tensor) -> Tensor:
        """``float [B E]`` of stretches ``float [B T C]``: which feeling is the strongest."""
        feelings: Tensor = self(curves).feelings
        return feelings


@dataclass(frozen=True)
class Plan(Course):
    """How a recogniser is trained; what is not said here is in `Course`.

    Parameters
    ----------
    size, frames
        Stretches in a batch, and frames in each.
    part, parts
        It learns from each ``parts``-th person that is given, beginning with number ``part``.
    clear
        Intensity from which on a feeling has a name.
    gain, offset, noise
        How much stretches are made different: deviation of the logarithm of each control's gain, and of its offset and noise, in
        the control's own deviations.
    hidden_half
        Share of stretches in which one half of the face rests.
    width, hidden
        Of the network.
    """

    steps: int = 500
    rate: float = 3e-3
    decay: float = 0.05
    size: int = 32
    frames: int = 100
    part: int = 0
    parts: int = 2
    clear: float = 0.25
    gain: float = 0.15
    offset: float = 0.15
    noise: float = 0.05
    hidden_half: float = 0.3
    width: int = 64
    hidden: int = 128


JUDGE = Plan(seed=1, part=1)
"""Of the recogniser that judges: another seed, and the people whom the first one never saw."""

TINY = Plan(steps=60, warmup=5, average=0.9, size=16, frames=48, parts=1, width=24, hidden=32)
"""A few seconds on one core, for tests."""


@dataclass(frozen=True, eq=False)
class Performance:
    """Somebody's clip: ``motion [T C]`` over the rig's controls, and ``felt [T E]``."""

    motion: np.ndarray
    felt: np.ndarray


def train_recogniser(
    packs: Sequence[MotionPack],
    out: Path,
    plan: Plan | None = None,
    cache: Path | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """Train a recogniser and write its weights.

    Parameters
    ----------
    packs
        Motion over the controls of the rig ``arkit``, of people whom the generator does not learn from; what is felt in it is
        learned, and read in the clips that are held out.
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
        `recogniser_score.score` of the clips held out.

    Raises
    ------
    InputError
        Nothing is felt in what may be learned from, or a pack may not be shipped.
    """
    from animator.training.motion.recogniser_score import performances, score

    plan = plan or Plan()
    rig = load_rig("arkit")
    refuse_unshippable(name for pack in packs for name in pack.corpora)
    taught = _taught(packs, plan)
    torch.manual_seed(plan.seed)
    net = Recogniser(columns(rig).tolist(), len(felt(rig.emotions)), plan.width, plan.hidden)
    seen = torch.from_numpy(np.concatenate([clip.motion for clip in taught]).astype(np.float32))[:, net.columns]
    net.centre.copy_(seen.mean(dim=0))
    net.spread.copy_(seen.std(dim=0).clamp(min=0.01))
    kept = cache / f"recogniser_{plan.name}.pt" if cache is not None else None
    net = learn(net, partial(_lose, taught, plan, rig), plan, kept, tell)
    scores = score(net, performances(packs), rig)
    learned_from = sorted({name for pack in packs for name in pack.corpora})
    corpora = credited(learned_from)
    tensors = {name: tensor.detach().numpy() for name, tensor in net.state_dict().items()}
    write_weights(out, tensors, corpora, asdict(plan), scores)
    return scores


def load_recogniser(path: Path) -> Recogniser:
    """A recogniser that `train_recogniser` wrote, frozen.

    Raises
    ------
    FormatError
        The file holds no weights of ours.
    """
    tensors, header = load_weights(path)
    sizes = {name: header["recipe"][name] for name in ("width", "hidden")}
    net = Recogniser(tensors["columns"].tolist(), len(tensors["told.bias"]) - 1, **sizes)
    net.load_state_dict({name: torch.from_numpy(tensor) for name, tensor in tensors.items()})
    return net.eval().requires_grad_(False)


def _taught(packs: Sequence[MotionPack], plan: Plan) -> list[Performance]:
    """Clips of the plan's share of the people, long enough to learn from."""
    people = sorted({person for pack in packs for person in pack.persons})[plan.part :: plan.parts]
    clips = [
        Performance(pack.motion[first:stop], pack.felt[first:stop])
        for pack in packs
        for (first, stop), person, held in zip(pack.clips, pack.persons, pack.held, strict=True)
        if not held and person in people and stop - first >= plan.frames
    ]
    if not any(clip.felt.any() for clip in clips):
        raise InputError("a recogniser learns from performances in which something is felt; none was given")
    return clips


def _lose(taught: Sequence[Performance], plan: Plan, rig: Rig, net: Recogniser, step: int) -> Tensor:
    """Cross-entropy of the strongest feeling, where there is a clear one, and the error in how strong it is."""
    rng = np.random.default_rng((plan.seed, step))
    torch.manual_seed(plan.seed * 1_000_003 + step)
    curves, wanted = _batch(taught, plan, rig, net, rng)
    told = net(curves)
    strength, strongest = wanted.max(dim=1)
    clear = (strength >= plan.clear).float()
    named = functional.cross_entropy(told.feelings, strongest, label_smoothing=0.05, reduction="none")
    lost: Tensor = (clear * named).sum() / clear.sum().clamp(min=1.0) + (told.intensity - strength).abs().mean()
    return lost


def _batch(
    taught: Sequence[Performance], plan: Plan, rig: Rig, net: Recogniser, rng: np.random.Generator
) -> tuple[Tensor, Tensor]:
    """Stretches ``float [B T C]`` as other people might have moved in them, and what is felt ``float [B E]``."""
    spread = np.zeros(len(rig.controls), np.float32)
    spread[net.columns.numpy()] = net.spread.numpy()
    mirror = [rig.columns[c.mirror] for c in rig.controls]
    curves, wanted = [], []
    for k in rng.integers(len(taught), size=plan.size):
        clip = taught[int(k)]
        start = int(rng.integers(len(clip.motion) - plan.frames + 1))
        moved = clip.motion[start : start + plan.frames].astype(np.float32)
        moved = moved * np.exp(rng.normal(0.0, plan.gain, moved.shape[1]))
        moved += spread * plan.offset * rng.normal(size=moved.shape[1])
        moved += spread * plan.noise * rng.normal(size=moved.shape)
        if rng.random() < plan.hidden_half:
            hidden = rig.region(*(UPPER if rng.random() < 0.5 else LOWER))
            moved[:, hidden] = rig.rest[hidden]
        curves.append((moved[:, mirror] if rng.random() < 0.5 else moved).astype(np.float32))
        wanted.append(clip.felt[start : start + plan.frames].astype(np.float32).mean(axis=0))
    return torch.from_numpy(np.stack(curves)), torch.from_numpy(np.stack(wanted))
