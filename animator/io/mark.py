"""The mark that clips carry: which kind of media they are in IPTC's words, as an XMP packet where the container holds one.

ISO 16684-1 says what a packet is, XMP Specification Part 3 (Adobe, 2020) where MP4, QuickTime and PNG hold one, and IPTC's Photo
Metadata and Video Metadata Hub standards that ``Iptc4xmpExt:DigitalSourceType`` tells how media came to be. WebM has no place
for a packet; there a tag says the same.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from pathlib import Path

from animator.core.provenance import MAKER

_UUID = bytes.fromhex("BE7ACFCB97A942E89C71999491E3AFAC")
"""The kind of box in which MP4 holds XMP."""

_HEADER = 33
"""Bytes of a PNG up to the end of its header chunk."""


def marks(suffix: str, source: str) -> Mapping[str, str]:
    """The mark of a clip with this suffix as tags for ffmpeg, which lays ``xmp`` where QuickTime holds it; none where it cannot.

    ``source`` is a URI of `animator.core.provenance`.
    """
    return {".mov": {"xmp": _packet(source)}, ".webm": {"DIGITAL_SOURCE_TYPE": source}}.get(suffix, {})


def mark(path: Path, source: str) -> None:
    """Add the mark to a written clip where ffmpeg could not: to MP4, and to each picture of a folder."""
    if path.is_dir():
        for picture in path.glob("*.png"):
            _mark_png(picture, _packet(source).encode())
    elif path.suffix.lower() == ".mp4":
        _mark_mp4(path, _packet(source).encode())


def _packet(source: str) -> str:
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
        ' xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
        f' xmp:CreatorTool="{MAKER}" Iptc4xmpExt:DigitalSourceType="{source}"/>'
        '</rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
    )


def _mark_mp4(path: Path, packet: bytes) -> None:
    """A box at the end of the file, which players pass over."""
    body = _UUID + packet
    with path.open("ab") as file:
        file.write(struct.pack(">I4s", 8 + len(body), b"uuid") + body)


def _mark_png(path: Path, packet: bytes) -> None:
    """A chunk before the pixels, where every reader sees it."""
    body = b"iTXt" + b"XML:com.adobe.xmp" + bytes(5) + packet
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    data = path.read_bytes()
    path.write_bytes(data[:_HEADER] + chunk + data[_HEADER:])
