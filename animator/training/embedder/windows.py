"""Windows to learn faces from: frames of one feeling of one person, drawn, performed or real, made into another person's."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from animator.core.rig import Rig
from animator.core.script import felt
from animator.embedders.reading import inputs, log_odds, read_columns
from animator.training.embedder.people import HELD_OUT, LOOKS, Sights
from animator.training.embedder.performances import Performances

BAG = 6
"""Frames of a window in training."""

BATCH = 192
"""Windows in a step."""

NOISE = 0.2
"""Standard deviation of what is a person's own in each curve, beside what people drawn have, in units of log-odds' own."""


class Drawer:
    """Draws windows, as log-odds in units of how much they vary, and what is felt in them."""

    def __init__(self, seen: Sights, clips: Performances, rig: Rig, feelings: Sequence[str], resting: np.ndarray | None) -> None:
        known = [felt(rig.emotions).index(name) for name in feelings]
        columns = read_columns(rig)
        taught = ~np.isin(seen.person % len(LOOKS), HELD_OUT)
        odds = log_odds(seen.seen[taught][:, columns])
        self.centre, self.size = (each.astype(np.float16).astype(np.float32) for each in (odds.mean(axis=0), odds.std(axis=0)))
        self._seen, self._seen_felt = self._usual(odds), seen.felt[taught][:, known]
        group, self._person = seen.group[taught], seen.person[taught]
        self._groups = [np.flatnonzero(group == g) for g in np.unique(group)]
        at_rest = self._seen_felt.max(axis=1) == 0
        self._rest = {p: self._seen[at_rest & (self._person == p)].mean(axis=0) for p in np.unique(self._person[at_rest])}
        self.average = np.mean(list(self._rest.values()), axis=0)
        real = np.zeros((0, len(columns)), np.float32) if resting is None else resting[:, columns]
        self._real = self._usual(log_odds(np.clip(real, 0, 1)))
        self._clips, self._clip_felt = np.clip(clips.curves[:, :, columns], 0, 1), clips.felt[:, known]
        names = [rig.names[c] for c in columns]
        self._mirror = np.array([names.index(rig.control(name).mirror) for name in names])

    def batch(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Windows ``float32 [B BAG 2R]`` and what is felt in them, ``float32 [B E]``."""
        makers = (self._of_sights, self._of_clips, self._of_real)[: 3 if len(self._real) else 2]
        odds = np.array([0.6, 0.3, 0.1][: len(makers)])
        drawn = [makers[k](rng) for k in rng.choice(len(makers), BATCH, p=odds / odds.sum())]
        bags, wanted = (np.stack(column) for column in zip(*drawn, strict=True))
        bags = bags + rng.normal(0, NOISE, (len(bags), 1, bags.shape[2])) + rng.normal(0, 0.1, bags.shape)
        bags *= rng.random((len(bags), 1, bags.shape[2])) > 0.03
        turned = rng.random(len(bags)) < 0.5
        bags[turned] = bags[turned][:, :, self._mirror]
        return inputs((bags * self.size + self.centre).astype(np.float32), self.centre, self.size), wanted.astype(np.float32)

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
        """A window of a clip, of most with the gains and resting offsets of another person."""
        clip, (_, length, width) = int(rng.integers(len(self._clips))), self._clips.shape
        start, span = int(rng.integers(length - BAG)), int(rng.integers(1, 40))
        bag = self._clips[clip, np.clip(start + rng.integers(0, span, BAG), 0, length - 1)]
        if rng.random() < 0.7:
            gain, resting = np.exp(rng.normal(0, 0.2, width)), np.abs(rng.normal(0, 0.12, width)) * (rng.random(width) < 0.3)
            bag = np.clip(bag * gain + resting + np.exp(rng.uniform(-12, -5, width)), 0, 1)
        return self._usual(log_odds(bag.astype(np.float32))), self._clip_felt[clip]

    def _of_real(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        return self._real[rng.integers(0, len(self._real), BAG)], np.zeros(self._seen_felt.shape[1])

    def _a_rest(self, rng: np.random.Generator) -> np.ndarray:
        if len(self._real) and rng.random() < 0.4:
            return np.asarray(self._real[rng.integers(0, len(self._real), 8)].mean(axis=0))
        if rng.random() < 0.4:
            return np.asarray(self.average)
        people = list(self._rest)
        return np.asarray(self._rest[people[int(rng.integers(len(people)))]])

    def _usual(self, odds: np.ndarray) -> np.ndarray:
        return np.asarray((odds - self.centre) / self.size)
