"""The motion prior's training: windows of real and taught motion -> the weights of ``prior``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from animator.core.rig import Rig
from animator.errors import InputError
from animator.generators.acting.prior import FRAMES, Prior, columns
from animator.io.rig import load_rig
from animator.io.weights import write_weights
from animator.training.corpora import credited, refuse_unshippable
from animator.training.motion import prior_score
from animator.training.motion.course import Course, learn
from animator.training.motion.store import REAL, MotionPack


@dataclass(frozen=True)
class Plan(Course):
    """How the prior is trained; what is not said here is in `Course`.

    Parameters
    ----------
    size, windows
        Stretches of motion in a batch, and windows of `FRAMES` frames in each.
    real
        Share of the stretches that come from real faces, if there are taught ones too.
    louder
        Range of the gains, 1 - this to 1 + this, that half of the stretches get.
    velocity, opening
        Weights of the errors of the curves' velocity and of the lips' opening beside that of the curves.
    belief
        Weight of the Kullback-Leibler divergence from a normal distribution, a coordinate.
    latent, width, hidden, blocks
        Of the network.
    """

    steps: int = 600
    warmup: int = 100
    size: int = 32
    windows: int = 16
    real: float = 0.5
    louder: float = 0.3
    velocity: float = 1.0
    opening: float = 2.0
    belief: float = 0.02
    latent: int = 64
    width: int = 128
    hidden: int = 256
    blocks: int = 2


TINY = Plan(steps=200, warmup=10, average=0.95, size=8, windows=8, latent=16, width=64, hidden=64, blocks=1)
"""Some seconds on one core, for tests."""

SURVEYED = 8000
"""Windows of each kind from which the network starts."""

FAINT = 0.1
"""Deviation below which a coordinate of the latents is told apart from no other; it is not made louder than ten times."""


@dataclass(frozen=True, eq=False)
class _Source:
    """Clips of one kind to learn from: ``motion float32 [F C]`` of the prior's controls, and bounds ``clips [K 2]``."""

    motion: np.ndarray
    clips: np.ndarray

    def draw(self, frames: int, rng: np.random.Generator) -> np.ndarray:
        length = self.clips[:, 1] - self.clips[:, 0]
        first, stop = self.clips[rng.choice(len(self.clips), p=length / length.sum())]
        start = int(rng.integers(first, stop - frames + 1))
        return self.motion[start : start + frames]

    def windows(self) -> Tensor:
        """``float [N FRAMES * C]``: `SURVEYED` windows, or all if there are fewer, evenly spread."""
        whole = self.motion[: len(self.motion) // FRAMES * FRAMES].reshape(-1, FRAMES * self.motion.shape[1])
        return torch.from_numpy(whole[:: max(1, len(whole) // SURVEYED)])


def train_prior(
    packs: Sequence[MotionPack],
    out: Path,
    plan: Plan | None = None,
    cache: Path | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """Train a motion prior and write its weights.

    Parameters
    ----------
    packs
        Motion over the controls of the rig ``arkit``; held clips are measured on, the others learned from.
    out
        The ``.safetensors`` file to write.
    plan
        How; `Plan()` if absent.
    cache
        A folder for the state of the training, so that it can be taken up again.
    tell
        Gets a line of progress now and then.

    Returns
    -------
    dict
        `prior_score.score` on what was held out: of the network (``trained``), and of the mean face (``mean face``).

    Raises
    ------
    InputError
        A pack may not be shipped, or no clip is long enough to learn from.
    """
    plan = plan or Plan()
    rig = load_rig("arkit")
    refuse_unshippable(name for pack in packs for name in pack.corpora)
    sources = _sources(packs, plan.windows * FRAMES, rig)
    torch.manual_seed(plan.seed)
    fresh = Prior(len(columns(rig)), plan.latent, plan.width, plan.hidden, plan.blocks)
    fresh.begin(torch.cat([s.windows() for s in sources.values()]))
    kept = cache / f"prior_{plan.name}.pt" if cache is not None else None
    net = _evened(learn(fresh, partial(_lose, sources, plan, rig), plan, kept, tell), sources)
    still = np.concatenate([s.motion for s in sources.values()]).mean(axis=0)
    scores = {"trained": prior_score.score(net, packs, rig), "mean face": prior_score.mean_face(still, packs, rig)}
    learned_from = sorted({name for pack in packs for name in pack.corpora})
    corpora = credited(learned_from)
    tensors = {name: tensor.detach().numpy() for name, tensor in net.state_dict().items()}
    write_weights(out, tensors, corpora, asdict(plan), scores)
    return scores


def _sources(packs: Sequence[MotionPack], frames: int, rig: Rig) -> dict[str, _Source]:
    """What may be learned from, by kind."""
    found: dict[str, list[np.ndarray]] = {}
    for pack in packs:
        motion = pack.motion[:, columns(rig)].astype(np.float32)
        for (first, stop), kind, held in zip(pack.clips, pack.kinds, pack.held, strict=True):
            if not held and stop - first >= frames:
                found.setdefault(kind, []).append(motion[first:stop])
    if not found:
        raise InputError(f"no clip of motion that may be learned from is {frames} frames long")
    sources = {}
    for kind, clips in sorted(found.items()):
        ends = np.cumsum([len(clip) for clip in clips])
        sources[kind] = _Source(np.concatenate(clips), np.stack([np.concatenate([[0], ends[:-1]]), ends], axis=1))
    return sources


def _batch(sources: dict[str, _Source], plan: Plan, rig: Rig, step: int) -> Tensor:
    """``float [B T C]``: half of the stretches stronger or weaker than they were, half of them mirrored."""
    rng = np.random.default_rng((plan.seed, step))
    shares = np.array([plan.real if kind == REAL else 1.0 - plan.real for kind in sources])
    kinds = rng.choice(len(sources), plan.size, p=shares / shares.sum())
    drawn = np.stack([list(sources.values())[k].draw(plan.windows * FRAMES, rng) for k in kinds])
    gains = np.where(rng.random(plan.size) < 0.5, 1.0, rng.uniform(1.0 - plan.louder, 1.0 + plan.louder, plan.size))
    drawn = np.clip(drawn * gains[:, None, None].astype(np.float32), 0.0, 1.0)
    turned = rng.random(plan.size) < 0.5
    drawn[turned] = drawn[turned][:, :, _mirror(rig)]
    return torch.from_numpy(drawn)


def _mirror(rig: Rig) -> np.ndarray:
    """Which of the prior's controls each one mirrors."""
    moved = columns(rig).tolist()
    return np.array([moved.index(rig.columns[rig.controls[c].mirror]) for c in moved])


def _lose(sources: dict[str, _Source], plan: Plan, rig: Rig, net: Prior, step: int) -> Tensor:
    """How far curves, their velocity and the lips' opening are off, and how far latents are from normal."""
    curves = _batch(sources, plan, rig, step)
    mean, log_variance = net.encode(curves)
    noise = torch.randn(mean.shape, generator=torch.Generator().manual_seed(plan.seed * 1_000_003 + step))
    wrong = net.decode(mean + noise * torch.exp(0.5 * log_variance)) - curves
    parted = wrong @ torch.from_numpy(rig.opening_row[columns(rig)])
    divergence = 0.5 * (mean.square() + log_variance.exp() - 1.0 - log_variance)
    lost: Tensor = wrong.abs().mean() + plan.velocity * wrong.diff(dim=1).abs().mean()
    return lost + plan.opening * parted.abs().mean() + plan.belief * divergence.mean()


@torch.no_grad()
def _evened(net: Prior, sources: dict[str, _Source]) -> Prior:
    """The same network with latents of deviation 1 over what it learned from, so that whoever predicts them has one scale."""
    means = [net.encode(torch.from_numpy(s.motion[: len(s.motion) // FRAMES * FRAMES])[None]).mean[0] for s in sources.values()]
    net.rescale(torch.cat(means).std(dim=0).clamp(min=FAINT))
    return net
