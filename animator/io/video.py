"""Clips out: pictures as they come and their sound, through ffmpeg, which encodes while the next picture is drawn."""

from __future__ import annotations

import re
import tempfile
import warnings
import wave
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType

import numpy as np

from animator.core.audio import Audio
from animator.core.frames import Frames
from animator.core.provenance import GENERATED
from animator.errors import InputError, LossWarning
from animator.io.ffmpeg import feeding
from animator.io.mark import mark, marks
from animator.io.output import PICTURE, RECIPE, SOUND
from animator.io.probe import videos


@dataclass(frozen=True)
class Format:
    """How one kind of clip is encoded, as ffmpeg's options.

    ``clear`` encodes pictures with alpha, where the format keeps it; ``even`` says that width and height must be.
    """

    solid: tuple[str, ...]
    clear: tuple[str, ...] | None
    sound: tuple[str, ...] = ()
    even: bool = False


def _pixels(layout: str) -> tuple[str, ...]:
    """To the numbers of HD television (BT.709, limited range), which players assume, and tagged so for those that ask."""
    to_709 = "scale=out_color_matrix=bt709:out_range=tv:flags=bicubic+accurate_rnd+full_chroma_int"
    return ("-vf", f"{to_709},format={layout},setparams=color_primaries=bt709:color_trc=bt709")


_H264 = ("-c:v", "libx264", "-preset", "veryfast", "-crf", "18")
_VP9 = ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-row-mt", "1", "-crf", "24", "-b:v", "0")
_PRORES = ("-c:v", "prores_ks", "-profile:v", "4444", "-vendor", "apl0")
_PNG = ("-start_number", "0", "-compression_level", "1")  # a fifth larger than at the usual level, in a quarter of the time

FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        ".mp4": Format(
            solid=(*_H264, *_pixels("yuv420p"), "-movflags", "+faststart"),
            clear=None,
            sound=("-c:a", "aac", "-b:a", "160k", "-ar", "48000"),
            even=True,
        ),
        ".webm": Format(
            solid=(*_VP9, *_pixels("yuv420p")),
            clear=(*_VP9, "-auto-alt-ref", "0", *_pixels("yuva420p")),
            sound=("-c:a", "libopus", "-b:a", "96k", "-ar", "48000"),
        ),
        ".mov": Format(
            solid=(*_PRORES, *_pixels("yuv444p10le")),
            clear=(*_PRORES, *_pixels("yuva444p10le")),
            sound=("-c:a", "pcm_s16le"),
        ),
        "": Format(solid=(*_PNG, "-pix_fmt", "rgb24"), clear=(*_PNG, "-pix_fmt", "rgba")),
    }
)
"""Suffix to format; without a suffix, a folder of PNG pictures."""

FEWEST = 3
"""Pictures of a clip whose encoder holds pictures back, to look ahead, as long as it does in longer ones."""


def check_clip(path: Path, width: int, height: int, opaque: bool) -> None:
    """Raise `InputError` unless a clip of this size, see-through or not, can be written to a file of this name."""
    kind = FORMATS.get(path.suffix.lower())
    if kind is None:
        known = ", ".join(suffix for suffix in FORMATS if suffix)
        raise InputError(
            f"a clip cannot be written as {path.name!r}; end it in {known}, or give a name without a suffix for PNGs"
        )
    if kind.clear is None and not opaque:
        keep = ", ".join(suffix for suffix, each in FORMATS.items() if suffix and each.clear)
        raise InputError(f"a {path.suffix} file keeps no transparency; write {keep} or a folder of PNGs, or choose a background")
    if kind.even and (width % 2 or height % 2):
        near = f"{width + width % 2}x{height + height % 2}"
        raise InputError(f"a {path.suffix} file has an even width and height, not {width}x{height}; take {near}")


def evened(frames: Frames, path: Path) -> Frames:
    """Frames that the format of a file of this name takes.

    Where it asks for an even width and height, an odd last column or row is cut off, which a `LossWarning` tells.
    """
    width, height = (side - side % 2 for side in (frames.width, frames.height))
    if not FORMATS[path.suffix.lower()].even or (width, height) == (frames.width, frames.height):
        return frames
    whole = f"{frames.width}x{frames.height}"
    text = f"a {path.suffix} file has an even width and height, so of {whole} pixels {width}x{height} are kept"
    warnings.warn(text, LossWarning, stacklevel=2)
    return replace(frames, width=width, height=height, pictures=(picture[:height, :width] for picture in frames))


def write_video(
    frames: Frames,
    audio: Audio | None,
    path: Path,
    on_frame: Callable[[], None] | None = None,
    recipe: str = "",
    source: str = GENERATED,
) -> None:
    """Write a clip; its suffix says how (`FORMATS`).

    H.264 and AAC in ``.mp4``; VP9 and Opus in ``.webm``, ProRes 4444 and PCM in ``.mov``, and a folder of PNGs with the sound
    beside them: these three keep alpha, and do unless ``frames.opaque``. Pictures are drawn one by one as ffmpeg takes them.
    Every clip says in its metadata which kind of media it is (`animator.io.mark`).

    Parameters
    ----------
    frames
        The pictures.
    audio
        Their sound. It is made exactly as long as the pictures: silence is added or the end cut, and `LossWarning` tells when
        that is more than one picture's time.
    path
        The file or folder to make. Half of one may be left there when this raises: see `output.writing`.
    on_frame
        Called after each picture.
    recipe
        How the clip was made, kept in the file's comment (beside the PNGs, in ``recipe.toml``).
    source
        Which kind of media it is, a URI of `animator.core.provenance`.

    Raises
    ------
    InputError
        As `check_clip`; there is no picture; or ffmpeg cannot write, with its reason.
    """
    check_clip(path, frames.width, frames.height, frames.opaque)
    if frames.count == 0:
        raise InputError(f"a clip needs at least one picture, so {path.name!r} is not written")
    kind = FORMATS[path.suffix.lower()]
    encode = kind.solid if frames.opaque or kind.clear is None else kind.clear
    with tempfile.TemporaryDirectory(prefix=".animator-", dir=path.parent) as scratch:
        if path.suffix:
            sound, told, target = Path(scratch, SOUND), Path(scratch, "told"), path
            told.write_text(_tags(path.suffix.lower(), recipe, source), encoding="utf-8")
            heard = ("-i", str(sound), *kind.sound) if audio is not None else ()
            inputs = ["-f", "ffmetadata", "-i", str(told), *heard, "-map_metadata", "1"]
        else:
            path.mkdir()
            sound, told, target, inputs = path / SOUND, path / RECIPE, path / PICTURE, []
            if recipe:
                told.write_text(recipe, encoding="utf-8")
        if audio is not None:
            _write_wav(audio, Fraction(frames.count) / frames.fps, sound, 1 / frames.fps)
        with feeding([*_pictures(frames), *inputs, *encode, "-bitexact", str(target)]) as take:
            for picture in frames:
                take(np.ascontiguousarray(picture).data)
                if on_frame:
                    on_frame()
    mark(path, source)


def join_video(parts: Sequence[Path], audio: Audio | None, path: Path, recipe: str = "", source: str = GENERATED) -> None:
    """Put clips one after another into one file as they are encoded: not a picture of them is changed, nor drawn again.

    Parameters
    ----------
    parts
        Silent clips that `write_video` wrote, all opaque or none, of the same suffix as ``path``: ``.mp4`` or ``.mov``, which
        count time exactly. One, or several of at least `FEWEST` pictures each.
    audio, recipe, source
        As for `write_video`; the sound is made exactly as long as the parts are together.
    path
        The file to make.

    Raises
    ------
    InputError
        There is no part, or one is too short, or differs from the first in size or rate.
    """
    kinds = {each.suffix.lower() for each in (*parts, path)}
    if not parts or kinds not in ({".mp4"}, {".mov"}):
        raise InputError(f"an MP4 or a MOV is joined from one or more clips of its own kind, so {path.name!r} is not written")
    streams = videos(parts)
    first, duration = streams[0], streams[0].seconds / streams[0].packets
    for part, stream in zip(parts, streams, strict=True):
        if (stream.size, stream.seconds) != (first.size, stream.packets * duration):
            raise InputError(f"clips of one size and rate can be joined, and {part.name!r} differs from {parts[0].name!r}")
        if len(parts) > 1 and stream.packets < FEWEST:
            raise InputError(f"clips are joined that have at least {FEWEST} pictures each, and {part.name!r} has fewer")
    seconds = sum((stream.seconds for stream in streams), Fraction(0))
    kind = FORMATS[path.suffix.lower()]
    with tempfile.TemporaryDirectory(prefix=".animator-", dir=path.parent) as scratch:
        sound, told, order = Path(scratch, SOUND), Path(scratch, "told"), Path(scratch, "order")
        quoted = (str(part.resolve()).replace("'", "'\\''") for part in parts)
        order.write_text("".join(f"file 'file:{each}'\n" for each in quoted), encoding="utf-8")
        told.write_text(_tags(path.suffix.lower(), recipe, source), encoding="utf-8")
        inputs = ["-f", "concat", "-safe", "0", "-i", str(order), "-f", "ffmetadata", "-i", str(told)]
        if audio is not None:
            _write_wav(audio, seconds, sound, duration)
            inputs += ["-i", str(sound), *kind.sound]
        with feeding([*inputs, "-map_metadata", "1", "-c:v", "copy", "-movflags", "+faststart", "-bitexact", str(path)]):
            pass
    mark(path, source)


def _pictures(frames: Frames) -> tuple[str, ...]:
    """Raw pictures on standard input; of opaque ones, the fourth byte is passed over."""
    size, layout = f"{frames.width}x{frames.height}", "rgb0" if frames.opaque else "rgba"
    return ("-f", "rawvideo", "-pix_fmt", layout, "-video_size", size, "-framerate", str(frames.fps), "-i", "pipe:0")


def _tags(suffix: str, recipe: str, source: str) -> str:
    """What a clip tells of itself, in ffmpeg's own file of tags."""
    tags = {"comment": recipe, **marks(suffix, source)}
    escaped = [re.sub(r"([=;#\\\n])", r"\\\1", text) for text in tags.values()]
    return "\n".join([";FFMETADATA1", *map("=".join, zip(tags, escaped, strict=True)), ""])


def _write_wav(audio: Audio, seconds: Fraction, path: Path, tolerance: Fraction) -> None:
    """The sound, exactly as long as the pictures, in 16 bits."""
    wanted = round(seconds * audio.rate)
    if abs(audio.seconds - seconds) > tolerance:
        does = "is cut to" if audio.seconds > seconds else "is followed by silence up to"
        text = f"the sound of {float(audio.seconds):.2f} s {does} the {float(seconds):.2f} s of the pictures"
        warnings.warn(text, LossWarning, stacklevel=3)
    samples = np.zeros(wanted, dtype="<i2")
    kept = audio.samples[:wanted]
    samples[: len(kept)] = np.round(kept * 32767.0)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(audio.rate)
        file.writeframes(samples.tobytes())
