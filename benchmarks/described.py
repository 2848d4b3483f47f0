"""Feelings described in words: how often the feeling that leads is the one that a held-out list expects.

Beside chance: guessing evenly, and always guessing what the list has most of.
"""

from __future__ import annotations

import time
import tomllib
from collections import Counter
from pathlib import Path

import numpy as np

from animator.core.emotion import ALL
from animator.core.script import felt, weigh
from animator.embedders import sentence
from animator.embedders.described import LIST, SENTENCE, described
from animator.embedders.space import blends
from animator.errors import InputError
from animator.io.rig import load_rig
from benchmarks.result import Row, row

RIGHT = "the leading feeling is right"
LISTS = Path(__file__).parent / "described_feelings.toml"


def asked(part: str) -> list[tuple[str, str]]:
    """Descriptions and the rig's feeling that ought to lead each, of one of the lists."""
    table = tomllib.loads(LISTS.read_text(encoding="utf-8"))[part]
    return [(text, feeling) for feeling, texts in table.items() for text in texts]


def led_by(text: str, by: str) -> str | None:
    """The rig's feeling that a description is shown as most; None where it is not understood."""
    feelings = tuple(load_rig("arkit").emotions)
    try:
        weights = weigh(described(text, by).feelings, feelings, blends=blends(feelings))[ALL]
    except InputError:
        return None
    return felt(feelings)[int(np.argmax(weights))]


def measure(quick: bool = False) -> list[Row]:
    """Accuracy, share understood, and milliseconds a description after the first, by each reader."""
    rows = []
    for part, called in (("held_out", "held-out"), ("chosen_on", "chosen-on")):
        texts = asked(part)[:: 6 if quick else 1]
        case = f"{len(texts)} {called} descriptions, 8 feelings"
        for by in (LIST, SENTENCE) if sentence.installed() else (LIST,):
            rows += _read(case, by, texts)
        counts = Counter(feeling for _, feeling in texts)
        most = counts.most_common(1)[0][0]
        rows.append(_share(case, "baseline: guessing evenly", RIGHT, [1 / len(counts)]))
        rows.append(_share(case, "baseline: the commonest", RIGHT, [float(most == feeling) for _, feeling in texts]))
    return rows


def _read(case: str, by: str, texts: list[tuple[str, str]]) -> list[Row]:
    """The figures of one reader; what it mistakes is printed."""
    led_by("glad", by)
    answers, took = [], []
    for text, feeling in texts:
        begun = time.perf_counter()
        answers.append(led_by(text, by))
        took.append(1000 * (time.perf_counter() - begun))
        if answers[-1] != feeling:
            print(f"{by}: {text!r} is {feeling}, taken for {answers[-1]}")
    right = [float(answer == feeling) for answer, (_, feeling) in zip(answers, texts, strict=True)]
    understood = _share(case, by, "understood at all", [float(answer is not None) for answer in answers])
    return [_share(case, by, RIGHT, right), understood, row(case, by, "a description", "ms", took, "lower")]


def _share(case: str, system: str, what: str, right: list[float]) -> Row:
    """A mean with where 95 % of lists resampled from this one lie."""
    drawn = np.random.default_rng(0).choice(np.array(right), (2000, len(right))).mean(axis=1)
    low, high = np.quantile(drawn, (0.025, 0.975))
    mean = float(np.mean(right))
    return Row(case, system, what, "share", mean, min(float(low), mean), max(float(high), mean), len(right), "higher")
