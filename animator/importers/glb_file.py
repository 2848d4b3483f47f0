"""`GlbFile`: glTF 2.0 in one binary file, as far as numbers are read from it."""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np
from jaxtyping import Float64

MAGIC = b"glTF"

LONGEST = 24 * 3600.0
"""Seconds of the longest animation that is read."""

_JSON, _BIN = 0x4E4F534A, 0x004E4942
_KINDS = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}
_MOST = 2**26  # numbers of an accessor that is told to be zeros, which take no room in the file


class GlbFile:
    """The two chunks of a GLB, and what its accessors hold.

    It raises whatever reading broken data raises (`KeyError`, `ValueError`, `struct.error` …): the caller knows the name.
    """

    def __init__(self, data: bytes) -> None:
        magic, version, length = struct.unpack_from("<4sII", data)
        if magic != MAGIC or version != 2 or length > len(data):
            raise ValueError("its header says so")
        chunks, at = {}, 12
        while at < length:
            size, kind = struct.unpack_from("<II", data, at)
            chunks[kind] = data[at + 8 : at + 8 + size]
            at += 8 + size
        self.content: dict[str, Any] = json.loads(chunks[_JSON])
        self._bytes = chunks.get(_BIN, b"")

    def numbers(self, index: int) -> Float64[np.ndarray, "M n"]:
        """What an accessor holds; normalised integers as the fractions they stand for."""
        accessor = self.content["accessors"][index]
        count, width, kind = accessor["count"], _WIDTHS[accessor["type"]], np.dtype(_KINDS[accessor["componentType"]])
        if "bufferView" in accessor:
            values = self._array(accessor, kind, count * width).astype(np.float64)
        elif 0 <= count * width <= _MOST:
            values = np.zeros(count * width)
        else:
            raise ValueError(f"accessor {index} has {count} elements")
        if "sparse" in accessor:
            sparse = accessor["sparse"]
            rows = self._array(sparse["indices"], np.dtype(_KINDS[sparse["indices"]["componentType"]]), sparse["count"])
            values.reshape(-1, width)[rows] = self._array(sparse["values"], kind, sparse["count"] * width).reshape(-1, width)
        if accessor.get("normalized"):
            values = np.maximum(values / np.iinfo(kind).max, -1.0)
        return values.reshape(-1, width)

    def _array(self, place: dict[str, Any], kind: np.dtype[Any], count: int) -> np.ndarray:
        view = self.content["bufferViews"][place["bufferView"]]
        if view["buffer"] != 0 or "uri" in self.content["buffers"][0]:
            raise ValueError("a buffer lies outside of it")
        start, inside = view.get("byteOffset", 0), place.get("byteOffset", 0)
        return np.frombuffer(self._bytes[start : start + view["byteLength"]], kind, count, inside)
