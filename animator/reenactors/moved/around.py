"""How what is beside the head follows it: the nearer, the more."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float32
from PIL import Image
from scipy.ndimage import distance_transform_edt

REACH = 0.16
"""How far beside the head hair still moves, as a share of the wide square's side."""


def fading(head: Bool[np.ndarray, "S S"]) -> Float32[np.ndarray, "S S"]:
    """How much of the nearest movement there is beside the head's place in the photo: 1 on it, smoothly 0 from `REACH` on."""
    away: np.ndarray = distance_transform_edt(~head) / (REACH * len(head))
    fades: np.ndarray = (0.5 + 0.5 * np.cos(np.pi * away.clip(0, 1))).astype(np.float32)
    return fades


def filled(field: Float32[np.ndarray, "S S K"], known: Float32[np.ndarray, "S S"]) -> Float32[np.ndarray, "S S K"]:
    """A field carried on smoothly from where it is known, by its mean over wider and wider squares (pull-push, Gortler et al.
    1996, section 3.4.1); ``S`` is a power of two.
    """
    size = len(known)
    weight = known.clip(0, 1)[..., None]
    if size == 1:
        return field
    halves = (size // 2, 2, size // 2, 2)
    mass = weight.reshape(*halves, 1).sum(axis=(1, 3))
    mean = (field * weight).reshape(*halves, -1).sum(axis=(1, 3)) / np.maximum(mass, np.float32(1e-6))
    coarse = filled(mean, mass[..., 0])
    out: np.ndarray = field * weight + stretched(coarse, size) * (1 - weight)
    return out


def stretched(
    field: Float32[np.ndarray, "S S K"], size: int, box: tuple[float, float, float, float] | None = None
) -> Float32[np.ndarray, "T T K"]:
    """A field, or what of it lies in a ``box`` (left, top, right, bottom, in its pixels), of so many more pixels a side: between
    its own along straight lines.
    """
    planes = (Image.fromarray(np.ascontiguousarray(field[..., k])) for k in range(field.shape[2]))
    return np.dstack([np.asarray(plane.resize((size, size), Image.Resampling.BILINEAR, box=box)) for plane in planes])
