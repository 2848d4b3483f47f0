"""What each kind of motion is worth to the generator: ``python -m benchmarks.ablation --data DIR --cache DIR``.

Three generators of one plan learn from real faces alone, from taught ones alone, and from both, for as many batches each, and are
measured on what was held out of either kind.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from animator.training.motion.generator import Plan, train_generator
from animator.training.motion.studio import Studio
from benchmarks.result import Row, row, table, write_result

SEED = 1
"""Another than that of the shipped weights, so that no half-done training of theirs is taken up."""

KINDS = {"real alone": 1.0, "taught alone": 0.0, "both": Plan().real}
"""Share of real faces in what is learned from."""


def main() -> None:
    """Train, measure, print, and write ``ablation.json``."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ablation", description=__doc__)
    parser.add_argument("--data", type=Path, help="The folder of corpora.")
    parser.add_argument("--cache", type=Path, required=True, help="Where prepared speech and motion are kept.")
    parser.add_argument("--steps", type=int, default=400, help="Batches that each learns from.")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results", help="Where to write the result.")
    given = parser.parse_args()
    studio = Studio(given.data, given.cache, tell=print)
    motion, judges = studio.motion(), studio.judges()
    rows: list[Row] = []
    for kind, real in KINDS.items():
        plan = replace(Plan(), real=real, steps=given.steps, seed=SEED)
        scores = train_generator(
            motion, given.cache / f"generator_{kind.replace(' ', '_')}.safetensors", plan, given.cache, **judges, tell=print
        )
        for case, figures in scores.items():
            still = case.endswith("mean face")
            if case != "style" and not (still and rows and rows[0].system != f"learned from {kind}"):
                system = "mean face" if still else f"learned from {kind}"
                rows += [_row(case.removesuffix(", mean face"), system, what, value) for what, value in figures.items()]
    print(table(rows))
    print(write_result("ablation", rows, given.out))


def _row(case: str, system: str, what: str, value: float) -> Row:
    return row(case, system, what, "", [value], {"opening": "higher", "range": "none"}.get(what, "lower"))


if __name__ == "__main__":
    main()
