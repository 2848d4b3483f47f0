"""One speaker, any wires: a source, a face, and senders side by side, until the sound ends."""

from __future__ import annotations

import asyncio
import logging
import threading
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from fractions import Fraction
from io import RawIOBase

from animator.core.cues import gesture_name
from animator.core.rig import Rig
from animator.core.script import feelings_text, parse_feelings
from animator.directing import check_feelings
from animator.errors import AnimatorError, InputError, LossWarning
from animator.io.rig import load_rig
from animator.io.rig_map import load_maps
from animator.live.channel import Channel
from animator.live.company import Company
from animator.live.face import CUSHION, MARGIN, Face
from animator.live.timeline import RELAX
from animator.live.together import together
from animator.recipe import Recipe
from animator.senders.base import Sender

LOG = logging.getLogger("animator.live")

Feelings = Mapping[str, float]


@dataclass(frozen=True)
class Manner:
    """How faces are performed.

    Parameters
    ----------
    recipe
        Who hears and who moves.
    mood
        What is felt between turns.
    cushion, margin
        Seconds; see `Face`.
    """

    recipe: Recipe
    mood: Feelings
    cushion: float = CUSHION
    margin: float = MARGIN

    def __post_init__(self) -> None:
        for name, value in (("cushion", self.cushion), ("margin", self.margin)):
            if not 0.0 <= value <= 1.0:
                raise InputError(f"the {name} lies in [0, 1] seconds, not {value:g}")
        check_felt(self.recipe, self.mood)

    @property
    def rig(self) -> Rig:
        """The rig that the face moves."""
        return load_rig(self.recipe.rig)


async def show(
    company: Company,
    manner: Manner,
    source: Callable[[Face], Awaitable[None]],
    senders: Sequence[Sender],
    orders: RawIOBase | None = None,
) -> Mapping[str, float]:
    """Let one face hear a source until it ends, and send it over every wire; how it went (`Face.facts`).

    Parameters
    ----------
    company
        Who performs.
    manner
        How.
    source
        Hands sound to the face.
    senders
        The wires. One that fails is told in the log, and harms no other.
    orders
        An unbuffered stream of lines. They change what is felt while it runs, ``happy:0.7`` or ``brows:angry``, have something
        done once, ``nod``, or ask how it goes, ``stats``.

    Raises
    ------
    AnimatorError
        The source, or the performer, fails; or the last wire that was left.
    """
    async with (
        company.performer(manner.recipe, rigs(senders)) as performer,
        together() as begin,
        wired(senders, manner.recipe.rig, performer.fps) as channels,
    ):
        face = Face(performer, channels, manner.cushion, manner.margin)
        face.set_mood(manner.mood, 0.0)
        begin(face.live())
        if orders is not None:
            begin(obey(orders, face, manner.recipe))
        LOG.info("live: a sound is in the face %.0f ms after it comes", 1000 * (face.delay + manner.cushion))
        try:
            await source(face)
            await asyncio.sleep(face.delay + RELAX)
        finally:
            facts = face.facts()
            if facts["frames"]:
                LOG.info("%s", told(facts))
    return facts


def rigs(senders: Sequence[Sender]) -> list[str]:
    """The rigs that wires demand."""
    return [sender.rig for sender in senders if sender.rig is not None]


@asynccontextmanager
async def wired(senders: Sequence[Sender], rig: str, fps: Fraction, needed: bool = True) -> AsyncIterator[Sequence[Channel]]:
    """A channel to each sender, which runs in a task of its own; the last to fail ends the block, if any is ``needed``.

    Warns
    -----
    LossWarning
        A wire's rig has nothing for some controls of ``rig``.
    """
    left = len(senders)

    async def run(sender: Sender, channel: Channel) -> None:
        nonlocal left
        name = type(sender).__name__
        try:
            await sender.send(channel, load_rig(channel.rig), fps)
        except AnimatorError as error:
            left -= 1
            if needed and not left:
                raise
            LOG.warning("%s is left out: %s", name, error)

    channels = [Channel(sender.rig or rig) for sender in senders]
    for wanted in sorted({channel.rig for channel in channels}):
        lost = [name for step in load_maps(rig, wanted) for name in step.lost]
        if lost:
            warnings.warn(f"rig {wanted!r} has nothing for {', '.join(lost)}", LossWarning, stacklevel=2)
    async with together() as begin:
        for sender, channel in zip(senders, channels, strict=True):
            begin(run(sender, channel))
        yield channels


async def obey(orders: RawIOBase, face: Face, recipe: Recipe) -> None:
    """Follow each line; one that cannot be followed is told, and harms nothing."""
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[str] = asyncio.Queue()

    def read() -> None:  # in a thread that ends with the process: a read that nobody answers cannot be called off
        with suppress(RuntimeError, ValueError):  # the loop, or the stream, may be gone by then
            for line in orders:
                loop.call_soon_threadsafe(lines.put_nowait, line.decode("utf-8", "replace").strip())

    threading.Thread(target=read, daemon=True).start()
    while True:
        line = await lines.get()
        if line == "stats":
            LOG.info("%s", told(face.facts()))
        elif move := move_of(recipe, line):
            face.move(move)
        elif line:
            try:
                feelings = parse_feelings(line)
                check_felt(recipe, feelings)
            except InputError as error:
                LOG.warning("%s", error)
            else:
                face.feel(feelings)


def check_felt(recipe: Recipe, feelings: Feelings) -> None:
    """Raise `UnknownNameError` unless somebody knows each of these feelings, by name or by channel."""
    if feelings:
        check_feelings(recipe, feelings_text(feelings))


def move_of(recipe: Recipe, text: str) -> str | None:
    """The move of the recipe's rig that a text names as scripts do, ``Brow flash``; None if it names none."""
    name = gesture_name(text)
    return name if name in load_rig(recipe.rig).moves else None


def told(facts: Mapping[str, float]) -> str:
    """Facts of a face in a line."""
    return (
        f"{facts['frames']:g} frames, {facts['late']:g} late; they left {facts['median_ms']:g} ms after they were due (median; "
        f"99 % within {facts['p99_ms']:g}, worst {facts['worst_ms']:g}); {facts['gaps']:g} gaps in the sound, "
        f"{facts['dropped']:g} frames that a wire was too slow for"
    )
