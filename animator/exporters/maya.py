"""Maya's animation file, as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar

import numpy as np

from animator.core.keys import Keys, check_tolerance, sparse_keys
from animator.core.take import Take
from animator.exporters.turns import HEAD, LEFT_EYE, RIGHT_EYE, matrices, number, turns, weights

TIME_UNITS: Mapping[Fraction, str] = MappingProxyType(
    {
        Fraction(15): "game",
        Fraction(24000, 1001): "23.976fps",
        Fraction(24): "film",
        Fraction(25): "pal",
        Fraction(30000, 1001): "29.97fps",
        Fraction(30): "ntsc",
        Fraction(48): "show",
        Fraction(50): "palf",
        Fraction(60000, 1001): "59.94fps",
        Fraction(60): "ntscf",
        Fraction(100): "100fps",
        Fraction(120): "120fps",
    }
)
"""Rate to what Maya calls it. At any other, times are written in seconds."""


@dataclass(frozen=True)
class Maya:
    """Animation for Maya (``.anim`` of the plug-in animImportExport): weights of a blendShape node, turns of head and eyes.

    In Maya, load the plug-in animImportExport.mll, select the nodes and import; names must be those of the scene. Keys have
    linear tangents. Turns are in degrees in Maya's usual rotate order, xyz, for joints that rest unrotated.

    Loses: up to ``tolerance`` of each weight and (in radians) of each angle between keys; the sound. A name that is no Maya
    attribute (with spaces, say) will not be found.

    Uncertain: no Maya was at hand; the layout is that which other programs read and write. The scene's own time unit is
    not changed by it.

    Parameters
    ----------
    tolerance
        Largest error of a weight or of an angle in radians, >= 0; with 0, only keys on a straight line are left out.
    face
        The blendShape node.
    head, left_eye, right_eye
        The joints that turn; empty for one that is not to be written.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".anim",)
    rig: ClassVar[str | None] = None
    needs: ClassVar[frozenset[str]] = frozenset()

    tolerance: float = 0.001
    face: str = "blendShape1"
    head: str = "head"
    left_eye: str = "leftEye"
    right_eye: str = "rightEye"

    def __post_init__(self) -> None:
        check_tolerance(self.tolerance)

    def export(self, take: Take, path: Path) -> None:
        """Write the animation; see `exporters.base.Exporter`."""
        fps = take.motion.fps
        step = 1.0 if fps in TIME_UNITS else float(1 / fps)
        columns = weights(take)
        joints = {HEAD: self.head, LEFT_EYE: self.left_eye, RIGHT_EYE: self.right_eye}
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.write(
                f"animVersion 1.1;\nmayaVersion 2025;\ntimeUnit {TIME_UNITS.get(fps, 'sec')};\nlinearUnit cm;\nangularUnit deg;\n"
                f"startTime 0;\nendTime {_time((len(take.motion) - 1) * step)};\n"
            )
            for column, keys in zip(columns, sparse_keys(take.motion.values[:, columns], self.tolerance), strict=True):
                name = take.motion.names[column]
                file.write(_curve(f"{name} {name} {self.face} 0 0 0", "unitless", keys, step, 1.0))
            for joint, angles in turns(take).items():
                if joints[joint]:
                    about = sparse_keys(about_xyz(matrices(angles)).astype(np.float32), self.tolerance)
                    for a, (axis, keys) in enumerate(zip("XYZ", about, strict=True)):
                        attribute = f"rotate.rotate{axis} rotate{axis} {joints[joint]} 0 0 {a}"
                        file.write(_curve(attribute, "angular", keys, step, float(np.degrees(1.0))))


def about_xyz(matrix: np.ndarray) -> np.ndarray:
    """Rotations ``[T 3 3]`` as angles ``[T 3]`` (radians) about x, then y, then z, for turns about y of less than a quarter."""
    return np.stack(
        [
            np.arctan2(matrix[:, 2, 1], matrix[:, 2, 2]),
            np.arcsin(np.clip(-matrix[:, 2, 0], -1.0, 1.0)),
            np.arctan2(matrix[:, 1, 0], matrix[:, 0, 0]),
        ],
        axis=1,
    )


def _curve(attribute: str, output: str, keys: Keys, step: float, unit: float) -> str:
    rows = "".join(
        f"    {_time(frame * step)} {number(value * unit)} linear linear 1 1 0;\n"
        for frame, value in zip(keys.frames, keys.values.astype(np.float64), strict=True)
    )
    return (
        f"anim {attribute};\nanimData {{\n  input time;\n  output {output};\n  weighted 0;\n  preInfinity constant;\n"
        f"  postInfinity constant;\n  keys {{\n{rows}  }}\n}}\n"
    )


def _time(value: float) -> str:
    """Frames as whole numbers, seconds to the nanosecond."""
    return f"{value:.9f}".rstrip("0").rstrip(".")
