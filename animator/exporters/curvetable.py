"""Curve table: curves on a time axis, as an asset of Unreal."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from animator.core.settings import check_digits
from animator.core.take import Take


@dataclass(frozen=True)
class CurveTable:
    """Curve table for Unreal (Import, as CurveTable, with linear interpolation): a column a frame, headed by its time in
    seconds, and a row a control.

    Loses: the rate as such, since only times are kept, to a millionth of a second; what rounding to ``digits`` significant
    digits takes. Every frame is kept: the format has one time axis for all curves, so that sparse keys do not shorten it.

    Parameters
    ----------
    digits
        Significant digits of a value, 1 to 9.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".csv",)
    rig: ClassVar[str | None] = None
    needs: ClassVar[frozenset[str]] = frozenset()

    digits: int = 6

    def __post_init__(self) -> None:
        check_digits(self.digits)

    def export(self, take: Take, path: Path) -> None:
        """Write the table; see `exporters.base.Exporter`."""
        motion = take.motion
        with path.open("w", encoding="utf-8", newline="") as file:
            times = ",".join(f"{float(i / motion.fps):.6f}" for i in range(len(motion)))
            file.write(f"---,{times}\n")  # Unreal passes over the first cell
            for name, curve in zip(motion.names, motion.values.T.tolist(), strict=True):
                file.write(f"{name},{','.join(f'{value:.{self.digits}g}' for value in curve)}\n")
