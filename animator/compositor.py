"""Frames over a backdrop.

Alpha at a silhouette is coverage: the share of a pixel that the head fills. The light that reaches the eye from such a pixel is
that share of the head's light and the rest of the backdrop's, and light adds up linearly (Porter and Duff 1984, "over"), so
partly covered pixels are mixed in linear light, not in sRGB, where dark hair would look too thick and bright edges too thin.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from jaxtyping import UInt8
from PIL import Image, ImageColor, ImageOps

from animator.core.colour import linear, srgb
from animator.core.frames import Frames
from animator.errors import InputError, UnknownNameError
from animator.geometry.kernel import kernel
from animator.io.image import read_image

STUDIO, TRANSPARENT = "studio", "transparent"
"""Backgrounds with names of their own: the soft default, and none at all."""

_STEPS = 16384
"""Steps of linear light that are told apart on the way back: five or more to one step of sRGB."""


def backdrop(background: str, width: int, height: int) -> UInt8[np.ndarray, "H W 3"] | None:
    """What stands behind the head.

    Parameters
    ----------
    background
        ``studio``; ``transparent``; a colour (a CSS name, or ``#202830``); or the path of a picture, which is scaled to cover
        the frame and cut evenly on both sides.
    width, height
        Pixels.

    Returns
    -------
    UInt8 or None
        sRGB, or nothing for ``transparent``.

    Raises
    ------
    InputError
        The picture or the colour is see-through, or there is no such picture.
    UnknownNameError
        It is no colour and does not look like a path; the nearest name is offered.
    """
    if background == TRANSPARENT:
        return None
    if background == STUDIO:
        return studio(width, height)
    try:
        colour = ImageColor.getrgb(background)
    except ValueError:
        return _picture(background, width, height)
    if colour[3:] not in ((), (255,)):
        raise InputError(f"the background {background!r} is see-through; give a full colour, or {TRANSPARENT!r}")
    return np.full((height, width, 3), colour[:3], dtype=np.uint8)


def _picture(background: str, width: int, height: int) -> UInt8[np.ndarray, "H W 3"]:
    path = Path(background)
    if not path.exists() and not path.suffix and len(path.parts) < 2:
        raise UnknownNameError("background", background, (STUDIO, TRANSPARENT, *ImageColor.colormap))
    pixels = read_image(path)
    if pixels[..., 3].min() < 255:
        raise InputError(f"the background {background!r} is see-through in places; give a full picture, or {TRANSPARENT!r}")
    fitted = ImageOps.fit(Image.fromarray(pixels[..., :3]), (width, height), Image.Resampling.LANCZOS)
    return np.asarray(fitted)


def studio(width: int, height: int) -> UInt8[np.ndarray, "H W 3"]:
    """A soft grey-blue wall with the light that falls behind a sitter: brightest behind the head, darker to the corners.

    Mixed in linear light and dithered by half a step, since a smooth wall in 8 bits shows bands.
    """
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = (x + 0.5) / width * 2 - 1, (y + 0.5) / height * 2 - 1
    pool = np.exp(-((x * 0.9) ** 2 + (y * 0.8 + 0.15) ** 2) / 0.75)
    floor = np.clip(y, 0, 1) ** 2
    near, far = np.array([0.150, 0.178, 0.208], np.float32), np.array([0.012, 0.015, 0.021], np.float32)
    light = far + (near - far) * (pool * (1 - 0.35 * floor))[..., None]
    levels = srgb(light.astype(np.float32)) * 255
    dither = np.random.default_rng(0).random(levels.shape, dtype=np.float32)
    return np.clip(np.floor(levels + dither), 0, 255).astype(np.uint8)


def composite(frames: Frames, behind: UInt8[np.ndarray, "H W 3"] | None) -> Frames:
    """Each picture over the same backdrop, lazily; over nothing, the frames themselves.

    Raises
    ------
    InputError
        The backdrop is not as large as the pictures.
    """
    if behind is None:
        return frames
    if behind.shape != (frames.height, frames.width, 3):
        raise InputError(f"a backdrop is as large as the pictures, {frames.width}x{frames.height}, not {behind.shape}")
    return replace(frames, pictures=_laid_over(frames, behind), opaque=True)


def _laid_over(frames: Frames, behind: UInt8[np.ndarray, "H W 3"]) -> Iterator[UInt8[np.ndarray, "H W 4"]]:
    decode = linear(np.arange(256, dtype=np.float32) / 255)
    encode = np.round(srgb(np.arange(_STEPS, dtype=np.float32) / (_STEPS - 1)) * 255).astype(np.uint8)
    base = np.dstack([behind, np.full(behind.shape[:2], 255, dtype=np.uint8)])
    for picture in frames:
        out = np.zeros_like(base)
        _over(picture, base, decode, encode, out)
        yield out


def beside(clips: Sequence[Frames], behind: Callable[[int, int], UInt8[np.ndarray, "H W 3"] | None], height: int) -> Frames:
    """Clips of one rate and length side by side, from left to right, lazily, before one backdrop.

    Parameters
    ----------
    clips
        One or more; a see-through one shows the backdrop, which goes on behind all of them.
    behind
        Makes the backdrop of a width and a height.
    height
        Pixels; clips that are higher or lower are scaled to it.

    Raises
    ------
    InputError
        The clips differ in rate or length.
    """
    first = clips[0]
    if any((clip.fps, clip.count) != (first.fps, first.count) for clip in clips):
        raise InputError("clips stand side by side when they have one rate and one length, and these differ")
    widths = [round(clip.width * height / clip.height) for clip in clips]
    rows = (
        np.concatenate([_scaled(each, width, height) for each, width in zip(pictures, widths, strict=True)], axis=1)
        for pictures in zip(*clips, strict=True)
    )
    opaque = all(clip.opaque for clip in clips)
    whole = Frames(sum(widths), height, first.fps, first.count, rows, opaque)
    return whole if opaque else composite(whole, behind(whole.width, height))


def _scaled(picture: UInt8[np.ndarray, "H W 4"], width: int, height: int) -> UInt8[np.ndarray, "h w 4"]:
    if picture.shape[:2] == (height, width):
        return picture
    return np.asarray(Image.fromarray(picture).resize((width, height), Image.Resampling.LANCZOS))


@kernel
def _over(picture: np.ndarray, base: np.ndarray, decode: np.ndarray, encode: np.ndarray, out: np.ndarray) -> None:
    """``picture`` over the opaque ``base``, all ``uint8 [H W 4]``: Porter and Duff's "over", in linear light."""
    steps = np.float32(len(encode) - 1)
    for y in range(base.shape[0]):
        for x in range(base.shape[1]):
            alpha = picture[y, x, 3]
            if alpha == 255:
                for c in range(4):
                    out[y, x, c] = picture[y, x, c]
            elif alpha == 0:
                for c in range(4):
                    out[y, x, c] = base[y, x, c]
            else:
                share = np.float32(alpha) / np.float32(255)
                for c in range(3):
                    light = decode[base[y, x, c]]
                    light += share * (decode[picture[y, x, c]] - light)
                    out[y, x, c] = encode[int(light * steps + np.float32(0.5))]
                out[y, x, 3] = 255
