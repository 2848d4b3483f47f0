"""The face door's network, from exact pairs: many people who feel the same, many feelings of the same person.

It learns from curves of the rule-made generator, with noise that makes each clip another person's, and from what a tracker read
in pictures of people who never were. Half of these get another's face at rest under their own expression, so that what is
common to a person's pictures says nothing of what is felt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from animator.core.rig import Rig
from animator.core.script import felt
from animator.embedders.reading import CERTAIN, LAYERS, UNCERTAIN, frame_features, intensities, read_columns
from animator.training.embedder.people import HELD_OUT, LOOKS, Sights
from animator.training.embedder.performances import Performances

WIDTH = 64
"""Features of a frame."""

BAG = 6
"""Frames of a window in training."""

BATCH = 192
"""Windows in a step."""

HEARD_FROM = 0.1
"""An intensity from which a feeling counts as there."""


@dataclass(frozen=True, eq=False)
class Faces:
    """``tensors`` by the names that `animator.embedders.reading` gives them, and ``scores`` on people held out."""

    tensors: dict[str, np.ndarray]
    scores: dict[str, Any]


def train(
    sights: Sights,
    clips: Performances,
    rig: Rig,
    feelings: Sequence[str],
    seed: int,
    steps: int = 4000,
    resting: np.ndarray | None = None,
) -> Faces:
    """Train the network and measure it on people whose looks are `HELD_OUT`.

    Parameters
    ----------
    sights, clips
        What to learn from.
    rig
        The rig of their curves.
    feelings
        Order of the network's outputs; a feeling of the rig that is not among them is not learned.
    seed, steps
        The source of chance, and how many steps of `BATCH` windows.
    resting
        Tracked curves ``[M C]`` of real faces that feel nothing in particular, for more faces at rest.
    """
    import torch

    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    draw = Drawer(sights, clips, rig, feelings, resting)
    net = _network(draw.width, len(feelings))
    optimiser = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=steps)
    for _ in range(steps):
        bags, wanted = draw.batch(rng)
        mean, spread = _run(net, torch.from_numpy(bags))
        loss = _loss(mean, spread, torch.from_numpy(wanted))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    tensors = {}
    for name, layer in zip(LAYERS, net, strict=True):
        tensors[f"{name}.weight"] = layer.weight.detach().numpy().T.astype(np.float16).astype(np.float32)
        tensors[f"{name}.bias"] = layer.bias.detach().numpy().astype(np.float16).astype(np.float32)
    return Faces(tensors, score(tensors, sights, rig, feelings))


class Drawer:
    """Draws windows and what is felt in them."""

    def __init__(
        self, sights: Sights, clips: Performances, rig: Rig, feelings: Sequence[str], resting: np.ndarray | None
    ) -> None:
        known = [felt(rig.emotions).index(name) for name in feelings]
        columns = read_columns(rig)
        taught = ~np.isin(sights.person % len(LOOKS), HELD_OUT)
        self._seen, self._group, self._person = sights.seen[taught][:, columns], sights.group[taught], sights.person[taught]
        self._seen_felt = sights.felt[taught][:, known]
        self._groups = [np.flatnonzero(self._group == g) for g in np.unique(self._group)]
        at_rest = self._seen_felt.max(axis=1) == 0
        self._rest = {p: self._seen[at_rest & (self._person == p)].mean(axis=0) for p in np.unique(self._person[at_rest])}
        self._real = np.zeros((0, len(columns)), np.float32) if resting is None else resting[:, columns]
        self._clips, self._clip_felt = clips.curves[:, :, columns], clips.felt[:, known]
        names = [rig.names[c] for c in columns]
        self._mirror = np.array([names.index(rig.control(name).mirror) for name in names])
        self._unseen = sights.seen[:, columns].max(axis=0) < 0.1  # what the tracker never tells
        self.width = len(columns)

    def batch(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Windows ``float32 [B BAG R]`` and what is felt in them, ``float32 [B E]``."""
        makers = (self._of_sights, self._of_sights, self._of_clips) if len(self._real) == 0 else (
            self._of_sights, self._of_sights, self._of_clips, self._of_real,
        )  # fmt: skip
        odds = np.array([0.3, 0.3, 0.3, 0.1][: len(makers)])
        drawn = [makers[k](rng) for k in rng.choice(len(makers), BATCH, p=odds / odds.sum())]
        bags, wanted = (np.stack(column) for column in zip(*drawn, strict=True))
        bags = _as_another(bags, rng)
        turned = rng.random(len(bags)) < 0.5
        bags[turned] = bags[turned][:, :, self._mirror]
        return np.clip(bags, 0, 1).astype(np.float32), wanted.astype(np.float32)

    def _of_sights(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        group = self._groups[int(rng.integers(len(self._groups)))]
        bag = self._seen[rng.choice(group, BAG)]
        if rng.random() < 0.3:
            bag = np.repeat(bag[:1], BAG, axis=0)
        person = self._person[group[0]]
        if rng.random() < 0.5 and person in self._rest:
            bag = bag - self._rest[person] + self._a_rest(rng)
        return bag, self._seen_felt[group[0]]

    def _of_clips(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        clip = int(rng.integers(len(self._clips)))
        length = self._clips.shape[1]
        start, span = int(rng.integers(length - BAG)), int(rng.integers(1, 40))
        bag = self._clips[clip, np.clip(start + rng.integers(0, span, BAG), 0, length - 1)]
        if rng.random() < 0.5:
            bag = np.where(self._unseen, 0, bag)
        return bag, self._clip_felt[clip]

    def _of_real(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        return self._real[rng.integers(0, len(self._real), BAG)], np.zeros(self._seen_felt.shape[1])

    def _a_rest(self, rng: np.random.Generator) -> np.ndarray:
        if len(self._real) and rng.random() < 0.4:
            return np.asarray(self._real[rng.integers(0, len(self._real), 8)].mean(axis=0))
        people = list(self._rest)
        return np.asarray(self._rest[people[int(rng.integers(len(people)))]])


def _as_another(bags: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Windows as other people would show them: gains and resting offsets of their own, a tracker's noise, lost curves."""
    count, frames, width = bags.shape
    gain = np.exp(rng.normal(0, 0.2, (count, 1, width)))
    offset = np.abs(rng.normal(0, 0.12, (count, 1, width))) * (rng.random((count, 1, width)) < 0.35)
    noise = rng.normal(0, 0.025, (count, frames, width))
    kept = rng.random((count, 1, width)) > 0.03
    return np.asarray((bags * gain + offset + noise) * kept)


def _network(width: int, feelings: int) -> Any:
    from torch import nn

    sizes = ((width, WIDTH), (WIDTH, WIDTH), (WIDTH, WIDTH), (WIDTH, 2 * feelings))
    return nn.ModuleList([nn.Linear(*size) for size in sizes])


def _run(net: Any, bags: Any) -> tuple[Any, Any]:
    """As `frame_features` and `intensities` do it, in torch, on bags ``[B BAG R]``."""
    frames = net[1](net[0](bags).relu()).relu().mean(dim=1)
    mean, spread = net[3](net[2](frames).relu()).chunk(2, dim=1)
    return mean.sigmoid(), spread.exp().clamp(CERTAIN, UNCERTAIN)


def _loss(mean: Any, spread: Any, wanted: Any) -> Any:
    """The Gaussian's negative log-likelihood, weighed by half a power of the spread, so that hard cases still teach the mean.

    Seitzer et al. 2022, "On the Pitfalls of Heteroscedastic Uncertainty Estimation" (beta = 0.5).
    """
    likely = 0.5 * ((wanted - mean) / spread) ** 2 + spread.log()
    return (likely * spread.detach()).mean()


def score(net: dict[str, np.ndarray], sights: Sights, rig: Rig, feelings: Sequence[str]) -> dict[str, Any]:
    """What the network reads in the pictures of people held out.

    ``recall`` is the mean over neutral and each feeling, of single feelings at any intensity, from the pictures of one group;
    ``spearman`` the rank correlation of told and true intensity, mean over feelings; ``error`` the mean absolute error of
    intensities; ``identity`` how often a linear probe names the person from what is told of a group it did not learn, and
    ``identity_of_curves`` from the curves themselves, beside ``chance``.
    """
    from scipy.stats import spearmanr

    columns = read_columns(rig)
    known = [felt(rig.emotions).index(name) for name in feelings]
    held = np.isin(sights.person % len(LOOKS), HELD_OUT)
    groups = [np.flatnonzero(held & (sights.group == g)) for g in np.unique(sights.group[held])]
    truth = np.stack([sights.felt[g[0]][known] for g in groups])
    features = frame_features(sights.seen[:, columns], net)
    told = intensities(np.stack([features[g].mean(axis=0) for g in groups]), net)[0]
    single = (truth > 0).sum(axis=1) < 2
    answer = np.where(told.max(axis=1) > HEARD_FROM, told.argmax(axis=1) + 1, 0)
    wanted = np.where(truth.max(axis=1) > 0, truth.argmax(axis=1) + 1, 0)
    recall = {name: float((answer[single & (wanted == k)] == k).mean()) for k, name in enumerate(("neutral", *feelings))}
    ranks = [
        spearmanr(told[single & (wanted == k)][:, k - 1], truth[single & (wanted == k)][:, k - 1])[0]
        for k in range(1, len(feelings) + 1)
    ]
    frames = np.concatenate(groups)
    of_frames, who, which = intensities(features[frames], net)[0], sights.person[frames], sights.group[frames] % 2
    return {
        "recall": float(np.mean(list(recall.values()))),
        "recalls": recall,
        "spearman": float(np.mean(ranks)),
        "error": float(np.abs(told - truth).mean()),
        "identity": probe(of_frames, who, which),
        "identity_of_curves": probe(sights.seen[frames][:, columns], who, which),
        "chance": 1 / len(np.unique(who)),
    }


def probe(rows: np.ndarray, labels: np.ndarray, halves: np.ndarray) -> float:
    """Share of labels that a linear probe (ridge to one-hot) names right in one half after learning the other, both ways."""
    rows = (rows - rows.mean(axis=0)) / (rows.std(axis=0) + 1e-6)
    rows = np.concatenate([rows, np.ones((len(rows), 1))], axis=1)
    names, index = np.unique(labels, return_inverse=True)
    hot = np.eye(len(names))[index]
    right = []
    for half in np.unique(halves):
        learn, test = halves != half, halves == half
        gram = rows[learn].T @ rows[learn] + 1.0 * np.eye(rows.shape[1])
        weights = np.linalg.solve(gram, rows[learn].T @ hot[learn])
        right.append((rows[test] @ weights).argmax(axis=1) == index[test])
    return float(np.concatenate(right).mean())
