"""Portraits as lossless files: plain arrays for ``numpy.load(allow_pickle=False)``, in a file that ends in ``.portrait``.

``schema`` (text, "animator.Portrait/1"), ``image`` (uint8 ``[N]``: the bytes of a PNG), ``landmarks`` (float32 ``[L, 2]``,
pixels), ``focal`` (float64, pixels), ``middle`` (float64 ``[2]``), ``rotation`` (float64 ``[3, 3]``), ``translation`` (float64
``[3]``), ``head`` (text: the person's shape "animator.Head/1", as ``--head`` takes it), ``names`` (text ``[C]``), ``row``
(float32 ``[C]``), ``error`` (float64 ``[2]``: in pixels, and as a share of the distance between the eyes' outer corners), and, if
it is known, ``matte`` (uint8 ``[N]``: the bytes of a grey PNG). The same portrait gives the same bytes.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import tomli_w
from jaxtyping import UInt8
from PIL import Image

from animator.core.portrait import Portrait, View
from animator.errors import FormatError, InputError
from animator.io.arrays import BROKEN, Arrays, check_names, one_text, read_arrays, told, upgraded, write_arrays
from animator.io.head import SCHEMA
from animator.io.toml import parse_toml

UPGRADES: tuple[Callable[[Arrays], Arrays], ...] = ()
"""The first takes the arrays of version 1 to version 2, and so on up to the version that is written."""

SUFFIX = ".portrait"
"""What the name of a portrait file ends in."""

_SHAPES = {
    "image": (np.uint8, (None,)),
    "landmarks": (np.float32, (None, 2)),
    "focal": (np.float64, ()),
    "middle": (np.float64, (2,)),
    "rotation": (np.float64, (3, 3)),
    "translation": (np.float64, (3,)),
    "row": (np.float32, (None,)),
    "error": (np.float64, (2,)),
}
_OPTIONAL = {"matte": (np.uint8, (None,))}


def check_portrait(path: Path) -> None:
    """Raise `InputError` unless a portrait can be written to a file of this name."""
    if path.suffix.lower() != SUFFIX:
        raise InputError(f"a portrait cannot be written as {path.name!r}; end it in {SUFFIX}, such as {path.stem}{SUFFIX}")


def write_portrait(portrait: Portrait, path: Path) -> None:
    """Write a portrait; nothing of the picture is lost, and nothing of the file that it came from but its pixels is kept."""
    view = portrait.view
    write_arrays(
        {
            "schema": np.array(f"animator.Portrait/{len(UPGRADES) + 1}"),
            "image": _png(portrait.image),
            "landmarks": portrait.landmarks,
            "focal": np.array(view.focal),
            "middle": view.middle,
            "rotation": view.rotation,
            "translation": view.translation,
            "head": np.array(tomli_w.dumps({"schema": SCHEMA, **portrait.head})),
            "names": np.array(portrait.names, dtype=np.str_),
            "row": portrait.row,
            "error": np.array([portrait.error, portrait.share]),
            **({} if portrait.matte is None else {"matte": _png(portrait.matte)}),
        },
        path,
    )


def read_portrait(path: Path) -> Portrait:
    """Read a portrait.

    Raises
    ------
    InputError
        There is no such file, or it cannot be opened.
    FormatError
        It is not a portrait file, or one of a newer version; the message names the file and the array.
    """
    where = repr(path.name)
    arrays = upgraded(read_arrays(path, "portrait"), "Portrait", UPGRADES, where)
    check_names(arrays, ("schema", "head", "names", *_SHAPES), where, tuple(_OPTIONAL))
    for name, (kind, shape) in (_SHAPES | _OPTIONAL).items():
        if name not in arrays:
            continue
        array = arrays[name]
        fits = array.ndim == len(shape) and all(n in (None, m) for n, m in zip(shape, array.shape, strict=True))
        if array.dtype != kind or not fits:
            wanted = f"{np.dtype(kind)} [{', '.join('N' if n is None else str(n) for n in shape)}]"
            raise FormatError(f"{where}, array {name!r}: {wanted} belongs here, not {told(array)}")
    if arrays["names"].ndim != 1 or arrays["names"].dtype.kind != "U":
        raise FormatError(f"{where}, array 'names': text [controls] belongs here, not {told(arrays['names'])}")
    try:
        return Portrait(
            image=_picture(arrays["image"], "image", (3,), where),
            landmarks=arrays["landmarks"],
            view=View(float(arrays["focal"]), arrays["middle"], arrays["rotation"], arrays["translation"]),
            head=parse_toml(one_text(arrays, "head", "Portrait", where), f"{where}, array 'head'", SCHEMA),
            names=tuple(map(str, arrays["names"])),
            row=arrays["row"],
            error=float(arrays["error"][0]),
            share=float(arrays["error"][1]),
            matte=_picture(arrays["matte"], "matte", (), where) if "matte" in arrays else None,
        )
    except FormatError:
        raise
    except InputError as error:
        raise FormatError(f"{where}: {error}") from None


def _png(pixels: UInt8[np.ndarray, "H W *C"]) -> UInt8[np.ndarray, " N"]:
    png = BytesIO()
    Image.fromarray(pixels).save(png, "PNG", compress_level=1)
    return np.frombuffer(png.getvalue(), dtype=np.uint8)


def _picture(png: UInt8[np.ndarray, " N"], name: str, shape: tuple[int, ...], where: str) -> UInt8[np.ndarray, "H W *C"]:
    """The pixels of an array that holds a PNG; ``shape`` is () of a grey one, (3,) of one in colour."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(png.tobytes()), formats=("PNG",)) as picture:
                pixels = np.array(picture)
    except (*BROKEN, Image.DecompressionBombWarning, Image.DecompressionBombError, SyntaxError) as error:
        raise FormatError(f"{where}, array {name!r}: not a PNG that can be read ({error})") from None
    if pixels.dtype != np.uint8 or pixels.shape[2:] != shape:
        wanted = "in colour without alpha" if shape else "in grey"
        raise FormatError(f"{where}, array {name!r}: a PNG {wanted} belongs here, not {told(pixels)}")
    return pixels
