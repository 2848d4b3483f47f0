"""Where sound comes from when one person speaks: a microphone, standard input, or a file at the pace of real time.

Each source is a coroutine that hands sound to a face and returns when no more comes; the face's clock sets the pace.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from io import RawIOBase
from typing import Protocol

import numpy as np
from jaxtyping import Float32

from animator.core.audio import Audio, resampled
from animator.errors import InputError, MissingDependencyError
from animator.live.resampling import Resampler
from animator.live.timeline import RATE

LOG = logging.getLogger("animator.live")

AHEAD = 0.4
"""Seconds of a pipe that are read before they are said."""

BEHIND = 0.2
"""Seconds of a microphone that may wait, which its own clock, a little quicker than ours, piles up; then some are left out."""

BLOCK = 0.01
"""Seconds that a microphone hands over at once."""


class Hearing(Protocol):
    """Who hears: a `face.Face`."""

    @property
    def waiting(self) -> float:
        """Seconds of sound that wait to be said."""
        ...

    def hear(self, samples: Float32[np.ndarray, " N"]) -> None:
        """Say this."""
        ...

    def close(self) -> None:
        """The turn is over."""
        ...


async def play(audio: Audio, face: Hearing) -> None:
    """A whole sound, from now on."""
    face.hear(resampled(audio.samples, audio.rate, RATE))
    face.close()
    while face.waiting:
        await asyncio.sleep(face.waiting)


async def pipe(stream: RawIOBase, rate: int, face: Hearing) -> None:
    """Raw samples (16 bits, signed, little-endian, one channel) from a stream, until it ends.

    The stream is unbuffered: it gives what there is, and may be left in the middle of a read when the process ends. Whoever
    writes into it faster than real time is held back, since it is read as it is said.
    """
    resampler = Resampler(rate, RATE)
    loop = asyncio.get_running_loop()
    pieces: asyncio.Queue[bytes] = asyncio.Queue(1)

    def read() -> None:  # in a thread that ends with the process: a read that nobody answers cannot be called off
        with contextlib.suppress(RuntimeError, asyncio.CancelledError):  # the loop may be gone by then
            while True:
                piece = stream.read(2 * rate // 50)
                asyncio.run_coroutine_threadsafe(pieces.put(piece), loop).result()
                if not piece:
                    return

    threading.Thread(target=read, daemon=True).start()
    odd = b""
    while piece := await pieces.get():
        whole = odd + piece
        odd = whole[len(whole) - len(whole) % 2 :]
        face.hear(resampler.feed(pcm(whole[: len(whole) - len(odd)])))
        if face.waiting > AHEAD:
            await asyncio.sleep(face.waiting - AHEAD)
    face.close()
    while face.waiting:
        await asyncio.sleep(face.waiting)


async def microphone(device: str, face: Hearing) -> None:
    """An input device, until cancelled.

    Parameters
    ----------
    device
        Its number or a part of its name, as ``python -m sounddevice`` lists them; empty for the usual one.
    face
        Who hears it.

    Raises
    ------
    MissingDependencyError
        sounddevice, or the PortAudio that it stands on, is absent.
    InputError
        There is no such device, or it cannot be opened.
    """
    try:
        import sounddevice
    except (ImportError, OSError):
        raise MissingDependencyError(
            "a microphone needs sounddevice and PortAudio: pip install 'animator[live]', and on Linux apt install libportaudio2"
        ) from None
    loop = asyncio.get_running_loop()
    chosen = int(device) if device.isdigit() else device or None
    resampler: Resampler | None = None
    piled = 0

    def take(samples: Float32[np.ndarray, " N"]) -> None:
        nonlocal piled
        if face.waiting > BEHIND:
            piled += 1
            return
        assert resampler is not None
        face.hear(resampler.feed(samples))

    def came(block: np.ndarray, _frames: int, _time: object, _status: object) -> None:
        with contextlib.suppress(RuntimeError):  # the loop may be closing
            loop.call_soon_threadsafe(take, block[:, 0].copy())

    try:
        rate = round(sounddevice.query_devices(chosen, "input")["default_samplerate"])
        resampler = Resampler(rate, RATE)
        stream = sounddevice.InputStream(rate, round(rate * BLOCK), chosen, 1, "float32", "low", callback=came)
    except (sounddevice.PortAudioError, ValueError) as error:
        named = f"microphone {device!r}" if device else "microphone"
        raise InputError(f"no {named} can be opened: {str(error).strip() or 'there is no input device'}") from None
    with stream:
        try:
            await asyncio.Event().wait()
        finally:
            if piled:
                LOG.warning("%.2f s of the microphone were left out, since its clock is quicker than ours", piled * BLOCK)


def pcm(data: bytes) -> Float32[np.ndarray, " N"]:
    """Samples in [-1, 1) from 16 bits, signed, little-endian."""
    return np.frombuffer(data, dtype="<i2").astype(np.float32) / np.float32(32768.0)
