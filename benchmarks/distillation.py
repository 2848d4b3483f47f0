"""What a larger ear's judgement is worth to ours: ``python -m benchmarks.distillation --data DIR --cache DIR``.

After the same training by labels, two ears take the same lessons with the same seed, one with the tutor's judgement and one
without, and are measured on all that was held out, beside the ear without lessons and the tutor itself.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import torch

from animator.encoders.listening.decode import course
from animator.encoders.listening.net import Ear
from animator.io.weights import load_weights
from animator.metrics.heard import tally, visemes
from animator.nn.ahead import FULL
from animator.training import ear, phones
from animator.training.ear.cost import spans_of_course, spared
from animator.training.ear.score import posteriors
from animator.training.ear.train import SHARES
from animator.training.ear.tutor import Head, Hear, fit, read
from animator.training.measure import Known, held_sets
from animator.training.phones.store import Pack
from benchmarks.hearing import CLIPS, figures
from benchmarks.result import Row, table, write_result

SEED = 1
"""Another than that of the shipped weights' lessons, so that no half-done training of theirs is taken up."""

LEANS = {"no lessons": None, "lessons without the tutor": 0.0, "lessons": ear.Lessons().lean}
"""Share of the tutor's judgement in each ear's lessons."""

MINUTES = 8.0
"""Of each corpus that the tutor's own head is fitted to."""

SHOWN = ("right in speech", "closures: recall", "closures: precision", "closures: F1")


def main() -> None:
    """Train, measure, print, and write ``distillation.json``."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.distillation", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="The folder of corpora, Moonshine's encoder among them.")
    parser.add_argument("--cache", type=Path, required=True, help="Where prepared speech and half-done training are kept.")
    parser.add_argument("--steps", type=int, default=ear.Lessons().steps, help="Batches of the lessons.")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results", help="Where to write the result.")
    given = parser.parse_args()
    packs = phones.pack(given.data, given.cache)
    held = held_sets(given.data, given.cache, CLIPS)
    tutor = ear.tutor_in(given.data)
    head = _head(packs, tutor)
    rows = _rows(held, "the tutor itself", lambda samples: read(head, tutor(samples)))
    for way, lean in LEANS.items():
        weights = given.cache / f"ear_{way.replace(' ', '_')}.safetensors"
        lessons = ear.Lessons(steps=given.steps, lean=lean or 0.0, seed=SEED)
        ear.train(packs, weights, None, given.cache, print, None if lean is None else tutor, lessons)
        rows += _rows(held, way, partial(_heard, _net(weights)))
    print(table(rows))
    print(write_result("distillation", rows, given.out))


def _head(packs: Sequence[Pack], tutor: Hear) -> Head:
    """What reads the tutor, fitted to about an hour of what is learned from."""
    heard = {}
    for pack in packs:
        clips = np.setdiff1d(np.flatnonzero(~pack.held), spared(pack))[:: math.ceil(pack.minutes / MINUTES)]
        heard[pack.corpus] = {k: tutor(pack[k].samples) for k in clips.tolist()}
    return fit({pack.corpus: pack for pack in packs}, heard, SHARES, ear.Lessons().fitting, SEED)


def _rows(held: Mapping[str, Sequence[Known]], way: str, hear: Callable[[np.ndarray], np.ndarray]) -> list[Row]:
    """Figures of what makes posteriors of samples."""
    rows: list[Row] = []
    for corpus, clips in held.items():
        found = []
        for clip in clips:
            heard = hear(np.rint(clip.audio.samples * 32768.0).astype(np.int16))
            found.append(tally(visemes(spans_of_course(course(heard))), clip.spans))
        rows += figures(f"{corpus}: visemes", way, found, SHOWN)
    return rows


def _net(path: Path) -> Ear:
    tensors, _ = load_weights(path)
    net = Ear()
    net.load_state_dict({name: torch.from_numpy(tensor) for name, tensor in tensors.items()})
    return net.eval()


def _heard(net: Ear, samples: np.ndarray) -> np.ndarray:
    return posteriors(net, samples, FULL)


if __name__ == "__main__":
    main()
