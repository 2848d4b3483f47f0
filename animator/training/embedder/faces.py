"""The face door's network, from exact pairs: many people who feel the same, many feelings of the same person.

It learns from curves of the rule-made generator, with noise that makes each clip another person's, and from what a tracker read
in pictures of people who never were. Half of these get another's face at rest under their own expression, so that what is
common to a person's pictures says nothing of what is felt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from animator.core.rig import Rig
from animator.core.script import felt
from animator.embedders.reading import (
    CENTRE,
    CERTAIN,
    LAYERS,
    REST,
    SIZE,
    UNCERTAIN,
    frame_features,
    intensities,
    log_odds,
    read_columns,
)
from animator.io.footage import open_footage
from animator.io.landmarks import Tracker
from animator.training.embedder.people import HELD_OUT, LOOKS, Sights, sights
from animator.training.embedder.performances import Performances, performances
from animator.training.embedder.probes import probe
from animator.training.embedder.windows import Drawer

WIDTH = 64
"""Features of a frame."""

NETWORKS = 4
"""Networks that learn side by side from the same windows and are asked together."""

THERE = 0.1
"""An intensity from which a feeling counts as there."""


@dataclass(frozen=True, eq=False)
class Faces:
    """``tensors`` by the names that `animator.embedders.reading` gives them, and ``scores`` on people held out."""

    tensors: dict[str, np.ndarray]
    scores: dict[str, Any]


@dataclass(frozen=True)
class Budget:
    """How much to learn from: persons in pictures, performed clips, videos of the corpus GRID, and steps of training."""

    people: int = 70
    clips: int = 400
    videos: int = 200
    steps: int = 1600


def train(
    rig: Rig, feelings: Sequence[str], seed: int, data: Path | None = None, kept: Path | None = None, budget: Budget = Budget()
) -> Faces:
    """The network from nothing: people drawn and read, clips performed, real faces at rest read from videos.

    Parameters
    ----------
    rig
        The rig of the curves.
    feelings
        Order of the network's outputs: the anchors of the space of feelings.
    seed
        The source of chance.
    data
        Folder of corpora; its ``grid_s1/video``, a speaker who feels nothing in particular, gives real faces at rest.
    kept
        Folder to keep what was read in, and to take it from when it is there; reading takes ten minutes.
    budget
        How much to learn from.

    Raises
    ------
    MissingDependencyError
        No face tracker is installed.
    """
    seen = sights(range(budget.people), rig, seed, kept=kept and kept / f"faces_{budget.people}_{seed}.npz")
    real = resting(data / "grid_s1" / "video", budget.videos, rig) if data is not None and budget.videos else None
    return fit(seen, performances(budget.clips, rig, seed), rig, feelings, seed, budget.steps, real)


def resting(folder: Path, videos: int, rig: Rig) -> np.ndarray:
    """Tracked curves ``float32 [M C]`` of four frames of each of so many videos, evenly chosen, but the last 100."""
    clips = sorted(folder.glob("*.mp4"))[:-100]
    rows = []
    with Tracker(rig) as tracker:
        for clip in clips[:: max(1, len(clips) // videos)][:videos]:
            found = [tracker.read(picture) for i, picture in enumerate(open_footage(clip)) if i in (10, 25, 40, 55)]
            rows += [each.row for each in found if each is not None]
    return np.stack(rows)


def fit(
    seen: Sights,
    clips: Performances,
    rig: Rig,
    feelings: Sequence[str],
    seed: int,
    steps: int,
    resting: np.ndarray | None = None,
) -> Faces:
    """Train the networks and measure them on people whose looks are `HELD_OUT`.

    Parameters
    ----------
    seen, clips
        What to learn from.
    rig
        The rig of their curves.
    feelings
        Order of the networks' outputs.
    seed, steps
        The source of chance, and how many steps.
    resting
        Tracked curves ``[M C]`` of real faces that feel nothing in particular, for more faces at rest.
    """
    import torch

    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    draw = Drawer(seen, clips, rig, feelings, resting)
    net = _networks(2 * len(draw.centre), len(feelings))
    optimiser = torch.optim.AdamW(net, lr=2e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=steps)
    for _ in range(steps):
        bags, wanted = draw.batch(rng)
        mean, spread = _run(net, torch.from_numpy(bags))
        loss = _loss(mean, spread, torch.from_numpy(wanted))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    tensors = {CENTRE: draw.centre, SIZE: draw.size, REST: draw.average * draw.size + draw.centre}
    for name, weight, bias in zip(LAYERS, net[0::2], net[1::2], strict=True):
        tensors |= {f"{name}.weight": weight.detach().numpy(), f"{name}.bias": bias.detach().numpy()}
    tensors = {name: tensor.astype(np.float16).astype(np.float32) for name, tensor in tensors.items()}  # as weights are kept
    return Faces(tensors, score(tensors, seen, rig, feelings))


def _networks(width: int, feelings: int) -> list[Any]:
    """Weights ``[M in out]`` and biases ``[M 1 out]`` of the layers, in turn."""
    import torch

    found = []
    for inside, outside in ((width, WIDTH), (WIDTH, WIDTH), (WIDTH, WIDTH), (WIDTH, 2 * feelings)):
        found.append(torch.nn.Parameter(torch.randn(NETWORKS, inside, outside) * (1.6 / inside) ** 0.5))
        found.append(torch.nn.Parameter(torch.zeros(NETWORKS, 1, outside)))
    return found


def _run(net: Sequence[Any], bags: Any) -> tuple[Any, Any]:
    """As `frame_features` and `intensities` do it, in torch, on bags ``[B BAG R]``; of each network, ``[M B E]``."""
    count, frames, width = bags.shape
    rows = bags.reshape(1, count * frames, width)
    rows = ((rows @ net[0] + net[1]).relu() @ net[2] + net[3]).relu()
    rows = rows.reshape(NETWORKS, count, frames, -1).mean(dim=2)
    mean, spread = ((rows @ net[4] + net[5]).relu() @ net[6] + net[7]).chunk(2, dim=2)
    return mean.sigmoid(), CERTAIN + (UNCERTAIN - CERTAIN) * spread.sigmoid()


def _loss(mean: Any, spread: Any, wanted: Any) -> Any:
    """The Gaussian's negative log-likelihood, weighed by half a power of the spread, so that hard cases still teach the mean.

    Seitzer et al. 2022, "On the Pitfalls of Heteroscedastic Uncertainty Estimation" (beta = 0.5).
    """
    likely = 0.5 * ((wanted - mean) / spread) ** 2 + spread.log()
    return (likely * spread.detach()).mean()


def score(net: dict[str, np.ndarray], seen: Sights, rig: Rig, feelings: Sequence[str]) -> dict[str, Any]:
    """What the network reads in the pictures of people held out, a window being the pictures of one person feeling one thing.

    ``recall`` is the mean over neutral and each feeling, of single feelings at any intensity (``strong``: above 0.5; ``rested``:
    with the same person's face at rest given); ``spearman`` the rank correlation of told and true intensity, mean over
    feelings, among those who feel it, and ``error`` the mean absolute error of intensities; ``identity`` how often a linear
    probe names the person from what is told of windows that it did not learn, and ``identity_of_curves`` from the curves
    themselves, beside ``chance``.
    """
    from scipy.stats import spearmanr

    columns = read_columns(rig)
    held = np.isin(seen.person % len(LOOKS), HELD_OUT)
    groups = [np.flatnonzero(held & (seen.group == g)) for g in np.unique(seen.group[held])]
    truth = np.stack([seen.felt[g[0]] for g in groups])[:, [felt(rig.emotions).index(name) for name in feelings]]
    curves, who = np.clip(seen.seen[:, columns], 0, 1), np.array([seen.person[g[0]] for g in groups])
    rests = {p: curves[(seen.person == p) & (seen.felt.max(axis=1) == 0)] for p in np.unique(who)}

    def told(rested: bool) -> np.ndarray:
        windows = [
            frame_features(curves[g], net, rests[p] if rested else None).mean(axis=1) for g, p in zip(groups, who, strict=True)
        ]
        return intensities(np.stack(windows, axis=1), net)[0]

    wanted = np.where(truth.max(axis=1) > 0, truth.argmax(axis=1) + 1, 0)
    single, strong = (truth > 0).sum(axis=1) < 2, (truth.max(axis=1) > 0.5) | (wanted == 0)

    def recalls(told: np.ndarray, among: np.ndarray) -> dict[str, float]:
        answer = np.where(told.max(axis=1) > THERE, told.argmax(axis=1) + 1, 0)
        return {name: float((answer[among & (wanted == k)] == k).mean()) for k, name in enumerate(("neutral", *feelings))}

    plain, rested = told(False), told(True)
    own = [single & (wanted == k + 1) for k in range(len(feelings))]
    each = recalls(plain, single)
    return {
        "recall": float(np.mean(list(each.values()))),
        "recall_strong": float(np.mean(list(recalls(plain, single & strong).values()))),
        "recall_rested": float(np.mean(list(recalls(rested, single).values()))),
        "recalls": each,
        "spearman": float(np.mean([spearmanr(plain[mine, k], truth[mine, k])[0] for k, mine in enumerate(own)])),
        "spearman_rested": float(np.mean([spearmanr(rested[mine, k], truth[mine, k])[0] for k, mine in enumerate(own)])),
        "error": float(np.abs(plain - truth).mean()),
        "identity": probe(plain, who, np.arange(len(groups))).accuracy,
        "identity_of_curves": probe(
            np.stack([log_odds(curves[g]).mean(axis=0) for g in groups]), who, np.arange(len(groups))
        ).accuracy,
        "chance": 1 / len(rests),
    }
