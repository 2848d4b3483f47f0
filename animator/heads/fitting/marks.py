"""Which point of the head each point of the face tracker is, how surely, and how far its reading of an expression is believed.

They stand in ``face_marks.txt`` and ``face_readings.txt`` of the assets, made by ``python -m animator.training.marks`` from drawn
people it looked at. The tracker's last ten points lie on the irises, which turn with the eyes; they are no marks of the skin.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

import numpy as np
from jaxtyping import Float, Float32, Float64, Int32

from animator.errors import FormatError

COUNT = 468
"""Points of the tracker on the skin; those of the irises follow."""

IRISES = (473, 468)
"""The tracker's points in the middles of the irises: the subject's left, right."""

OUTER_CORNERS = (263, 33)
"""The tracker's points at the outer corners of the eyes: left, right."""

MARKS, READINGS = "face_marks.txt", "face_readings.txt"


@dataclass(frozen=True, eq=False)
class Marks:
    """Places on the base mesh.

    Parameters
    ----------
    corners
        ``int32 [M 3]``: base vertices around each place.
    share
        ``float32 [M 3]``: how much each of them counts; rows sum to 1.
    spread
        ``float32 [M]``: how far from the place the tracker sees the point in another person or pose, as a usual distance (root
        mean square an axis) and a share of that between the outer corners of the eyes.
    """

    corners: Int32[np.ndarray, "M 3"]
    share: Float32[np.ndarray, "M 3"]
    spread: Float32[np.ndarray, " M"]

    def on(self, field: Float[np.ndarray, "... B 3"]) -> Float64[np.ndarray, "... M 3"]:
        """A quantity of the base mesh's vertices at the marks."""
        found: np.ndarray = np.einsum("mk,...mkd->...md", self.share.astype(np.float64), field[..., self.corners, :])
        return found


@lru_cache(maxsize=1)
def read_marks() -> Marks:
    """The shipped marks; `FormatError` if they are not `COUNT` rows of three vertices, two shares and a spread."""
    text = files("animator.assets").joinpath(MARKS).read_text(encoding="utf-8")
    try:
        table = np.loadtxt(text.splitlines(), ndmin=2)
    except ValueError as error:
        raise FormatError(f"{MARKS} is no table of numbers: {error}") from None
    if table.shape != (COUNT, 6):
        raise FormatError(f"{MARKS} has {COUNT} rows of 6 numbers, not {list(table.shape)}")
    two = table[:, 3:5]
    share = np.concatenate([two, 1 - two.sum(axis=1, keepdims=True)], axis=1)
    return Marks(table[:, :3].astype(np.int32), share.astype(np.float32), table[:, 5].astype(np.float32))


@dataclass(frozen=True)
class Reading:
    """How far a unit's reading is to be believed: the share of it that is most likely there, and how far that usually is off."""

    believed: float
    missed: float


@lru_cache(maxsize=1)
def read_readings() -> Mapping[str, Reading]:
    """By unit, the shipped readings; `FormatError` if a row is not a name and two numbers."""
    found = {}
    for line in files("animator.assets").joinpath(READINGS).read_text(encoding="utf-8").splitlines():
        try:
            name, believed, missed = line.split()
            found[name] = Reading(float(believed), float(missed))
        except ValueError:
            raise FormatError(f"{READINGS} has rows of a name and two numbers, not {line!r}") from None
    return MappingProxyType(found)
