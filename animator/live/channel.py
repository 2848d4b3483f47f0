"""`Channel`: moments from a clock that waits for nobody to a wire that may be slow."""

from __future__ import annotations

import asyncio
from collections import deque

from animator.core.moment import Moment

LENGTH = 4
"""Moments that may wait; when one more comes, the oldest is dropped."""


class Channel:
    """An asynchronous iterator over the moments that are put in.

    Parameters
    ----------
    rig
        What they are written in.
    """

    def __init__(self, rig: str) -> None:
        self.rig = rig
        self._waiting: deque[Moment] = deque(maxlen=LENGTH)
        self._changed = asyncio.Event()
        self._ended = False
        self.dropped = 0
        """Moments that the wire was too slow for."""

    def put(self, moment: Moment) -> None:
        """Hand a moment over, now."""
        self.dropped += len(self._waiting) == LENGTH
        self._waiting.append(moment)
        self._changed.set()

    def end(self) -> None:
        """No more will come."""
        self._ended = True
        self._changed.set()

    def __aiter__(self) -> Channel:
        return self

    async def __anext__(self) -> Moment:
        while not self._waiting:
            if self._ended:
                raise StopAsyncIteration
            self._changed.clear()
            await self._changed.wait()
        return self._waiting.popleft()
