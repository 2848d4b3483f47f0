"""Between sRGB and linear light (IEC 61966-2-1): pictures are stored as the one and mixed as the other."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float


def linear(level: Float[np.ndarray, "..."]) -> Float[np.ndarray, "..."]:
    """Linear light in [0, 1] of sRGB levels in [0, 1]."""
    light: np.ndarray = np.where(level <= 0.04045, level / 12.92, ((level + 0.055) / 1.055) ** 2.4)
    return light.astype(level.dtype)


def srgb(light: Float[np.ndarray, "..."]) -> Float[np.ndarray, "..."]:
    """SRGB levels in [0, 1] of linear light in [0, 1]."""
    level: np.ndarray = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return level.astype(light.dtype)
