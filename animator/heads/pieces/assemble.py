"""Pieces bound to the base mesh in, one `Head` out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Int8, Int32

from animator.core.head import Head, Material, Part
from animator.errors import InputError


@dataclass(frozen=True, eq=False)
class Piece:
    """A mesh of one material that hangs on the base mesh: it moves as its anchors move.

    Parameters
    ----------
    name
        What it is: ``skin``, ``lashes``, ``hair`` …
    vertices
        ``float32 [v 3]`` metres, at rest, in the base mesh's space.
    uv
        ``float32 [v 2]``; (0, 0) is the top left of a texture.
    triangles
        ``int32 [f 3]`` into ``vertices``, counter-clockwise from outside.
    weld
        ``int32 [v]`` into ``vertices``: equal numbers are one point of the surface.
    anchor
        ``int32 [v]`` or ``int32 [v k]``: the base vertices whose displacement and follow weight each vertex takes.
    material
        How it takes light.
    share
        ``float32 [v k]``: how much each of k anchors counts, each row summing to 1; without it an anchor counts whole.
    """

    name: str
    vertices: Float32[np.ndarray, "v 3"]
    uv: Float32[np.ndarray, "v 2"]
    triangles: Int32[np.ndarray, "f 3"]
    weld: Int32[np.ndarray, " v"]
    anchor: Int32[np.ndarray, " v"] | Int32[np.ndarray, "v k"]
    material: Material
    share: Float32[np.ndarray, "v k"] | None = None

    def __post_init__(self) -> None:
        anchors = self.anchor if self.share is not None else self.anchor[:, None]
        if anchors.ndim != 2 or (self.share is not None and self.share.shape != anchors.shape):
            raise InputError(f"piece {self.name!r} needs one share an anchor: anchors are {self.anchor.shape}")

    def carried(self, field: Float32[np.ndarray, "B ..."]) -> Float32[np.ndarray, "v ..."]:
        """What each vertex takes of a quantity that is given on the base mesh's vertices."""
        if self.share is None:
            taken: np.ndarray = field[self.anchor]
            return taken
        mixed: np.ndarray = np.einsum("vk,vk...->v...", self.share, field[self.anchor])
        return mixed.astype(np.float32)


@dataclass(frozen=True, eq=False)
class Carrier:
    """What the base mesh carries for the pieces.

    Parameters
    ----------
    displacements
        Control name to ``float32 [B 3]`` metres at weight 1.
    follow
        ``float32 [B]``: how far a vertex follows the head's rotation.
    eye
        ``int8 [B]``: 1 on the left eyeball, 2 on the right, else 0.
    eye_centres
        ``float32 [2 3]`` metres, in the base mesh's space.
    origin
        ``float32 [3]`` metres, in the base mesh's space: where the head's own space begins.
    """

    displacements: Mapping[str, Float32[np.ndarray, "B 3"]]
    follow: Float32[np.ndarray, " B"]
    eye: Int8[np.ndarray, " B"]
    eye_centres: Float32[np.ndarray, "2 3"]
    origin: Float32[np.ndarray, " 3"]


def assemble(pieces: Sequence[Piece], carrier: Carrier, landmarks: Mapping[str, tuple[str, Float32[np.ndarray, " 3"]]]) -> Head:
    """Join pieces into a head, opaque ones first, so that what blends is drawn over them.

    Parameters
    ----------
    pieces
        In the order wanted; an empty one is left out.
    carrier
        What moves them.
    landmarks
        Landmark name to the piece it lies on and about where, metres in the base mesh's space: the nearest vertex is taken.

    Raises
    ------
    InputError
        A landmark lies on no piece.
    """
    ordered = sorted((p for p in pieces if len(p.triangles)), key=lambda piece: piece.material.blend)
    starts = np.cumsum([0, *(len(p.vertices) for p in ordered)])
    runs = np.cumsum([0, *(len(p.triangles) for p in ordered)])
    displacements = np.empty((len(carrier.displacements), int(starts[-1]), 3), dtype=np.float32)
    for row, field in zip(displacements, carrier.displacements.values(), strict=True):
        for piece, start in zip(ordered, starts, strict=False):
            row[start : start + len(piece.vertices)] = piece.carried(field)
    mains = [piece.anchor if piece.share is None else piece.anchor[:, 0] for piece in ordered]
    found = {}
    for landmark, (name, place) in landmarks.items():
        index = next((i for i, piece in enumerate(ordered) if piece.name == name), None)
        if index is None:
            raise InputError(f"landmark {landmark!r} lies on a piece {name!r}, which this head lacks")
        found[landmark] = int(starts[index] + np.linalg.norm(ordered[index].vertices - place, axis=1).argmin())
    return Head(
        vertices=np.concatenate([p.vertices for p in ordered]).astype(np.float32) - carrier.origin,
        uv=np.concatenate([p.uv for p in ordered]).astype(np.float32),
        weld=np.concatenate([p.weld + s for p, s in zip(ordered, starts, strict=False)]).astype(np.int32),
        triangles=np.concatenate([p.triangles + s for p, s in zip(ordered, starts, strict=False)]).astype(np.int32),
        parts=tuple(
            Part(piece.name, int(start), int(stop), piece.material)
            for piece, start, stop in zip(ordered, runs[:-1], runs[1:], strict=True)
        ),
        controls=tuple(carrier.displacements),
        displacements=displacements,
        follow=np.concatenate([p.carried(carrier.follow) for p in ordered]).clip(0, 1).astype(np.float32),
        eye=np.concatenate([carrier.eye[main] for main in mains]).astype(np.int8),
        eye_centres=(carrier.eye_centres - carrier.origin).astype(np.float32),
        landmarks=found,
    )
