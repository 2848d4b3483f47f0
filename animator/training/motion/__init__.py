"""Pairs of speech and motion, real and taught: what the motion generator learns from, and the teacher fitted to the real ones."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from animator.core.rig import Rig
from animator.errors import InputError, LossWarning
from animator.training.motion.store import MotionPack, read_motion_pack, write_motion_pack
from animator.training.phones.store import Pack

PERSONS, POSES = 40, 40
"""How many people are drawn to learn what the tracker sees, and in how many poses each."""

HOURS, TINY_HOURS = 4.0, 0.02
"""How much the teacher performs."""


def packs(data: Path | None, cache: Path, rig: Rig, *, tiny: bool = False, seed: int = 0) -> dict[str, MotionPack]:
    """Motion to learn from by name (``grid``, ``facegood``, ``teacher``), made where it is not in the cache yet.

    Parameters
    ----------
    data
        Where ``grid_s1`` and ``facegood`` are. What is neither there nor in the cache is left out, with a `LossWarning`.
    cache
        Folder for one ``motion_NAME.npz`` each, and for what is made on the way (tracks half an hour, drawn people four minutes).
    rig
        The rig of the curves.
    tiny
        Only the shipped samples, performed by the shipped teacher: a minute of motion.
    seed
        The source of chance.

    Raises
    ------
    FormatError
        A file in the cache is no pack; delete it.
    MissingWeightsError
        The teacher's tables are not among the assets.
    """
    from animator.training import phones

    if tiny:
        return {"teacher": _performed(phones.pack(None, cache, tiny=True), TINY_HOURS, rig, seed)}
    found = {
        "grid": _kept("grid", "grid_s1", data, cache, rig, lambda folder: _grid(folder, data, cache, rig, seed)),
        "facegood": _kept("facegood", "facegood", data, cache, rig, lambda folder: _facegood(folder, rig)),
        "teacher": _kept("teacher", ".", cache, cache, rig, lambda _: _performed(phones.pack(data, cache), HOURS, rig, seed)),
    }
    return {name: pack for name, pack in found.items() if pack is not None}


def train_teacher(data: Path | None, cache: Path, rig: Rig, out: Path, *, seed: int = 0) -> Mapping[str, Mapping[str, float]]:
    """The teacher's tables again, fitted to GRID; see `coarticulated.fit_teacher`.

    Raises
    ------
    InputError
        GRID is neither in ``data`` nor in the cache.
    """
    from animator.training import phones
    from animator.training.motion.coarticulated import fit_teacher

    real = _kept("grid", "grid_s1", data, cache, rig, lambda folder: _grid(folder, data, cache, rig, seed))
    if real is None:
        raise InputError(f"the teacher is fitted to GRID, whose folder grid_s1 is not in {data}")
    return fit_teacher(real, phones.pack(data, cache, only=("grid",))[0], rig, out, seed=seed)


def _grid(folder: Path, data: Path | None, cache: Path, rig: Rig, seed: int) -> MotionPack:
    from animator.training import phones
    from animator.training.motion import grid
    from animator.training.motion.mirror import mirrored
    from animator.training.motion.solve import learn

    solver = learn(mirrored(range(PERSONS), POSES, rig, seed, cache / "motion_mirror.npz"), rig)
    said = phones.pack(data, cache, only=("grid",))[0]
    return grid.pack(folder, rig, solver, said, cache / "grid_tracks")


def _facegood(folder: Path, rig: Rig) -> MotionPack:
    from animator.training.motion import facegood

    return facegood.pack(folder, rig)


def _performed(speech: Sequence[Pack], hours: float, rig: Rig, seed: int) -> MotionPack:
    from animator.training.motion import pairs
    from animator.training.motion.coarticulated import load_teacher

    return pairs.pack(speech, load_teacher(rig), hours, seed)


def _kept(
    name: str, source: str, data: Path | None, cache: Path, rig: Rig, make: Callable[[Path], MotionPack]
) -> MotionPack | None:
    path = cache / f"motion_{name}.npz"
    if not path.is_file():
        if data is None or not (data / source).is_dir():
            warnings.warn(f"there will be no motion of {name}: no folder {source} in {data}", LossWarning, stacklevel=3)
            return None
        write_motion_pack(make(data / source), path)
    return read_motion_pack(path, rig)
