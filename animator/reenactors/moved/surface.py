"""Which place of the head each pixel shows, and where the photo shows that place."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from animator.core.sitter import EYE, INSIDE, SKIN, UNUSED
from animator.geometry.kernel import inner, kernel

f32 = np.float32
ZERO, ONE, HALF, QUARTER, TINY = f32(0.0), f32(1.0), f32(0.5), f32(0.25), f32(1e-6)

HIDDEN = f32(0.985)
"""A place of the photo's head with less than this share of the nearness of what is seen there lies behind it: 1 cm at 70 cm."""

STRIDE, STRIDES = f32(0.7), 40
"""A place whose like the photo hides is looked for from there in steps of so many pixels, and in so many."""


class Field(NamedTuple):
    """What is known of each pixel of a square; all are written over."""

    shift: np.ndarray
    """``float32 [S S 2]``: from the pixel to where the photo has what it shows, pixels of the photo."""
    moved: np.ndarray
    """``float32 [S S]`` in [0, 1]: share of the pixel that comes from the photo by its shift: skin and eyes."""
    drawn: np.ndarray
    """``float32 [S S]``: share that the photo does not have: the mouth's inside, an eye that it hides."""
    colour: np.ndarray
    """``float32 [S S 3]``: linear light of what is drawn."""
    seen: np.ndarray
    """``float32 [S S]``: share that the photo shows where the shift says."""
    normals: np.ndarray
    """``float32 [S S 3]``: right, up, backward in the camera's space; zeros beside the head."""


def field(size: int) -> Field:
    """Room for a square."""
    planes = {"shift": 2, "colour": 3, "normals": 3}
    return Field(*(np.empty((size, size, *([planes[n]] if n in planes else [])), dtype=np.float32) for n in Field._fields))


class Source(NamedTuple):
    """What the photo has in the same square."""

    kind: np.ndarray
    """``int8 [S S]``: what is seen in each pixel."""
    near: np.ndarray
    """``float32 [S S]``: its 1 / depth, 0 where nothing of the head is."""
    centres: np.ndarray
    """``float32 [3 2]``: the middles of the left eye, of the right eye and of the mouth, pixels of the square."""


@kernel
def photographed(owner: np.ndarray, depth: np.ndarray, kinds: np.ndarray, kind: np.ndarray, near: np.ndarray) -> None:
    """Write what the samples ``owner int32 [S S 4]`` and ``depth float32 [S S 4]`` see into a `Source`'s maps."""
    for y in range(kind.shape[0]):
        for x in range(kind.shape[1]):
            kind[y, x], near[y, x] = UNUSED, ZERO
            for s in range(4):
                t = owner[y, x, s]
                if t >= 0 and depth[y, x, s] > near[y, x]:
                    near[y, x] = depth[y, x, s]
                    kind[y, x] = kinds[t]


@inner
def shares(screen: np.ndarray, a: int, b: int, c: int, x: np.float32, y: np.float32) -> tuple[np.float32, np.float32, np.float32]:
    """How much each corner counts on the surface at (x, y) in the picture; a place beside the triangle is moved onto it."""
    xa, ya = screen[a, 0], screen[a, 1]
    bx, by, cx, cy = screen[b, 0] - xa, screen[b, 1] - ya, screen[c, 0] - xa, screen[c, 1] - ya
    area = bx * cy - by * cx
    part = ONE / area if area != ZERO else ZERO
    dx, dy = x - xa, y - ya
    wb = min(max((dx * cy - dy * cx) * part, ZERO), ONE)
    wc = min(max((dy * bx - dx * by) * part, ZERO), ONE)
    wa = max(ONE - wb - wc, ZERO)
    # Shares on the surface from shares in the picture: divided by depth.
    wa, wb, wc = wa * screen[a, 2], wb * screen[b, 2], wc * screen[c, 2]
    whole = ONE / (wa + wb + wc)
    return wa * whole, wb * whole, wc * whole


@inner
def looked_up(
    source: Source, kind: int, side: int, x: np.float32, y: np.float32, near: np.float32
) -> tuple[bool, bool, np.float32, np.float32]:
    """Where in its square the photo shows a place of the head that it has at (x, y): whether anywhere, whether just there, where.

    A part of an eye that lids hide in the photo looks like what is seen of it nearest to its middle; skin that falls on an eye or
    into the mouth there, as lids and lips do that are fitted a little too tight, like the next skin outward. What lies behind
    other skin is nowhere.
    """
    size = source.kind.shape[0]
    if x < ZERO or y < ZERO or x >= f32(size) or y >= f32(size):
        return True, False, x, y
    there = source.kind[int(y), int(x)]
    if there == kind:
        clear = near > source.near[int(y), int(x)] * HIDDEN
        return kind == EYE or clear, clear, x, y
    if kind == SKIN and there == UNUSED:
        return False, False, x, y
    which, sign = (side, STRIDE) if kind == EYE else (2, -STRIDE)
    if kind == SKIN and there == EYE:
        which = 0 if abs(x - source.centres[0, 0]) < abs(x - source.centres[1, 0]) else 1
    ux, uy = source.centres[which, 0] - x, source.centres[which, 1] - y
    length = np.sqrt(ux * ux + uy * uy) + TINY
    ux, uy = sign * ux / length, sign * uy / length
    for _ in range(STRIDES):
        x, y = x + ux, y + uy
        if x < ZERO or y < ZERO or x >= f32(size) or y >= f32(size):
            break
        if source.kind[int(y), int(x)] == kind:
            return True, False, x, y
    return False, False, x, y


@kernel
def surface(
    screen: np.ndarray,
    triangles: np.ndarray,
    kinds: np.ndarray,
    sides: np.ndarray,
    places: np.ndarray,
    normals: np.ndarray,
    light: np.ndarray,
    frame: np.ndarray,
    source: Source,
    owner: np.ndarray,
    depth: np.ndarray,
    out: Field,
) -> None:
    """Fill a `Field` from the samples of a square, and leave the samples empty.

    Parameters
    ----------
    screen
        ``float32 [V 3]``: x, y in the square, 1 / depth.
    triangles, kinds, sides
        ``int32 [F 3]``; ``int8 [F]`` as in `core.sitter`; ``int8 [F]``: 0 of the left eye, 1 of the right.
    places
        ``float32 [V 3]``: where the photo has each vertex, pixels of the photo, and its 1 / depth there.
    normals, light
        ``float32 [V 3]``: normals in the camera's space; linear light, which counts where a triangle is drawn.
    frame
        ``float32 [3]``: the square's left and top, and pixels of the photo to one of its own.
    source
        What the photo has in the square.
    owner, depth
        As in `animator.raster.cover`; emptied.
    out
        Written over.
    """
    size = owner.shape[0]
    left, top, step = frame[0], frame[1], frame[2]
    for y in range(size):
        for x in range(size):
            for k in range(3):
                out.colour[y, x, k] = out.normals[y, x, k] = ZERO
            out.shift[y, x, 0] = out.shift[y, x, 1] = ZERO
            out.moved[y, x] = out.drawn[y, x] = out.seen[y, x] = ZERO
            last, kind, wa, wb, wc = -1, 0, ZERO, ZERO, ZERO
            found, clear, qx, qy = False, False, ZERO, ZERO
            for s in range(4):
                t = owner[y, x, s]
                owner[y, x, s], depth[y, x, s] = -1, ZERO
                if t < 0:
                    continue
                a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
                if t != last:
                    last, kind, found, clear = t, kinds[t], False, False
                    wa, wb, wc = shares(screen, a, b, c, f32(x) + HALF, f32(y) + HALF)
                    if kind != INSIDE:
                        qx = (wa * places[a, 0] + wb * places[b, 0] + wc * places[c, 0] - left) / step
                        qy = (wa * places[a, 1] + wb * places[b, 1] + wc * places[c, 1] - top) / step
                        near = wa * places[a, 2] + wb * places[b, 2] + wc * places[c, 2]
                        found, clear, qx, qy = looked_up(source, kind, sides[t], qx, qy, near)
                if found:
                    out.shift[y, x, 0] += (qx - f32(x) - HALF) * step
                    out.shift[y, x, 1] += (qy - f32(y) - HALF) * step
                    out.moved[y, x] += QUARTER
                    out.seen[y, x] += QUARTER if clear else ZERO
                elif kind != SKIN:
                    out.drawn[y, x] += QUARTER
                    for k in range(3):
                        out.colour[y, x, k] += wa * light[a, k] + wb * light[b, k] + wc * light[c, k]
                for k in range(3):
                    out.normals[y, x, k] += QUARTER * (wa * normals[a, k] + wb * normals[b, k] + wc * normals[c, k])
            if out.moved[y, x] > ZERO:
                part = QUARTER / out.moved[y, x]
                out.shift[y, x, 0] *= part
                out.shift[y, x, 1] *= part
            if out.drawn[y, x] > ZERO:
                part = QUARTER / out.drawn[y, x]
                for k in range(3):
                    out.colour[y, x, k] *= part
