"""One sitter, made ready to be moved; and one frame of it from a row of controls to a `Look`."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float32, UInt8
from scipy.ndimage import binary_dilation, binary_erosion

from animator.core.portrait import View
from animator.core.sitter import INSIDE, SKIN, UNUSED, Sitter
from animator.geometry.normals import smooth_normals
from animator.geometry.pose import Poser
from animator.raster.cover import TILE, Trace, cover, room
from animator.raster.mesh import Mesh, mesh
from animator.reenactors.moved.around import fading, filled, stretched
from animator.reenactors.moved.behind import NOTHING, Behind, behind
from animator.reenactors.moved.frame import FACE, WIDE, Square, around
from animator.reenactors.moved.inside import Inside, brightness
from animator.reenactors.moved.picture import DECODE, ENCODE, moved, pasted
from animator.reenactors.moved.surface import Field, Source, field, photographed, surface

BESIDE = 128
"""Pixels a side of the square of all that moves."""

BEHIND = 512
"""Pixels a side of the same square when the person is told from the background in it."""

LOOSE = 0.02
"""How far a fitted neck or ear may reach beyond the photo's, as a share of that square's side."""

BACK = 0.005
"""What is inside the mouth counts as so much farther away than it is, as a share: lips fitted too thin still cover it."""

RIM = 0.008
"""How far around an open mouth of the photo its teeth may still show in its lips' pixels, as a share of the square's side."""

MARGIN = 0.25
"""How far beyond the face's square its pixels may come from, as a share of its side."""


@dataclass(frozen=True, eq=False)
class Move:
    """What an expression does to a photo.

    Parameters
    ----------
    inside
        ``float32 [S S]`` in [0, 1]: share of a pixel that is drawn: the mouth's inside, an eye that the photo hides.
    seen
        ``float32 [S S]`` in [0, 1]: share that the photo shows.
    normals
        ``float32 [S S 3]``: right, up, backward in the camera's space; zeros beside the head.
    shift
        ``float32 [S S 2]``: from each pixel to where the photo has it, pixels of the photo.
    beside
        ``float32 [B B 2]``: the same of the square of all that moves.
    colour
        ``float32 [S S 3]``: linear light of what is drawn.
    """

    inside: Float32[np.ndarray, "S S"]
    seen: Float32[np.ndarray, "S S"]
    normals: Float32[np.ndarray, "S S 3"]
    shift: Float32[np.ndarray, "S S 2"]
    beside: Float32[np.ndarray, "B B 2"]
    colour: Float32[np.ndarray, "S S 3"]


@dataclass(frozen=True, eq=False)
class Look(Move):
    """The same, and the face as it looks then.

    Parameters
    ----------
    warped
        ``uint8 [S S 3]``: the square around the face, moved, with what the photo lacks drawn in.
    """

    warped: UInt8[np.ndarray, "S S 3"]


class _Canvas:
    """Where a square is rasterised."""

    def __init__(self, size: int) -> None:
        self.depth = np.zeros((size, size, 4), dtype=np.float32)
        self.owner = np.full((size, size, 4), -1, dtype=np.int32)
        self.tiles = np.zeros((-(-size // TILE), -(-size // TILE)), dtype=np.float32)
        self.traced: Trace = room(size * size)


class Body:
    """What of a person is the same in all pictures."""

    def __init__(self, sitter: Sitter) -> None:
        head, kinds = sitter.head, sitter.kinds
        self.poser = Poser(head, sitter.portrait.names)
        self.mesh: Mesh = mesh(head)
        self.shown = np.flatnonzero(kinds != UNUSED).astype(np.int32)
        self.skin = np.flatnonzero(kinds == SKIN).astype(np.int32)
        self.within = np.unique(head.triangles[kinds == INSIDE])
        self.sides = (head.eye[head.triangles[:, 0]] == 2).astype(np.int8)
        self.inside = Inside(head, kinds)


class Mover:
    """One picture, made ready: what no expression changes is worked out here, once.

    Parameters
    ----------
    sitter
        Whose photo is moved.
    size
        ``S``: pixels a side of the square around the face.
    like
        The mover of another picture of the same person, in the same light.
    """

    def __init__(self, sitter: Sitter, size: int = 256, like: Mover | None = None) -> None:
        portrait, head = sitter.portrait, sitter.head
        self._sitter, self._head, self._view = sitter, head, portrait.view
        self._body: Body = like._body if like else Body(sitter)
        self.face: Square = around(portrait.landmarks, FACE, size)
        self.wide: Square = around(portrait.landmarks, WIDE, BESIDE)
        self.reference: UInt8[np.ndarray, "S S 3"] = self.face.cut(portrait.image)
        self._margin = round(MARGIN * size)
        self._broad = self.face.wider(MARGIN).cut(portrait.image)
        self._places = _photo(self._body.poser(portrait.row), self._view)
        self._places[:, :2] += sitter.shared + sitter.own
        self._sources = {square: self._source(square) for square in (self.face, self.wide)}
        head_there = self._sources[self.wide].kind != UNUSED
        self._fading = fading(head_there)[..., None]
        self._behind = NOTHING if portrait.matte is None else self._told_apart(portrait.matte, head_there)
        self._light: Float32[np.ndarray, " 3"] = (
            like._light if like else brightness(self.reference, self._sources[self.face].kind)
        )

    def move(self, row: Float32[np.ndarray, " C"]) -> Move:
        """What an expression does, a row of the portrait's controls; head angles turn the face from its place in the photo."""
        vertices = self._body.poser(row.astype(np.float32))
        screen = _photo(vertices, self._view)
        screen[:, :2] += self._sitter.shared
        screen[self._body.within, 2] *= np.float32(1 - BACK)
        turned = self._view.rotation.astype(np.float32)
        normals = smooth_normals(vertices, self._head.triangles, self._head.weld) @ turned.T
        light = self._body.inside(vertices @ turned.T, normals, self._light)
        near = self._field(self.face, self._body.shown, screen, normals, light)
        far = self._field(self.wide, self._body.skin, screen, normals, light)
        beside = filled(far.shift, far.moved) * self._fading
        share = near.moved[..., None]
        shift = near.shift * share + self._spread(beside) * (1 - share)
        return Move(near.drawn, near.seen, near.normals, shift, beside, near.colour)

    def look(self, row: Float32[np.ndarray, " C"], within: tuple[slice, slice] = (slice(None), slice(None))) -> Look:
        """The face in an expression, for those who look at it by itself; beside what is ``within`` rows and columns, as in the
        photo.
        """
        move, warped = self.move(row), self.reference.copy()
        inward = move.shift[within] / np.float32(self.face.step)
        part = np.empty((*inward.shape[:2], 3), dtype=np.uint8)
        corner = self._margin + np.array([each.start or 0 for each in within[::-1]], dtype=np.float32)
        inside, colour = (np.ascontiguousarray(each[within]) for each in (move.inside, move.colour))
        moved(self._broad, corner, inward, inside, colour, DECODE, ENCODE, np.zeros(3, dtype=np.float32), part)
        warped[within] = part
        return Look(**vars(move), warped=warped)

    def paste(self, move: Move, change: Float32[np.ndarray, "S S 3"] | None = None) -> UInt8[np.ndarray, "H W 4"]:
        """The whole photo, moved; ``change`` is added to the square around the face at last, in levels of 0 to 255."""
        photo = self._sitter.portrait.image
        out = np.empty((*photo.shape[:2], 4), dtype=np.uint8)
        pasted(
            photo, _corner(self.wide), move.beside, self._behind,
            _corner(self.face), move.shift, move.inside[..., None], move.colour,
            np.empty((0, 0, 3), dtype=np.float32) if change is None else change, DECODE, ENCODE,
            np.zeros(3, dtype=np.float32), out,
        )  # fmt: skip
        return out

    def _source(self, square: Square) -> Source:
        """What the photo has in a square."""
        size, canvas = square.size, _Canvas(square.size)
        cover(
            square.screen(self._places),
            self._body.mesh,
            self._body.shown,
            canvas.tiles,
            canvas.traced,
            canvas.depth,
            canvas.owner,
        )
        kind, near = np.zeros((size, size), dtype=np.int8), np.zeros((size, size), dtype=np.float32)
        photographed(canvas.owner, canvas.depth, self._sitter.kinds, kind, near)
        kind[(kind == SKIN) & binary_dilation(kind == INSIDE, iterations=max(1, round(RIM * size)))] = INSIDE
        marks = self._head.landmarks
        lips = (self._places[marks["upper_lip"]] + self._places[marks["lower_lip"]]) / 2
        centres = np.stack([self._places[marks["eye_left"]], self._places[marks["eye_right"]], lips])
        return Source(kind, near, np.ascontiguousarray(square.screen(centres.astype(np.float32))[:, :2]))

    def _field(self, square: Square, order: np.ndarray, screen: np.ndarray, normals: np.ndarray, light: np.ndarray) -> Field:
        canvas, out, within = _Canvas(square.size), field(square.size), square.screen(screen)
        cover(within, self._body.mesh, order, canvas.tiles, canvas.traced, canvas.depth, canvas.owner)
        surface(
            within, self._body.mesh.triangles, self._sitter.kinds, self._body.sides, self._places, normals, light,
            _corner(square), self._sources[square], canvas.owner, canvas.depth, out,
        )  # fmt: skip
        return out

    def _told_apart(self, matte: UInt8[np.ndarray, "H W"], head: Bool[np.ndarray, "B B"]) -> Behind:
        """The person is what a matte shows, and what of the head's place is surely the person's whatever colours say."""
        fine, finer = replace(self.wide, size=BEHIND), BEHIND // BESIDE
        shown = fine.cut(np.repeat(matte[..., None], 3, axis=2))[..., 0] > 127
        sure = binary_erosion(head.repeat(finer, axis=0).repeat(finer, axis=1), iterations=round(LOOSE * BEHIND))
        return behind(fine, self._sitter.portrait.image, shown | sure)

    def _spread(self, beside: Float32[np.ndarray, "B B 2"]) -> Float32[np.ndarray, "S S 2"]:
        """The wide square's shifts at the pixels of the face's."""
        face, wide = self.face, self.wide
        left, top, side = (face.left - wide.left) / wide.step, (face.top - wide.top) / wide.step, face.side / wide.step
        return stretched(beside, face.size, (left, top, left + side, top + side))


def _photo(vertices: Float32[np.ndarray, "V 3"], view: View) -> Float32[np.ndarray, "V 3"]:
    """Where vertices fall in the photo, pixels, and their 1 / depth."""
    seen = vertices @ view.rotation.T.astype(np.float32) + view.translation.astype(np.float32)
    nearness = -1 / seen[:, 2]
    flat = np.stack([seen[:, 0], -seen[:, 1]], axis=1) * nearness[:, None] * np.float32(view.focal)
    return np.column_stack([flat + view.middle.astype(np.float32), nearness]).astype(np.float32)


def _corner(square: Square) -> Float32[np.ndarray, " 3"]:
    return np.array([square.left, square.top, square.step], dtype=np.float32)
