"""Live Link Face over UDP: what Unreal Engine takes from the phone app."""

from __future__ import annotations

import asyncio
import struct
import uuid
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from animator.core.moment import Moment
from animator.core.motion import Motion
from animator.core.rig import Rig
from animator.errors import InputError
from animator.io.livelink import RIG, check_unit, signs, to_channels, weights
from animator.senders.datagrams import datagrams

VERSION = 6
"""Of the packet; Unreal drops others."""


@dataclass(frozen=True)
class LiveLink:
    """Live Link Face, version 6: one UDP datagram a frame, as Unreal's Live Link takes it from the phone app.

    Parameters
    ----------
    host
        Where the receiver is.
    port
        Its port.
    subject
        What the face is called there.
    device
        Which device it claims to come from, 36 characters; made up from the subject if empty.
    rotation_unit
        radians, as the app writes; deg180, as engines on the device do, where 1 is 180 degrees; or degrees.
    flip
        Rotations that turn the other way, such as HeadRoll,HeadPitch; see `animator.io.livelink` for what is certain.
    """

    host: str = "127.0.0.1"
    port: int = 11111
    subject: str = "animator"
    device: str = ""
    rotation_unit: str = "radians"
    flip: str = ""

    def __post_init__(self) -> None:
        check_unit(self.rotation_unit)
        signs(self.flip)
        if not self.subject:
            raise InputError("a Live Link subject needs a name")
        if self.device and not (len(self.device) == 36 and self.device.isascii()):
            raise InputError(f"a Live Link device is called by 36 ASCII characters, not {self.device!r}")

    @property
    def rig(self) -> str:
        """The rig whose weights the packet holds."""
        return RIG

    async def send(self, moments: AsyncIterator[Moment], rig: Rig, fps: Fraction) -> None:
        """One datagram a moment; see `base.Sender.send`."""
        packed = Packet(self, rig, fps)
        with closing(await datagrams(self.host, self.port)) as wire:
            async for moment in moments:
                wire.sendto(packed.of(moment))
            await asyncio.sleep(0)


class Packet:
    """Datagrams of one face: what stays the same in all of them is made once."""

    def __init__(self, to: LiveLink, rig: Rig, fps: Fraction) -> None:
        device = (to.device or str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{to.subject}.animator"))).encode("ascii")
        subject = to.subject.encode("utf-8")
        head = struct.pack(f">Bi{len(device)}s", VERSION, len(device), device)
        self._head = head + struct.pack(f">i{len(subject)}s", len(subject), subject)
        self._to, self._rig, self._fps = to, rig, fps

    def of(self, moment: Moment) -> bytes:
        """The bytes of one moment, big-endian: head, frame number and fraction, rate, count, weights in [0, 1], rotations."""
        row = Motion(self._rig.names, moment.values[None], self._fps)
        values = to_channels(row, self._rig, self._to.rotation_unit, self._to.flip)[0]
        weighed = len(weights(self._rig))
        values[:weighed] = np.clip(values[:weighed], 0.0, 1.0)
        frame = struct.pack(">ifiiB", moment.index, 0.0, self._fps.numerator, self._fps.denominator, len(values))
        return b"".join((self._head, frame, values.astype(">f4").tobytes()))
