"""VMC, the Virtual Motion Capture protocol: OSC over UDP, as programs with VRM avatars take it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from jaxtyping import Float32, Int64, UInt8
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder

from animator.core.moment import Moment
from animator.core.rig import Rig
from animator.geometry.rotation import euler, rotation_vector
from animator.senders.datagrams import datagrams

LARGEST = 1400
"""Bytes of a datagram, so that none is cut into pieces on the way."""

HEAD = 16
"""Bytes with which a bundle begins."""

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
        The rig whose weights are the blend shapes: vrm0, the names that the protocol asks for first and every VRM avatar has;
        vrm, those of VRM 1.0; arkit, the 52 of Perfect Sync, as avatars made for face tracking have them; or another rig.
    eyes
        Whether eye bones turn too. Avatars that look by blend shapes need it off, lest they look twice as far.
    neck
        Metres from neck to head: receivers that move bones as well as turning them put the head there.
    """

    host: str = "127.0.0.1"
    port: int = 39539
    names: str = "vrm0"
    eyes: bool = True
    neck: float = 0.1

    @property
    def rig(self) -> str:
        """The rig whose names are sent."""
        return self.names

    async def send(self, moments: AsyncIterator[Moment], rig: Rig, fps: Fraction) -> None:
        """Bundles of at most `LARGEST` bytes, the last of a frame with the sign to apply it; see `base.Sender.send`."""
        with closing(await datagrams(self.host, self.port)) as wire:
            bundles: Bundles | None = None
            async for moment in moments:
                messages = list(self.messages(moment, rig, fps))
                bundles = bundles or Bundles(messages)
                for datagram in bundles.of(messages):
                    wire.sendto(datagram)
            await asyncio.sleep(0)

    def messages(self, moment: Moment, rig: Rig, fps: Fraction) -> Iterator[Message]:
        """What one moment is."""
        row = moment.values.tolist()
        yield Message("/VMC/Ext/OK", (1,), ())
        yield Message("/VMC/Ext/T", (), (float(moment.index / fps),))
        for bone, angles in BONES.items():
            if (bone == "Head" or self.eyes) and all(name in rig.columns for name in angles if name):
                pitch, yaw, roll = (row[rig.columns[name]] if name else 0.0 for name in angles)
                height = self.neck if bone == "Head" else 0.0
                yield Message("/VMC/Ext/Bone/Pos", (bone,), (0.0, height, 0.0, *unity(euler(pitch, yaw, roll))))
        for control, value in zip(rig.controls, row, strict=True):
            if control.unit == "weight":
                yield Message("/VMC/Ext/Blend/Val", (control.name,), (min(max(value, 0.0), 1.0),))
        yield Message("/VMC/Ext/Blend/Apply", (), ())


def unity(turn: Float32[np.ndarray, "3 3"]) -> tuple[float, float, float, float]:
    """A rotation as the quaternion x y z w of Unity's left-handed axes, which are ours with X the other way."""
    vector = rotation_vector(turn).astype(np.float64)
    angle = float(np.linalg.norm(vector))
    x, y, z = vector * (np.sin(angle / 2) / angle if angle else 0.5)
    return float(x), -float(y), -float(z), float(np.cos(angle / 2))


class Message(NamedTuple):
    """An OSC message whose last arguments are the only ones that change from frame to frame."""

    address: str
    fixed: tuple[str | int, ...]
    floats: tuple[float, ...]


class Bundles:
    """Datagrams that are built by python-osc once and then only filled with numbers, which is a hundred times quicker.

    Parameters
    ----------
    messages
        Those of one frame, in order; later frames have the same, but for their floats.
    """

    def __init__(self, messages: Sequence[Message]) -> None:
        self._datagrams: list[tuple[UInt8[np.ndarray, " B"], Int64[np.ndarray, "F 4"]]] = []
        places: list[int] = []
        bundle, size = OscBundleBuilder(IMMEDIATELY), HEAD
        for message in messages:
            builder = OscMessageBuilder(message.address)
            for argument in (*message.fixed, *message.floats):
                builder.add_arg(argument)
            built = builder.build()
            if size + 4 + built.size > LARGEST:
                self._close(bundle, places)
                bundle, places, size = OscBundleBuilder(IMMEDIATELY), [], HEAD
            bundle.add_content(built)
            size += 4 + built.size
            places += range(size - 4 * len(message.floats), size, 4)
        self._close(bundle, places)

    def _close(self, bundle: OscBundleBuilder, places: list[int]) -> None:
        where = np.array(places, dtype=np.int64)[:, None] + np.arange(4)
        self._datagrams.append((np.frombuffer(bundle.build().dgram, dtype=np.uint8).copy(), where))

    def of(self, messages: Sequence[Message]) -> Iterator[bytes]:
        """The datagrams of one frame."""
        floats = np.array([value for message in messages for value in message.floats], dtype=">f4")
        numbers = floats.view(np.uint8).reshape(-1, 4)
        for datagram, where in self._datagrams:
            datagram[where] = numbers[: len(where)]
            numbers = numbers[len(where) :]
            yield datagram.tobytes()
