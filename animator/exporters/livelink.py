"""Live Link Face: the face recording of an iPhone as Unreal imports it, in comma-separated values."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import ClassVar

import numpy as np

from animator.core.rig import Rig
from animator.core.take import Take
from animator.errors import InputError, LossWarning
from animator.io import livelink

SIXTIETHS = 60
"""The last field of a timecode counts sixtieths of a second, whatever the rate of the rows."""

UNMISTAKEN = 31
"""A timecode whose last field stands above 30 somewhere cannot be taken for one that counts thirtieths."""

_DAY = 24 * 3600
_SWAPPED = (("JawLeft", "JawRight"), ("MouthLeft", "MouthRight"))  # the app's columns, beside the order of its packets


@dataclass(frozen=True)
class LiveLink:
    """Live Link Face, for Unreal (Import, or the LiveLinkFaceImporter plug-in): 52 weights and the rotations of head and eyes.

    Name the file ``<Slate>_<Take>_<Subject>.csv``, such as ``story_1_Ana.csv``: Unreal calls the Live Link subject by the name
    after the take's number.

    Columns, their order, ten decimals and sixtieths in the timecode are the app's; Unreal of any version reads the right times
    at any rate. Signs and unit of the rotations are measured on the app's recordings, that of HeadRoll is a guess, that of
    HeadPitch weakly supported.

    Loses: weights beyond [0, 1], which are limited to it; times beyond 1/60000 s. A take that would lie in the first half of
    each of its seconds, such as one shorter than that, is moved there to begin at 31 sixtieths, since Unreal would misread its
    rate.

    Parameters
    ----------
    rotation_unit
        Of head and eyes: radians as the app writes, degrees, or deg180 (degrees / 180, as Unreal's own plug-in on a phone).
    flip
        Rotations to write with the other sign, such as HeadRoll or LeftEyeYaw,RightEyeYaw.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".csv",)
    rig: ClassVar[str | None] = livelink.RIG
    needs: ClassVar[frozenset[str]] = frozenset()

    rotation_unit: str = "radians"
    flip: str = ""

    def __post_init__(self) -> None:
        livelink.check_unit(self.rotation_unit)
        livelink.signs(self.flip)

    def export(self, take: Take, path: Path) -> None:
        """Write the recording; see `exporters.base.Exporter`."""
        values = livelink.to_channels(take.motion, take.rig, self.rotation_unit, self.flip)
        weights = values[:, : len(livelink.weights(take.rig))]
        limited = np.clip(weights, 0.0, 1.0)
        if (limited != weights).any():
            far = float(np.abs(limited - weights).max())
            warnings.warn(f"weights beyond [0, 1], by up to {far:.2g}, are limited to it", LossWarning, stacklevel=2)
        weights[:] = limited
        order = _order(take.rig)
        names = [livelink.channels(take.rig)[i] for i in order]
        with path.open("w", encoding="utf-8", newline="") as file:
            file.write(f"Timecode,BlendShapeCount,{','.join(names)}\n")
            for code, row in zip(
                _timecodes(len(take.motion), take.motion.fps, take.start), values[:, order].tolist(), strict=True
            ):
                file.write(f"{code},{len(row)},{','.join(f'{value:.10f}' for value in row)}\n")


def _order(rig: Rig) -> list[int]:
    """Which channel each column of the app holds."""
    names = livelink.channels(rig)
    order = list(range(len(names)))
    for one, other in _SWAPPED:
        i, j = names.index(one), names.index(other)
        order[i], order[j] = j, i
    return order


def _timecodes(frames: int, fps: Fraction, start: Fraction) -> list[str]:
    """``HH:MM:SS:FF.fff`` of each frame, FF in sixtieths, at least one of them above 30."""
    thousandths = np.array([round((start + i / fps) * SIXTIETHS * 1000) for i in range(frames)])
    second = SIXTIETHS * 1000
    if not (thousandths % second > (UNMISTAKEN - 1) * 1000).any():
        thousandths += UNMISTAKEN * 1000 - thousandths[0] % second
    if thousandths[-1] >= _DAY * second:
        raise InputError("a timecode counts up to 24 hours; let the take begin earlier with --start")
    return [
        f"{code // second // 3600:02d}:{code // second // 60 % 60:02d}:{code // second % 60:02d}:{code % second / 1000:06.3f}"
        for code in thousandths.tolist()
    ]
