"""What the generator's training stands on beside motion packs: judges of lips and feelings, and who sits for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from animator.core.rig import Rig
from animator.errors import InputError
from animator.generators.acting.prior import Prior, prior_of
from animator.io.rig import load_rig
from animator.io.weights import load_weights
from animator.training.motion import lipreader, packs, recogniser, trial
from animator.training.motion import prior as priors
from animator.training.motion.store import MotionPack, collect

SITTERS = 5
"""One in so many of the teacher's people sits for the judges of feelings alone; the generator never learns from them."""


@dataclass(frozen=True)
class Studio:
    """Where motion comes from.

    Parameters
    ----------
    data, cache
        As `animator.training.motion.packs` has them; ``cache`` also keeps the judges, ``lipreader.safetensors`` and so on.
    tiny
        Only shipped speech and sentences of GRID's kind: under a minute, no corpus.
    tell
        Gets a line of progress now and then.
    """

    data: Path | None
    cache: Path
    tiny: bool = False
    tell: Callable[[str], None] = lambda _: None

    def lines(self) -> MotionPack:
        """GRID's first speaker, tracked.

        Raises
        ------
        InputError
            He is neither in the data nor in the cache.
        """
        if self.tiny:
            return trial.lines(self._rig)
        if "grid" not in self._packs:
            raise InputError(f"lips are read from GRID, whose folder grid_s1 is not in {self.data}")
        return self._packs["grid"]

    def motion(self) -> list[MotionPack]:
        """All that the prior and the generator learn from: real faces, and the teacher's people less those who sit for judges."""
        return [self._of(pack, sitting=False) if name == "teacher" else pack for name, pack in self._packs.items()]

    def judges(self, which: str = "") -> dict[str, Any]:
        """A lip reader and a recogniser of feelings, as ``reader`` and ``recogniser``: to learn by or, ``_judge``, to judge by.

        The two pairs share neither seed, nor lines, nor people.
        """
        reading, feeling = (self.cache / f"{name}{which}.safetensors" for name in ("lipreader", "recogniser"))
        if not reading.is_file():
            plan = lipreader.JUDGE if which else lipreader.Plan()
            lipreader.train_lipreader([self.lines()], reading, plan, self.cache, self.tell)
        if not feeling.is_file():
            asked = recogniser.JUDGE if which else recogniser.Plan()
            sitters = self._of(self._packs["teacher"], sitting=True)
            recogniser.train_recogniser([sitters], feeling, asked, self.cache, self.tell)
        return {"reader": lipreader.load_lipreader(reading), "recogniser": recogniser.load_recogniser(feeling)}

    def trial_prior(self) -> Prior:
        """A prior for a tiny generator."""
        path = self.cache / "prior_tiny.safetensors"
        priors.train_prior(self.motion(), path, priors.TINY)
        return prior_of(*load_weights(path))

    @property
    def _rig(self) -> Rig:
        return load_rig("arkit")

    @cached_property
    def _packs(self) -> dict[str, MotionPack]:
        return packs(self.data, self.cache, self._rig, tiny=self.tiny)

    def _of(self, taught: MotionPack, sitting: bool) -> MotionPack:
        """The clips of those who sit for judges, or of the others; what is held out is everybody's."""
        if self.tiny:
            return taught
        people = sorted(set(taught.persons))[::SITTERS]
        return collect(taught.corpora, self._rig, (clip for clip in taught if clip.held or (clip.person in people) == sitting))
