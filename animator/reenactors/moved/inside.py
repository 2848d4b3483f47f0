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

SKIN_TINT, WHITE_TINT, LIGHT_TINT = np.array([1.4, 0.88, 0.72]), np.array([1.05, 0.98, 0.97]), np.array([1.06, 0.98, 0.96])
"""Usual colour of skin and of the white of an eye in a photo, and of the light there; linear, where 1 is grey."""


def albedo(head: Head) -> Float32[np.ndarray, "V 3"]:
    """Linear colour of each vertex, as its material has it there."""
    found: np.ndarray = matter(mesh(head), pack([part.material for part in head.parts]))[:, :3] ** 2
    return found


def brightness(photo: UInt8[np.ndarray, "S S 3"], kind: np.ndarray) -> Float32[np.ndarray, " 3"]:
    """The light that falls on the face, linear red, green and blue: what a white thing would show; ``kind int8 [S S]`` as
    `core.sitter` has it.

    Its colour is what the skin and the whites of the eyes both say of it, next to what they usually look like: each has a colour
    of its own too, but a lamp, the evening or old varnish tints them alike.
    """
    skin, eyes = (linear(photo[kind == which].astype(np.float32) / 255) for which in (SKIN, EYE))
    face = np.concatenate([skin, eyes])
    if not len(face):
        return np.ones(3, dtype=np.float32)
    level = face.mean(axis=1)
    bright = face[level >= np.percentile(level, BRIGHTEST)].mean()
    said = np.zeros(3)
    if len(skin) and len(eyes):
        one, other = np.log(_tint(skin) / SKIN_TINT), np.log(_tint(_whites(eyes)) / WHITE_TINT)
        said = np.where(one * other > 0, np.sign(one) * np.minimum(np.abs(one), np.abs(other)), 0.0)
    out: np.ndarray = bright / WHITE * LIGHT_TINT * np.exp(said)
    return out.astype(np.float32)


def _tint(colours: Float32[np.ndarray, "N 3"]) -> Float32[np.ndarray, " 3"]:
    """Of linear colours, where 1 is grey."""
    out: np.ndarray = (colours.mean(axis=0) / max(float(colours.mean()), 1e-6)).clip(0.05)
    return out


def _whites(eyes: Float32[np.ndarray, "N 3"]) -> Float32[np.ndarray, "M 3"]:
    """The least coloured of the brightest pixels of eyes."""
    bright = eyes[eyes.mean(axis=1) >= np.percentile(eyes.mean(axis=1), 70)]
    coloured = np.ptp(bright, axis=1) / bright.mean(axis=1).clip(1e-6)
    out: np.ndarray = bright[coloured <= np.percentile(coloured, 40)]
    return out


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
