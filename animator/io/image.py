"""Pictures in."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from jaxtyping import UInt8
from PIL import Image, ImageOps, UnidentifiedImageError

from animator.errors import FormatError, InputError


def read_image(path: Path) -> UInt8[np.ndarray, "H W 4"]:
    """A picture as sRGB with straight alpha, turned the way its camera was held.

    Raises
    ------
    InputError
        There is no such file, it cannot be opened, or it is too large to be a picture in good faith (Pillow's limit).
    FormatError
        It is not a picture, or a broken one.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path) as picture:
                if picture.mode[0] in "IF":
                    raise FormatError(f"the picture {str(path)!r} has more than 8 bits a channel; save it with 8")
                upright = ImageOps.exif_transpose(picture)
                return np.asarray(upright.convert("RGBA"))
    except FormatError:
        raise
    except UnidentifiedImageError:
        raise FormatError(f"{str(path)!r} is not a picture that can be read (PNG, JPEG, WebP and others can)") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise InputError(f"the picture {str(path)!r} is too large: {error}") from None
    except (OSError, SyntaxError, ValueError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise InputError(f"the picture {str(path)!r} cannot be read: {error.strerror}") from None
        raise FormatError(f"the picture {str(path)!r} is broken: {error}") from None
