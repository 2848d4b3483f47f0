"""Faces that move as a microphone is spoken into: the library's server of them, in a process of its own, while somebody is there.

What the page draws and renders then takes no time from the clock that faces live by.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import Lock
from time import monotonic

import animator

SESSIONS = 4
"""Visitors who may speak at once."""

LINGER = 60.0
"""Seconds that the server waits for somebody before it ends."""

LOOK = 0.5
"""Seconds after which it looks again whether it is needed."""

PATIENCE = 60.0
"""Seconds in which it ends, unless something is wrong: it may be in the midst of loading its nets."""


class Faces:
    """The server, started when somebody asks for it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._port = 0
        self._pipe: Connection | None = None

    def open(self, origins: Sequence[str]) -> int:
        """The port on loopback of a server that lets in pages of these origins: the one that runs, or a new one.

        Raises
        ------
        animator.AnimatorError
            It cannot be started.
        """
        with self._lock:
            if not self._asked():
                self._start(origins)
            return self._port

    def close(self) -> None:
        """End the server."""
        with self._lock:
            if self._pipe is not None:
                self._pipe.close()
                self._process.join(PATIENCE)
                self._pipe = None

    def _asked(self) -> bool:
        """Whether a server runs; if so, it is told that somebody is coming."""
        if self._pipe is None or not self._process.is_alive():
            return False
        try:
            self._pipe.send(None)
        except OSError:
            return False
        return True

    def _start(self, origins: Sequence[str]) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs, tuple(origins)), name="faces")
        self._process.start()
        theirs.close()
        try:
            self._port = self._pipe.recv()
        except EOFError:
            self._pipe = None
            raise animator.AnimatorError("the server of live faces did not start; the terminal says why") from None


def serve(pipe: Connection, origins: Sequence[str]) -> None:
    """In its own process: tell the port, and serve until the other end of the pipe is closed or nobody has come for `LINGER`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who started this
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    company = animator.Company()
    try:
        asyncio.run(_attend(pipe, company, origins))
    finally:
        company.close()


async def _attend(pipe: Connection, company: animator.Company, origins: Sequence[str]) -> None:
    manner = animator.Manner(animator.Recipe(), {})
    terms = animator.Terms(port=0, origins=origins, sessions=SESSIONS)
    warming = asyncio.create_task(_warm(company, manner.recipe))
    async with animator.serving(company, manner, terms) as server:
        pipe.send(server.sockets[0].getsockname()[1])
        needed = monotonic()
        with suppress(EOFError):
            while monotonic() - needed < LINGER:
                await asyncio.sleep(LOOK)
                while pipe.poll():
                    pipe.recv()
                    needed = monotonic()
                if server.connections:
                    needed = monotonic()
    await warming


async def _warm(company: animator.Company, recipe: animator.Recipe) -> None:
    """Do what is slow the first time before somebody speaks."""
    async with company.performer(recipe):
        pass
