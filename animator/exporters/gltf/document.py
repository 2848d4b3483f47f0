"""`Document`: a glTF 2.0 file in the making, one buffer and the JSON that says what lies where."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from animator.core.provenance import provenance
from animator.core.take import Take

BYTE, SHORT, INT, FLOAT = 5121, 5123, 5125, 5126
"""Component types: unsigned of 8, 16 and 32 bits, and float of 32 (OpenGL's numbers)."""

VERTICES, INDICES = 34962, 34963
"""What a buffer view is for; others, such as an animation's, say nothing."""

_CODES = {"uint8": BYTE, "uint16": SHORT, "uint32": INT, "float32": FLOAT}
_SHAPES = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4"}

_MAGIC, _JSON, _BIN = 0x46546C67, 0x4E4F534A, 0x004E4942

NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
}


class Document:
    """Lists of the JSON, which grow by `add`, and bytes, which grow by `view`; what adds returns the index of what it added."""

    def __init__(self) -> None:
        self._lists: dict[str, list[dict[str, Any]]] = {}
        self._extensions: dict[str, Any] = {}
        self._used: set[str] = set()
        self._bytes = bytearray()

    def add(self, kind: str, **content: Any) -> int:
        """An entry of the list ``kind`` (``nodes``, ``meshes`` …)."""
        entries = self._lists.setdefault(kind, [])
        entries.append(content)
        return len(entries) - 1

    def entry(self, kind: str, index: int) -> dict[str, Any]:
        """What was added."""
        return self._lists[kind][index]

    def uses(self, extension: str, **content: Any) -> None:
        """Name an extension that is used, with its content at the root, if it has any."""
        self._used.add(extension)
        if content:
            self._extensions[extension] = content

    def view(self, data: bytes, target: int | None = None) -> int:
        """A buffer view of these bytes, aligned to four."""
        self._bytes += bytes(-len(self._bytes) % 4)
        place = {"buffer": 0, "byteOffset": len(self._bytes), "byteLength": len(data)}
        self._bytes += data
        return self.add("bufferViews", **place, **({"target": target} if target else {}))

    def accessor(self, array: np.ndarray, target: int | None = None, bounds: bool = False) -> int:
        """An array ``[M]`` or ``[M k]`` of uint8, uint16, uint32 or float32; with ``bounds``, its extremes are told."""
        content = _described(array, bounds)
        return self.add("accessors", bufferView=self.view(array.tobytes(), target), **content)

    def sparse(self, array: np.ndarray, bounds: bool = False) -> int:
        """A float32 array ``[M k]`` that is mostly zero: only rows that are not are stored."""
        content = _described(array, bounds)
        rows = np.flatnonzero(array.any(axis=1))
        if not len(rows):
            return self.add("accessors", **content)
        short = len(array) <= np.iinfo(np.uint16).max
        indices = self.view(rows.astype(np.uint16 if short else np.uint32).tobytes())
        places = {"bufferView": indices, "componentType": SHORT if short else INT}
        content["sparse"] = {"count": len(rows), "indices": places, "values": {"bufferView": self.view(array[rows].tobytes())}}
        return self.add("accessors", **content)

    def write(self, path: Path, take: Take, roots: Sequence[int]) -> None:
        """Write all of it as a GLB whose scene has these root nodes, with where it comes from."""
        scene = self.add("scenes", nodes=list(roots))
        content: dict[str, Any] = {
            "asset": {"version": "2.0", "generator": "animator", **self._origin(take)},
            "scene": scene,
            **self._lists,
            "buffers": [{"byteLength": len(self._bytes)}],
        }
        if self._used:
            content["extensionsUsed"] = sorted(self._used)
        if self._extensions:
            content["extensions"] = self._extensions
        text = json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
        chunks = b"".join(
            struct.pack("<II", len(data) + -len(data) % 4, kind) + data + pad * (-len(data) % 4)
            for kind, data, pad in ((_JSON, text, b" "), (_BIN, bytes(self._bytes), b"\0"))
        )
        path.write_bytes(struct.pack("<III", _MAGIC, 2, 12 + len(chunks)) + chunks)

    def _origin(self, take: Take) -> dict[str, Any]:
        """What the asset says of its making: an XMP packet, and the recipe."""
        told = provenance(take)
        if not told:
            return {}
        packet: dict[str, Any] = {
            "@context": NAMESPACES,
            "@id": "",
            "xmp:CreatorTool": told["software"],
            "Iptc4xmpExt:DigitalSourceType": {"@id": told["digitalSourceType"]},
        }
        if take.sound:
            packet["dc:source"] = take.sound
        self.uses("KHR_xmp_json_ld", packets=[packet])
        return {"extensions": {"KHR_xmp_json_ld": {"packet": 0}}, "extras": {"recipe": told["recipe"]}}


def _described(array: np.ndarray, bounds: bool) -> dict[str, Any]:
    table = array.reshape(len(array), -1)
    content: dict[str, Any] = {
        "componentType": _CODES[str(array.dtype)],
        "count": len(array),
        "type": _SHAPES[table.shape[1]],
    }
    if bounds:
        content |= {"min": table.min(axis=0).tolist(), "max": table.max(axis=0).tolist()}
    return content


def extras(**told: Any) -> Mapping[str, Any]:
    """What a glTF entry says beside the standard, without what is empty."""
    return {"extras": {key: value for key, value in told.items() if value not in ("", None)}}
