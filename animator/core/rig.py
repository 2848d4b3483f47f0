"""`Control`, `Rig`: the names, ranges and poses that a motion is written in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
from jaxtyping import Float32

from animator.errors import InputError, UnknownNameError

REGIONS = ("brows", "eyes", "gaze", "nose", "cheeks", "mouth", "jaw", "tongue", "head")
"""Where on the face a control acts."""

UNITS = ("weight", "radian")


@dataclass(frozen=True)
class Control:
    """One dial of a rig.

    ``low``, ``high`` and ``rest`` are in ``unit`` (``weight`` or ``radian``); ``mirror`` names the same dial on the other
    side of the face, or the control itself; ``flips`` says that mirroring also changes the sign (head yaw, say).
    """

    name: str
    region: str
    low: float = 0.0
    high: float = 1.0
    rest: float = 0.0
    unit: str = "weight"
    mirror: str = ""
    flips: bool = False

    def __post_init__(self) -> None:
        if not self.mirror:
            object.__setattr__(self, "mirror", self.name)
        if self.region not in REGIONS:
            raise UnknownNameError("face region", self.region, REGIONS, f"control {self.name!r}")
        if self.unit not in UNITS:
            raise UnknownNameError("unit", self.unit, UNITS, f"control {self.name!r}")
        if not self.low <= self.rest <= self.high:
            raise InputError(f"control {self.name!r} rests at {self.rest:g}, outside its range [{self.low:g}, {self.high:g}]")


Pose = Mapping[str, float]
"""Values of the controls that a pose moves, by control name; the others rest."""

Move = tuple[tuple[float, Pose], ...]
"""What a face goes through in a one-shot gesture: seconds after its start, ascending, and the pose there; the last is rest."""


@dataclass(frozen=True, eq=False)
class Rig:
    """The controls of a face and its named poses.

    Parameters
    ----------
    name
        The rig's name.
    controls
        Every control, in the order of a motion's columns.
    visemes, emotions
        Poses by viseme (the fifteen of `core.phones.VISEMES`) and by feeling, at full strength.
    seen
        How visemes look besides in faces that talk, where few reach the pose at full strength: viseme to poses, by which curves
        are read and none is made.
    gestures
        Poses of a face's life by name, at full strength: ``blink_left``, ``blink_right``, ``look_left``, ``look_right``,
        ``look_up``, ``look_down`` (what the lids do when the eyes turn as far as they can), ``accent`` (a stressed syllable),
        ``inhale``. A gesture that a rig lacks is not made.
    moves
        One-shot gestures that a director may ask for, by name: ``nod``, ``wink`` …; what they do is added to the face.
    articulation
        What each dial of `core.lips.DIALS` moves: control name to share of the dial, [0, 1]; other controls it leaves alone.
    opening
        Linear measure of how far the lips part at the middle: control name to share, 1 = the jaw alone fully open. A closed
        mouth measures 0 or less. It is measured on a head, and lets closures be held without a mesh.

    Raises
    ------
    InputError, UnknownNameError
        A pose or the measure uses an unknown control, a pose leaves a control's range, or mirrors are not mutual.
    """

    name: str
    controls: tuple[Control, ...]
    visemes: Mapping[str, Pose] = field(default_factory=dict)
    emotions: Mapping[str, Pose] = field(default_factory=dict)
    opening: Pose = field(default_factory=dict)
    gestures: Mapping[str, Pose] = field(default_factory=dict)
    seen: Mapping[str, tuple[Pose, ...]] = field(default_factory=dict)
    articulation: Mapping[str, Pose] = field(default_factory=dict)
    moves: Mapping[str, Move] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(set(self.names)) != len(self.names):
            raise InputError(f"rig {self.name!r} names each control once")
        for control in self.controls:
            if control.mirror not in self.columns:
                raise UnknownNameError("control", control.mirror, self.names, f"the mirror of {control.name!r}")
            if self.control(control.mirror).mirror != control.name:
                raise InputError(f"rig {self.name!r}: {control.name!r} mirrors {control.mirror!r}, which does not mirror it back")
        seen = [(name, pose) for name, poses in self.seen.items() for pose in poses]
        named = (
            ("viseme", self.visemes),
            ("feeling", self.emotions),
            ("gesture", self.gestures),
            ("articulation", self.articulation),
        )
        moved = [(name, pose) for name, move in self.moves.items() for _, pose in move]
        for kind, poses in (*((kind, tuple(poses.items())) for kind, poses in named), ("seen viseme", seen), ("move", moved)):
            for pose_name, pose in poses:
                where = f"{kind} {pose_name!r} of rig {self.name!r}"
                for name, value in pose.items():
                    if name not in self.columns:
                        raise UnknownNameError("control", name, self.names, where)
                    control = self.control(name)
                    if not control.low <= value <= control.high:
                        raise InputError(f"{where} sets {name!r} to {value:g}, outside [{control.low:g}, {control.high:g}]")
        for name, move in self.moves.items():
            at = (0.0, *(instant for instant, _ in move))
            if not move or move[-1][1] or not all(before < after for before, after in pairwise(at)):
                raise InputError(
                    f"move {name!r} of rig {self.name!r} goes through poses at later and later seconds, the last at rest"
                )
        for name in self.opening:
            if name not in self.columns:
                raise UnknownNameError("control", name, self.names, f"the opening of rig {self.name!r}")

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Control names, in order."""
        return tuple(c.name for c in self.controls)

    @cached_property
    def columns(self) -> Mapping[str, int]:
        """Control name to column."""
        return {name: i for i, name in enumerate(self.names)}

    def control(self, name: str) -> Control:
        """The control of that name; `UnknownNameError` if there is none."""
        if name not in self.columns:
            raise UnknownNameError("control", name, self.names, f"rig {self.name!r}")
        return self.controls[self.columns[name]]

    def column(self, name: str) -> int:
        """The column of a control; `UnknownNameError` if there is none."""
        self.control(name)
        return self.columns[name]

    def row(self, pose: Pose) -> Float32[np.ndarray, " C"]:
        """A pose as one frame of a motion: the controls it names, the rest at rest."""
        out = self.rest.copy()
        for name, value in pose.items():
            out[self.column(name)] = value
        return out

    def region(self, *regions: str) -> np.ndarray:
        """``bool [C]``: which controls act in any of these regions."""
        return np.array([c.region in regions for c in self.controls])

    @cached_property
    def rest(self) -> Float32[np.ndarray, " C"]:
        """Every control at rest."""
        return np.array([c.rest for c in self.controls], dtype=np.float32)

    @cached_property
    def low(self) -> Float32[np.ndarray, " C"]:
        """Lower limits."""
        return np.array([c.low for c in self.controls], dtype=np.float32)

    @cached_property
    def high(self) -> Float32[np.ndarray, " C"]:
        """Upper limits."""
        return np.array([c.high for c in self.controls], dtype=np.float32)

    @cached_property
    def opening_row(self) -> Float32[np.ndarray, " C"]:
        """The opening measure as a row: ``motion.values @ rig.opening_row`` is the opening of each frame."""
        out = np.zeros(len(self.controls), dtype=np.float32)
        for name, share in self.opening.items():
            out[self.columns[name]] = share
        return out
