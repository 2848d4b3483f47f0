"""A voice for lines that are typed: English, offline, from the package hibari-tts (extra ``voice``)."""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np

from animator.core.audio import Audio
from animator.errors import InputError, MissingDependencyError

PACKAGE = "hibari"


def can_speak() -> bool:
    """Whether the voice is installed."""
    return find_spec(PACKAGE) is not None


def speak(text: str, speed: float = 1.0) -> Audio:
    """English text in the voice that the shipped samples have, at 24 kHz; the same text gives the same sound.

    Parameters
    ----------
    text
        What to say.
    speed
        In [0.5, 2]; 1 is the voice's own.

    Raises
    ------
    InputError
        There is no word in the text, or the speed leaves its range.
    MissingDependencyError
        The extra ``voice`` is not installed.
    """
    if re.search(r"\w", text) is None:
        raise InputError("there is nothing to say; type a line of English")
    if not 0.5 <= speed <= 2.0:
        raise InputError(f"the speed of the voice lies in [0.5, 2], not {speed:g}")
    voice = _voice()
    samples = np.asarray(voice(text, speed=speed, seed=0), dtype=np.float32)
    return Audio(np.clip(samples, -1.0, 1.0), voice.sample_rate)


@cache
def _voice() -> Any:
    try:
        from hibari import Hibari
    except ImportError:
        raise MissingDependencyError(
            "lines that are typed need a voice, which is not installed; pip install 'animator[voice]'"
        ) from None
    return Hibari()
