"""Sound in: WAV, FLAC, MP3, OGG through soundfile; M4A and the rest through the ffmpeg that imageio-ffmpeg carries."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import IO

import numpy as np
from jaxtyping import Float32

from animator.core.audio import Audio
from animator.errors import FormatError, InputError, LossWarning
from animator.io.ffmpeg import program
from animator.io.output import writing

KINDS = "WAV, FLAC, MP3, OGG, M4A"
BLOCK = 1 << 18
"""Sample frames read at a time, so that no more than one block is held with all its channels."""


def read_audio(path: str | os.PathLike[str], of_video: bool = False) -> Audio:
    """Read a sound file at its own rate; what it is, is told by its content, not by its suffix.

    The sound of a video is read with ``of_video`` and refused without: seldom is a video given for its sound alone on purpose.
    Several channels are averaged, which is told with a `LossWarning` unless they are all the same.

    Raises
    ------
    InputError
        There is no such file, it is a folder, it cannot be opened, or it is a video and ``of_video`` is not given.
    FormatError
        The file is empty, holds no sound, is cut short, or holds samples that are not numbers.
    """
    with _opened(Path(path), of_video) as (rate, blocks):
        return Audio(np.concatenate(list(blocks)), rate)


def audio_pieces(path: str | os.PathLike[str], seconds: int) -> Iterator[Audio]:
    """A sound file in pieces of so many seconds, the last one as long or shorter; what is wrong is told as by `read_audio`."""
    with _opened(Path(path), of_video=False) as (rate, blocks):
        held: list[np.ndarray] = []
        missing = seconds * rate
        for block in blocks:
            rest = block
            while len(rest) > missing:  # and not as long, so that the last piece is never empty
                yield Audio(np.concatenate([*held, rest[:missing]]), rate)
                held, rest, missing = [], rest[missing:], seconds * rate
            held.append(rest)
            missing -= len(rest)
        yield Audio(np.concatenate(held), rate)


def write_wav(audio: Audio, path: str | os.PathLike[str], overwrite: bool = False) -> None:
    """Write a WAV of 32-bit floats, from which `read_audio` gives back the same samples; whole or not at all (`writing`)."""
    import soundfile

    with writing(Path(path), overwrite) as draft:
        soundfile.write(draft, audio.samples, audio.rate, format="WAV", subtype="FLOAT")


Opened = tuple[int, Iterator[np.ndarray]]
"""A rate, and samples of one channel in blocks."""


@contextmanager
def _opened(path: Path, of_video: bool) -> Iterator[Opened]:
    """A sound file, open; all of it has been checked once its blocks have come to their end."""
    if path.is_dir():
        raise InputError(f"{path} is a folder; give a sound file ({KINDS})")
    try:
        with path.open("rb", buffering=0) as file:
            if not file.read(1):
                raise FormatError(f"{path} is empty (0 bytes); give a sound file ({KINDS})")
            file.seek(0)
            with _by_soundfile(path, file) as opened:
                if opened is not None:
                    yield opened
                    return
            with _by_ffmpeg(path, of_video) as opened:
                yield opened
    except FileNotFoundError:
        raise InputError(f"there is no file {path}") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from None


@contextmanager
def _by_soundfile(path: Path, file: FileIO) -> Iterator[Opened | None]:
    """The sound, or None where libsndfile does not know the format."""
    import soundfile

    try:
        sound = soundfile.SoundFile(file.fileno(), closefd=False)  # by number: a name's suffix would be believed
    except soundfile.LibsndfileError:
        yield None
        return
    with sound:
        promised = re.search(r"^\s*data : (\d+) \(should be (\d+)\)", sound.extra_info, re.MULTILINE)
        if promised and int(promised[2]) < int(promised[1]) < 0x7FFFFF00:  # above: a header written to a pipe, length unknown
            raise FormatError(f"{path} is cut short: its header promises {promised[1]} bytes of sound, {promised[2]} are there")

        def blocks() -> Iterator[np.ndarray]:
            read = 0
            try:
                while len(block := sound.read(BLOCK, dtype="float32", always_2d=True)):
                    read += len(block)
                    yield block
            except soundfile.LibsndfileError as error:
                raise FormatError(f"{path} is damaged or cut short: {error.error_string.rstrip('.')}") from None
            if read < sound.frames:
                raise FormatError(
                    f"{path} is cut short after {read / sound.samplerate:.2f} s of {sound.frames / sound.samplerate:.2f} s"
                )

        yield sound.samplerate, _mixed(path, blocks(), sound.samplerate)


@contextmanager
def _by_ffmpeg(path: Path, of_video: bool) -> Iterator[Opened]:
    """The first sound stream of whatever ffmpeg can open; local files only."""
    source = ["-protocol_whitelist", "file,pipe,crypto", "-i", f"file:{path}"]
    ffmpeg = [program(), "-hide_banner", "-nostdin"]
    found = subprocess.run([*ffmpeg, *source], capture_output=True, check=False).stderr.decode(errors="replace")
    streams = re.findall(r"^\s*Stream #\S+?: (.*)$", found, re.MULTILINE)
    if not any(stream.startswith("Audio:") for stream in streams):
        raise FormatError(f"{path} holds no sound that can be read; give a sound file ({KINDS})")
    if not of_video and any(stream.startswith("Video:") and "(attached pic)" not in stream for stream in streams):
        raise InputError(f"{path} is a video; save its sound first (ffmpeg -i VIDEO -vn speech.wav) and give that")
    with tempfile.TemporaryFile() as complaints:
        decode = [*ffmpeg, "-v", "error", "-xerror", *source, "-map", "0:a:0", "-c:a", "pcm_f32be", "-f", "au", "-"]
        process = subprocess.Popen(decode, stdout=subprocess.PIPE, stderr=complaints)
        assert process.stdout is not None
        stream = process.stdout

        def checked(blocks: Iterator[np.ndarray]) -> Iterator[np.ndarray]:
            yield from blocks
            failed = process.wait()
            complaints.seek(0)
            said = complaints.read().decode(errors="replace").strip()
            if failed or said:
                told = said.splitlines()[-1] if said else f"ffmpeg ended with {failed}"
                raise FormatError(f"{path} is damaged or cut short: {told}")

        try:
            # Sun's AU as ffmpeg streams it: a header with rate and channels, then big-endian floats of unknown count.
            header = np.frombuffer(stream.read(24), dtype=">u4")
            if len(header) < 6:
                raise FormatError(f"{path} is damaged: none of its sound can be decoded")
            stream.read(int(header[1]) - 24)
            rate, channels = int(header[4]), int(header[5])
            yield rate, _mixed(path, checked(_floats(stream, channels)), rate)
        finally:
            stream.close()
            process.wait()


def _floats(stream: IO[bytes], channels: int) -> Iterator[Float32[np.ndarray, "N channels"]]:
    while data := stream.read(BLOCK * channels * 4):
        yield np.frombuffer(data, dtype=">f4").astype(np.float32).reshape(-1, channels)


def _mixed(path: Path, blocks: Iterator[Float32[np.ndarray, "N channels"]], rate: int) -> Iterator[Float32[np.ndarray, " N"]]:
    """Blocks of several channels to one, checked."""
    count, channels, differ = 0, 1, False
    for block in blocks:
        if not np.isfinite(block).all():
            bad = count + int(np.argmin(np.isfinite(block).all(axis=1)))
            raise FormatError(f"{path} holds a sample that is not a number at {bad / rate:.3f} s; write the file again")
        channels = block.shape[1]
        differ = differ or bool((block != block[:, :1]).any())
        count += len(block)
        yield block.mean(axis=1, dtype=np.float64).astype(np.float32) if differ else block[:, 0].copy()
    if not count:
        raise FormatError(f"{path} holds 0 samples; give a sound file ({KINDS}) with at least one")
    if differ:
        warnings.warn(f"{path} has {channels} channels; their average is used", LossWarning, stacklevel=3)
