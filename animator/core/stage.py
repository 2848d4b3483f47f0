"""`Stage`: where the head is seen from, by what light, at what size."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType

from animator.errors import InputError, UnknownNameError


@dataclass(frozen=True)
class Camera:
    """A pinhole camera that looks at the head.

    Parameters
    ----------
    yaw, pitch
        Radians about the target: yaw > 0 sees the subject's left side, pitch > 0 looks from above.
    distance
        Metres from the target, > 0.
    fov
        Vertical field of view, radians in (0, pi).
    target
        Metres, in the head's space (its origin is the pivot of the neck).
    """

    yaw: float = 0.0
    pitch: float = 0.0
    distance: float = 1.05
    fov: float = 0.33
    target: tuple[float, float, float] = (0.0, 0.035, 0.03)

    def __post_init__(self) -> None:
        if not self.distance > 0 or not 0 < self.fov < 3.14:
            raise InputError(f"a camera stands above 0 m away with a view in (0, pi), not {self.distance:g} m and {self.fov:g}")
        if not all(math.isfinite(x) for x in (self.yaw, self.pitch, self.distance, *self.target)):
            raise InputError(f"a camera is placed by finite numbers, not by {self}")


CAMERAS: Mapping[str, Camera] = MappingProxyType(
    {
        "portrait": Camera(),
        "close": Camera(distance=0.95, fov=0.29, target=(0.0, 0.045, 0.05)),
        "three-quarter": Camera(yaw=0.55, pitch=0.04),
        "profile": Camera(yaw=1.45),
        "wide": Camera(distance=1.2, fov=0.40, target=(0.0, 0.03, 0.03)),
    }
)
"""Cameras by name."""


def camera(name: str) -> Camera:
    """The camera of that name, or one given as ``yaw=0.3,distance=1`` over the portrait camera (radians, metres)."""
    if name in CAMERAS:
        return CAMERAS[name]
    if "=" not in name:
        raise UnknownNameError("camera", name, CAMERAS)
    settings: dict[str, float] = {}
    for pair in name.split(","):
        key, _, value = pair.partition("=")
        if key.strip() not in ("yaw", "pitch", "distance", "fov"):
            raise UnknownNameError("camera setting", key.strip(), ("yaw", "pitch", "distance", "fov"))
        try:
            settings[key.strip()] = float(value)
        except ValueError:
            raise InputError(f"camera setting {key.strip()!r} is a number, not {value!r}") from None
    return Camera(**{**asdict(CAMERAS["portrait"]), **settings})


@dataclass(frozen=True)
class Light:
    """A light at infinity. ``direction`` points from the head to the light; ``colour`` is linear RGB radiance."""

    direction: tuple[float, float, float]
    colour: tuple[float, float, float]
    shadows: bool = False


@dataclass(frozen=True)
class Stage:
    """Size, camera and light of a picture.

    ``sky`` and ``ground`` are linear RGB ambient light from above and below.
    """

    width: int = 512
    height: int = 512
    camera: Camera = CAMERAS["portrait"]
    lights: tuple[Light, ...] = (
        Light((0.62, 0.50, 0.85), (1.05, 0.99, 0.93), shadows=True),
        Light((-0.85, 0.15, 0.60), (0.15, 0.17, 0.20)),
        Light((-0.55, 0.55, -0.80), (0.75, 0.77, 0.82)),
    )
    sky: tuple[float, float, float] = (0.24, 0.25, 0.27)
    ground: tuple[float, float, float] = (0.15, 0.12, 0.11)

    def __post_init__(self) -> None:
        if not (16 <= self.width <= 4096 and 16 <= self.height <= 4096):
            raise InputError(f"a picture is 16 to 4096 pixels a side, not {self.width}x{self.height}")
