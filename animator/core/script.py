"""`Cue`: what is to be felt, from when on; and the short way of writing feelings down."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32

from animator.core.emotion import NEUTRAL
from animator.errors import InputError, UnknownNameError

_NONE: Mapping[str, np.ndarray] = types.MappingProxyType({})


@dataclass(frozen=True)
class Cue:
    """A feeling from an instant on; it holds until the next cue.

    Parameters
    ----------
    start
        Seconds, in [0, a day]. A cue at 0 is there from the first frame.
    feeling
        ``happy``, ``happy:0.7`` or ``happy:0.6,surprised:0.4``, as `parse_feelings` reads it.
    intensity
        In [0, 1]; scales every weight of ``feeling``.
    ease
        Seconds, in [0, an hour], that the change takes, beginning at ``start``.
    """

    start: float
    feeling: str
    intensity: float = 1.0
    ease: float = 0.5

    def __post_init__(self) -> None:
        for name, high in (("start", 86400), ("intensity", 1), ("ease", 3600)):
            if not 0 <= getattr(self, name) <= high:
                raise InputError(f"{name!r} of a cue is in [0, {high}], not {getattr(self, name):g}")
        parse_feelings(self.feeling)


def parse_feelings(text: str) -> dict[str, float]:
    """Feelings and their weights, from ``happy``, ``happy:0.7`` or ``happy:0.6,surprised:0.4``.

    Which feelings there are is the rig's to say; here only the form is checked.

    Raises
    ------
    InputError
        A name is missing or stands twice, or a weight is not a number in [0, 1]; the message quotes the place.
    """
    weights: dict[str, float] = {}
    for part in text.split(","):
        name, colon, number = (piece.strip() for piece in part.partition(":"))
        place = f"{part.strip()!r} in {text!r}" if part.strip() != text.strip() else repr(text)
        if not name:
            raise InputError(f"a feeling is missing: {place}; write happy, happy:0.7 or happy:0.6,surprised:0.4")
        if name in weights:
            raise InputError(f"the feeling {name!r} stands twice in {text!r}; give it one weight")
        try:
            weight = float(number) if colon else 1.0
        except ValueError:
            weight = -1.0
        if not 0.0 <= weight <= 1.0:
            raise InputError(f"the weight of a feeling is a number in [0, 1]: {place}; write {name}:0.7, say")
        weights[name] = weight
    return weights


def felt(feelings: Iterable[str]) -> tuple[str, ...]:
    """The channels of an `Emotion` for a rig's feelings: all of them but neutral, which is the absence of the others."""
    return tuple(name for name in feelings if name != NEUTRAL)


def weigh(
    text: str, feelings: Iterable[str], where: str = "", blends: Mapping[str, Float32[np.ndarray, " E"]] = _NONE
) -> Float32[np.ndarray, " E"]:
    """Feelings as written down, as one frame over the channels `felt` gives.

    ``blends`` are further names, each a mixture over the same channels; the rig's own names come first. A sum above 1 stays at 1.

    Raises
    ------
    UnknownNameError
        A name is neither one of the rig's feelings nor a blend.
    """
    channels = felt(feelings)
    weights = np.zeros(len(channels), dtype=np.float32)
    for name, weight in parse_feelings(text).items():
        if name in channels:
            weights[channels.index(name)] += weight
        elif name in blends:
            weights += np.float32(weight) * blends[name]
        elif name != NEUTRAL:
            raise UnknownNameError("feeling", name, (*channels, NEUTRAL, *blends), where)
    return np.minimum(weights, np.float32(1.0))
