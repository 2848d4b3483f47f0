"""Several clips as one: their pictures side by side, each under its name, so that they play together by themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice

import numpy as np
from jaxtyping import UInt8
from PIL import Image, ImageDraw, ImageFont

import animator

COLUMNS = 4
WIDEST = 256
"""Pixels of the width of one picture, at most: wider ones are reduced by a whole number."""

BAND = 26
"""Pixels of the band with the name above each picture."""

PAPER, INK = (33, 29, 24), (253, 251, 246)


def interleaved(tracks: Sequence[np.ndarray]) -> np.ndarray:
    """Rows of several tracks ``[T C]`` in turn, ``[T * tracks C]``: the first of each, the second of each …"""
    turns: np.ndarray = np.stack(tracks, axis=1)
    return turns.reshape(-1, turns.shape[2])


def grid(frames: animator.Frames, names: Sequence[str], columns: int = COLUMNS) -> animator.Frames:
    """Opaque pictures of several clips in turn, as `interleaved` has them, as one clip of them in rows of so many.

    Lazy, as the clips are; a place that is left over is plain.
    """
    times = -(-frames.width // WIDEST)
    wide, high = -(-frames.width // times), -(-frames.height // times)
    rows = -(-len(names) // columns)
    width, height = wide * columns, (high + BAND) * rows
    bands = [_band(name, wide) for name in names]

    def pictures() -> Iterator[UInt8[np.ndarray, "H W 4"]]:
        with closing(iter(frames)) as source:
            for _ in range(frames.count // len(names)):
                whole = np.full((height, width, 4), (*PAPER, 255), dtype=np.uint8)
                for k, picture in enumerate(islice(source, len(names))):
                    top, left = (high + BAND) * (k // columns), wide * (k % columns)
                    whole[top : top + BAND, left : left + wide, :3] = bands[k]
                    whole[top + BAND : top + BAND + high, left : left + wide] = Image.fromarray(picture).reduce(times)
                yield whole

    return animator.Frames(width, height, frames.fps, frames.count // len(names), pictures(), opaque=True)


def _band(text: str, width: int) -> UInt8[np.ndarray, "h w 3"]:
    band = Image.new("RGB", (width, BAND), PAPER)
    ImageDraw.Draw(band).text((width / 2, BAND / 2), text, fill=INK, font=ImageFont.load_default(15), anchor="mm")
    return np.asarray(band)
