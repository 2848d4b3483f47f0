"""Everything that the generator's training stands on, in order, made where it is not kept yet.

tracked faces (`grid`, `facegood`) -> the teacher fitted to them -> its performances -> the judges of lips and feelings.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from animator.core.rig import Rig
from animator.errors import MissingDependencyError
from animator.generators.acting.prior import prior_of
from animator.io.rig import load_rig
from animator.io.weights import load_weights
from animator.training import phones
from animator.training.motion import facegood, grid, lipreader, pairs, recogniser, trial
from animator.training.motion import prior as priors
from animator.training.motion.coarticulated import fit_teacher, load_teacher
from animator.training.motion.mirror import mirrored
from animator.training.motion.solve import learn
from animator.training.motion.store import MotionPack, collect, read_motion_pack, write_motion_pack
from animator.training.phones.store import Pack

DRAWN, POSES = 40, 40
"""People who are drawn for the face tracker, and poses of each."""

HOURS = 3.0
"""Of the teacher's performances."""

SITTERS = 5
"""One in so many of the teacher's people sits for the judges of feelings alone; the generator never learns from them."""

LIPREADER, RECOGNISER, TEACHER = "lipreader", "recogniser", "coarticulation"
"""Of what is kept: ``NAME.safetensors``, and ``NAME_judge.safetensors`` for networks that no training asks."""

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Studio:
    """Where motion packs come from.

    Parameters
    ----------
    data
        Where the folders ``grid_s1`` and ``facegood`` are, and those of the ear's speech; None where all is kept.
    cache
        Folder for one ``motion_NAME.npz`` a pack, and for the judges' weights; what is there is read, never made again.
    tiny
        Only shipped speech performed by rule, and sentences of GRID's kind: under a minute, no corpus.
    tell
        Gets a line of progress now and then.
    """

    data: Path | None
    cache: Path
    tiny: bool = False
    tell: Tell = lambda _: None

    @property
    def rig(self) -> Rig:
        """That all motion is written in."""
        return load_rig("arkit")

    def lines(self) -> MotionPack:
        """GRID's first speaker, tracked."""
        return trial.lines(self.rig) if self.tiny else self._kept("grid", self._grid)

    def motion(self) -> list[MotionPack]:
        """All that the prior and the generator learn from: real faces and the teacher's people, less those who sit for judges."""
        if self.tiny:
            return [trial.performances(self.cache, self.rig)]
        taught = self._kept("teacher", self._taught)
        return [
            self.lines(),
            self._kept("facegood", lambda: facegood.pack(self._folder("facegood"), self.rig)),
            self._of(taught, False),
        ]

    def sitters(self) -> MotionPack:
        """Performances of people whom only judges see."""
        return self._of(self._kept("teacher", self._taught), True)

    def judges(self, which: str = "") -> dict[str, Any]:
        """A lip reader and a recogniser of feelings, as ``reader`` and ``recogniser``: to learn by or, ``_judge``, to judge by.

        The two pairs share neither seed, nor lines, nor people.
        """
        reading, feeling = (self.cache / f"{name}{which}.safetensors" for name in (LIPREADER, RECOGNISER))
        if not reading.is_file():
            plan = lipreader.JUDGE if which else lipreader.Plan()
            lipreader.train_lipreader([self.lines()], reading, plan, self.cache, self.tell)
        if not feeling.is_file():
            asked = recogniser.JUDGE if which else recogniser.Plan()
            recogniser.train_recogniser([self.sitters()], feeling, asked, self.cache, self.tell)
        return {"reader": lipreader.load_lipreader(reading), "recogniser": recogniser.load_recogniser(feeling)}

    def trial_prior(self) -> Any:
        """A prior for a tiny generator."""
        path = self.cache / "prior_tiny.safetensors"
        priors.train_prior(self.motion(), path, priors.TINY)
        return prior_of(*load_weights(path))

    def _kept(self, name: str, make: Callable[[], MotionPack]) -> MotionPack:
        path = self.cache / f"motion_{name}.npz"
        if not path.is_file():
            self.tell(f"making {path.name}")
            write_motion_pack(make(), path)
        return read_motion_pack(path, self.rig)

    def _grid(self) -> MotionPack:
        solver = learn(mirrored(range(DRAWN), POSES, self.rig, 0, self.cache / "motion_mirror.npz"), self.rig)
        return grid.pack(self._folder("grid_s1"), self.rig, solver, self._said(), self.cache / "grid_tracks")

    def _taught(self) -> MotionPack:
        tables = self.cache / f"{TEACHER}.safetensors"
        if not tables.is_file():
            fit_teacher(self.lines(), self._said(), self.rig, tables)
        return pairs.pack(phones.pack(self.data, self.cache), load_teacher(self.rig, tables), HOURS)

    def _said(self) -> Pack:
        (said,) = phones.pack(self.data, self.cache, only=("grid",))
        return said

    def _of(self, taught: MotionPack, sitting: bool) -> MotionPack:
        """The clips of those who sit for judges, or of the others; what is held out is everybody's."""
        people = sorted(set(taught.persons))[::SITTERS]
        chosen = (clip for clip in taught if clip.held or (clip.person in people) == sitting)
        return collect(taught.corpora, self.rig, chosen)

    def _folder(self, name: str) -> Path:
        if self.data is None or not (self.data / name).is_dir():
            raise MissingDependencyError(
                f"there is no folder {name} in {self.data}; get the corpus, or a cache that holds its pack"
            )
        return self.data / name
