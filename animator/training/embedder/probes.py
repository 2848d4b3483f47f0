"""What features give away: linear probes for the speaker, for the feeling, for anything else that has labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

FOLDS = 5


@dataclass(frozen=True)
class Probe:
    """Mean recall over labels of a probe, its standard deviation over seeds, and what guessing would reach."""

    accuracy: float
    deviation: float
    chance: float


def probe(features: np.ndarray, labels: np.ndarray, groups: np.ndarray, seeds: Sequence[int] = range(5)) -> Probe:
    """How well logistic regression names the label of a row from its features alone.

    Parameters
    ----------
    features
        ``[N D]``.
    labels
        ``[N]``, of any kind. Each label gets as many rows, drawn anew for each seed.
    groups
        ``[N]``: rows of one group (the windows of a clip, the takes of a sentence) are never on both sides of a split.
    seeds
        One five-fold cross-validation each, everything refitted in each fold.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedGroupKFold
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    names, index = np.unique(labels, return_inverse=True)
    fewest = int(np.bincount(index).min())
    scores = []
    for seed in seeds:
        rng = np.random.default_rng(seed)
        chosen = np.concatenate([rng.permutation(np.flatnonzero(index == k))[:fewest] for k in range(len(names))])
        rows, wanted, of = features[chosen], index[chosen], groups[chosen]
        told = np.full(len(wanted), -1)
        for learn, test in StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed).split(rows, wanted, of):
            model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500))
            told[test] = model.fit(rows[learn], wanted[learn]).predict(rows[test])
        scores.append(recall(told, wanted, len(names)))
    return Probe(float(np.mean(scores)), float(np.std(scores)), 1 / len(names))


def recall(told: np.ndarray, wanted: np.ndarray, labels: int) -> float:
    """Unweighted average recall: the mean over labels of the share of their rows that are told right."""
    there = [k for k in range(labels) if (wanted == k).any()]
    return float(np.mean([(told[wanted == k] == k).mean() for k in there]))


def reliability(odds: np.ndarray, label: np.ndarray, bins: int = 5) -> tuple[float, list[dict[str, float]]]:
    """Expected calibration error, and for each range of the likeliest label's odds: their mean, how often it is right, how many.

    Guo et al. 2017, "On Calibration of Modern Neural Networks".
    """
    sure, right = odds.max(axis=1), odds.argmax(axis=1) == label
    table, error = [], 0.0
    for low in np.arange(bins) / bins:
        inside = (sure > low) & (sure <= low + 1 / bins)
        if inside.any():
            table.append({"said": float(sure[inside].mean()), "right": float(right[inside].mean()), "clips": int(inside.sum())})
            error += float(inside.mean()) * abs(table[-1]["said"] - table[-1]["right"])
    return error, table
