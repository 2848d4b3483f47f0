"""One course of training for every small network here: AdamW, a warm-up, a cosine, the mean of the weights; resumable."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

EVERY = 250
"""Steps from one kept state, or line of progress, to the next."""

Net = TypeVar("Net", bound=nn.Module)


@dataclass(frozen=True)
class Course:
    """How a network is trained.

    Parameters
    ----------
    steps
        Batches that are learned from.
    rate, decay
        Of AdamW; the rate warms up over ``warmup`` steps and then falls to 0 along a cosine.
    average
        Of the exponential mean of the weights, which is what is kept.
    seed
        Of everything random.
    """

    steps: int = 1000
    rate: float = 2e-3
    decay: float = 0.01
    warmup: int = 50
    average: float = 0.998
    seed: int = 0

    @property
    def name(self) -> str:
        """Tells the states of different courses apart, but not of the same course with another number of steps to go."""
        return sha256(json.dumps(asdict(replace(self, steps=0)), sort_keys=True).encode()).hexdigest()[:8]


def learn(
    net: Net,
    lose: Callable[[Net, int], Tensor],
    course: Course,
    kept: Path | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Net:
    """Train a network.

    Parameters
    ----------
    net
        Where it starts; it is changed. Networks with buffers that training changes are not for this.
    lose
        The loss of a batch, from the network and the number of the step, on which alone the batch depends.
    course
        How.
    kept
        A file for the state of the training, from which it goes on if it is there.
    tell
        Gets a line of progress now and then.

    Returns
    -------
    Net
        The mean of the weights on the way, frozen.
    """
    mean = copy.deepcopy(net).requires_grad_(False)
    optimiser = torch.optim.AdamW(net.parameters(), lr=course.rate, weight_decay=course.decay)
    parts: dict[str, Any] = {"net": net, "mean": mean, "optimiser": optimiser}
    step = 0
    if kept is not None and kept.is_file():
        state = torch.load(kept, weights_only=True)
        for name, part in parts.items():
            part.load_state_dict(state[name])
        step = int(state["step"])
        tell(f"going on from step {step}")
    while step < course.steps:
        for group in optimiser.param_groups:
            group["lr"] = _rate(course, step)
        optimiser.zero_grad(set_to_none=True)
        value = lose(net, step)
        value.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        _follow(mean, net, min(course.average, (1.0 + step) / (10.0 + step)))
        step += 1
        if step % EVERY == 0 or step == course.steps:
            tell(f"step {step} of {course.steps}: loss {float(value.detach()):.4f}")
            if kept is not None:
                kept.parent.mkdir(parents=True, exist_ok=True)
                draft = kept.with_suffix(".draft")
                torch.save({name: part.state_dict() for name, part in parts.items()} | {"step": step}, draft)
                draft.replace(kept)
    return mean.eval()


def _rate(course: Course, step: int) -> float:
    warm = min(1.0, (step + 1) / max(course.warmup, 1))
    return course.rate * warm * 0.5 * (1.0 + math.cos(math.pi * step / course.steps))


@torch.no_grad()
def _follow(mean: nn.Module, net: nn.Module, keep: float) -> None:
    for slow, quick in zip(mean.parameters(), net.parameters(), strict=True):
        slow.lerp_(quick, 1.0 - keep)
