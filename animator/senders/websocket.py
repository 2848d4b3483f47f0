"""WebSocket JSON: a face as text that any program can read, to as many viewers as come; and a page that shows it moving.

The schema ``animator.Live/1``. First one message that says what comes, then one a frame::

    {"type": "ready", "schema": "animator.Live/1", "rig": "arkit", "fps": 50,
     "controls": [{"name": "jawOpen", "unit": "weight", "low": 0, "high": 1}, …]}
    {"type": "frame", "seq": 812, "t": 16.24, "turn": 3, "at": 0.46, "w": [0.0312, …]}

``seq`` counts frames; it rises, and skips what came too late. ``t`` is seconds since the face began, ``w`` the value of each
control in the order of ``controls``, ``turn`` and ``at`` say which stretch of speech the frame belongs to and how many seconds
into its sound; both are null while nobody speaks. Who plays the sound beside the face lets it begin when the first frame of its
turn comes. Viewers have nothing to say: what they send is not read beyond its size.
"""

from __future__ import annotations

import contextlib
import ipaddress
import json
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib.resources import files
from typing import Any

from websockets.asyncio.server import Server, ServerConnection, broadcast, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from animator.core.moment import Moment
from animator.core.rig import Rig
from animator.errors import InputError

LOG = logging.getLogger("animator.live")

QUIET = LOG.getChild("socket")
QUIET.setLevel(logging.CRITICAL)  # what websockets tells of each connection; what matters of it is told here

SCHEMA = "animator.Live/1"

BEHIND = 1 << 16
"""Bytes that may wait for a viewer; while more do, it misses frames."""

LISTEN = 1 << 10
"""Bytes of a message that a viewer may send."""


@dataclass(frozen=True)
class WebSocket:
    """WebSocket with one JSON object a frame, for any number of viewers, and a page with the curves for browsers.

    Parameters
    ----------
    bind
        The address that it listens at: this machine alone, unless told otherwise.
    port
        Its port; 0 takes a free one, which the log tells.
    origins
        Web pages that may look, besides our own, by origin: https://a.example, separated by spaces. Programs that are no browser
        may always.
    viewers
        How many may look at once.
    """

    bind: str = "127.0.0.1"
    port: int = 8766
    origins: str = ""
    viewers: int = 16

    @property
    def rig(self) -> None:
        """Any rig will do."""
        return

    async def send(self, moments: AsyncIterator[Moment], rig: Rig, fps: Fraction) -> None:
        """Serve every viewer each moment; see `base.Sender.send`."""
        room = Room(self.viewers, ready(rig, fps))
        async with listening(self.bind, self.port, self.origins.split(), LISTEN, room.welcome) as server:
            for where in addresses(server):
                LOG.info("watch the face at http://%s/, or read it from ws://%s/", where, where)
            async for moment in moments:
                room.show(frame(moment, fps))


class Room:
    """Viewers of one face."""

    def __init__(self, seats: int, greeting: str) -> None:
        self._seats, self._greeting = seats, greeting
        self._viewers: set[ServerConnection] = set()

    async def welcome(self, viewer: ServerConnection) -> None:
        """Show one viewer the face until it leaves."""
        if len(self._viewers) >= self._seats:
            await viewer.close(1013, "all seats are taken")
            return
        await viewer.send(self._greeting)
        self._viewers.add(viewer)
        try:
            await viewer.wait_closed()
        finally:
            self._viewers.discard(viewer)

    def show(self, text: str) -> None:
        """Send a frame to all who have room for it."""
        broadcast([viewer for viewer in self._viewers if viewer.transport.get_write_buffer_size() <= BEHIND], text)


def ready(rig: Rig, fps: Fraction, **more: Any) -> str:
    """The message that says what comes."""
    controls = [{"name": c.name, "unit": c.unit, "low": c.low, "high": c.high} for c in rig.controls]
    rate = fps.numerator if fps.denominator == 1 else float(fps)
    return json.dumps({"type": "ready", "schema": SCHEMA, "rig": rig.name, "fps": rate, **more, "controls": controls})


def frame(moment: Moment, fps: Fraction) -> str:
    """The message of one moment, values to four digits after the point."""
    told = {
        "type": "frame",
        "seq": moment.index,
        "t": round(float(moment.index / fps), 4),
        "turn": moment.turn,
        "at": None if moment.at is None else round(moment.at, 4),
        "w": [round(value, 4) for value in moment.values.tolist()],
    }
    return json.dumps(told, separators=(",", ":"))


@contextlib.asynccontextmanager
async def listening(
    bind: str, port: int, origins: Sequence[str], largest: int, welcome: Any, backlog: int = 16
) -> AsyncIterator[Server]:
    """A WebSocket server that also hands out our page, to our own page and to ``origins``, for messages up to ``largest`` bytes.

    Raises
    ------
    InputError
        It cannot listen there.
    """

    def greet(connection: ServerConnection, request: Request) -> Response | None:
        return doorman(connection, request, origins)

    try:
        server = await serve(
            welcome,
            bind,
            port,
            process_request=greet,
            max_size=largest,
            max_queue=backlog,
            compression=None,
            close_timeout=2,
            logger=QUIET,
        )
    except (OSError, OverflowError) as error:
        raise InputError(f"a WebSocket cannot listen at {bind}:{port}: {error}") from None
    try:
        yield server
    finally:
        server.close()
        await server.wait_closed()


def doorman(connection: ServerConnection, request: Request, origins: Sequence[str]) -> Response | None:
    """Who asks for the page gets it; a web page of another origin is turned away, since any page that is open may knock here.

    Our own page's origin is that of the host it was asked from, which must be an address or this machine's name: else a name
    that an attacker makes point here would pass for ours.
    """
    origin, host = request.headers.get("Origin"), request.headers.get("Host", "")
    ours = origin == f"http://{host}" and own_name(host)
    if origin is not None and not ours and origin not in origins:
        LOG.warning("a page of %s was turned away; to let it in, name its origin", origin)
        return connection.respond(403, "this origin is not allowed\n")
    if "Upgrade" in request.headers:
        return None
    if request.path.partition("?")[0] != "/":
        return connection.respond(404, "there is only /\n")
    body = files("animator.senders").joinpath("page.html").read_bytes()
    headers = Headers({"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body)), "Connection": "close"})
    return Response(200, "OK", headers, body)


def own_name(host: str) -> bool:
    """Whether a Host header says an address or this machine's own name, which nobody else can hand out."""
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    try:
        return bool(ipaddress.ip_address(name.strip("[]")))
    except ValueError:
        return name == "localhost"


def addresses(server: Server) -> list[str]:
    """Where a server listens, as ``host:port``."""
    found = [socket.getsockname()[:2] for socket in server.sockets]
    return [f"[{host}]:{port}" if ":" in host else f"{host}:{port}" for host, port in found]
