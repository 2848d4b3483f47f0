"""Which place of the head each pixel shows, and where the photo has that place."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from animator.core.sitter import EYE, INSIDE, SKIN, UNUSED
from animator.geometry.kernel import kernel

f32 = np.float32
ZERO, ONE, QUARTER = f32(0.0), f32(1.0), f32(0.25)

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
    return Field(*(np.zeros((size, size, *([planes[n]] if n in planes else [])), dtype=np.float32) for n in Field._fields))


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
            last, wa, wb, wc = -1, ZERO, ZERO, ZERO
            sx, sy, clear, found = ZERO, ZERO, ZERO, False
            for s in range(4):
                t = owner[y, x, s]
                owner[y, x, s], depth[y, x, s] = -1, ZERO
                if t < 0:
                    continue
                a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
                kind = kinds[t]
                if t != last:
                    last = t
                    xa, ya = screen[a, 0], screen[a, 1]
                    bx, by, cx, cy = screen[b, 0] - xa, screen[b, 1] - ya, screen[c, 0] - xa, screen[c, 1] - ya
                    area = bx * cy - by * cx
                    share = ONE / area if area != ZERO else ZERO
                    dx, dy = f32(x) + f32(0.5) - xa, f32(y) + f32(0.5) - ya
                    wb = min(max((dx * cy - dy * cx) * share, ZERO), ONE)
                    wc = min(max((dy * bx - dx * by) * share, ZERO), ONE)
                    wa = max(ONE - wb - wc, ZERO)
                    wa, wb, wc = wa * screen[a, 2], wb * screen[b, 2], wc * screen[c, 2]
                    whole = ONE / (wa + wb + wc)
                    wa, wb, wc = wa * whole, wb * whole, wc * whole
                    found, clear = False, ZERO
                    if kind != INSIDE:
                        sx = wa * places[a, 0] + wb * places[b, 0] + wc * places[c, 0]
                        sy = wa * places[a, 1] + wb * places[b, 1] + wc * places[c, 1]
                        near = wa * places[a, 2] + wb * places[b, 2] + wc * places[c, 2]
                        qx, qy = (sx - left) / step, (sy - top) / step
                        column, row = int(qx), int(qy)
                        if qx < ZERO or qy < ZERO or column >= size or row >= size:
                            found = True
                        else:
                            there = source.kind[row, column]
                            clear = ONE if there == kind and near > source.near[row, column] * HIDDEN else ZERO
                            found = bool(there == kind and (kind == EYE or clear > ZERO))
                            if there != kind and (kind == EYE or there >= EYE):
                                # An eye's hidden part looks like what of it is seen nearest to its middle; skin lies outward.
                                which = sides[t] if kind == EYE else 2
                                if kind == SKIN and there == EYE:
                                    which = 0 if abs(qx - source.centres[0, 0]) < abs(qx - source.centres[1, 0]) else 1
                                ux, uy = source.centres[which, 0] - qx, source.centres[which, 1] - qy
                                length = np.sqrt(ux * ux + uy * uy) + f32(1e-6)
                                sign = ONE if kind == EYE else -ONE
                                ux, uy = sign * STRIDE * ux / length, sign * STRIDE * uy / length
                                for _ in range(STRIDES):
                                    qx, qy = qx + ux, qy + uy
                                    column, row = int(qx), int(qy)
                                    if qx < ZERO or qy < ZERO or column >= size or row >= size:
                                        break
                                    if source.kind[row, column] == kind:
                                        found = True
                                        break
                                sx, sy = left + qx * step, top + qy * step
                if found:
                    out.shift[y, x, 0] += sx - (left + (f32(x) + f32(0.5)) * step)
                    out.shift[y, x, 1] += sy - (top + (f32(y) + f32(0.5)) * step)
                    out.moved[y, x] += QUARTER
                    out.seen[y, x] += QUARTER * clear
                elif kind != SKIN:
                    out.drawn[y, x] += QUARTER
                    for k in range(3):
                        out.colour[y, x, k] += wa * light[a, k] + wb * light[b, k] + wc * light[c, k]
                for k in range(3):
                    out.normals[y, x, k] += QUARTER * (wa * normals[a, k] + wb * normals[b, k] + wc * normals[c, k])
            if out.moved[y, x] > ZERO:
                share = QUARTER / out.moved[y, x]
                out.shift[y, x, 0] *= share
                out.shift[y, x, 1] *= share
            if out.drawn[y, x] > ZERO:
                share = QUARTER / out.drawn[y, x]
                for k in range(3):
                    out.colour[y, x, k] *= share
