"""What kind of performance a file holds, told by its content and not by its suffix."""

from __future__ import annotations

import zipfile
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from animator.errors import FormatError, InputError
from animator.io.footage import open_footage
from animator.io.track import holds_emotion

KINDS = ("motion", "emotion", "picture", "video", "sound")
"""What a file is taken for: one of our tracks, a picture, a video with or without sound, and whatever else there is."""


def kind_of(path: Path) -> str:
    """Which of `KINDS` a file is; its reader has the last word. `InputError` if there is no such file or it cannot be opened."""
    try:
        if path.is_dir():
            raise InputError(f"{str(path)!r} is a folder; give a file")
        if zipfile.is_zipfile(path):
            return "emotion" if holds_emotion(path) else "motion"
        with Image.open(path):
            return "picture"
    except (UnidentifiedImageError, Image.DecompressionBombError):
        pass
    except OSError as error:
        if error.errno is not None:
            raise InputError(f"{str(path)!r} cannot be read: {error.strerror}") from None
    try:
        open_footage(path)
    except FormatError:
        return "sound"
    return "video"
