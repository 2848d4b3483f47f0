"""`Role`: what the cast performs, put on a rig; and how a whole clip and a clip that is still coming are both played from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from jaxtyping import Float32, Float64

from animator.core.rig import Rig
from animator.errors import InputError, UnknownNameError
from animator.generators.acting.cast import cast
from animator.generators.acting.performer import Manner, Performed, Performer
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
        if len(self._moved) != played.prior.controls:
            raise InputError(f"learned moves the rig that it learned, and {rig.name!r} has other controls; use visemes")
        manner = Manner(style_row(style, amount, rig, played.reader), ahead, variety, effort)
        self._performer = Performer(played, manner, rig.region(*UPPER)[self._moved], rng)
        # The prior leaves the lids and the head to life; a feeling's pose says where they are meanwhile.
        unmoved = ~np.isin(np.arange(len(rig.controls)), self._moved)
        self._poses = {name: (rig.row(rig.emotions[name]) - rig.rest) * unmoved for name in names}
        self._lips = rig.region(*LIPS)

    def wanted(self, felt: Mapping[str, np.ndarray], frames: int) -> Float32[np.ndarray, "T E"]:
        """Intensities ``[T]`` by name, in the cast's order."""
        return np.stack([felt.get(name, np.zeros(frames)) for name in self._feelings], axis=1).astype(np.float32)

    def feed(self, heard: Float32[np.ndarray, "T D"], wanted: Float32[np.ndarray, "T E"], last: bool = False) -> Performed:
        """Take the next frames; see `Performer.feed`."""
        return self._performer.feed(heard, wanted, last)

    def feeding(self, heard: Float32[np.ndarray, "T D"], wanted: Float32[np.ndarray, "T E"]) -> Asking[Performed]:
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
