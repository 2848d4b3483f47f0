"""A fit to be looked at: the head, lit, half transparent over its picture, with the tracker's points and the head's own."""

from __future__ import annotations

import numpy as np
from jaxtyping import UInt8
from PIL import Image, ImageDraw

from animator.core.portrait import Portrait
from animator.geometry.view import fall, in_camera
from animator.heads.fitting.fit import posed, reprojected
from animator.heads.fitting.marks import COUNT, IRISES, read_marks
from animator.heads.paint.atlas import on_head
from animator.heads.paint.regions import ears
from animator.heads.shape import bust
from animator.heads.shape.basemesh import read_base

LARGEST = 1600
"""Pixels of an overlay's longer side, at most."""

SHAPE, WIRE = (120, 170, 255), (20, 60, 140)
POINT, PLACE, MISS = (60, 230, 90), (255, 60, 60), (255, 220, 60)
"""Colours of the head, of its wire, of the tracker's points, of the head's own places, and of what lies between them."""

OPAQUE, LINES = 0.35, 0.45


def overlay(portrait: Portrait) -> UInt8[np.ndarray, "h w 3"]:
    """Draw the fit over the picture: points green, the head's places red, what is between them yellow."""
    height, width = portrait.image.shape[:2]
    scale = min(1.0, LARGEST / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    picture = Image.fromarray(portrait.image).resize(size, Image.Resampling.BOX).convert("RGB")
    shape, wire = _shape(portrait, scale, size)
    picture.paste(shape, mask=shape.getchannel("A").point(lambda a: int(a * OPAQUE)))
    picture.paste(wire, mask=wire.getchannel("A").point(lambda a: int(a * LINES)))
    draw = ImageDraw.Draw(picture)
    points = portrait.landmarks.astype(np.float64) * scale
    radius = max(0.7, 0.0025 * float(np.ptp(points[:COUNT, 1])))
    for point, place in zip(points[:COUNT].tolist(), (reprojected(portrait) * scale).tolist(), strict=True):
        draw.line([tuple(point), tuple(place)], fill=MISS)
        for (x, y), colour in ((point, POINT), (place, PLACE)):
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
    for x, y in points[list(IRISES)].tolist():
        draw.ellipse((x - 2 * radius, y - 2 * radius, x + 2 * radius, y + 2 * radius), outline=POINT)
    return np.asarray(picture)


def _shape(portrait: Portrait, scale: float, size: tuple[int, int]) -> tuple[Image.Image, Image.Image]:
    """The face's skin, lit from the camera, and its wire: what lies behind is drawn first."""
    vertices, view = posed(portrait), portrait.view
    quads = face_quads()
    seen, at = in_camera(vertices, view)[quads], fall(vertices, view)[quads] * scale
    normal = np.cross(seen[:, 2] - seen[:, 0], seen[:, 3] - seen[:, 1])
    normal /= np.linalg.norm(normal, axis=1, keepdims=True) + 1e-12
    middle = seen.mean(axis=1)
    facing = -(normal * middle).sum(axis=1) / np.linalg.norm(middle, axis=1)
    shape, wire = (Image.new("RGBA", size, (0, 0, 0, 0)) for _ in range(2))
    fills, lines = ImageDraw.Draw(shape), ImageDraw.Draw(wire)
    for k in np.argsort(middle[:, 2]).tolist():
        if facing[k] > 0:
            corners = [tuple(corner) for corner in at[k].tolist()]
            fills.polygon(corners, fill=(*(round(c * (0.25 + 0.75 * facing[k])) for c in SHAPE), 255))
            lines.polygon(corners, fill=(0, 0, 0, 0), outline=(*WIRE, 255))
    return shape, wire


def face_quads() -> np.ndarray:
    """Quads of the base mesh as far down and back as the marks reach, without ears."""
    base = read_base()
    marked = read_marks().on(base.vertices)
    quads = bust.skin_quads()
    corners, uv = base.vertices[base.quads[quads]], base.uv[base.quad_uv[quads]].mean(axis=1)
    front = (corners[..., 1] > marked[:, 1].min() - 0.004).all(axis=1) & (corners[..., 2] > marked[:, 2].min()).all(axis=1)
    face: np.ndarray = base.quads[quads[front & on_head(uv) & (ears(uv) < 0.02)]]
    return face
