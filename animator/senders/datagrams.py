"""UDP out: open, hand over, forget."""

from __future__ import annotations

import asyncio
import logging

from animator.errors import InputError

LOG = logging.getLogger("animator.live")


class _Told(asyncio.DatagramProtocol):
    """Says once that nobody listens, and goes on: who receives UDP may come and go."""

    def __init__(self, where: str) -> None:
        self._where, self._told = where, False

    def error_received(self, error: Exception) -> None:
        """Say so, the first time."""
        if not self._told:
            LOG.warning("nobody listens at %s yet: %s", self._where, error)
        self._told = True


async def datagrams(host: str, port: int) -> asyncio.DatagramTransport:
    """A UDP socket that sends to one address; `InputError` if there is no such address."""
    try:
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: _Told(f"{host}:{port}"), remote_addr=(host, port)
        )
    except (OSError, OverflowError) as error:
        raise InputError(f"no datagrams can be sent to {host}:{port}: {error}") from None
    return transport
