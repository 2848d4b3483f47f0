"""Colours as light and as absorbance: what lets one skin colour become every region of a face."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32, UInt8

from animator.core import colour as transfer

Colour = tuple[int, int, int]
"""An sRGB colour, 0 to 255 each."""

LUMINANCE = np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)
"""Rec. 709 luminance of linear RGB."""

_STEPS = 4096
# Even steps of the square root of light: the sRGB curve is steep in the dark.
_LIGHT = np.linspace(0.0, 1.0, _STEPS + 1) ** 2
_CODES = np.round(255 * transfer.srgb(_LIGHT)).astype(np.uint8)


def linear(colour: Colour | np.ndarray) -> Float32[np.ndarray, "... 3"]:
    """Linear RGB in [0, 1] of sRGB 0 to 255 (IEC 61966-2-1)."""
    return transfer.linear(np.asarray(colour, dtype=np.float32) / 255)


def encode(light: np.ndarray) -> UInt8[np.ndarray, "..."]:
    """Codes 0 to 255 of linear light in sRGB, clipped to [0, 1]; by table, within one step of the exact curve."""
    at = np.sqrt(np.clip(light, 0.0, 1.0)) * _STEPS
    codes: np.ndarray = _CODES[np.rint(at).astype(np.int32)]
    return codes


def density(colour: Colour | np.ndarray) -> Float32[np.ndarray, "... 3"]:
    """Optical density ``-ln`` of the linear light: pigments add in it (Beer and Lambert)."""
    dense: np.ndarray = -np.log(np.maximum(linear(colour), 1e-4))
    return dense
