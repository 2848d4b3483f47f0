"""The space of feelings: anchors from a table and the rig's faces, and a bank of directions learned by vector quantisation."""

from __future__ import annotations

import numpy as np

from animator.core.rig import Rig
from animator.embedders.space import SHARPNESS, Space, category_code
from animator.io.categories import categories

CODES = 32
"""Directions in the bank."""

LOOKS = 0.7
"""Size of what tells feelings apart by their faces, beside valence, arousal and dominance."""

COMMITMENT = 0.25
"""Weight of the population's pull towards its codes, as in DICE-Talk."""


def make_space(rig: Rig, seed: int, steps: int = 400) -> Space:
    """The space over a rig's feelings.

    The first three coordinates of an anchor come from ``assets/categories.toml``; the others place the feelings so that the
    angles between them are those between their faces (classical scaling of the poses' cosines). The bank then learns to
    give back, through attention, the directions of feelings, of mixtures of two and three, and of the categories.
    """
    feelings = tuple(categories()["feelings"])
    poses = np.array([rig.row(rig.emotions[name]) - rig.rest for name in feelings], dtype=np.float64)
    poses /= np.linalg.norm(poses, axis=1, keepdims=True)
    power, axes = np.linalg.eigh(poses @ poses.T)
    vad = np.array([categories()["feelings"][name]["vad"] for name in feelings])
    anchors = np.concatenate([vad, LOOKS * (axes * np.sqrt(np.maximum(power, 0.0)))[:, ::-1]], axis=1)
    # Weights are kept in half precision, so learn with what will be read.
    anchors = anchors.astype(np.float16).astype(np.float32)
    rng = np.random.default_rng(seed)
    bare = Space(feelings, anchors, *np.split(np.concatenate([_directions(anchors), 0 * anchors]), 2))
    population = _population(bare, rng)
    bank = _quantise(population, rng, steps)
    spread = _spread(population, bank)
    return Space(feelings, anchors, bank.astype(np.float16).astype(np.float32), spread)


def _population(space: Space, rng: np.random.Generator, mixtures: int = 2000) -> np.ndarray:
    """Directions that feelings take, ``[M K]``: alone, in mixtures of two or three, and the categories."""
    count = len(space.feelings)
    mixed = rng.dirichlet(np.full(count, 0.25), mixtures)
    named = np.array([category_code(space, name) for name in categories()["categories"]])
    return _directions(
        np.concatenate([np.repeat(space.anchors, 40, axis=0), mixed @ space.anchors, np.repeat(named, 20, axis=0)])
    )


def _quantise(population: np.ndarray, rng: np.random.Generator, steps: int) -> np.ndarray:
    """Codes ``[N K]`` of length 1: each direction is near to one of them, and attention over all gives it back."""
    import torch

    data = torch.from_numpy(population.astype(np.float32))
    codes = torch.nn.Parameter(data[torch.from_numpy(_far_apart(population, rng))].clone())
    optimiser = torch.optim.Adam([codes], lr=0.01)
    for _ in range(steps):
        batch = data[torch.from_numpy(rng.integers(0, len(data), 256))]
        bank = torch.nn.functional.normalize(codes, dim=1)
        cosine = batch @ bank.T
        given_back = torch.nn.functional.normalize(torch.softmax(SHARPNESS * cosine, dim=1) @ bank, dim=1)
        loss = ((given_back - batch) ** 2).sum(1).mean() + COMMITMENT * (2 - 2 * cosine.max(dim=1).values).mean()
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    return _directions(codes.detach().numpy())


def _far_apart(population: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Indices of `CODES` directions, each chosen with odds in the square of its distance from those before (k-means++)."""
    chosen = [int(rng.integers(len(population)))]
    while len(chosen) < CODES:
        miss = np.maximum(2 - 2 * (population @ population[chosen].T).max(axis=1), 0.0)
        chosen.append(int(rng.choice(len(population), p=miss / miss.sum())))
    return np.array(chosen)


def _spread(population: np.ndarray, bank: np.ndarray) -> np.ndarray:
    """How far the directions nearest to each code lie from it, ``[N K]``, pulled to the bank's mean where they are few."""
    nearest = (population @ bank.T).argmax(axis=1)
    everywhere = ((population - bank[nearest]) ** 2).mean(axis=0)
    out = [
        np.sqrt((((population[nearest == i] - code) ** 2).sum(axis=0) + 10 * everywhere) / ((nearest == i).sum() + 10))
        for i, code in enumerate(bank)
    ]
    return np.array(out, dtype=np.float32)


def _directions(rows: np.ndarray) -> np.ndarray:
    out: np.ndarray = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
    return out.astype(np.float32)
