"""What a clip holds, as ffmpeg reads it: streams, exact lengths, and the pictures themselves."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from jaxtyping import UInt8

from animator.errors import FormatError, InputError
from animator.io.ffmpeg import program


@dataclass(frozen=True)
class Stream:
    """One stream of a clip.

    ``kind`` is ``video`` or ``audio``; ``seconds`` runs from the start of the clip to the end of the stream's last packet,
    exactly; ``packets`` counts them (of video, the pictures). Video has ``size`` (width and height), ``layout`` (of its pixels,
    in ffmpeg's words) and ``alpha``; audio has ``rate``.
    """

    kind: str
    codec: str
    seconds: Fraction
    packets: int
    size: tuple[int, int] = (0, 0)
    layout: str = ""
    alpha: bool = False
    rate: int = 0


@dataclass(frozen=True)
class Clip:
    """What `probe` found: a clip's streams, and its comment, which is the recipe where the clip is ours."""

    streams: tuple[Stream, ...]
    comment: str

    def only(self, kind: str) -> Stream:
        """The one stream of a kind; `InputError` if there is none or more than one."""
        found = [stream for stream in self.streams if stream.kind == kind]
        if len(found) != 1:
            raise InputError(f"one {kind} stream is wanted here, but the clip has {len(found)}")
        return found[0]


def probe(path: Path) -> Clip:
    """Read what a clip holds; `InputError` if there is no such file, `FormatError` if it is no clip."""
    packets, words = _ffmpeg([*_input(path), "-map", "0", "-codec", "copy", "-f", "framecrc", "-"], path)
    tags, _ = _ffmpeg([*_input(path), "-f", "ffmetadata", "-"], path)
    comment = re.search(r"^comment=((?:\\.|[^\\\n])*)", tags.decode(), re.MULTILINE | re.DOTALL | re.IGNORECASE)
    return Clip(
        tuple(_streams(packets.decode(), words.partition("Stream mapping:")[0])),
        re.sub(r"\\(.)", r"\1", comment.group(1), flags=re.DOTALL) if comment else "",
    )


def videos(paths: Sequence[Path]) -> tuple[Stream, ...]:
    """The pictures' stream of each of several clips, in one look, without ``layout`` and ``alpha``; errors as of `probe`."""
    for path in paths:
        if not path.is_file():
            raise InputError(f"there is no file {str(path)!r}")
    if not paths:
        return ()
    inputs = [word for path in paths for word in _input(path)]
    chosen = [word for number in range(len(paths)) for word in ("-map", f"{number}:v:0")]
    packets, _ = _ffmpeg([*inputs, *chosen, "-codec", "copy", "-f", "framecrc", "-"], paths[0])
    return tuple(_streams(packets.decode(), ""))


def read_frames(path: Path) -> Iterator[UInt8[np.ndarray, "H W 4"]]:
    """The pictures of a clip, one by one, with the alpha that it carries."""
    video = probe(path).only("video")
    decoder = ("-c:v", "libvpx-vp9") if video.codec == "vp9" else ()  # ffmpeg's own VP9 decoder drops alpha
    width, height = video.size
    command = [program(), "-v", "error", *decoder, *_input(path), "-map", "0:v", "-f", "rawvideo", "-pix_fmt", "rgba", "-"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        while picture := process.stdout.read(width * height * 4):
            yield np.frombuffer(picture, dtype=np.uint8).reshape(height, width, 4)
        if process.wait() != 0:
            raise FormatError(f"{str(path)!r} cannot be read to its end")


def _streams(packets: str, words: str) -> Iterator[Stream]:
    """Streams from ffmpeg's list of packets, and from its words for what that list leaves out."""
    facts = {(key, number): value for key, number, value in re.findall(r"^#(\w+) (\d+): +(.+)$", packets, re.MULTILINE)}
    spans = re.findall(r"^(\d+), *-?\d+, *(-?\d+), *(\d+),", packets, re.MULTILINE)
    for number in (number for key, number in facts if key == "media_type"):
        ends = [int(start) + int(length) for stream, start, length in spans if stream == number]
        told = re.search(rf"Stream #0:{number}\b.*?: (.*(?:\n    .*)*)", words)
        layout = re.search(r", ([a-z]\w+)(?:\([^)]*\))?, \d+x\d+", told.group(1) if told else "")
        width, _, height = facts.get(("dimensions", number), "0x0").partition("x")
        yield Stream(
            kind=facts["media_type", number],
            codec=facts["codec_id", number],
            seconds=max(ends, default=0) * Fraction(facts["tb", number]),
            packets=len(ends),
            size=(int(width), int(height)),
            layout=layout.group(1) if layout else "",
            alpha=bool(told and re.search(r"alpha_mode +: 1|, (yuva|rgba|argb|bgra|abgr|gbrap|ya)\d*", told.group(1))),
            rate=int(facts.get(("sample_rate", number), 0)),
        )


def _input(path: Path) -> tuple[str, str]:
    return "-i", f"file:{path}"


def _ffmpeg(arguments: list[str], path: Path) -> tuple[bytes, str]:
    if not path.is_file():
        raise InputError(f"there is no file {str(path)!r}")
    done = subprocess.run([program(), "-hide_banner", "-nostdin", *arguments], capture_output=True, check=False)
    words = done.stderr.decode(errors="replace")
    if done.returncode != 0:
        raise FormatError(f"{str(path)!r} is not a clip that can be read ({words.strip().splitlines()[-1]})")
    return done.stdout, words
