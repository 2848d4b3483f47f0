"""Which pixels of a photo are the person: what colours tell, from where the face is."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32, UInt8
from PIL import Image

LARGEST = 256
"""Pixels of the longer side at which colours are told apart."""

HEAD, RAISED = (0.62, 0.85), 0.12
"""Half axes of the ellipse in which a head with its hair most likely lies, and how far its middle is above the face's; like what
follows, as shares of the longer side of the landmarks' box."""

NECK = 0.45
"""Half the width of what most likely is neck and chest, below the face."""

FAR = (1.15, 1.35)
"""Half axes of the ellipse outside of which, above the chin, surely nothing is the person."""

ROUNDS = 4


def matte(image: UInt8[np.ndarray, "H W 3"], landmarks: Float32[np.ndarray, "L 2"]) -> UInt8[np.ndarray, "H W"]:
    """The person of a photo: 255 where there is one, 0 where not, between at the outline (GrabCut, Rother et al. 2004).

    It needs no network and is best before a plain wall; clothes are found or not.
    """
    import cv2

    height, width = image.shape[:2]
    shrink = min(1.0, LARGEST / max(height, width))
    size = (max(1, round(width * shrink)), max(1, round(height * shrink)))
    small = np.asarray(Image.fromarray(image).resize(size, Image.Resampling.BOX))
    guess = _guess(landmarks * (np.array(size) / (width, height)).astype(np.float32), size)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(0)
    cv2.grabCut(np.ascontiguousarray(small[..., ::-1]), guess, (0, 0, 1, 1), *models, ROUNDS, cv2.GC_INIT_WITH_MASK)
    found = np.isin(guess, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8) * 255
    return np.asarray(Image.fromarray(found).resize((width, height), Image.Resampling.BILINEAR))


def _guess(points: Float32[np.ndarray, "L 2"], size: tuple[int, int]) -> UInt8[np.ndarray, "h w"]:
    """What GrabCut starts from: surely and probably the person or the background."""
    import cv2

    y, x = np.mgrid[: size[1], : size[0]]
    low, high = points.min(axis=0), points.max(axis=0)
    (left, top), side = (low + high) / 2, float((high - low).max())

    def within(axes: tuple[float, float], up: float) -> np.ndarray:
        inside: np.ndarray = ((x - left) / (axes[0] * side)) ** 2 + ((y - top + up * side) / (axes[1] * side)) ** 2 < 1
        return inside

    guess = np.full(x.shape, cv2.GC_PR_BGD, dtype=np.uint8)
    below = y > high[1]
    guess[within(HEAD, RAISED) | (below & (np.abs(x - left) < NECK * side))] = cv2.GC_PR_FGD
    guess[~within(FAR, 0.0) & ~below] = cv2.GC_BGD
    cv2.fillConvexPoly(guess, cv2.convexHull(points.astype(np.int32)), int(cv2.GC_FGD))
    return guess
