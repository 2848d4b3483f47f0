"""``python -m benchmarks speed|quality``: measure, print, and write ``benchmarks/results/<name>.json``."""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path

from benchmarks.result import table, write_result

RESULTS = Path(__file__).parent / "results"


def main() -> None:
    """Run one benchmark."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", choices=["speed", "quality"])
    parser.add_argument("--data", type=Path, help="A folder with emodb/ and grid_s1/ for quality; else the shipped samples only.")
    parser.add_argument("--out", type=Path, default=RESULTS, help="Where to write the result.")
    parser.add_argument("--quick", action="store_true", help="Fewer repeats and shorter sound: to see that it runs.")
    given = parser.parse_args()
    rows = import_module(f"benchmarks.{given.name}").measure(data=given.data, quick=given.quick)
    print(table(rows))
    print(write_result(given.name, rows, given.out))


if __name__ == "__main__":
    main()
