"""`Cue`: what is to be felt or done, from when on; and the short way of writing feelings down."""

from __future__ import annotations

import re
import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float32

from animator.core.emotion import ALL, NEUTRAL, channel, parts_of
from animator.core.rig import REGIONS
from animator.core.words import parse_words, places
from animator.errors import InputError, UnknownNameError

_NONE: Mapping[str, np.ndarray] = types.MappingProxyType({})
_TERMS = re.compile(r"[,+](?![^()]*\))")
_POINT = re.compile(r"vad\s*\(([^()]*)\)", re.IGNORECASE)


@dataclass(frozen=True)
class Cue:
    """A feeling, or a gesture, from an instant on.

    A cue sets what it names, the whole face or some regions (``brows:angry``), and leaves the rest as it is; there it holds until
    the next cue that sets the same.

    Parameters
    ----------
    start
        Seconds, in [0, a day]. A cue at 0 is there from the first frame.
    feeling
        ``happy``, ``happy:0.7``, ``happy:0.6,surprised:0.4`` or ``brows:angry:0.8``, as `parse_feelings` reads it.
    intensity
        In [0, 1]; scales every weight of ``feeling``, or the gesture.
    ease
        Seconds, in [0, an hour], that the change takes, beginning at ``start``.
    hold
        Seconds, in [0, an hour], after which what was before comes back, as slowly as it went; of a gesture, seconds that it
        stays at its last pose. A feeling without it stays.
    gesture
        One of the rig's moves, done once, in the place of a feeling.
    word, after
        In the place of ``start``: when these words begin, or end, each time that they are said (`core.words.parse_words`).
    offset
        Seconds, in [-60, 60], added to ``start`` and to when words are said.
    line
        Where it stands in the file that it comes from, counted from 1; 0 = nobody knows. No part of the cue's meaning.

    Raises
    ------
    InputError
        It has no place or several, neither a feeling nor a gesture or both, or a value is out of its range.
    """

    start: float | None = None
    feeling: str = ""
    intensity: float = 1.0
    ease: float = 0.5
    hold: float | None = None
    gesture: str = ""
    word: str = ""
    after: str = ""
    offset: float = 0.0
    line: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        placed = places(self)
        if len(placed) != 1:
            given = "nothing" if not placed else " and ".join(placed)
            raise InputError(f"a cue says by one of 'start', 'word' and 'after' when it acts, and this one by {given}")
        if bool(self.feeling) == bool(self.gesture):
            raise InputError(f"a cue has a 'feeling' or a 'gesture', and this one has {'both' if self.feeling else 'neither'}")
        ranges = {"start": (0, 86400), "intensity": (0, 1), "ease": (0, 3600), "hold": (0, 3600), "offset": (-60, 60)}
        for name, (low, high) in ranges.items():
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                raise InputError(f"{name!r} of a cue is in [{low}, {high}], not {value:g}")
        if self.feeling:
            parse_feelings(self.feeling)
        if self.words:
            parse_words(self.words)

    @property
    def words(self) -> str:
        """The words at which it acts, if it is not placed in seconds."""
        return self.word or self.after

    @property
    def tracks(self) -> frozenset[str]:
        """What it sets: `ALL`, or regions; of a gesture, nothing."""
        return frozenset(parts_of(name)[0] for name in parse_feelings(self.feeling)) if self.feeling else frozenset()


def parse_feelings(text: str) -> dict[str, float]:
    """Feelings and their weights, from ``happy``, ``happy:0.7``, ``happy:0.6,surprised:0.4`` or ``happy:0.3,brows:sad:0.8``.

    A plus stands for a comma. ``vad(-0.6,0.7,-0.3)`` is the feeling at a point of valence, arousal and dominance in [-1, 1].
    What one of `core.rig.REGIONS` feels besides is told under its channel's name, ``brows/sad``; ``all:happy`` is ``happy``.
    Which feelings there are is the rig's to say; here only the form is checked.

    Raises
    ------
    InputError
        A name is missing or stands twice, a weight is not a number in [0, 1], or a point is none; the message quotes the place.
    UnknownNameError
        There is no such region.
    """
    weights: dict[str, float] = {}
    for part in _TERMS.split(text):
        pieces = [piece.strip() for piece in part.split(":")]
        place = f"{part.strip()!r} in {text!r}" if part.strip() != text.strip() else repr(text)
        regional = pieces[0] in (ALL, *REGIONS)
        region, (feeling, *weighed) = pieces[0] if regional else ALL, pieces[1:] or [""] if regional else pieces
        if not feeling or (regional and _number(feeling) is not None):
            example = f"{region}:happy:0.7" if regional else "happy, happy:0.7 or happy:0.6,surprised:0.4"
            raise InputError(f"a feeling is missing: {place}; write {example}")
        if len(weighed) > 1:
            raise UnknownNameError("face region", feeling, (ALL, *REGIONS), place)
        point = point_of(feeling, place)
        name = channel(region, feeling if point is None else "vad({:g},{:g},{:g})".format(*point))
        if name in weights:
            raise InputError(f"the feeling {':'.join(pieces[: 1 + regional])!r} stands twice in {text!r}; give it one weight")
        weight = _number(weighed[0]) if weighed else 1.0
        if weight is None or not 0.0 <= weight <= 1.0:
            more = ", or a face region and a feeling: brows:angry:0.7" if weight is None else ""
            raise InputError(f"the weight of a feeling is a number in [0, 1]: {place}; write {feeling}:0.7, say{more}")
        weights[name] = weight
    return weights


def point_of(feeling: str, where: str = "") -> tuple[float, float, float] | None:
    """Valence, arousal and dominance of a feeling that is written as ``vad(v,a,d)``; None of any other.

    Raises
    ------
    InputError
        It is not three numbers in [-1, 1].
    """
    written = _POINT.fullmatch(feeling)
    if written is None:
        return None
    numbers = [_number(part) for part in written.group(1).split(",")]
    within = [number for number in numbers if number is not None and -1.0 <= number <= 1.0]
    if len(within) != 3 or len(numbers) != 3:
        place = where or repr(feeling)
        raise InputError(
            f"a point is three numbers in [-1, 1], valence, arousal and dominance: {place}; write vad(-0.6,0.7,-0.3)"
        )
    return within[0], within[1], within[2]


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
