"""`Role`: what the cast performs, put on a rig; and how a whole clip and a clip that is still coming are both played from it."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping

import numpy as np
from jaxtyping import Float32, Float64

from animator.core.emotion import ALL, Emotion, by_region
from animator.core.rig import Rig
from animator.core.track import Track, sample
from animator.errors import FormatError, InputError, UnknownNameError
from animator.generators.acting.cast import cast
from animator.generators.acting.performer import Manner, Performed, Performer, Wanted
from animator.generators.acting.prior import columns
from animator.generators.acting.style import style_row
from animator.nn.asking import Asking

UPPER = ("brows", "eyes", "nose", "cheeks")
"""Regions that the dial ``effort`` moves."""

LIPS = ("mouth", "jaw", "tongue", "cheeks")
"""Regions that rest where nothing is said."""


class Role:
    """One performance.

    Parameters
    ----------
    style, amount, ahead, variety, effort
        How it is performed: a style by name or file, how much of it, frames of look-ahead, and the dials of `Manner`.
    names
        The feelings that may be felt.
    rig
        The controls to move.
    rng
        The only source of chance.

    Raises
    ------
    UnknownNameError
        The cast never learned one of the feelings, or there is no such style.
    InputError
        The rig has other controls than the one it learned.
    """

    def __init__(
        self,
        style: str,
        amount: float,
        ahead: int,
        variety: float,
        effort: float,
        names: Iterable[str],
        rig: Rig,
        rng: np.random.Generator,
    ) -> None:
        played = cast()
        for name in names:
            if name not in played.feelings:
                raise UnknownNameError("feeling", name, played.feelings, "the generator learned")
        self._rig, self._feelings, self._moved = rig, played.feelings, columns(rig)
        self._anchors: np.ndarray = played.actor.anchors.numpy()
        if len(self._moved) != played.prior.controls:
            raise InputError(f"learned moves the rig that it learned, and {rig.name!r} has other controls; use visemes")
        manner = Manner(style_row(style, amount, rig, played.reader), ahead, variety, effort)
        self._performer = Performer(played, manner, rig.region(*UPPER)[self._moved], rng)
        # The prior leaves the lids and the head to life; a feeling's pose says where they are meanwhile.
        unmoved = ~np.isin(np.arange(len(rig.controls)), self._moved)
        self._poses = {name: (rig.row(rig.emotions[name]) - rig.rest) * unmoved for name in names}
        self._lips = rig.region(*LIPS)

    @property
    def feelings(self) -> tuple[str, ...]:
        """The feelings that the cast learned."""
        return self._feelings

    def fork(self) -> Role:
        """Another who has performed the same so far, and goes on by the same chances; the cast is the same."""
        played = cast()
        shared = [played, played.habit, self._rig, *played.actor.modules(), *played.prior.modules()]
        return copy.deepcopy(self, {id(each): each for each in shared})

    def wanted(self, felt: Mapping[str, np.ndarray], frames: int, beyond: Float32[np.ndarray, "T K"] | None = None) -> Wanted:
        """Intensities ``[T]`` by name, and what `beyond` gave, if anything, as the net takes them."""
        weights = np.stack([felt.get(name, np.zeros(frames)) for name in self._feelings], axis=1).astype(np.float32)
        return Wanted(weights, np.zeros((frames, self._anchors.shape[1]), dtype=np.float32) if beyond is None else beyond)

    def beyond(self, emotion: Emotion, times: np.ndarray, shade: float, rng: np.random.Generator) -> Float32[np.ndarray, "T K"]:
        """What an emotion's code says at these instants (seconds, ``[T]``) that its weights do not: 0 where it has no code.

        It speaks of the whole face. The code is the mean of its Gaussian, or a draw from it that is ``shade`` times as wide.
        `FormatError` if the code is of another space than the cast's.
        """
        emotion = by_region(emotion)[ALL]
        nowhere = np.zeros(self._anchors.shape[1], dtype=np.float32)  # a pose of the director's own
        places = [self._anchors[self._feelings.index(n)] if n in self._feelings else nowhere for n in emotion.names]
        anchors = np.stack(places) if places else self._anchors[:0]
        if emotion.code is None:
            return np.zeros((len(times), anchors.shape[1]), dtype=np.float32)
        if emotion.code.mean.shape[1] != anchors.shape[1]:
            raise FormatError(
                f"the emotion's code has {emotion.code.mean.shape[1]} coordinates, and the generator learned {anchors.shape[1]}"
            )
        rest = emotion.code.drawn(rng, shade).mean - emotion.values @ anchors
        return sample(Track(tuple(map(str, range(rest.shape[1]))), rest, emotion.fps), times)

    def feed(self, heard: Float32[np.ndarray, "T D"], wanted: Wanted, last: bool = False) -> Performed:
        """Take the next frames; see `Performer.feed`."""
        return self._performer.feed(heard, wanted, last)

    def feeding(self, heard: Float32[np.ndarray, "T D"], wanted: Wanted) -> Asking[Performed]:
        """`feed`, beside others."""
        return self._performer.feeding(heard, wanted)

    def play(
        self, performed: Performed, felt: Mapping[str, np.ndarray], talking: np.ndarray
    ) -> tuple[Float64[np.ndarray, "T C"], Float64[np.ndarray, "T C"]]:
        """A face within its limits, and what it does for speech alone, relative to rest; contacts come after.

        Parameters
        ----------
        performed
            At least T frames of what `feed` told; those beyond T are left out.
        felt, talking
            Intensity of each feeling, and whether something is said, in [0, 1], ``[T]`` each.
        """
        rig, moved, frames = self._rig, self._moved, len(talking)
        face = np.tile(rig.rest.astype(np.float64), (frames, 1))
        spoken = np.zeros_like(face)
        spoken[:, moved] = np.clip(performed.neutral[:frames], rig.low[moved], rig.high[moved]) - rig.rest[moved]
        for name, intensity in felt.items():
            if intensity.any():
                face += intensity[:, None] * self._poses[name]
        face[:, moved] = performed.felt[:frames]
        silent = np.where(self._lips, (talking[:, None] - 1.0) * spoken, 0.0)  # lips rest where nothing is said
        return np.clip(face + silent, rig.low, rig.high), spoken + silent
