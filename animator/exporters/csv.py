"""Plain curves as comma-separated values: a time and one column a control."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from animator.core.settings import check_digits
from animator.core.take import Take


@dataclass(frozen=True)
class Csv:
    """Plain curves, one row a frame: ``time`` in seconds, then each control by name in its own unit (weights, radians).

    Loses: nothing but what rounding to ``digits`` significant digits takes; with 9, not a bit of a float32.

    Parameters
    ----------
    digits
        Significant digits of a value, 1 to 9.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".csv",)
    rig: ClassVar[str | None] = None
    needs: ClassVar[frozenset[str]] = frozenset()

    digits: int = 9

    def __post_init__(self) -> None:
        check_digits(self.digits)

    def export(self, take: Take, path: Path) -> None:
        """Write the curves; see `exporters.base.Exporter`."""
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(("time", *take.motion.names))
            for i, row in enumerate(take.motion.values.tolist()):
                rows.writerow((f"{float(i / take.motion.fps):.9f}", *(f"{value:.{self.digits}g}" for value in row)))
