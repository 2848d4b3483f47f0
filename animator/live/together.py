"""`together`: tasks that last as long as a block of code."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

Begin = Callable[[Coroutine[Any, Any, None]], "asyncio.Task[None]"]


@asynccontextmanager
async def together() -> AsyncIterator[Begin]:
    """Begin tasks that are called off when the block ends.

    A complaint of one ends the block and the others, and is raised as it is.
    """
    begun: list[asyncio.Task[None]] = []
    try:
        async with asyncio.TaskGroup() as group:

            def begin(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
                begun.append(group.create_task(work))
                return begun[-1]

            yield begin
            for task in begun:
                task.cancel()
    except BaseExceptionGroup as several:
        raise several.exceptions[0] from None
