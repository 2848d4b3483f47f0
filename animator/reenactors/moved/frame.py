"""Squares of a photo, and how their pixels lie over its."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Float64, UInt8
from PIL import Image

FACE, WIDE = 1.55, 3.2
"""Sides of the squares around a face and around all that moves with it, as shares of the longer side of its landmarks' box."""


@dataclass(frozen=True)
class Square:
    """A square of a photo, seen as ``size`` x ``size`` pixels. It may reach beyond the photo.

    Parameters
    ----------
    left, top
        Its corner, pixels of the photo.
    side
        Its side, pixels of the photo.
    size
        Its side, pixels of its own.
    """

    left: float
    top: float
    side: float
    size: int

    @property
    def step(self) -> float:
        """Pixels of the photo to one of its own."""
        return self.side / self.size

    def screen(self, places: Float32[np.ndarray, "V 3"]) -> Float32[np.ndarray, "V 3"]:
        """Places in the photo as places in the square; the third column is passed on."""
        out = places.copy()
        out[:, 0] = (places[:, 0] - self.left) / self.step
        out[:, 1] = (places[:, 1] - self.top) / self.step
        return out

    def wider(self, share: float) -> Square:
        """The same with so much of its side more on each of its sides, in pixels as large."""
        more = round(share * self.size)
        reach = more * self.step
        return Square(self.left - reach, self.top - reach, self.side + 2 * reach, self.size + 2 * more)

    def cut(self, photo: UInt8[np.ndarray, "H W 3"]) -> UInt8[np.ndarray, "S S 3"]:
        """The photo in the square; what lies beyond the photo's edge repeats that edge."""
        height, width = photo.shape[:2]
        pad = int(np.ceil(max(0.0, -self.left, -self.top, self.left + self.side - width, self.top + self.side - height)))
        padded = Image.fromarray(np.pad(photo, ((pad, pad), (pad, pad), (0, 0)), mode="edge") if pad else photo)
        box = (self.left + pad, self.top + pad, self.left + pad + self.side, self.top + pad + self.side)
        return np.asarray(padded.resize((self.size, self.size), Image.Resampling.BICUBIC, box=box))


def around(landmarks: Float32[np.ndarray, "L 2"], share: float, size: int) -> Square:
    """The square around a face whose side is that share of its landmarks' box."""
    points: Float64[np.ndarray, "L 2"] = landmarks.astype(np.float64)
    low, high = points.min(axis=0), points.max(axis=0)
    side = share * float((high - low).max())
    left, top = (low + high) / 2 - side / 2
    return Square(float(left), float(top), side, size)
