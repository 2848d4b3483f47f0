"""What a lip reader reads from lines, and what it reads where there is nothing to read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import torch

from animator.core.phones import PHONE_VISEMES, SILENCE, VISEMES
from animator.metrics.edits import edits
from animator.training.motion.lipreader import LipReader, evidence
from animator.training.motion.spoken import UNTOLD, Line

_SILENT = VISEMES.index(PHONE_VISEMES[SILENCE][0])

FLICKER = 2
"""Frames: a viseme that is read for less is none."""

LATE = 5
"""Frames by which a mouth comes too late, to see whether a reader minds: 100 ms."""


def score(net: LipReader, read: Sequence[Line]) -> dict[str, float]:
    """What is read right of these lines, whose motion may be a generator's.

    ``visemes``: share of the frames of speech whose viseme is right; ``viseme errors``: insertions, deletions and substitutions
    in the sequence of visemes, a viseme said; ``words``: share of the words that are right, each among those that may stand in
    its place; ``letters``: the same of the letters alone, of which there are 25.
    """
    right, speech, wrong, said = 0, 0, 0, 0
    words: list[np.ndarray] = []
    for line in read:
        with torch.inference_mode():
            found = net(torch.from_numpy(line.motion)[None])
            spans = torch.zeros(1, len(line.words), len(line.motion))
            for slot, word in enumerate(line.words):
                spans[0, slot, word.first : word.stop] = 1.0 / max(1, word.stop - word.first)
            guess = evidence(found, spans)[0].argmax(dim=1).numpy()
        words.append(guess == np.array([word.word for word in line.words]))
        visemes = found.visemes[0].argmax(dim=1).numpy()
        told = (line.visemes != UNTOLD) & (line.visemes != _SILENT)
        right, speech = right + int((visemes == line.visemes)[told].sum()), speech + int(told.sum())
        course = _runs(line.visemes, 1)
        wrong, said = wrong + edits(_runs(visemes, FLICKER), course), said + len(course)
    met = np.stack(words)
    return {
        "visemes": round(right / max(speech, 1), 4),
        "viseme errors": round(wrong / max(said, 1), 4),
        "words": round(float(met.mean()), 4),
        "letters": round(float(met[:, 3].mean()), 4),
    }


def controls(net: LipReader, read: Sequence[Line]) -> dict[str, dict[str, float]]:
    """`score` of the lines as they are, and of what a reader must fail at.

    ``as spoken`` is the ceiling; ``another line`` shows the mouth of the next line (the floor); ``frozen`` the mean mouth of each
    line; ``late`` the mouth 100 ms late.
    """
    made: dict[str, Callable[[int], np.ndarray]] = {
        "as spoken": lambda k: read[k].motion,
        "another line": lambda k: read[(k + 1) % len(read)].motion,
        "frozen": lambda k: read[k].motion.mean(axis=0, keepdims=True),
        "late": lambda k: np.pad(read[k].motion, ((LATE, 0), (0, 0)), mode="edge"),
    }
    shown = {
        name: [replace(line, motion=_as_long(motion(k), len(line.motion))) for k, line in enumerate(read)]
        for name, motion in made.items()
    }
    return {name: score(net, those) for name, those in shown.items()} if read else {}


def _as_long(motion: np.ndarray, frames: int) -> np.ndarray:
    long: np.ndarray = motion[np.minimum(np.arange(frames), len(motion) - 1)]
    return long


def _runs(visemes: np.ndarray, least: int) -> list[int]:
    """The visemes of speech in turn, each held for at least so many frames."""
    edges = [0, *(np.flatnonzero(np.diff(visemes)) + 1).tolist(), len(visemes)]
    held = [int(visemes[a]) for a, b in pairwise(edges) if b - a >= least and visemes[a] not in (UNTOLD, _SILENT)]
    return [v for i, v in enumerate(held) if i == 0 or held[i - 1] != v]
