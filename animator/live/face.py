"""`Face`: sound goes in when it comes, moments come out at steady times, for as long as it runs."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float32

from animator.core.feelings import Own
from animator.core.moment import Moment
from animator.live.channel import Channel
from animator.live.company import Performer
from animator.live.punctuality import Punctuality
from animator.live.timeline import RATE, Prompt, Timeline
from animator.live.together import together

CUSHION = 0.008
"""Seconds by which sound may come unevenly."""

MARGIN = 0.018
"""Seconds that computing may take, and its results the way."""

SLIP = 0.4
"""Seconds by which frames may be late before some are left out: a face that lags a little is better than one that jumps."""

CATCH_UP = 0.1
"""Share of a period by which frames that lag follow one another more quickly, until they are in time again."""

HOPELESS = 0.15
"""Seconds that computing may be behind; then sound is passed over unheard, so that the face is of now and not of long ago."""

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
        self._rows: deque[tuple[int, Float32[np.ndarray, " C"]]] = deque()  # each with the frame that it is
        self._told = 0  # frames, with those that were passed over
        self._came = asyncio.Event()
        self._start: float | None = None
        self.delay = performer.latency + margin
        self.punctuality = Punctuality(1.0 / self._fps)

    def hear(self, samples: Float32[np.ndarray, " N"]) -> None:
        """Say this, now or after what is waiting to be said: samples in [-1, 1] at 16 kHz."""
        now = 0.0 if self._start is None else asyncio.get_running_loop().time() - self._start
        self._timeline.add(samples, round(now * RATE))

    def feel(self, feelings: Mapping[str, float], ease: float = EASE, own: Own | None = None) -> None:
        """Feel this from the end of what is waiting to be said, until the turn is over: the whole face or regions, as named."""
        self._timeline.feel(feelings, ease, own)

    def move(self, gesture: str, intensity: float = 1.0, hold: float = 0.0) -> None:
        """Do one of the rig's moves once, at the end of what is waiting to be said."""
        self._timeline.move(gesture, intensity, hold)

    def set_mood(self, feelings: Mapping[str, float], ease: float = EASE, own: Own | None = None) -> None:
        """Feel this, and nothing else, between turns."""
        self._timeline.set_mood(feelings, ease, own)

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
        self._start = self._performer.begin(asyncio.get_running_loop().time())
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
        passed: list[Prompt] = []
        while True:
            known = max(self._told / self._fps + self._performer.latency, known + 1.0 / self._fps)
            await _until(start + known)
            behind = asyncio.get_running_loop().time() - start - known
            if behind > HOPELESS:
                frames = int(behind * self._fps)
                passed += self._timeline.take(self._timeline.taken + round(frames / self._fps * RATE))[1]
                self._told += frames
                continue
            block, begun = self._timeline.take(round(known * RATE))
            rows = await self._performer.feed(block, [*passed, *begun])
            passed.clear()
            self._rows.extend(enumerate(rows, self._told))
            self._told += len(rows)
            self._came.set()

    async def _move(self, start: float) -> None:
        """Let each frame leave when it is due, or as soon after as it can."""
        loop = asyncio.get_running_loop()
        begin, period = start + self.delay, 1.0 / self._fps
        index, slip = 0, 0.0
        while True:
            await _until(begin + index * period + slip)
            while not self._rows:
                self._came.clear()
                await self._came.wait()
            overdue = int((loop.time() - begin - SLIP) * self._fps)
            while len(self._rows) > 1 and self._rows[0][0] < overdue:
                self._rows.popleft()
            current, row = self._rows.popleft()
            await _until(begin + current * period)  # nothing to wait for, unless sound before it was passed over
            delay = loop.time() - begin - current * period
            self.punctuality.left(delay, current - index)
            samples = RATE / self._fps
            said = self._timeline.within(round(current * samples), round((current + 1) * samples))
            for channel in self._channels:
                channel.put(Moment(current, row[self._performer.columns[channel.rig]], *(said or (None, None))))
            index, slip = current + 1, max(0.0, delay - CATCH_UP * period)


async def _until(instant: float) -> None:
    """Wait for an instant of the loop's clock."""
    await asyncio.sleep(instant - asyncio.get_running_loop().time())
