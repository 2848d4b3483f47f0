"""VMD: motion for MikuMikuDance."""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import ClassVar

import numpy as np

from animator.core.keys import check_tolerance, joint_keys, sparse_keys
from animator.core.motion import retime
from animator.core.take import Take
from animator.errors import LossWarning
from animator.exporters.turns import HEAD, LEFT_EYE, RIGHT_EYE, quaternions, turns, weights

FPS = Fraction(30)
SIGNATURE = b"Vocaloid Motion Data 0002"
ENCODING = "cp932"
"""Shift-JIS, as Windows writes it."""

BONES = {HEAD: "頭", LEFT_EYE: "左目", RIGHT_EYE: "右目"}
TO_MMD = np.array([-1.0, -1.0, 1.0, 1.0])
"""Quaternions to MMD's space, which is left-handed: +X to the subject's left, +Y up, and the face looks to -Z."""

_EVEN = bytes([20] * 8 + [107] * 8)
STRAIGHT = _EVEN + _EVEN[1:] + b"\1" + _EVEN[2:] + b"\1\0" + _EVEN[3:] + b"\1\0\0"
"""Curves of a bone's key on which everything moves at an even pace, in the four shifted copies that MMD keeps of them."""

_BONE, _MORPH, _COUNT = struct.Struct("<15sI3f4f64s"), struct.Struct("<15sIf"), struct.Struct("<I")


@dataclass(frozen=True)
class Vmd:
    """Motion for MikuMikuDance and what reads its files (``.vmd``): morphs of a face, and turns of the head and the eyes.

    Morphs go by the Japanese names that most models share; what a model lacks, MMD passes over. The format runs at 30 frames a
    second: a motion of another rate is laid on that clock, which is told with a `LossWarning`.

    Loses: what the rig ``mmd`` cannot say of the face; instants between the 30 a second; up to ``tolerance`` of each weight and
    (in radians) of each turn between keys; the sound. The take's name is cut to 20 bytes of Shift-JIS.

    Parameters
    ----------
    tolerance
        Largest error of a weight or of a turn in radians, >= 0; with 0, only keys on a straight line are left out.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".vmd",)
    rig: ClassVar[str | None] = "mmd"
    needs: ClassVar[frozenset[str]] = frozenset()

    tolerance: float = 0.001

    def __post_init__(self) -> None:
        check_tolerance(self.tolerance)

    def export(self, take: Take, path: Path) -> None:
        """Write the motion; see `exporters.base.Exporter`."""
        if take.motion.fps != FPS:
            told = f"VMD runs at 30 frames a second, so the {float(take.motion.fps):g} of this motion are laid on that clock"
            warnings.warn(f"{told}; --fps 30 does it before a short closure can suffer", LossWarning, stacklevel=2)
            take = Take(take.name, retime(take.motion, FPS, take.rig), take.rig)
        bones, morphs = list(self._bones(take)), list(self._morphs(take))
        with path.open("wb") as file:
            file.write(struct.pack("<30s20s", SIGNATURE, _fitted(take.name, 20)))
            for keys in (bones, morphs):
                file.write(_COUNT.pack(len(keys)) + b"".join(keys))
            file.write(_COUNT.pack(0) * 4)  # cameras, lights, shadows and inverse kinematics

    def _bones(self, take: Take) -> Iterator[bytes]:
        for joint, angles in turns(take).items():
            turned = quaternions(angles) * TO_MMD
            # Twice a quaternion is as long as the angle it turns by, as long as that is small.
            for frame in joint_keys((2 * turned).astype(np.float32), self.tolerance).tolist():
                yield _BONE.pack(_fitted(BONES[joint], 15), frame, 0.0, 0.0, 0.0, *turned[frame], STRAIGHT)

    def _morphs(self, take: Take) -> Iterator[bytes]:
        columns = weights(take)
        for column, keys in zip(columns, sparse_keys(take.motion.values[:, columns], self.tolerance), strict=True):
            name = _fitted(take.motion.names[column], 15)
            for frame, value in zip(keys.frames.tolist(), keys.values.tolist(), strict=True):
                yield _MORPH.pack(name, frame, value)


def _fitted(text: str, size: int) -> bytes:
    """Text in Shift-JIS, of at most ``size`` bytes; no character is cut in two."""
    encoded = [character.encode(ENCODING, "replace") for character in text]
    while sum(map(len, encoded)) > size:
        encoded.pop()
    return b"".join(encoded)
