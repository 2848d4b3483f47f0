"""The light on what a photo does not show: teeth, gums, tongue and the hollow of the mouth, and eyes that are shut in it."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32, UInt8

from animator.core.colour import linear
from animator.core.head import Head
from animator.core.sitter import EYE, INSIDE, SKIN
from animator.raster.mesh import matter, mesh
from animator.raster.texture import pack

NEARER, FADES = 0.002, 0.011
"""Metres behind the front teeth to where all light still comes, and over which it then falls to 1 / e: a mouth is dark within."""

LIP, SHADE = 0.003, 0.5
"""Metres below the upper lip down to which it shades what is behind it, and the share of light left right below it."""

AJAR, WIDE_OPEN = 0.45, 0.014
"""Share of the light that still falls between lips that are hardly parted, and metres between them from which all of it does."""

FACING = 0.45
"""Share of the light that falls on all sides alike; the rest comes from where the camera stands, as in most portraits."""

WHITE = 0.7
"""Linear albedo of the brightest matt thing in a face, the white of an eye or lit fair skin."""

BRIGHTEST = 97.0
"""Percentile of the face's pixels that shows as bright as that."""


def albedo(head: Head) -> Float32[np.ndarray, "V 3"]:
    """Linear colour of each vertex, as its material has it there."""
    found: np.ndarray = matter(mesh(head), pack([part.material for part in head.parts]))[:, :3] ** 2
    return found


def brightness(photo: UInt8[np.ndarray, "S S 3"], kind: np.ndarray) -> Float32[np.ndarray, " 3"]:
    """The light that falls on the face, linear red, green and blue: what a white thing would show; ``kind int8 [S S]`` as
    `core.sitter` has it.
    """
    face = linear(photo[(kind == SKIN) | (kind == EYE)].astype(np.float32) / 255)
    if not len(face):
        return np.ones(3, dtype=np.float32)
    level = face.mean(axis=1)
    bright = face[level >= np.percentile(level, BRIGHTEST)].mean()
    tint = face.mean(axis=0) / face.mean()
    # skin is red: half of its tint is taken for the light's
    out: np.ndarray = bright / WHITE * (1 + 0.15 * (tint - 1))
    return out.astype(np.float32)


class Inside:
    """Lights what is drawn of one head, frame by frame."""

    def __init__(self, head: Head, kinds: np.ndarray) -> None:
        self._own = albedo(head)
        self._within = np.unique(head.triangles[kinds == INSIDE])
        self._eyes = np.unique(head.triangles[kinds == EYE])
        self._teeth, self._lips = head.landmarks["teeth_upper"], [head.landmarks["upper_lip"], head.landmarks["lower_lip"]]

    def __call__(
        self, vertices: Float32[np.ndarray, "V 3"], normals: Float32[np.ndarray, "V 3"], brightness: Float32[np.ndarray, " 3"]
    ) -> Float32[np.ndarray, "V 3"]:
        """Linear light where something may be drawn; ``vertices``, metres, and ``normals`` are in the camera's space."""
        out = np.zeros_like(vertices)
        for which, fades in ((self._within, True), (self._eyes, False)):
            facing = np.float32(FACING) + np.float32(1 - FACING) * normals[which, 2].clip(0, 1)
            if fades:
                behind = vertices[self._teeth, 2] - vertices[which, 2] - np.float32(NEARER)
                facing *= np.exp(-behind.clip(0) / np.float32(FADES))
                upper, lower = vertices[self._lips]
                parted = np.linalg.norm(upper - lower) / np.float32(WIDE_OPEN)
                facing *= np.float32(AJAR) + np.float32(1 - AJAR) * parted.clip(0, 1)
                below = (upper[1] - vertices[which, 1]) / np.float32(LIP)
                facing *= np.float32(SHADE) + np.float32(1 - SHADE) * below.clip(0, 1)
            out[which] = self._own[which] * brightness * facing[:, None]
        return out
