"""Where people are photographed: light, camera, what is behind them, and what a camera does to a picture."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import numpy as np
from jaxtyping import Float32, UInt8
from PIL import Image
from scipy.ndimage import gaussian_filter, zoom

from animator.core.colour import linear, srgb
from animator.core.stage import Camera, Light, Stage

SIDE = 320
"""Pixels a side of a photo."""

FACE = 0.165
"""Metres from the brows' upper edge to the chin, and some forehead: what a tracker's points span."""

CLOSE = (135.0, 180.0)
"""Pixels that they span in most photos: a crop of 256 pixels is then about as large in the photo."""

FAR = (80.0, 135.0)
"""In the others, which are less sharp in the crop."""


def stage(rng: np.random.Generator) -> Stage:
    """A camera, near or far, wide or long, and lights of any strength, colour and direction."""
    distance = float(np.exp(rng.uniform(np.log(0.5), np.log(2.0))))
    span = rng.uniform(*(CLOSE if rng.random() < 0.75 else FAR))
    fov = 2 * np.arctan(0.5 * SIDE / (span * distance / FACE))
    target = (float(rng.normal(0, 0.012)), float(rng.normal(0.045, 0.012)), 0.05)
    yaw, pitch = (float(np.clip(rng.normal(0, spread), -limit, limit)) for spread, limit in ((0.14, 0.3), (0.08, 0.17)))
    return Stage(
        SIDE,
        SIDE,
        Camera(yaw, pitch, distance, float(fov), target),
        tuple(_lights(rng)),
        sky=_tinted(rng.uniform(0.08, 0.5), rng),
        ground=_tinted(rng.uniform(0.05, 0.3), rng),
    )


def _lights(rng: np.random.Generator) -> list[Light]:
    """A key that casts shadows, from anywhere in front, and up to two weaker ones."""
    key = Light(
        (float(rng.normal(0, 0.7)), float(rng.uniform(-0.1, 1.0)), float(rng.uniform(0.3, 1.2))),
        _tinted(rng.uniform(0.3, 1.2), rng),
        shadows=True,
    )
    others = [Light(_anywhere(rng), _tinted(rng.uniform(0.05, 0.5), rng)) for _ in range(int(rng.integers(0, 3)))]
    return [key, *others]


def _anywhere(rng: np.random.Generator) -> tuple[float, float, float]:
    x, y, z = rng.normal(size=3)
    return float(x), float(y), float(z)


def _tinted(level: float, rng: np.random.Generator) -> tuple[float, float, float]:
    red, green, blue = level * np.exp(rng.normal(0, 0.10, 3))
    return float(red), float(green), float(blue)


def backdrop(rng: np.random.Generator, side: int = SIDE) -> UInt8[np.ndarray, "S S 3"]:
    """A wall: a gradient, cloudy or in patches, sharp or out of focus."""
    y, x = np.mgrid[:side, :side] / side - 0.5
    turn = rng.uniform(0, 2 * np.pi)
    along = (np.cos(turn) * x + np.sin(turn) * y + 0.5).clip(0, 1)[..., None]
    ends = rng.uniform(0, 1, (2, 3)) * rng.uniform(0.2, 1.0)
    wall = ends[0] * (1 - along) + ends[1] * along
    kind = rng.random()
    if kind < 0.4:  # clouds
        cells = int(rng.integers(3, 24))
        clouds = zoom(rng.normal(0, rng.uniform(0.02, 0.2), (cells, cells, 3)), (side / cells, side / cells, 1), order=1)
        wall = wall + clouds[:side, :side]
    elif kind < 0.75:  # patches
        for _ in range(int(rng.integers(3, 14))):
            left, top = rng.integers(-side // 4, side, 2)
            wide, high = rng.integers(side // 16, side // 2, 2)
            wall[max(top, 0) : max(top + high, 0), max(left, 0) : max(left + wide, 0)] = rng.uniform(0, 1, 3)
        wall = gaussian_filter(wall, (*2 * (rng.uniform(0.5, 8.0),), 0))
    painted: np.ndarray = (wall.clip(0, 1) * 255).round().astype(np.uint8)
    return painted


@dataclass(frozen=True, eq=False)
class Film:
    """What a camera makes of light: exposure and white balance, blur, grain, compression; the same in all pictures of a scene."""

    gain: Float32[np.ndarray, " 3"]
    contrast: float
    blur: float
    grain: Float32[np.ndarray, "S S 3"]
    quality: int

    def __call__(self, picture: UInt8[np.ndarray, "S S 3"]) -> UInt8[np.ndarray, "S S 3"]:
        """The picture as that camera stores it."""
        light = linear(picture.astype(np.float32) / 255) * self.gain
        shown = 0.45 + self.contrast * (srgb(light.clip(0, 1)) - 0.45)
        if self.blur > 0.2:
            shown = gaussian_filter(shown, (self.blur, self.blur, 0))
        developed: np.ndarray = ((shown * 255 + self.grain).clip(0, 255)).round().astype(np.uint8)
        if self.quality >= 100:
            return developed
        stored = BytesIO()
        Image.fromarray(developed).save(stored, "JPEG", quality=self.quality)
        return np.asarray(Image.open(stored))


def film(rng: np.random.Generator, side: int = SIDE) -> Film:
    """Some camera."""
    grain = rng.normal(0, 1, (side, side, 3)).astype(np.float32)
    grain = gaussian_filter(grain, (*2 * (rng.uniform(0.0, 0.8),), 0)) * np.float32(rng.exponential(1.2))
    return Film(
        gain=np.exp(rng.normal(0, 0.15) + rng.normal(0, 0.06, 3)).astype(np.float32),
        contrast=float(rng.uniform(0.85, 1.15)),
        blur=float(max(0.0, rng.normal(0.2, 0.4))),
        grain=grain,
        quality=(100, int(rng.integers(85, 99)), int(rng.integers(55, 85)))[int(rng.integers(3))],
    )
