"""`RigMap`: what each control of one rig is in the controls of another, and how a motion crosses from one to the other."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from jaxtyping import Float64

from animator.core.motion import Motion, require_rig
from animator.core.rig import Pose, Rig
from animator.errors import InputError, LossWarning, UnknownNameError

TIMES = "*"
"""Between the controls of a term that is a product, as in ``jawOpen * mouthPucker``."""

MOVED = 0.05
"""A control that leaves its rest by less is not missed."""

SPARSITY = 0.01
"""Price of what a mixture moves against the squared error that it leaves. A pose costs no more than others that add up to it."""

_RIDGE = 1e-7  # poses that add up to another one stay solvable


@dataclass(frozen=True, eq=False)
class RigMap:
    """How a motion of one rig is told in another: by shares of single controls, by poses, or by both.

    A control of the target is its rest, and to that are added what its shares and what its poses give; it is kept in its range.

    Parameters
    ----------
    source, target
        The rigs it leads from and to.
    shares
        Control of the target to what it is made of: term of the source to share. A term is a control, or a product of controls
        (``"jawOpen * mouthPucker"``), each measured from its rest.
    poses
        Control of the target to the poses of the source that it stands for. Each frame of the source is explained as a mixture of
        all poses (non-negative least squares, sparse), and a control is the sum of what its poses have in it.
    unshown
        Poses that are heard out in the mixture but belong to no control, so that none is taken for what it is not.
    remainder
        Control of the target that is what the other poses leave of 1 (the silence of a viseme set); empty if none.
    implied
        Controls of the source that need not be carried, since others of the source say the same.
    name
        What complaints call it, usually its file.

    Raises
    ------
    InputError, UnknownNameError
        A control is not known, or a pose leaves everything at rest; the message says where.
    """

    source: Rig
    target: Rig
    shares: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    poses: Mapping[str, tuple[Pose, ...]] = field(default_factory=dict)
    unshown: tuple[Pose, ...] = ()
    remainder: str = ""
    implied: tuple[str, ...] = ()
    name: str = ""

    def __post_init__(self) -> None:
        where = self.name or f"the map from {self.source.name!r} to {self.target.name!r}"
        for name in (*self.shares, *self.poses, *([self.remainder] if self.remainder else [])):
            if name not in self.target.columns:
                raise UnknownNameError(f"control of rig {self.target.name!r}", name, self.target.names, where)
        for target, terms in self.shares.items():
            for term in terms:
                _require(factors(term), self.source, f"{where}, shares of {target!r}")
        for target, pose in self._each_pose():
            _require(pose, self.source, f"{where}, poses of {target!r}" if target else f"{where}, unshown")
            if not (self.source.row(pose) != self.source.rest).any():
                raise InputError(f"{where}: {f'a pose of {target!r}' if target else 'an unshown pose'} moves nothing")
        _require(self.implied, self.source, f"{where}, implied")

    @cached_property
    def lost(self) -> tuple[str, ...]:
        """Controls of the source that it cannot carry, in the source's order."""
        carried = {name for terms in self.shares.values() for term in terms for name in factors(term)}
        carried |= {name for poses in self.poses.values() for pose in poses for name, value in pose.items() if value}
        return tuple(name for name in self.source.names if name not in carried | set(self.implied))

    @cached_property
    def linear(self) -> Float64[np.ndarray, "S C"]:
        """What each control of the source gives to each of the target by itself."""
        out = np.zeros((len(self.source.names), len(self.target.names)))
        for name, terms in self.shares.items():
            for term, share in terms.items():
                if term in self.source.columns:
                    out[self.source.columns[term], self.target.columns[name]] = share
        return out

    @cached_property
    def products(self) -> tuple[tuple[int, float, list[int]], ...]:
        """Column of the target, share, and columns of the source for each term that is a product."""
        return tuple(
            (self.target.columns[name], share, [self.source.columns[each] for each in factors(term)])
            for name, terms in self.shares.items()
            for term, share in terms.items()
            if term not in self.source.columns
        )

    @cached_property
    def mixed(self) -> tuple[tuple[str, ...], Float64[np.ndarray, "K C"]]:
        """The poses of the mixture: whose each is (no name where it is unshown), and what it moves from the source's rest.

        Each is there with its mirror image, so that a face and its mirror are heard alike.
        """
        columns = [self.source.columns[c.mirror] for c in self.source.controls]
        signs = np.array([-1.0 if c.flips else 1.0 for c in self.source.controls])
        found: dict[tuple[str, bytes], np.ndarray] = {}
        for owner, pose in self._each_pose():
            moved = (self.source.row(pose) - self.source.rest).astype(np.float64)
            other = self.target.control(owner).mirror if owner else ""
            for name, row in ((owner, moved), (other, moved[columns] * signs + 0.0)):
                found.setdefault((name, row.tobytes()), row)
        return tuple(name for name, _ in found), np.array(list(found.values())).reshape(-1, len(columns))

    def _each_pose(self) -> Iterator[tuple[str, Pose]]:
        """Every pose with the control it belongs to, or with no name."""
        yield from ((name, pose) for name, poses in self.poses.items() for pose in poses)
        yield from (("", pose) for pose in self.unshown)


def factors(term: str) -> tuple[str, ...]:
    """The controls that a term multiplies; mostly one."""
    return tuple(name.strip() for name in term.split(TIMES))


def _require(names: Iterable[str], rig: Rig, where: str) -> None:
    for name in names:
        if name not in rig.columns:
            raise UnknownNameError(f"control of rig {rig.name!r}", name, rig.names, where)


def retarget(motion: Motion, rig_map: RigMap) -> Motion:
    """The same performance in the controls of the map's target, each within its range.

    Frames are independent of one another, so that this also serves a stream.

    Raises
    ------
    InputError
        The motion is not written in the map's source.

    Warns
    -----
    LossWarning
        The motion moves controls that the map cannot carry.
    """
    source, target = rig_map.source, rig_map.target
    require_rig(motion, source)
    moved = motion.values - source.rest.astype(np.float64)
    gone = [name for name in rig_map.lost if len(moved) and np.abs(moved[:, source.columns[name]]).max() > MOVED]
    if gone:
        told = f"{', '.join(gone[:6])}{' …' if len(gone) > 6 else ''}"
        many = "a control" if len(gone) == 1 else f"{len(gone)} controls"
        warnings.warn(f"rig {target.name!r} has nothing for {many} that this motion moves: {told}", LossWarning, stacklevel=2)
    values = target.rest + moved @ rig_map.linear
    for column, share, factors_at in rig_map.products:
        values[:, column] += share * moved[:, factors_at].prod(axis=1)
    owners, poses = rig_map.mixed
    if owners:
        strengths = mixture(poses, moved)
        for name, strength in zip(owners, strengths.T, strict=True):
            if name:
                values[:, target.columns[name]] += strength
        if rig_map.remainder:
            shown = [bool(name) for name in owners]
            values[:, target.columns[rig_map.remainder]] = 1 - strengths[:, shown].sum(axis=1)
    return replace(motion, names=target.names, values=np.clip(values, target.low, target.high).astype(np.float32))


def mixture(poses: Float64[np.ndarray, "K C"], moved: Float64[np.ndarray, "T C"]) -> Float64[np.ndarray, "T K"]:
    """How much of each pose is in each frame: the ``x >= 0`` that minimise ``|x poses - moved|^2 / 2 + SPARSITY x |poses|``.

    What no pose moves has no say in it. Solved by active sets on the normal equations (Lawson and Hanson, Solving Least Squares
    Problems, 1974, chapter 23), each frame's from that of the frame before: about 0.3 ms a frame, 2 ms for a frame alone.
    """
    gram = poses @ poses.T + _RIDGE * np.eye(len(poses))
    wanted = moved @ poses.T - SPARSITY * np.linalg.norm(poses, axis=1)
    out = np.zeros((len(moved), len(poses)))
    strengths = np.zeros(len(poses))
    for i, row in enumerate(wanted):
        strengths = _non_negative(gram, row, strengths)
        out[i] = strengths
    return out


def _non_negative(gram: np.ndarray, wanted: np.ndarray, start: np.ndarray) -> np.ndarray:
    """The ``x >= 0`` that minimises ``x gram x / 2 - wanted x``, found from a feasible start."""
    x, active = start, start > 0
    for _ in range(10 * len(x)):
        while active.any():
            best = np.zeros_like(x)
            best[active] = np.linalg.solve(gram[np.ix_(active, active)], wanted[active])
            below = active & (best <= 0)
            if not below.any():
                x = best
                break
            steps = x[below] / np.maximum(x[below] - best[below], 1e-300)
            x = x + steps.min() * (best - x)
            x[below & (x <= 1e-12)] = 0.0
            active = x > 0
        else:
            x = np.zeros_like(x)
        slope = np.where(active, 0.0, wanted - gram @ x)
        if slope.max() <= 1e-9:
            break
        active = active.copy()
        active[int(np.argmax(slope))] = True
    return x
