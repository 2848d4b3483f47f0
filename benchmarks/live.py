"""Live faces: spoken agents on loopback, who speak, pause and interrupt for a minute; latency, steadiness, loss, memory, work.

The server is ``animator live websocket`` as a user starts it, the agents are another process, and both share the machine. What is
late is counted by the server; what is lost, and how long a face takes to answer, by the agents.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

import numpy as np
from websockets.asyncio.client import ClientConnection, connect

from animator.core.audio import resampled
from animator.io.audio import read_audio
from benchmarks.result import Row, row

SESSIONS = (1, 8, 16, 24)
SECONDS = 60.0
CHUNK = 0.02
"""Seconds of a chunk of sound; agents send them at the pace of real time."""

STAGGER = 0.37
"""Seconds between one agent's coming and the next one's."""

TURN, PAUSE = 3.0, 1.5
"""Seconds that an agent speaks and then does not; every third turn is interrupted half way."""


def measure(quick: bool) -> list[Row]:
    """Rows of every count of sessions."""
    rows: list[Row] = []
    for count in SESSIONS[:1] if quick else SESSIONS:
        rows += asyncio.run(crowd(count, 6.0 if quick else SECONDS))
    return rows


@dataclass
class Seen:
    """What one agent saw."""

    frames: int = 0
    skipped: int = 0
    lost: bool = False
    answers: list[float] = field(default_factory=list)
    intervals: list[float] = field(default_factory=list)
    stats: dict[str, float] = field(default_factory=dict)


async def crowd(count: int, seconds: float) -> list[Row]:
    """So many agents at once, each a little later than the one before it."""
    audio = read_audio(str(files("animator.assets") / "sample_story.wav"))
    sound = (resampled(audio.samples, audio.rate, 16000) * 32767).astype("<i2")
    async with server(count) as (address, process):
        agents = [asyncio.create_task(agent(address, sound, seconds, STAGGER * i)) for i in range(count)]
        settled = STAGGER * count + 6.0 if seconds > 20 else 2.0
        await asyncio.sleep(settled)
        before, busy = memory(process.pid), work(process.pid)
        loop = asyncio.get_running_loop()
        began = loop.time()
        await asyncio.sleep(max(seconds - settled - 3.0, 2.0))
        after, cores = memory(process.pid), (work(process.pid) - busy) / (loop.time() - began)
        seen = await asyncio.gather(*agents)
    case = f"{count} agents for {seconds:g} s"
    told = [each.stats for each in seen if each.stats]
    answers = [each for one in seen for each in one.answers]
    return [
        row(case, "animator", "sessions lost", "sessions", [sum(each.lost for each in seen)], "lower"),
        row(case, "animator", "sound to first frame", "ms", [1000 * each for each in answers] or [float("inf")], "lower"),
        row(
            case,
            "animator",
            "frames late by over 20 ms",
            "share",
            [each["late"] / max(each["frames"], 1) for each in told] or [1.0],
            "lower",
        ),
        row(case, "animator", "sent after due, median", "ms", [each["median_ms"] for each in told] or [float("inf")], "lower"),
        row(case, "animator", "sent after due, 99 %", "ms", [each["p99_ms"] for each in told] or [float("inf")], "lower"),
        row(case, "animator", "frames lost on the way", "share", [each.skipped / max(each.frames, 1) for each in seen], "lower"),
        row(case, "animator", "frame to frame, received", "ms", [1000 * each for one in seen for each in one.intervals], "none"),
        row(case, "animator", "memory of the server", "MiB", [before], "lower"),
        row(case, "animator", "memory grown in the run", "MiB", [after - before], "lower"),
        row(case, "animator", "work of the server", "cores", [cores], "lower"),
    ]


@asynccontextmanager
async def server(sessions: int) -> AsyncIterator[tuple[str, asyncio.subprocess.Process]]:
    """``animator live websocket`` on a free port."""
    command = [sys.executable, "-m", "animator", "live", "websocket", "--port", "0", "--sessions", str(sessions)]
    command += ["--processes", "1" if sessions == 1 else "2"]
    process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE, limit=1 << 20)
    assert process.stderr is not None
    address = ""
    while not address:
        line = (await process.stderr.readline()).decode()
        if not line:
            raise RuntimeError("the server did not start")
        address = "".join(re.findall(r"ws://\S+", line))
    log = asyncio.create_task(process.stderr.read())
    try:
        yield address, process
    finally:
        process.terminate()
        await process.wait()
        await log


async def agent(address: str, sound: np.ndarray, seconds: float, wait: float) -> Seen:
    """One agent's minute."""
    seen = Seen()
    loop = asyncio.get_running_loop()
    await asyncio.sleep(wait)
    try:
        async with connect(address, open_timeout=60) as socket:
            await socket.send('{"type": "start", "rate": 16000}')
            begun: dict[int, float] = {}
            watching = asyncio.create_task(watch(socket, seen, begun))
            while not seen.frames:
                await asyncio.sleep(0.05)
            end, turn = loop.time() + seconds - wait, 0
            while loop.time() + TURN + PAUSE < end or not turn:
                turn += 1
                await socket.send(json.dumps({"type": "feel", "feelings": ("happy:0.6", "sad:0.5", "neutral")[turn % 3]}))
                await asyncio.sleep(0.3)
                await speak(socket, sound, TURN / 2 if turn % 3 == 0 else TURN, begun, turn)
                await socket.send('{"type": "interrupt"}' if turn % 3 == 0 else '{"type": "end"}')
                await asyncio.sleep(PAUSE)
            await socket.send('{"type": "stats"}')
            await asyncio.sleep(1.0)
            watching.cancel()
    except Exception as error:
        print(f"an agent was lost: {error!r}", file=sys.stderr)
        seen.lost = True
    return seen


async def speak(socket: ClientConnection, sound: np.ndarray, seconds: float, begun: dict[int, float], turn: int) -> None:
    """Say a part of the sound at the pace of real time, as a microphone or a speech engine that streams does."""
    loop = asyncio.get_running_loop()
    size = round(CHUNK * 16000)
    start = loop.time()
    begun[turn] = start
    for i in range(round(seconds / CHUNK)):
        await asyncio.sleep(start + i * CHUNK - loop.time())
        first = (turn * 7000 + i * size) % (len(sound) - size)
        await socket.send(sound[first : first + size].tobytes())


async def watch(socket: ClientConnection, seen: Seen, begun: dict[int, float]) -> None:
    """Take frames, and note how long each turn's first one took."""
    loop = asyncio.get_running_loop()
    last, number = 0.0, None
    answered: set[int] = set()
    async for text in socket:
        message = json.loads(text)
        if message["type"] == "stats":
            seen.stats = message
        if message["type"] != "frame":
            continue
        now = loop.time()
        if number is not None:
            seen.intervals.append(now - last)
            seen.skipped += message["seq"] - number - 1
        last, number = now, message["seq"]
        seen.frames += 1
        turn = message["turn"]
        if turn is not None and turn not in answered:
            answered.add(turn)
            seen.answers.append(now - begun[turn])


def tree(pid: int) -> list[int]:
    """A process and all that it started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in tree(int(child)))]


def memory(pid: int) -> float:
    """MiB that a tree of processes holds for itself and shares, counted once."""
    facts = [Path(f"/proc/{each}/smaps_rollup").read_text() for each in tree(pid)]
    return sum(int(re.search(r"^Pss:\s+(\d+)", fact, re.MULTILINE)[1]) for fact in facts) / 1024  # type: ignore[index]


def work(pid: int) -> float:
    """Seconds of work that a tree of processes has done."""
    fields = [Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split() for each in tree(pid)]
    return sum(int(each[11]) + int(each[12]) for each in fields) / 100
