"""`Face`: sound goes in when it comes, moments come out at steady times, for as long as it runs."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float32

from animator.core.moment import Moment
from animator.live.channel import Channel
from animator.live.company import Performer
from animator.live.punctuality import Punctuality
from animator.live.timeline import RATE, Timeline
from animator.live.together import together

CUSHION = 0.008
"""Seconds by which sound may come unevenly."""

MARGIN = 0.012
"""Seconds that computing may take, and its results the way."""

EASE = 0.3
"""Seconds that a change of feelings takes."""


class Face:
    """One live face.

    Frame ``i`` leaves ``i / fps + delay`` after the clock began, whatever happens; sound that comes now is in the frame that
    leaves at most `delay` and a cushion later.

    Parameters
    ----------
    performer
        Who turns sound into rows of motion.
    channels
        Where its moments go.
    cushion, margin
        Seconds; see `CUSHION` and `MARGIN`. More of either makes frames steadier on a busy machine, and the face later.

    Attributes
    ----------
    punctuality
        How steadily its frames left so far.
    delay
        Seconds from an instant of its sound to the frame that shows it.
    """

    def __init__(
        self, performer: Performer, channels: Sequence[Channel], cushion: float = CUSHION, margin: float = MARGIN
    ) -> None:
        self._performer, self._channels = performer, channels
        self._timeline = Timeline(round(cushion * RATE))
        self._fps = float(performer.fps)
        self._rows: deque[Float32[np.ndarray, " C"]] = deque()
        self._told = 0
        self._came = asyncio.Event()
        self._start: float | None = None
        self.delay = performer.latency + margin
        self.punctuality = Punctuality(1.0 / self._fps)

    def hear(self, samples: Float32[np.ndarray, " N"]) -> None:
        """Say this, now or after what is waiting to be said: samples in [-1, 1] at 16 kHz."""
        now = 0.0 if self._start is None else asyncio.get_running_loop().time() - self._start
        self._timeline.add(samples, round(now * RATE))

    def feel(self, feelings: Mapping[str, float], ease: float = EASE) -> None:
        """Feel this from the end of what is waiting to be said, until the turn is over."""
        self._timeline.feel(feelings, ease)

    def set_mood(self, feelings: Mapping[str, float], ease: float = EASE) -> None:
        """Feel this between turns."""
        self._timeline.set_mood(feelings, ease)

    def close(self) -> None:
        """The turn is over when what is waiting was said."""
        self._timeline.close()

    def interrupt(self) -> None:
        """Drop what is waiting to be said, and relax."""
        self._timeline.interrupt()

    @property
    def waiting(self) -> float:
        """Seconds of sound that wait to be said."""
        return self._timeline.waiting / RATE

    def facts(self) -> dict[str, float]:
        """How it went so far: its punctuality, turns that ran dry on the way, moments that a wire was too slow for."""
        dropped = sum(channel.dropped for channel in self._channels)
        return {**self.punctuality.facts(), "gaps": self._timeline.gaps, "dropped": dropped}

    async def live(self) -> None:
        """Run until cancelled; a complaint of the performer ends it."""
        self._start = asyncio.get_running_loop().time()
        try:
            async with together() as begin:
                begin(self._listen(self._start))
                await self._move(self._start)
        finally:
            for channel in self._channels:
                channel.end()

    async def _listen(self, start: float) -> None:
        """Take the sound up to where the next frame can be told, as soon as it is there, and have it performed."""
        known = 0.0
        while True:
            known = max(self._told / self._fps + self._performer.latency, known + 1.0 / self._fps)
            await _until(start + known)
            elapsed = asyncio.get_running_loop().time() - start
            if elapsed > known + 1.0 / self._fps:  # behind: all there is at once is quicker than piece by piece
                known = elapsed
            block, felt = self._timeline.take(round(known * RATE))
            rows = await self._performer.feed(block, felt)
            self._rows.extend(rows)
            self._told += len(rows)
            self._came.set()

    async def _move(self, start: float) -> None:
        """Let each frame leave when it is due; when it is not there then, wait, and leave out those it was too late for."""
        loop = asyncio.get_running_loop()
        begin = start + self.delay
        index = 0
        while True:
            await _until(begin + index / self._fps)
            while self._told <= index:
                self._came.clear()
                await self._came.wait()
            now = loop.time()
            current = min(max(index, int((now - begin) * self._fps)), self._told - 1)
            row = self._row(current)
            self.punctuality.left(now - begin - current / self._fps, current - index)
            samples = RATE / self._fps
            said = self._timeline.within(round(current * samples), round((current + 1) * samples))
            for channel in self._channels:
                channel.put(Moment(current, row[self._performer.columns[channel.rig]], *(said or (None, None))))
            index = current + 1

    def _row(self, index: int) -> Float32[np.ndarray, " C"]:
        """The row of a frame; those before it are forgotten."""
        while len(self._rows) > self._told - index:
            self._rows.popleft()
        return self._rows.popleft()


async def _until(instant: float) -> None:
    """Wait for an instant of the loop's clock."""
    await asyncio.sleep(instant - asyncio.get_running_loop().time())
