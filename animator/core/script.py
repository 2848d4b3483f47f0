"""`Cue`: what is to be felt, from when on; and the short way of writing feelings down."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32

from animator.core.emotion import ALL, NEUTRAL, channel, parts_of
from animator.core.rig import REGIONS
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
    """Feelings and their weights, from ``happy``, ``happy:0.7``, ``happy:0.6,surprised:0.4`` or ``happy:0.3,brows:sad:0.8``.

    What one of `core.rig.REGIONS` feels besides is told under its channel's name, ``brows/sad``; ``all:happy`` is ``happy``.
    Which feelings there are is the rig's to say; here only the form is checked.

    Raises
    ------
    InputError
        A name is missing or stands twice, or a weight is not a number in [0, 1]; the message quotes the place.
    UnknownNameError
        There is no such region.
    """
    weights: dict[str, float] = {}
    for part in text.split(","):
        pieces = [piece.strip() for piece in part.split(":")]
        place = f"{part.strip()!r} in {text!r}" if part.strip() != text.strip() else repr(text)
        regional = pieces[0] in (ALL, *REGIONS)
        region, (feeling, *weighed) = pieces[0] if regional else ALL, pieces[1:] or [""] if regional else pieces
        if not feeling or (regional and _number(feeling) is not None):
            example = f"{region}:happy:0.7" if regional else "happy, happy:0.7 or happy:0.6,surprised:0.4"
            raise InputError(f"a feeling is missing: {place}; write {example}")
        if len(weighed) > 1:
            raise UnknownNameError("face region", feeling, (ALL, *REGIONS), place)
        name = channel(region, feeling)
        if name in weights:
            raise InputError(f"the feeling {':'.join(pieces[: 1 + regional])!r} stands twice in {text!r}; give it one weight")
        weight = _number(weighed[0]) if weighed else 1.0
        if weight is None or not 0.0 <= weight <= 1.0:
            raise InputError(f"the weight of a feeling is a number in [0, 1]: {place}; write {feeling}:0.7, say")
        weights[name] = weight
    return weights


def feelings_text(weights: Mapping[str, float]) -> str:
    """Feelings and their weights as `parse_feelings` reads them."""
    parts = ((*parts_of(name), weight) for name, weight in weights.items())
    return ",".join(f"{'' if region == ALL else f'{region}:'}{feeling}:{weight:g}" for region, feeling, weight in parts)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def felt(feelings: Iterable[str]) -> tuple[str, ...]:
    """The channels of an `Emotion` for a rig's feelings: all of them but neutral, which is the absence of the others."""
    return tuple(name for name in feelings if name != NEUTRAL)


def weigh(
    text: str, feelings: Iterable[str], where: str = "", blends: Mapping[str, Float32[np.ndarray, " E"]] = _NONE
) -> dict[str, Float32[np.ndarray, " E"]]:
    """Feelings as written down: for the whole face (`ALL`, if named) and for each region named, weights over the channels `felt`.

    ``blends`` are further names, each a mixture over the same channels; the rig's own names come first. A sum above 1 stays at 1.

    Raises
    ------
    UnknownNameError
        A name is neither one of the rig's feelings nor a blend.
    """
    channels = felt(feelings)
    weights: dict[str, np.ndarray] = {}
    for name, weight in parse_feelings(text).items():
        region, feeling = parts_of(name)
        mine = weights.setdefault(region, np.zeros(len(channels), dtype=np.float32))
        if feeling in channels:
            mine[channels.index(feeling)] += weight
        elif feeling in blends:
            mine += np.float32(weight) * blends[feeling]
        elif feeling != NEUTRAL:
            raise UnknownNameError("feeling", feeling, (*channels, NEUTRAL, *blends), where)
    return {region: np.minimum(mine, np.float32(1.0)) for region, mine in weights.items()}
