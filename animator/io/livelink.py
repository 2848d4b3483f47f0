"""The 61 channels of Live Link Face: their names, their orders, and the units and signs of their rotations.

The names and their order are those of Apple's face anchor as Unreal spells them, then nine rotations. Units and signs of the
rotations are written nowhere; these were measured on recordings of the app: eyes on all of thirteen takes, the head's yaw well
(against the eyes that counter it) and its pitch weakly on one, and the head's roll not at all, so it has the sign that a viewer
of such streams gives it. Whoever finds a sign wrong flips it by name.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from jaxtyping import Float64

from animator.core.motion import Motion
from animator.core.rig import Rig
from animator.errors import UnknownNameError

RIG = "arkit"
"""The rig that the channels are told in."""

ROTATIONS: Mapping[str, tuple[str, int] | None] = MappingProxyType(
    {
        "HeadYaw": ("headYaw", 1),  # to the subject's left
        "HeadPitch": ("headPitch", -1),  # up, weakly supported
        "HeadRoll": ("headRoll", 1),  # crown to the subject's right, not measured
        "LeftEyeYaw": ("leftEyeYaw", -1),  # to the subject's right
        "LeftEyePitch": ("leftEyePitch", 1),  # down
        "LeftEyeRoll": None,
        "RightEyeYaw": ("rightEyeYaw", -1),
        "RightEyePitch": ("rightEyePitch", 1),
        "RightEyeRoll": None,
    }
)
"""Channel to the control it is and its sign there; what a positive value of the channel does is noted beside it."""

UNITS: Mapping[str, float] = MappingProxyType({"radians": 1.0, "deg180": 1 / math.pi, "degrees": 180 / math.pi})
"""Unit of rotations to how many of it a radian is. The app writes radians; Unreal's own plugin on a phone, degrees / 180."""


def spelt(control: str) -> str:
    """A control as Unreal spells it."""
    return control[:1].upper() + control[1:]


def weights(rig: Rig) -> tuple[str, ...]:
    """The controls of the first 52 channels, in the order of the engine and of the packets."""
    return tuple(control.name for control in rig.controls if control.unit == "weight")


def channels(rig: Rig) -> tuple[str, ...]:
    """The names of all 61 channels, in the order of the engine and of the packets."""
    return (*map(spelt, weights(rig)), *ROTATIONS)


def signs(flip: str) -> Mapping[str, int]:
    """The sign of each rotation that is a control, but the other one for those named in ``flip``.

    Parameters
    ----------
    flip
        Names of rotations, with commas between; any case.

    Raises
    ------
    UnknownNameError
        One of them is no rotation.
    """
    out = {name: to[1] for name, to in ROTATIONS.items() if to is not None}
    spelling = {name.casefold(): name for name in out}
    for name in filter(None, (each.strip() for each in flip.split(","))):
        if name.casefold() not in spelling:
            raise UnknownNameError("rotation", name, out, "flip")
        out[spelling[name.casefold()]] *= -1
    return out


def check_unit(unit: str) -> None:
    """Raise `UnknownNameError` unless this is a unit of rotations."""
    if unit not in UNITS:
        raise UnknownNameError("unit of rotations", unit, UNITS)


def to_channels(motion: Motion, rig: Rig, unit: str = "radians", flip: str = "") -> Float64[np.ndarray, "T 61"]:
    """A motion as channels, in the order of `channels`; weights as they are, eyes without roll."""
    controls = weights(rig)
    out = np.zeros((len(motion), len(controls) + len(ROTATIONS)))
    out[:, : len(controls)] = motion.values[:, [rig.columns[name] for name in controls]]
    sign = signs(flip)
    for i, (name, to) in enumerate(ROTATIONS.items(), start=len(controls)):
        if to is not None:
            out[:, i] = motion[to[0]] * (sign[name] * UNITS[unit])
    return out + 0.0  # so that rest is 0 and not -0
