"""`train_portrait`: pairs -> the weights of the reenactor ``diffusion``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from animator.embedders.space import load_space
from animator.errors import InputError
from animator.io.weights import write_weights
from animator.reenactors.refine.net import Refiner
from animator.reenactors.refine.sampling import EMOTION, LIPS, REFERENCE, TIMESTEPS, schedule, without
from animator.training.corpora import credited, refuse_unshippable
from animator.training.motion.course import Course, learn
from animator.training.portrait.lessons import draw, lesson, tinted, windowed
from animator.training.portrait.losses import Critic, Weights, pixels, readable, realness
from animator.training.portrait.pairs import Pairs
from animator.training.portrait.score import score


@dataclass(frozen=True)
class Plan(Course):
    """How the refiner is trained; what is not said here is in `Course`.

    Nearly all of what the warp lacks is around the mouth and the eyes, so most steps learn from windows there, at a quarter of
    the work, and only the last ones from whole pictures, as the network is used.

    Parameters
    ----------
    size
        Pairs in a batch.
    window, entire
        Side of a window, pixels, a multiple of 32; and steps at the end that learn from whole pictures.
    real
        Share of the pairs that are filmed.
    whole
        Share of them that are learned from noise alone, as the one-step setting begins; the others from a noise in between.
    kept_back
        Chance that a condition is kept back, each on its own.
    critical
        Steps after which mouths are also to look real.
    weights
        Of the errors.
    widths, words
        Of the network.
    measured
        Held-out pairs that are measured at most, spread evenly.
    """

    steps: int = 11000
    rate: float = 6e-4
    warmup: int = 200
    size: int = 8
    window: int = 128
    entire: int = 1000
    real: float = 0.25
    whole: float = 0.6
    kept_back: float = 0.1
    critical: int = 3500
    weights: Weights = field(default_factory=Weights)
    widths: tuple[int, int, int] = (48, 96, 256)
    words: int = 64
    measured: int = 256


TINY = Plan(
    steps=70,
    rate=4e-3,
    warmup=5,
    average=0.9,
    size=4,
    entire=40,
    critical=50,
    widths=(16, 16, 32),
    words=16,
    weights=Weights(feeling=0.1),
)
"""Some seconds on one core, for tests."""


class Pupil(nn.Module):
    """The refiner, and the critic that it learns with."""

    def __init__(self, refiner: Refiner) -> None:
        super().__init__()
        self.refiner = refiner
        self.critic = Critic()


def train_portrait(
    pairs: Pairs,
    out: Path,
    plan: Plan | None = None,
    cache: Path | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """Train a refiner, on the GPU if there is one, and write its weights.

    Parameters
    ----------
    pairs
        What to learn from; those held out are measured on.
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
        `score` on what was held out.

    Raises
    ------
    InputError
        All pairs are held out, or none, or a corpus that they come from may not be shipped.
    """
    plan = plan or Plan()
    refuse_unshippable(pairs.corpora)
    if pairs.held.all() or not pairs.held.any():
        raise InputError("a refiner needs pairs to learn from, and others that are held out to be measured on")
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.manual_seed(plan.seed)
    space = load_space()
    anchors, _ = space.encode_weights(np.eye(len(pairs.feelings), dtype=np.float32), pairs.feelings)
    pupil = Pupil(Refiner(torch.from_numpy(anchors), torch.from_numpy(space.bank), plan.widths, plan.words))
    pupil = pupil.to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    kept = cache / f"portrait_{plan.name}.pt" if cache is not None else None
    net = learn(pupil, partial(_lose, pairs, anchors, plan, device), plan, kept, tell).refiner
    held = np.flatnonzero(pairs.held)
    some = held[np.unique(np.linspace(0, len(held) - 1, min(plan.measured, len(held))).round().astype(int))]
    scores = score(net, pairs, some, device, plan.seed)
    corpora = credited(pairs.corpora)
    tensors = {name: tensor.cpu().numpy() for name, tensor in net.state_dict().items()}
    recipe: Mapping[str, Any] = asdict(plan) | {"feelings": pairs.feelings, "pairs": int((~pairs.held).sum())}
    write_weights(out, tensors, corpora, recipe, scores)
    return scores


def _lose(pairs: Pairs, anchors: np.ndarray, plan: Plan, device: torch.device, pupil: Pupil, step: int) -> Tensor:
    rng = np.random.default_rng((plan.seed, step))
    chance = torch.Generator().manual_seed(int(rng.integers(1 << 62)))
    batch = draw(pairs, np.flatnonzero(~pairs.held), plan.real, plan.size, rng)
    if step < plan.steps - plan.entire:
        batch = windowed(batch, plan.window, rng)
    learned = tinted(lesson(batch, anchors, device), rng)
    at = torch.from_numpy(np.where(rng.random(plan.size) < plan.whole, TIMESTEPS - 1, rng.integers(0, TIMESTEPS, plan.size)))
    noise = torch.randn(learned.residual.shape, generator=chance).to(device)
    given = learned.given
    for what in (LIPS, EMOTION, REFERENCE):
        given = without(given, what, torch.from_numpy(rng.random(plan.size) < plan.kept_back).to(device))
    noisy = schedule().add_noise(learned.residual, noise, at.to(device))  # type: ignore[arg-type]
    said = pupil.refiner(noisy, at.to(device), given)
    weights = plan.weights
    loss = pixels(said.residual, learned, weights) + weights.feeling * readable(said.feeling, learned.felt, given.told > 0)
    if step >= plan.critical:
        fooled, caught = realness(pupil.critic, said.residual, learned)
        loss = loss + weights.real * (fooled + caught)
    return loss
