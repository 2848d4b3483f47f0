"""VMC, the Virtual Motion Capture protocol: OSC over UDP, as programs with VRM avatars take it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from jaxtyping import Float32
from pythonosc.osc_bundle import OscBundle
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder

from animator.core.moment import Moment
from animator.core.rig import Rig
from animator.geometry.rotation import euler, rotation_vector
from animator.senders.datagrams import datagrams

LARGEST = 1400
"""Bytes of a datagram, so that none is cut into pieces on the way."""

BONES = {
    "Head": ("headPitch", "headYaw", "headRoll"),
    "LeftEye": ("leftEyePitch", "leftEyeYaw", None),
    "RightEye": ("rightEyePitch", "rightEyeYaw", None),
}
"""Unity's names of the bones that a face turns, and the angles they turn by."""


@dataclass(frozen=True)
class Vmc:
    """VMC over OSC: blend shapes, and the bones of head and eyes, in bundles of one frame.

    Parameters
    ----------
    host
        Where the receiver (the protocol's marionette) is.
    port
        Its port.
    names
        The rig whose weights are the blend shapes: arkit, the 52 names of Perfect Sync, as avatars made for face tracking have
        them; vrm, the presets that every VRM avatar has; or another rig of animator's.
    eyes
        Whether eye bones turn too. Avatars that look by blend shapes need it off, lest they look twice as far.
    neck
        Metres from neck to head: receivers that move bones as well as turning them put the head there.
    """

    host: str = "127.0.0.1"
    port: int = 39539
    names: str = "arkit"
    eyes: bool = True
    neck: float = 0.1

    @property
    def rig(self) -> str:
        """The rig whose names are sent."""
        return self.names

    async def send(self, moments: AsyncIterator[Moment], rig: Rig, fps: Fraction) -> None:
        """Bundles of at most `LARGEST` bytes, the last of a frame with the sign to apply it; see `base.Sender.send`."""
        with closing(await datagrams(self.host, self.port)) as wire:
            async for moment in moments:
                for bundle in bundled(self.messages(moment, rig, fps)):
                    wire.sendto(bundle.dgram)
            await asyncio.sleep(0)

    def messages(self, moment: Moment, rig: Rig, fps: Fraction) -> Iterable[tuple[str, tuple[Any, ...]]]:
        """Address and arguments of each message of one moment."""
        yield "/VMC/Ext/OK", (1,)
        yield "/VMC/Ext/T", (float(moment.index / fps),)
        for bone, angles in BONES.items():
            if (bone == "Head" or self.eyes) and all(name in rig.columns for name in angles if name):
                pitch, yaw, roll = (float(moment.values[rig.column(name)]) if name else 0.0 for name in angles)
                height = self.neck if bone == "Head" else 0.0
                yield "/VMC/Ext/Bone/Pos", (bone, 0.0, height, 0.0, *unity(euler(pitch, yaw, roll)))
        for control, value in zip(rig.controls, moment.values.tolist(), strict=True):
            if control.unit == "weight":
                yield "/VMC/Ext/Blend/Val", (control.name, min(max(value, 0.0), 1.0))
        yield "/VMC/Ext/Blend/Apply", ()


def unity(turn: Float32[np.ndarray, "3 3"]) -> tuple[float, float, float, float]:
    """A rotation as the quaternion x y z w of Unity's left-handed axes, which are ours with X the other way."""
    vector = rotation_vector(turn).astype(np.float64)
    angle = float(np.linalg.norm(vector))
    x, y, z = vector * (np.sin(angle / 2) / angle if angle else 0.5)
    return float(x), -float(y), -float(z), float(np.cos(angle / 2))


def bundled(messages: Iterable[tuple[str, tuple[Any, ...]]]) -> list[OscBundle]:
    """Messages in order, in as few bundles as datagrams of `LARGEST` bytes allow."""
    bundles: list[OscBundle] = []
    bundle, size = OscBundleBuilder(IMMEDIATELY), 16
    for address, arguments in messages:
        builder = OscMessageBuilder(address)
        for argument in arguments:
            builder.add_arg(argument)
        message = builder.build()
        if size + 4 + message.size > LARGEST:
            bundles.append(bundle.build())
            bundle, size = OscBundleBuilder(IMMEDIATELY), 16
        bundle.add_content(message)
        size += 4 + message.size
    return [*bundles, bundle.build()]
