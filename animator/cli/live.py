"""``animator live``: sound as it comes, a face as it moves, over any wires."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from animator.cli import options
from animator.core.emotion import NEUTRAL
from animator.core.script import parse_feelings
from animator.errors import InputError
from animator.recipe import Choice, build

if TYPE_CHECKING:
    from animator.live.agent import Terms
    from animator.live.company import Company
    from animator.live.face import Face
    from animator.live.show import Manner
    from animator.senders.base import Sender


@click.command(cls=options.GroupedCommand, short_help="Sound as it comes to a face that moves now, in other programs.")
@click.argument("sound", metavar="SOUND")
@options.option(
    "Wires",
    "--to",
    "wires",
    multiple=True,
    metavar="WIRE[,SETTING=VALUE …]",
    help="Where frames go; may stand several times. See 'animator list senders'.",
)
@options.option("Sound", "--rate", type=int, default=16000, show_default=True, help="Samples a second of standard input.")
@options.option("Performance", "--emotion", metavar="FEELINGS", help="What is felt until told otherwise: happy:0.7,brows:sad:0.4")
@options.own_feelings
@options.dials
@options.option("Agents", "--bind", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Where agents are awaited.")
@options.option("Agents", "--port", default=8765, show_default=True, help="Its port; 0 takes a free one.")
@options.option("Agents", "--origin", "origins", multiple=True, metavar="URL", help="A web page that may connect; may repeat.")
@options.option("Agents", "--sessions", type=int, help="How many at once.  [default: 24; with --to, 1]")
@options.option("Agents", "--max-message", default=1 << 18, show_default=True, metavar="BYTES", help="Longest message.")
@options.option("Agents", "--max-waiting", default=120.0, show_default=True, metavar="SECONDS", help="Most sound to be said.")
@options.option("Agents", "--max-messages", default=500, show_default=True, metavar="COUNT", help="Most messages in a second.")
@options.option("Clock", "--cushion", default=0.008, show_default=True, metavar="SECONDS", help="How unevenly sound may come.")
@options.option("Clock", "--margin", default=0.018, show_default=True, metavar="SECONDS", help="How long computing may take.")
@options.option("Clock", "--processes", default=1, show_default=True, help="Processes that compute.")
@options.parts
def live(*, sound: str, wires: tuple[str, ...], **given: Any) -> None:
    """Move a face by SOUND as it comes, and send every frame at once to other programs.

    SOUND is mic (or mic:NAME for another input device), - for raw samples on standard input (16 bits, signed, little-endian, one
    channel), a sound file, said at the pace of real time, or websocket: then spoken agents connect, each to a face of its own,
    with sound and feelings in and frames out over one connection.

    \b
    While it runs, a line on standard input (unless the sound comes from there) changes what is felt, as a cue of a script does,
    happy:0.7 or brows:angry:0.8, has something done once, nod or wink, or tells how steady the frames are, stats.

    \b
    Examples:
      animator live mic --to livelink                      Unreal Engine, on this machine
      animator live speech.wav --to websocket --to vmc,port=39540
      arecord -f S16_LE -r 16000 -t raw | animator live - --to vtubestudio,token_file=vts.token
      animator live websocket                              agents at ws://127.0.0.1:8765/

    Everything stays on this machine unless a wire is given another host, or --bind another address.
    """  # noqa: D301
    from animator.live.company import Company
    from animator.live.show import Manner

    logging.basicConfig(level=logging.WARNING, format="animator: %(message)s", stream=sys.stderr)
    logging.getLogger("animator.live").setLevel(logging.INFO)
    senders = [wire(each) for each in wires]
    agents = sound == "websocket"
    if not senders and not agents:
        raise InputError("no face is shown anywhere; say where with --to, such as --to websocket")
    sessions = given["sessions"] or (1 if senders else 24)
    if senders and sessions > 1:
        raise InputError(f"a wire shows one face, so --to does not go with --sessions {sessions}")
    if given["processes"] < 1:
        raise InputError(f"at least 1 process computes, not {given['processes']}")
    recipe = options.assemble(given)
    if recipe.embedder.name != "label":
        raise InputError(
            "a live face is told what to feel by names, such as happy:0.7, since its sound is not known before it comes"
        )
    mood = parse_feelings(recipe.embedder.settings.get("feelings", NEUTRAL))
    manner = Manner(recipe, mood, given["cushion"], given["margin"])
    company = Company(given["processes"])
    try:
        if agents:
            run(attend(company, manner, terms(given, sessions), senders))
        else:
            run(speak(company, manner, sound, given["rate"], senders))
    finally:
        company.close()


def wire(text: str) -> Sender:
    """A sender from ``NAME,SETTING=VALUE,…``."""
    name, *settings = (part.strip() for part in text.split(","))
    sender: Sender = build("senders", Choice(name, dict(options.assignment(pair, "--to") for pair in settings)))
    return sender


def terms(given: Mapping[str, Any], sessions: int) -> Terms:
    """What agents may do, from the options."""
    from animator.live.agent import Terms

    return Terms(
        given["bind"],
        given["port"],
        given["origins"],
        sessions,
        given["max_message"],
        given["max_waiting"],
        given["max_messages"],
    )


def run(work: Coroutine[Any, Any, None]) -> None:
    """Run to the end, or to Ctrl-C, which is how a live face is ended."""
    try:
        asyncio.run(work)
    except KeyboardInterrupt:
        click.echo("animator: stopped", err=True)


async def speak(company: Company, manner: Manner, sound: str, rate: int, senders: list[Sender]) -> None:
    """One speaker, until the sound ends."""
    from animator.live.show import show

    orders = None if sound == "-" else FileIO(0, closefd=False)
    await show(company, manner, source(sound, rate), senders, orders)


def source(sound: str, rate: int) -> Callable[[Face], Awaitable[None]]:
    """What hands sound to the face."""
    from animator.io.audio import read_audio
    from animator.live.sound import microphone, pipe, play

    if sound == "-":
        return lambda face: pipe(FileIO(0, closefd=False), rate, face)
    kind, _, device = sound.partition(":")
    if kind == "mic":
        return lambda face: microphone(device, face)
    audio = read_audio(Path(sound))
    return lambda face: play(audio, face)


async def attend(company: Company, manner: Manner, terms: Terms, senders: list[Sender]) -> None:
    """Agents, until it is stopped."""
    from animator.live.agent import serving
    from animator.senders.websocket import addresses

    async with serving(company, manner, terms, senders) as server:
        for where in addresses(server):
            click.echo(f"animator: agents connect to ws://{where}/", err=True)
        await asyncio.Event().wait()
