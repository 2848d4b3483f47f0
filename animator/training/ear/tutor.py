"""What a larger ear makes of our speech: phones read off its features by a head fitted to our labels.

The small net learns by them beside the labels (Hinton, Vinyals & Dean 2015, "Distilling the Knowledge in a Neural Network").
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float16, Float32, Int16, Int64
from torch import Tensor, nn
from torch.nn import functional

from animator.core.phones import PHONES
from animator.training.ear.examples import Source
from animator.training.phones.store import FPS, Pack

Hear = Callable[[Int16[np.ndarray, " N"]], Float16[np.ndarray, "S F"]]
"""A larger ear: samples at 16 kHz to features, one row for each 20 ms of them."""

Features = Mapping[int, Float16[np.ndarray, "S F"]]
"""What a larger ear makes of clips of a pack."""

STEP = 2
"""Frames of ours to a step of the head: features are brought to 50 Hz, phones read at 100 Hz."""

AROUND = np.arange(-3, 4)
"""Steps that the head sees about each."""

HALVES = 2
"""Heads: each tells of the clips that it was not fitted to, so that it cannot repeat their labels by heart."""

MINUTES = 15.0
"""Of each corpus that a head is fitted to at most."""

SIZE, RATE = 512, 1e-3


class Head(nn.Module):
    """Features around a step to the phones of its frames."""

    def __init__(self, features: int, hidden: int = 512, drop: float = 0.2) -> None:
        super().__init__()
        seen = features * len(AROUND)
        self.layers = nn.Sequential(
            nn.LayerNorm(seen),
            *(nn.Linear(seen, hidden), nn.GELU(), nn.Dropout(drop)),
            *(nn.Linear(hidden, hidden), nn.GELU(), nn.Dropout(drop)),
            nn.Linear(hidden, STEP * len(PHONES)),
        )

    def forward(self, seen: Tensor) -> Tensor:
        """Logits ``[N STEP P]`` from ``float [N features * len(AROUND)]``."""
        logits: Tensor = self.layers(seen).reshape(len(seen), STEP, len(PHONES))
        return logits


def teach(
    sources: Mapping[str, Source],
    shares: Mapping[str, float],
    hear: Hear,
    cache: Path | None,
    steps: int,
    seed: int = 0,
    tell: Callable[[str], None] = lambda _: None,
) -> dict[str, Float16[np.ndarray, "T P"]]:
    """Posteriors of every frame that is learned from, by corpus; zeros for all others.

    Parameters
    ----------
    sources, shares
        What is learned from, and how much of what the heads hear is of each corpus.
    hear
        The larger ear.
    cache
        A folder that keeps them, if any.
    steps, seed
        In which each head is fitted, and of its chances.
    tell
        Gets a line of progress now and then.
    """
    kept = {name: cache / f"told_{name}.npz" for name in sources} if cache is not None else {}
    if kept and all(path.is_file() for path in kept.values()):
        return {name: np.load(path)["told"] for name, path in kept.items()}
    features: dict[str, Features] = {}
    for name, source in sources.items():
        features[name] = {k: hear(source.pack[k].samples) for k in source.clips}
        tell(f"the tutor has heard {name}")
    told = {name: np.zeros((len(source.pack.labels), len(PHONES)), dtype=np.float16) for name, source in sources.items()}
    for half in range(HALVES):
        mine, others = (
            {
                name: {k: heard[k] for i, k in enumerate(heard) if (i % HALVES == half) == fitted}
                for name, heard in features.items()
            }
            for fitted in (True, False)
        )
        head = fit({name: source.pack for name, source in sources.items()}, mine, shares, steps, seed + half)
        tell(f"fitted to {half + 1} of {HALVES} parts of what is said")
        for name, heard in others.items():
            for k, one in heard.items():
                first, stop = sources[name].pack.clips[k]
                told[name][first:stop] = read(head, one)[: stop - first]
    for name, path in kept.items():
        draft = path.with_suffix(".draft.npz")
        np.savez(draft, told=told[name])
        draft.replace(path)
    return told


def fit(packs: Mapping[str, Pack], heard: Mapping[str, Features], shares: Mapping[str, float], steps: int, seed: int) -> Head:
    """A head that learned the labels of what is ``heard``, by corpus and clip, each corpus drawn as often as ``shares`` says."""
    rng = np.random.default_rng(seed)
    seen = {name: _examples(packs[name], heard[name], rng) for name in sorted(heard) if heard[name] and shares.get(name, 0.0) > 0}
    odds = np.array([shares[name] for name in seen])
    torch.manual_seed(seed)
    head = Head(next(iter(seen.values()))[0].shape[1])
    optimiser = torch.optim.AdamW(head.parameters(), lr=RATE, weight_decay=0.05)
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = RATE * min(1.0, (step + 1) / 50, (steps - step) / (0.5 * steps))
        inputs, labels = [], []
        for (features, around, phones), count in zip(seen.values(), rng.multinomial(SIZE, odds / odds.sum()), strict=True):
            drawn = rng.integers(len(around), size=count)
            inputs.append(features[around[drawn]].reshape(count, -1))
            labels.append(phones[drawn])
        logits = head(torch.from_numpy(np.concatenate(inputs).astype(np.float32)))
        truth = torch.from_numpy(np.concatenate(labels).astype(np.int64)).flatten()
        value = functional.cross_entropy(logits.flatten(0, 1), truth, ignore_index=-1, label_smoothing=0.05)
        optimiser.zero_grad(set_to_none=True)
        value.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    return head.eval()


def read(head: Head, features: Float16[np.ndarray, "S F"]) -> Float32[np.ndarray, "T P"]:
    """Posteriors of the phones of each frame of a clip; there may be one frame more than the clip has."""
    with torch.inference_mode():
        seen = torch.from_numpy(features[_around(len(features))].reshape(len(features), -1).astype(np.float32))
        phones: np.ndarray = torch.softmax(head(seen).flatten(0, 1), dim=1).numpy()
    return phones


def _examples(
    pack: Pack, heard: Features, rng: np.random.Generator
) -> tuple[Float16[np.ndarray, "S F"], Int64[np.ndarray, "S A"], Int64[np.ndarray, "S 2"]]:
    """Features of clips in any order, up to `MINUTES`; for each step those around it, and its phones, -1 where nobody knows."""
    features, around, phones, steps = [], [], [], 0
    for k in rng.permutation(list(heard)).tolist():
        said, one = pack[k].labels.astype(np.int64), heard[k]
        features.append(one)
        around.append(steps + _around(len(one)))
        phones.append(np.pad(said, (0, STEP * len(one) - len(said)), constant_values=-1).reshape(-1, STEP))
        steps += len(one)
        if steps * STEP > MINUTES * 60 * FPS:
            break
    return np.concatenate(features), np.concatenate(around), np.concatenate(phones)


def _around(steps: int) -> Int64[np.ndarray, "S A"]:
    where: np.ndarray = np.clip(np.arange(steps)[:, None] + AROUND, 0, steps - 1)
    return where
