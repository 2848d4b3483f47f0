"""Pixels from pixels: a photo read at other places, and what is drawn laid over it."""

from __future__ import annotations

import numpy as np

from animator.core.colour import linear, srgb
from animator.geometry.kernel import inner, kernel
from animator.reenactors.moved.behind import Behind

f32 = np.float32
ZERO, ONE, HALF = f32(0.0), f32(1.0), f32(0.5)

STILL = f32(0.01)
"""A pixel that comes from less far than this share of a pixel away is the photo's own, untouched."""

FEATHER = f32(0.06)
"""How far within the edge of the face's square it takes over from what is around it, as a share of its side."""

GUESSED = f32(4.0)
"""What is behind a pixel is guessed to so many times the person's share of it."""

DECODE = linear(np.arange(256, dtype=np.float32) / 255)
_STEPS = 16384
ENCODE = np.round(srgb(np.arange(_STEPS, dtype=np.float32) / (_STEPS - 1)) * 255).astype(np.uint8)
SCALE = f32(_STEPS - 1)


@inner
def cell(x: np.float32, size: int) -> tuple[int, np.float32]:
    """The pixel before ``x`` in a row of so many and how far beyond its middle that is; beyond the last, the edge goes on."""
    place = min(max(x - HALF, ZERO), f32(size - 1))
    before = min(int(place), size - 2)
    return before, place - f32(before)


@inner
def between(plane: np.ndarray, row: int, column: int, down: np.float32, across: np.float32, k: int) -> np.float32:
    """Channel ``k`` of ``float32 [S S K]`` so far down and across from a pixel's middle to the next."""
    above = plane[row, column, k] + across * (plane[row, column + 1, k] - plane[row, column, k])
    below = plane[row + 1, column, k] + across * (plane[row + 1, column + 1, k] - plane[row + 1, column, k])
    level: np.float32 = above + down * (below - above)
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
    xs, ys = cubic(px - f32(column)), cubic(py - f32(row))
    red, green, blue = ZERO, ZERO, ZERO
    inner_columns = 1 <= column < wide - 2
    for j in range(4):
        line = min(max(row + j - 1, 0), high - 1)
        r, g, b = ZERO, ZERO, ZERO
        if inner_columns:
            for i in range(4):
                r += xs[i] * f32(photo[line, column + i - 1, 0])
                g += xs[i] * f32(photo[line, column + i - 1, 1])
                b += xs[i] * f32(photo[line, column + i - 1, 2])
        else:
            for i in range(4):
                place = min(max(column + i - 1, 0), wide - 1)
                r += xs[i] * f32(photo[line, place, 0])
                g += xs[i] * f32(photo[line, place, 1])
                b += xs[i] * f32(photo[line, place, 2])
        red, green, blue = red + ys[j] * r, green + ys[j] * g, blue + ys[j] * b
    out[0], out[1], out[2] = red, green, blue


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


@inner
def before(
    photo: np.ndarray,
    behind: Behind,
    y: int,
    x: int,
    bx: np.float32,
    by: np.float32,
    dx: np.float32,
    dy: np.float32,
    finer: np.float32,
    out: np.ndarray,
) -> None:
    """Write what pixel (x, y) of a photo shows to ``out float32 [3]`` when the person comes from (dx, dy) pixels away.

    (bx, by) is its place in the square in which person and background are told apart, ``finer`` that square's pixels to one of
    the photo. Where nobody comes, the background stays; where somebody does, so much of the background as shone through there
    does now shine through here.
    """
    size = behind.person.shape[0]
    column, across = cell(bx + dx * finer, size)
    row, down = cell(by + dy * finer, size)
    through = ONE - between(behind.person, row, column, down, across, 0)
    if through < ONE:
        sample(photo, f32(x) + HALF + dx, f32(y) + HALF + dy, out)
    if through > ZERO:
        here_column, here_across = cell(bx, size)
        here_row, here_down = cell(by, size)
        hidden_here = min(between(behind.person, here_row, here_column, here_down, here_across, 0) * GUESSED, ONE)
        hidden_there = min((ONE - through) * GUESSED, ONE)
        for k in range(3):
            here, there = f32(photo[y, x, k]), out[k] if through < ONE else ZERO
            if hidden_here > ZERO:
                here += hidden_here * (between(behind.picture, here_row, here_column, here_down, here_across, k) - here)
            if hidden_there > ZERO:
                there += hidden_there * (between(behind.picture, row, column, down, across, k) - there)
            out[k] = here if through >= ONE else out[k] + through * (here - there)


@kernel
def pasted(
    photo: np.ndarray,
    wide: np.ndarray,
    wide_shift: np.ndarray,
    behind: Behind,
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
    behind
        What is behind the person, in a square as wide; of no pixels where all moves.
    drawn, colour
        Of the face's square, as in `moved`, but ``drawn`` is ``[S S 1]``.
    change
        ``float32 [S S 3]``: what is added to the face's square at last, in levels of 0 to 255; of no pixels where nothing is.
    decode, encode, room
        As in `moved`.
    out
        ``uint8 [H W 4]``, written over.
    """
    high, broad = photo.shape[0], photo.shape[1]
    size, reach = face_shift.shape[0], wide_shift.shape[0]
    changed, told_apart = change.shape[0] > 0, behind.person.shape[0] > 0
    finer = f32(behind.person.shape[0]) / f32(reach)
    for y in range(high):
        py = f32(y) + HALF
        wy, fy = (py - wide[1]) / wide[2], (py - face[1]) / face[2]
        wide_row, wide_down = cell(wy, reach)
        row, down = cell(fy, size)
        for x in range(broad):
            px = f32(x) + HALF
            wx, fx = (px - wide[0]) / wide[2], (px - face[0]) / face[2]
            out[y, x, 3] = 255
            dx, dy, share = ZERO, ZERO, ZERO
            near = min(max(min(fx, f32(size) - fx, fy, f32(size) - fy) / (FEATHER * f32(size)), ZERO), ONE)
            if near < ONE and wx >= ZERO and wy >= ZERO and wx < f32(reach) and wy < f32(reach):
                wide_column, wide_across = cell(wx, reach)
                dx = between(wide_shift, wide_row, wide_column, wide_down, wide_across, 0)
                dy = between(wide_shift, wide_row, wide_column, wide_down, wide_across, 1)
            column, across = cell(fx, size)
            if near > ZERO:
                dx += near * (between(face_shift, row, column, down, across, 0) - dx)
                dy += near * (between(face_shift, row, column, down, across, 1) - dy)
                share = near * between(drawn, row, column, down, across, 0)
            if dx * dx + dy * dy < STILL * STILL:
                for k in range(3):
                    room[k] = f32(photo[y, x, k])
            elif told_apart:
                before(photo, behind, y, x, wx * finer, wy * finer, dx, dy, finer / wide[2], room)
            else:
                sample(photo, px + dx, py + dy, room)
            for k in range(3):
                level = min(max(room[k], ZERO), f32(255.0))
                if share > ZERO:
                    light = decode[int(level + HALF)] * (ONE - share)
                    light += share * min(between(colour, row, column, down, across, k), ONE)
                    level = f32(encode[int(light * SCALE + HALF)])
                if changed and near > ZERO:
                    level = min(max(level + near * between(change, row, column, down, across, k), ZERO), f32(255.0))
                out[y, x, k] = int(level + HALF)
