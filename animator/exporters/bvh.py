"""BVH: a skeleton of head and eyes with its motion."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
from jaxtyping import Float64

from animator.core.settings import check_digits
from animator.core.take import Take
from animator.errors import InputError
from animator.exporters.turns import HEAD, LEFT_EYE, RIGHT_EYE, matrices, turns

OFFSETS = {HEAD: (0.0, 0.0, 0.0), LEFT_EYE: (2.86, 7.01, 8.47), RIGHT_EYE: (-2.86, 7.01, 8.47)}
"""Centimetres from the head's pivot to each joint, as on our default head."""

NAMES = {HEAD: "Head", LEFT_EYE: "LeftEye", RIGHT_EYE: "RightEye"}

TURN = "Zrotation Xrotation Yrotation"
"""The order that most readers expect: turned about y first, then x, then z."""


@dataclass(frozen=True)
class Bvh:
    """Head and eyes for Biovision's BVH: one line of degrees a frame, order z, x, y; lengths in centimetres, +Y up, +Z ahead.

    Loses: every weight, as the format has only joints; the sound; what rounding to ``digits`` decimals takes.

    Readers that take the first frame for the rest pose (Maya's, MotionBuilder's) then show turns relative to it.

    Parameters
    ----------
    digits
        Decimals of an angle in degrees, 1 to 9.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".bvh",)
    rig: ClassVar[str | None] = None
    needs: ClassVar[frozenset[str]] = frozenset()

    digits: int = 6

    def __post_init__(self) -> None:
        check_digits(self.digits)

    def export(self, take: Take, path: Path) -> None:
        """Write the skeleton and its motion; see `exporters.base.Exporter`."""
        found = turns(take)
        if HEAD not in found:
            raise InputError(f"BVH holds the turns of a head, and rig {take.rig.name!r} has no control that turns it")
        angles = {joint: np.degrees(about_zxy(matrices(turn))) for joint, turn in found.items()}
        still = np.zeros((len(take.motion), 3))
        rows = np.concatenate([still, *angles.values()], axis=1) + 0.0  # no minus before a zero
        with path.open("w", encoding="ascii", newline="\n") as file:
            file.write(_hierarchy([joint for joint in angles if joint != HEAD]))
            file.write(f"MOTION\nFrames: {len(rows)}\nFrame Time: {float(1 / take.motion.fps):.9f}\n")
            for row in np.round(rows, self.digits) + 0.0:
                file.write(" ".join(f"{value:.{self.digits}f}" for value in row) + "\n")


def about_zxy(matrix: Float64[np.ndarray, "T 3 3"]) -> Float64[np.ndarray, "T 3"]:
    """Angles (radians) about z, x and y, whose product in this order is the rotation; for less than a quarter turn about x."""
    return np.stack(
        [
            np.arctan2(-matrix[:, 0, 1], matrix[:, 1, 1]),
            np.arcsin(np.clip(matrix[:, 2, 1], -1.0, 1.0)),
            np.arctan2(-matrix[:, 2, 0], matrix[:, 2, 2]),
        ],
        axis=1,
    )


def _hierarchy(eyes: list[str]) -> str:
    lines = ["HIERARCHY", f"ROOT {NAMES[HEAD]}", "{", _offset(1, OFFSETS[HEAD])]
    lines.append(f"\tCHANNELS 6 Xposition Yposition Zposition {TURN}")
    for eye in eyes:
        lines += [f"\tJOINT {NAMES[eye]}", "\t{", _offset(2, OFFSETS[eye]), f"\t\tCHANNELS 3 {TURN}"]
        lines += ["\t\tEnd Site", "\t\t{", _offset(3, (0.0, 0.0, 1.2)), "\t\t}", "\t}"]
    lines += ["\tEnd Site", "\t{", _offset(2, (0.0, 18.0, 0.0)), "\t}", "}"]
    return "\n".join(lines) + "\n"


def _offset(depth: int, place: tuple[float, float, float]) -> str:
    return "\t" * depth + "OFFSET " + " ".join(f"{value:.4f}" for value in place)
