"""`Ensemble`: one face of which regions may feel apart, as it goes: a role for the whole face, and one for each such region.

A region's role is the whole face's up to the instant at which it begins to feel otherwise; so what both do besides is the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32

from animator.core.emotion import ALL
from animator.core.rig import Rig
from animator.generators.acting.performer import Performed
from animator.generators.acting.role import Role
from animator.generators.speech.articulation import Piece
from animator.nn.asking import Asking, beside

Felt = Mapping[str, np.ndarray]
"""Intensity ``[T]`` of each feeling, by name."""

REMEMBERED = 50
"""Frames after which what was felt plays no part any more: the net's reach into the past, and some."""


@dataclass
class _Apart:
    """A region's role, and for how many frames it has felt as the whole face does."""

    role: Role
    alike: int = 0


class Ensemble:
    """One face.

    Parameters
    ----------
    role
        What moves all of it.
    rig
        Its controls.
    """

    def __init__(self, role: Role, rig: Rig) -> None:
        self._role, self._rig = role, rig
        self._apart: dict[str, _Apart] = {}
        self._performed: dict[str, Performed] = {}
        self._felt: dict[str, dict[str, np.ndarray]] = {}
        self._waiting = 0

    def learned(self, felt: Felt) -> Felt:
        """Those of the feelings that the net learned: the others are poses."""
        return {name: intensity for name, intensity in felt.items() if name in self._role.feelings}

    def feeding(self, heard: Float32[np.ndarray, "T D"], felt: Mapping[str, Felt]) -> Asking[tuple[int, dict[str, Felt]]]:
        """Take the next frames.

        Parameters
        ----------
        heard
            As `hearing.steps` gives it.
        felt
            What the whole face (`ALL`) feels meanwhile, and each region that feels otherwise.

        Returns
        -------
        int, dict
            How many frames can be told by now, and what is felt in them, as ``felt``; `play` is to be asked for them next.
        """
        frames = len(heard)
        self._divide(felt, frames)
        held, nothing = self._felt, np.zeros(self._waiting)
        for region in {**held, **felt}:
            new, old = felt.get(region, felt[ALL]), held.get(region, held.get(ALL, {}))
            self._felt = self._felt | {region: {name: np.append(old.get(name, nothing), x) for name, x in new.items()}}
        roles = {ALL: self._role} | {region: each.role for region, each in self._apart.items()}
        wanted = (role.wanted(self.learned(felt.get(region, felt[ALL])), frames) for region, role in roles.items())
        performed = yield from beside([role.feeding(heard, want) for role, want in zip(roles.values(), wanted, strict=True)])
        self._performed = dict(zip(roles, performed, strict=True))
        told = len(self._performed[ALL].felt)
        now: dict[str, Felt] = {region: {n: x[:told] for n, x in feels.items()} for region, feels in self._felt.items()}
        self._waiting += frames - told
        left = {region: {n: x[told:] for n, x in feels.items()} for region, feels in self._felt.items()}
        self._felt = left if self._waiting else {}
        return told, now

    def play(self, felt: Mapping[str, Felt], talking: np.ndarray) -> Piece:
        """The face of the frames told last, as `Role.play`; ``felt`` is what `feeding` gave."""
        face, spoken = self._role.play(self._performed[ALL], self.learned(felt[ALL]), talking)
        for region, each in self._apart.items():
            here = self._rig.region(region)
            other, _ = each.role.play(self._performed[region], self.learned(felt.get(region, felt[ALL])), talking)
            face[:, here] = other[:, here]
        return face, spoken

    def _divide(self, felt: Mapping[str, Felt], frames: int) -> None:
        """Give a role to each region that begins to feel apart, and let go of those that have long felt as the face does."""
        whole = self.learned(felt[ALL])
        differ = {
            region
            for region, feels in felt.items()
            if any((intensity != whole[name]).any() for name, intensity in self.learned(feels).items())
        }
        for region in differ - self._apart.keys():
            self._apart[region] = _Apart(self._role.fork())
        for region, each in self._apart.items():
            each.alike = 0 if region in differ else each.alike + frames
        self._apart = {region: each for region, each in self._apart.items() if each.alike <= REMEMBERED}
