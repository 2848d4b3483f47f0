"""A look of the user's own: hair, eyes, teeth, brows, lashes and skins from a folder of MakeHuman assets.

The folder is laid out as MakeHuman's data converted for three.js: ``proxies/<kind>/<name>/<name>.json`` (JSON model format 3)
with textures beside it, and ``skins/<name>/textures/*diffuse*.png``. Each vertex of a proxy hangs on three vertices of the base
mesh, so a proxy follows every shape and every unit by itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float32, Int32, UInt8
from PIL import Image, UnidentifiedImageError

from animator.core.head import Material
from animator.errors import FormatError, InputError
from animator.heads.pieces.assemble import Piece
from animator.heads.shape.basemesh import METRES

SURFACES: Mapping[str, tuple[int, int, int]] = {
    "eyebrows": (150, 40, 0), "eyelashes": (150, 40, 0), "eyes": (40, 140, 60), "hair": (110, 90, 0), "skin": (120, 100, 160),
    "teeth": (50, 150, 80), "tongue": (90, 140, 160),
}  # fmt: skip
"""Roughness, specular strength and subsurface of each kind (0 to 255), which the assets do not tell."""

NEAREST_COLOUR: Mapping[str, str] = {"hazel": "brownlight", "dark": "brown"}
"""Colours of ours that MakeHuman's textures call otherwise."""

_QUAD, _MATERIAL, _FACE_UV, _UV, _FACE_NORMAL, _NORMAL, _FACE_COLOUR, _COLOUR = (1 << bit for bit in (0, 1, 2, 3, 4, 5, 6, 7))


def find_look(folder: Path) -> Path:
    """Where the assets lie in a folder that a user named: there, or in its ``public/data`` or ``data``.

    Raises
    ------
    InputError
        There is no such folder, or it holds neither ``proxies`` nor ``skins``.
    """
    for place in (folder, folder / "public" / "data", folder / "data"):
        if (place / "proxies").is_dir() or (place / "skins").is_dir():
            return place
    found = "holds neither 'proxies' nor 'skins'" if folder.is_dir() else "does not exist"
    raise InputError(f"the look {str(folder)!r} {found}; give a folder of MakeHuman assets that has them")


def choose(look: Path, kind: str, wanted: str) -> Path | None:
    """The asset of a kind whose name begins with ``wanted``, whatever its case; the first by name where ``wanted`` is empty.

    ``None`` where the look has none.
    """
    found = (path for path in (look / "proxies" / kind).glob("*/*.json") if path.stem == path.parent.name)
    assets = sorted(found, key=lambda path: path.stem.casefold())
    return next((path for path in assets if path.stem.casefold().startswith(wanted.casefold())), None)


def choose_skin(look: Path, age: float, gender: float, ancestry: Mapping[str, float]) -> Path | None:
    """The skin whose folder's name fits a person best (``young_asian_female``); ``None`` where the look has none."""
    years = "young" if age < 40 else "middleage" if age < 62 else "old"
    words = {years: 2, max(ancestry, key=lambda name: ancestry[name]): 4}
    sex = "_male" if gender >= 0.5 else "_female"

    def fit(path: Path) -> tuple[int, str]:
        name = path.parent.parent.name
        return -(sum(score for word, score in words.items() if word in name) + 3 * (sex in name)), str(path)

    return min((look / "skins").glob("*/textures/*diffuse*.png"), key=fit, default=None)


def skin_material(path: Path) -> Material:
    """A skin's picture as a material."""
    return _material(_picture(path), "skin", blend=False)


def read_proxy(path: Path, vertices: Float32[np.ndarray, "B 3"], colour: str = "") -> list[Piece]:
    """A proxy over a shaped base mesh: one opaque piece, one that blends, or both, as its texture's alpha asks.

    Parameters
    ----------
    path
        ``proxies/<kind>/<name>/<name>.json``.
    vertices
        ``float32 [B 3]`` metres: the base mesh's vertices after identity.
    colour
        Of several textures, the one whose name begins with this colour of the eyes; else the first.

    Raises
    ------
    FormatError
        The file is not such a model, or its texture is missing or no picture.
    """
    kind = path.parent.parent.name
    table = _table(path)
    try:
        anchor = np.array(table["ref_vIdxs"], dtype=np.int32).reshape(-1, 3)
        share = np.array(table["weights"], dtype=np.float32).reshape(-1, 3)
        offset = np.array(table["offsets"], dtype=np.float32).reshape(-1, 3) * np.float32(METRES)
        places = np.array(table["uvs"][0], dtype=np.float32).reshape(-1, 2)
        corners = _corners(np.array(table["faces"], dtype=np.int64))
        pictures = [path.parent / material["mapDiffuse"] for material in table["materials"]]
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise FormatError(f"{path} is not a MakeHuman proxy in three.js' JSON format 3: {error!r}") from error
    counts = (len(anchor), len(share), len(offset))
    if len(set(counts)) != 1 or not pictures or anchor.min() < 0 or anchor.max() >= len(vertices):
        raise FormatError(f"{path} does not hang on MakeHuman's base mesh: {counts} anchors, weights and offsets")
    if corners[..., 0].max() >= len(anchor) or corners[..., 1].max() >= len(places):
        raise FormatError(f"{path} has faces that name vertices or texture places it lacks")
    near = NEAREST_COLOUR.get(colour, colour)
    picture = _picture(next((p for p in pictures if p.name.startswith(near)), pictures[0]))
    places = np.stack([places[:, 0], 1 - places[:, 1]], axis=1)
    at = np.einsum("vk,vkd->vd", share, vertices[anchor]) + offset
    clear = (
        _clear(picture, places[corners[..., 1]]) if kind in ("eyes", "teeth", "tongue") else np.ones(len(corners), dtype=np.bool_)
    )
    pieces = []
    for blend, chosen in ((False, corners[~clear]), (True, corners[clear])):
        if len(chosen):
            pairs, index = np.unique(chosen.reshape(-1, 2), axis=0, return_inverse=True)
            first, inverse = np.unique(pairs[:, 0], return_index=True, return_inverse=True)[1:]
            rows = pairs[:, 0]
            pieces.append(
                Piece(
                    f"{kind}_clear" if blend and kind in ("eyes", "teeth", "tongue") else kind,
                    at[rows].astype(np.float32),
                    places[pairs[:, 1]],
                    index.reshape(-1, 3).astype(np.int32),
                    first[inverse].astype(np.int32),
                    anchor[rows],
                    _material(picture, kind, blend),
                    share[rows],
                )
            )
    return pieces


def _table(path: Path) -> Mapping[str, Any]:
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise FormatError(f"{path} is not JSON: {error}") from error
    if not isinstance(table, dict):
        raise FormatError(f"{path} is not a MakeHuman proxy, but a JSON {type(table).__name__}")
    return table


def _corners(stream: np.ndarray) -> Int32[np.ndarray, "f 3 2"]:
    """Vertex and texture place of each triangle's corners, from three.js' stream of faces, each led by a mask of its fields."""
    found = []
    at = 0
    while at < len(stream):
        mask = int(stream[at])
        count = 4 if mask & _QUAD else 3
        points = stream[at + 1 : at + 1 + count]
        at += 1 + count + (1 if mask & _MATERIAL else 0) + (1 if mask & _FACE_UV else 0)
        if not mask & _UV:
            raise ValueError("a face without texture places")
        places = stream[at : at + count]
        at += count + (1 if mask & _FACE_NORMAL else 0) + (count if mask & _NORMAL else 0)
        at += (1 if mask & _FACE_COLOUR else 0) + (count if mask & _COLOUR else 0)
        face = np.stack([points, places], axis=1)
        found += [face[[0, 1, 2]], face[[0, 2, 3]]] if count == 4 else [face]
    return np.array(found, dtype=np.int32).reshape(-1, 3, 2)


def _clear(picture: UInt8[np.ndarray, "H W 4"], places: Float32[np.ndarray, "f 3 2"]) -> np.ndarray:
    """Which faces lie on texture that is more clear than opaque, at their middle."""
    height, width = picture.shape[:2]
    middle = places.mean(axis=1) % 1.0
    clear: np.ndarray = picture[(middle[:, 1] * height).astype(np.int64), (middle[:, 0] * width).astype(np.int64), 3] < 128
    return clear


def _picture(path: Path) -> UInt8[np.ndarray, "H W 4"]:
    try:
        with Image.open(path) as picture:
            return np.array(picture.convert("RGBA"))
    except (OSError, UnidentifiedImageError) as error:
        raise FormatError(f"the texture {path} cannot be read: {error}") from error


def _material(picture: UInt8[np.ndarray, "H W 4"], kind: str, blend: bool) -> Material:
    surface = np.array([[SURFACES[kind]]], dtype=np.uint8)
    if not blend:
        picture = np.concatenate([picture[..., :3], np.full_like(picture[..., 3:], 255)], axis=2)
    return Material(picture, surface, blend=blend, two_sided=blend)
