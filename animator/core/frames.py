"""`Frames`: a clip as a lazy stream of pictures; it is never whole in memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

import numpy as np
from jaxtyping import UInt8

from animator.core.settings import cores
from animator.errors import InputError

Item = TypeVar("Item")


@dataclass(frozen=True, eq=False)
class Frames:
    """A clip of ``count`` pictures.

    Parameters
    ----------
    width, height
        Pixels, each at least 1.
    fps
        Frames a second, > 0.
    count
        How many pictures the stream gives.
    pictures
        ``uint8 [H W 4]`` each, sRGB, straight alpha; read once, in order.
    opaque
        Whether alpha is 255 throughout, so that a format without alpha loses nothing.

    Iterating checks each picture as it passes and raises `InputError` when one has another shape or the stream ends early.
    """

    width: int
    height: int
    fps: Fraction
    count: int
    pictures: Iterable[np.ndarray]
    opaque: bool = False

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1:
            raise InputError(f"a picture is at least 1x1 pixels, not {self.width}x{self.height}")
        if self.fps <= 0 or self.count < 0:
            raise InputError(f"a clip has a rate above 0 and a count of 0 or more, not {self.fps} and {self.count}")

    def __iter__(self) -> Iterator[UInt8[np.ndarray, "H W 4"]]:
        """The pictures, in order, each checked."""
        passed = 0
        for picture in self.pictures:
            if picture.shape != (self.height, self.width, 4) or picture.dtype != np.uint8:
                raise InputError(f"picture {passed} is {picture.dtype} {picture.shape}, not uint8 {(self.height, self.width, 4)}")
            passed += 1
            yield picture
        if passed != self.count:
            raise InputError(f"a clip of {self.count} pictures ended after {passed}")


def drawn(
    draw: Callable[[Item], np.ndarray],
    items: Iterable[Item],
    threads: int,
    same: Callable[[Item, Item], bool] = lambda *_: False,
) -> Iterator[UInt8[np.ndarray, "H W 4"]]:
    """Pictures of items, in order, each drawn by one thread and several in the making at once.

    Parameters
    ----------
    draw
        Makes a picture of an item, whichever thread asks.
    items
        Read only a little ahead of the pictures.
    threads
        How many pictures are in the making; 0 is one a core that this process may use.
    same
        Whether an item is not to be drawn again after the one before it.
    """
    threads = threads or cores()
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[np.ndarray]] = deque()
        try:
            last: tuple[Item, Future[np.ndarray]] | None = None
            for item in items:
                last = last if last is not None and same(item, last[0]) else (item, pool.submit(draw, item))
                waiting.append(last[1])
                if len(waiting) > threads:
                    yield waiting.popleft().result().copy()
            while waiting:
                yield waiting.popleft().result().copy()
        finally:
            for future in waiting:
                future.cancel()
