"""Faces for spoken agents: each WebSocket connection has one of its own; `protocol` says what is said.

A connection is a task that stands for itself: one that breaks the rules, floods or vanishes ends alone, with a line in the log.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from websockets.asyncio.server import Server, ServerConnection
from websockets.exceptions import ConnectionClosed

from animator.core.feelings import Own
from animator.directing import feeling
from animator.errors import AnimatorError, FormatError, InputError, UnknownNameError
from animator.live import protocol
from animator.live.channel import Channel
from animator.live.company import Company
from animator.live.face import Face
from animator.live.flood import Flood, TooMuchError
from animator.live.resampling import Resampler
from animator.live.show import Manner, check_felt, move_of, rigs, told, wired
from animator.live.sound import pcm
from animator.live.timeline import RATE
from animator.live.together import together
from animator.senders.base import Sender
from animator.senders.websocket import frame, listening, ready

LOG = logging.getLogger("animator.live")

FIRST = 10.0
"""Seconds in which a client says its first word."""

UNREADABLE, TOO_MUCH, BROKEN, FULL = 1007, 1008, 1011, 1013
"""Codes of RFC 6455 and its registry with which we hang up."""


@dataclass(frozen=True)
class Terms:
    """What clients may do.

    Parameters
    ----------
    bind
        The address that is listened at: this machine alone, unless told otherwise.
    port
        Its port; 0 takes a free one.
    origins
        Web pages that may connect, besides our own, by origin: ``https://a.example``. Programs that are no browser may always.
    sessions
        Clients at once.
    largest
        Bytes of a message.
    longest
        Seconds of sound that may wait to be said.
    messages
        Messages that may come within any second.
    """

    bind: str = "127.0.0.1"
    port: int = 8765
    origins: Sequence[str] = ()
    sessions: int = 24
    largest: int = 1 << 18
    longest: float = 120.0
    messages: int = 500

    def __post_init__(self) -> None:
        for name in ("sessions", "largest", "longest", "messages"):
            if getattr(self, name) <= 0:
                raise InputError(f"{name} is above 0, not {getattr(self, name):g}")


@asynccontextmanager
async def serving(company: Company, manner: Manner, terms: Terms, senders: Sequence[Sender] = ()) -> AsyncIterator[Server]:
    """Serve agents as long as the block lasts; every face goes over ``senders`` too.

    Raises
    ------
    InputError
        It cannot listen there.
    """
    agents = Agents(company, manner, terms, senders)
    async with listening(terms.bind, terms.port, terms.origins, terms.largest, agents.welcome) as server:
        yield server


@dataclass
class Agents:
    """Those who are connected."""

    company: Company
    manner: Manner
    terms: Terms
    senders: Sequence[Sender]
    present: set[str] = field(default_factory=set)

    async def welcome(self, socket: ServerConnection) -> None:
        """Attend to one client until it leaves, and hang up on it if it does not behave."""
        name = "{}:{}".format(*socket.remote_address[:2])
        if len(self.present) >= self.terms.sessions:
            LOG.warning("%s was turned away: all %d faces are taken", name, self.terms.sessions)
            await socket.close(FULL, "all faces are taken")
            return
        self.present.add(name)
        try:
            await self._attend(socket, name)
        except ConnectionClosed as gone:
            broken = gone.rcvd is None or gone.rcvd.code not in (1000, 1001)
            LOG.log(logging.WARNING if broken else logging.INFO, "%s left: %s", name, gone)
        except TimeoutError:
            await hang_up(socket, name, TOO_MUCH, InputError(f"nothing was said for {FIRST:g} seconds"))
        except TooMuchError as error:
            await hang_up(socket, name, TOO_MUCH, error)
        except InputError as error:
            await hang_up(socket, name, UNREADABLE, error)
        except AnimatorError as error:
            await hang_up(socket, name, BROKEN, error)
        except Exception:
            LOG.exception("%s was lost by a fault of ours", name)  # websockets closes with 1011
            raise
        finally:
            self.present.discard(name)

    async def _attend(self, socket: ServerConnection, name: str) -> None:
        async with asyncio.timeout(FIRST):
            first = await socket.recv()
        begun = protocol.parse(first) if isinstance(first, str) else None
        start = begun if isinstance(begun, protocol.Start) else protocol.Start()
        manner = self.manner
        if start.seed is not None:
            manner = replace(manner, recipe=replace(manner.recipe, seed=start.seed))
        if start.look_ahead is not None:
            encoder = manner.recipe.encoder
            encoder = replace(encoder, settings={**encoder.settings, "look_ahead": start.look_ahead})
            manner = replace(manner, recipe=replace(manner.recipe, encoder=encoder))
        if start.mood is not None:
            manner = replace(manner, mood=start.mood)
        channel = Channel(manner.recipe.rig)
        async with (
            self.company.performer(manner.recipe, rigs(self.senders)) as performer,
            together() as begin,
            wired(self.senders, manner.recipe.rig, performer.fps, needed=False) as wires,
        ):
            face = Face(performer, [channel, *wires], manner.cushion, manner.margin)
            client = Client(face, manner, self.terms, start.rate)
            face.set_mood(manner.mood, 0.0)
            await socket.send(ready(manner.rig, performer.fps, delay=round(face.delay + manner.cushion, 4), rate=start.rate))
            LOG.info("%s has a face", name)
            begin(face.live())
            begin(write(channel, socket, performer.fps))
            try:
                if begun is not start:
                    await self._answer(client, first, socket)
                async for message in socket:
                    await self._answer(client, message, socket)
            finally:
                LOG.info("%s: %s", name, told(face.facts()))

    async def _answer(self, client: Client, message: str | bytes, socket: ServerConnection) -> None:
        try:
            answer = client.hear(message)
        except (UnknownNameError, UnusableError) as error:  # a tag that nobody knows is no reason to leave a conversation
            answer = {"type": "error", "message": str(error)}
        if answer is not None:
            await socket.send(json.dumps(answer))


class UnusableError(InputError):
    """Feelings of a client's own cannot be used."""


class Client:
    """What one agent says, done to its face."""

    def __init__(self, face: Face, manner: Manner, terms: Terms, rate: int) -> None:
        self._face, self._manner, self._terms, self._rate = face, manner, terms, rate
        self._resampler = Resampler(rate, RATE)
        self._flood, self._moves = Flood(terms.messages), Flood(protocol.GESTURES)
        self._recipe, self._own = manner.recipe, dict[str, Any]()

    def hear(self, message: str | bytes) -> dict[str, object] | None:
        """Do what a message says; an answer, if it asks for one.

        Raises
        ------
        UnknownNameError
            It asks for a feeling, a region or a gesture that there is not; it is not followed.
        UnusableError
            It tells feelings of its own that cannot be used; it is not followed.
        TooMuchError
            The client says too much at once.
        FormatError
            It cannot be read.
        """
        self._flood.admit(asyncio.get_running_loop().time())
        if isinstance(message, bytes):
            self._say(message)
            return None
        said = protocol.parse(message)
        if isinstance(said, protocol.Feel | protocol.Mood):
            check_felt(self._recipe, said.feelings)
        match said:
            case protocol.Feel():
                self._face.feel(said.feelings, said.ease, self._own)
            case protocol.Gesture():
                self._move(said)
            case protocol.Own():
                self._learn(said.feelings)
            case protocol.Mood():
                self._face.set_mood(said.feelings, said.ease, self._own)
            case protocol.End():
                self._face.close()
                self._resampler = Resampler(self._rate, RATE)
            case protocol.Interrupt():
                self._face.interrupt()
                self._resampler = Resampler(self._rate, RATE)
            case protocol.Stats():
                return {"type": "stats", **self._face.facts(), "waiting": round(self._face.waiting, 3)}
            case protocol.Start():
                raise FormatError("'start' is the first message or none")
        return None

    def _move(self, said: protocol.Gesture) -> None:
        name = move_of(self._recipe, said.gesture)
        if name is None:
            raise UnknownNameError("gesture", said.gesture, self._manner.rig.moves)
        self._moves.admit(asyncio.get_running_loop().time())
        self._face.move(name, said.intensity, said.hold)

    def _learn(self, own: Own) -> None:
        known = self._recipe.feelings
        again = next((name for name in own if name in known and known[name] != own[name]), None)
        try:
            if len({**self._own, **own}) > protocol.MOST_OWN:
                raise InputError(f"an agent has {protocol.MOST_OWN} feelings of its own at most")
            if again is not None:
                raise InputError(f"there is a feeling {again!r} already; give yours another name")
            self._recipe = feeling(self._recipe, own, "the message")
        except InputError as error:
            raise UnusableError(str(error)) from None
        self._own = {**self._own, **own}

    def _say(self, data: bytes) -> None:
        if len(data) % 2:
            raise FormatError(f"sound comes in samples of 16 bits, so {len(data)} bytes are half a sample too much")
        if self._face.waiting + len(data) / 2 / self._rate > self._terms.longest:
            raise TooMuchError(f"more than {self._terms.longest:g} seconds of sound wait to be said")
        self._face.hear(self._resampler.feed(pcm(data)))


async def write(channel: Channel, socket: ServerConnection, fps: Fraction) -> None:
    """Frames to the client, as many as it is quick enough for."""
    async for moment in channel:
        await socket.send(frame(moment, fps))


async def hang_up(socket: ServerConnection, name: str, code: int, error: AnimatorError) -> None:
    """Say why, and close."""
    LOG.warning("%s was dropped: %s", name, error)
    with suppress(ConnectionClosed, TimeoutError):
        async with asyncio.timeout(2):
            await socket.send(json.dumps({"type": "error", "message": str(error)}))
            await socket.close(code, str(error).encode()[:120].decode(errors="ignore"))
