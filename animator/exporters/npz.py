"""NPZ: the performance as plain arrays of numpy, which is our own motion file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from animator.core.take import Take
from animator.io.track import write_motion


@dataclass(frozen=True)
class Npz:
    """Arrays for ``numpy.load``: ``names`` [C], ``values`` float32 [T, C], ``fps`` as numerator and denominator, ``recipe``.

    It is the motion file that ``animator generate`` writes, on the wanted clock and in the wanted rig, so every command here
    takes it too.

    Loses: nothing.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".npz",)
    rig: ClassVar[str | None] = None
    needs: ClassVar[frozenset[str]] = frozenset()

    def export(self, take: Take, path: Path) -> None:
        """Write the arrays; see `exporters.base.Exporter`."""
        write_motion(take.motion, path, take.recipe)
