"""Pixels from pixels: a photo read at other places, and what is drawn laid over it."""

from __future__ import annotations

import numpy as np

from animator.core.colour import linear, srgb
from animator.geometry.kernel import inner, kernel

f32 = np.float32
ZERO, ONE, HALF = f32(0.0), f32(1.0), f32(0.5)

STILL = f32(0.01)
"""A pixel that comes from less far than this share of a pixel away is the photo's own, untouched."""

FEATHER = f32(0.06)
"""How far within the edge of the face's square it takes over from what is around it, as a share of its side."""

DECODE = linear(np.arange(256, dtype=np.float32) / 255)
_STEPS = 16384
ENCODE = np.round(srgb(np.arange(_STEPS, dtype=np.float32) / (_STEPS - 1)) * 255).astype(np.uint8)
SCALE = f32(_STEPS - 1)


@inner
def between(plane: np.ndarray, x: np.float32, y: np.float32) -> np.float32:
    """A map ``float32 [S S]`` at (x, y), places of whole numbers and a half being its pixels' middles; the edge goes on."""
    high, wide = plane.shape[0], plane.shape[1]
    px, py = min(max(x - HALF, ZERO), f32(wide - 1)), min(max(y - HALF, ZERO), f32(high - 1))
    column, row = min(int(px), wide - 2), min(int(py), high - 2)
    fx, fy = px - f32(column), py - f32(row)
    above = plane[row, column] + fx * (plane[row, column + 1] - plane[row, column])
    below = plane[row + 1, column] + fx * (plane[row + 1, column + 1] - plane[row + 1, column])
    level: np.float32 = above + fy * (below - above)
    return level


@inner
def cubic(t: np.float32) -> tuple[np.float32, np.float32, np.float32, np.float32]:
    """Shares of four neighbours in a row, ``t`` in [0, 1) beyond the second (Keys 1981, a = -0.5)."""
    two, three = t * t, t * t * t
    return (
        HALF * (-three + f32(2.0) * two - t),
        HALF * (f32(3.0) * three - f32(5.0) * two + f32(2.0)),
        HALF * (-f32(3.0) * three + f32(4.0) * two + t),
        HALF * (three - two),
    )


@inner
def sample(photo: np.ndarray, x: np.float32, y: np.float32, out: np.ndarray) -> None:
    """Write a photo's colour at (x, y), 0 to 255, to ``out float32 [3]``; beyond its edge the edge goes on."""
    high, wide = photo.shape[0], photo.shape[1]
    px, py = min(max(x - HALF, ZERO), f32(wide - 1)), min(max(y - HALF, ZERO), f32(high - 1))
    column, row = int(px), int(py)
    wx, wy = cubic(px - f32(column)), cubic(py - f32(row))
    out[0] = out[1] = out[2] = ZERO
    for j in range(4):
        line = min(max(row + j - 1, 0), high - 1)
        for i in range(4):
            place = min(max(column + i - 1, 0), wide - 1)
            share = wy[j] * wx[i]
            out[0] += share * f32(photo[line, place, 0])
            out[1] += share * f32(photo[line, place, 1])
            out[2] += share * f32(photo[line, place, 2])


@kernel
def moved(
    photo: np.ndarray,
    corner: np.ndarray,
    shift: np.ndarray,
    drawn: np.ndarray,
    colour: np.ndarray,
    decode: np.ndarray,
    encode: np.ndarray,
    room: np.ndarray,
    out: np.ndarray,
) -> None:
    """Draw a square, pixel by pixel.

    Parameters
    ----------
    photo
        ``uint8 [H W 3]``, in pixels as large as the square's.
    corner
        ``float32 [2]``: where the square's corner lies in it.
    shift
        ``float32 [S S 2]``: from each pixel to what it shows, in the square's pixels.
    drawn, colour
        ``float32 [S S]``, ``[S S 3]``: share and linear light of what is laid over it.
    decode, encode
        `DECODE` and `ENCODE`.
    room
        ``float32 [3]``, to work in.
    out
        ``uint8 [S S 3]``, written over.
    """
    for y in range(out.shape[0]):
        for x in range(out.shape[1]):
            share = drawn[y, x]
            if share < ONE:
                dx, dy = shift[y, x, 0], shift[y, x, 1]
                sample(photo, corner[0] + f32(x) + HALF + dx, corner[1] + f32(y) + HALF + dy, room)
            for k in range(3):
                level = ZERO if share >= ONE else min(max(room[k], ZERO), f32(255.0))
                if share > ZERO:
                    light = decode[int(level + HALF)] * (ONE - share) + share * min(colour[y, x, k], ONE)
                    out[y, x, k] = encode[int(light * SCALE + HALF)]
                else:
                    out[y, x, k] = int(level + HALF)


@kernel
def pasted(
    photo: np.ndarray,
    wide: np.ndarray,
    wide_shift: np.ndarray,
    face: np.ndarray,
    face_shift: np.ndarray,
    drawn: np.ndarray,
    colour: np.ndarray,
    change: np.ndarray,
    decode: np.ndarray,
    encode: np.ndarray,
    room: np.ndarray,
    out: np.ndarray,
) -> None:
    """Draw the whole photo, moved.

    Parameters
    ----------
    photo
        ``uint8 [H W 3]``.
    wide, wide_shift, face, face_shift
        ``float32 [3]`` left, top and pixels of the photo a pixel, and ``float32 [S S 2]`` pixels of the photo, of the squares
        around all that moves and around the face.
    drawn, colour
        Of the face's square, as in `moved`.
    change
        ``float32 [S S 3]``: what is added to the face's square at last, in levels of 0 to 255.
    decode, encode, room
        As in `moved`.
    out
        ``uint8 [H W 4]``, written over.
    """
    high, broad = photo.shape[0], photo.shape[1]
    size, reach = f32(face_shift.shape[0]), f32(wide_shift.shape[0])
    for y in range(high):
        for x in range(broad):
            px, py = f32(x) + HALF, f32(y) + HALF
            wx, wy = (px - wide[0]) / wide[2], (py - wide[1]) / wide[2]
            out[y, x, 3] = 255
            if wx < ZERO or wy < ZERO or wx >= reach or wy >= reach:
                for k in range(3):
                    out[y, x, k] = photo[y, x, k]
                continue
            dx, dy = between(wide_shift[:, :, 0], wx, wy), between(wide_shift[:, :, 1], wx, wy)
            fx, fy = (px - face[0]) / face[2], (py - face[1]) / face[2]
            edge = min(fx, size - fx, fy, size - fy) / (FEATHER * size)
            near, share = min(max(edge, ZERO), ONE), ZERO
            if near > ZERO:
                dx += near * (between(face_shift[:, :, 0], fx, fy) - dx)
                dy += near * (between(face_shift[:, :, 1], fx, fy) - dy)
                share = near * between(drawn, fx, fy)
            if dx * dx + dy * dy < STILL * STILL:
                for k in range(3):
                    room[k] = f32(photo[y, x, k])
            else:
                sample(photo, px + dx, py + dy, room)
            for k in range(3):
                level = room[k]
                if share > ZERO:
                    light = decode[int(min(max(level, ZERO), f32(255.0)) + HALF)] * (ONE - share)
                    light += share * min(between(colour[:, :, k], fx, fy), ONE)
                    level = f32(encode[int(light * SCALE + HALF)])
                if near > ZERO:
                    level += near * between(change[:, :, k], fx, fy)
                out[y, x, k] = int(min(max(level, ZERO), f32(255.0)) + HALF)
