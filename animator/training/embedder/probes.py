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


def probe(
    features: np.ndarray,
    labels: np.ndarray,
    groups: np.ndarray,
    seeds: Sequence[int] = range(5),
    within: np.ndarray | None = None,
    alike: bool = False,
) -> Probe:
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
    within
        ``[N]``, whole numbers: of each label, every fold has as many groups of each of these as the next, or one more.
    alike
        Each of ``within`` counts as much with one label as with the next, in learning and in judging, so that it tells nothing
        of the label itself. All rows are used but those of which some label has fewer than two.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    names, index = np.unique(labels, return_inverse=True)
    many = 1 if within is None else int(within.max()) + 1
    kind = index if within is None else index * many + within
    count = np.bincount(kind, minlength=len(names) * many).reshape(len(names), many)
    fewest, shared = int(np.bincount(index).min()), np.flatnonzero(np.isin(kind % many, np.flatnonzero(count.min(axis=0) > 1)))
    scores = []
    for seed in seeds:
        rng = np.random.default_rng(seed)
        equal = np.concatenate([rng.permutation(np.flatnonzero(index == k))[:fewest] for k in range(len(names))])
        chosen = shared if alike else equal
        rows, wanted, cell, fold = features[chosen], index[chosen], kind[chosen], _dealt(groups[chosen], kind[chosen], rng)
        told = np.full(len(wanted), -1)
        for test in (fold == k for k in np.unique(fold)):
            learn = ~test
            weight = 1 / np.bincount(cell[learn])[cell[learn]] if alike else np.ones(learn.sum())
            model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500))
            model.fit(rows[learn], wanted[learn], logisticregression__sample_weight=weight / weight.mean())
            told[test] = model.predict(rows[test])
        judged = cell if alike else wanted
        scores.append(float(np.mean([(told == wanted)[judged == k].mean() for k in np.unique(judged)])))
    return Probe(float(np.mean(scores)), float(np.std(scores)), 1 / len(names))


def _dealt(groups: np.ndarray, kind: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The fold of each row, ``int [N]``: groups are shuffled and, one kind after another, dealt like cards."""
    _, first, of = np.unique(groups, return_index=True, return_inverse=True)
    shuffled = rng.permutation(len(first))
    order = shuffled[np.argsort(kind[first][shuffled], kind="stable")]
    fold = np.empty(len(first), dtype=np.int64)
    fold[order] = np.arange(len(first)) % FOLDS
    return fold[of]


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
