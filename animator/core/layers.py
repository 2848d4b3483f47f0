"""`Layer`: curves that somebody made by hand, laid over a generated motion, so that the fix survives the next generation."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Float, Float64

from animator.core.curves import window
from animator.core.lips import check_span
from animator.core.motion import CLOSED, Motion, require_rig
from animator.core.rig import Rig
from animator.core.track import Track, sample
from animator.errors import InputError, LossWarning, UnknownNameError

MODES = ("replace", "add", "blend")
"""``replace``: the layer's values stand; ``add``: they are added, times the weight; ``blend``: both, by the weight."""

EASE = 0.06
"""Seconds over which a layer gives way to a contact of the lips that it would open, and comes back."""


@dataclass(frozen=True)
class Layer:
    """One file of curves, and how it is laid over a motion.

    Parameters
    ----------
    path
        A motion file (.npz), or comma-separated values with ``time`` in seconds of the clip and any controls of the rig by name.
    mode
        One of `MODES`.
    weight
        [0, 1]; of ``replace``, 1.
    start, stop
        Seconds between which it holds; where its curves begin and end, if absent.
    ease
        Seconds, [0.02, 5], over which it comes before that, and goes after it.
    opens
        Whether it may open lips that must meet for a sound. Otherwise its lips and jaw give way to those contacts.

    Raises
    ------
    InputError
        A value is out of its range, or the span ends before it starts.
    UnknownNameError
        There is no such mode.
    """

    path: str
    mode: str = "replace"
    weight: float = 1.0
    start: float | None = None
    stop: float | None = None
    ease: float = 0.1
    opens: bool = False

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise UnknownNameError("mode of a layer", self.mode, MODES)
        if not 0 <= self.weight <= 1:
            raise InputError(f"the weight of a layer lies in [0, 1], not {self.weight:g}")
        if self.mode == "replace" and self.weight != 1:
            raise InputError(f"a layer that replaces has a weight of 1, not {self.weight:g}; blend it or add it")
        check_span(self.start, self.stop, self.ease)


@dataclass(frozen=True, eq=False)
class Curves(Track):
    """Curves of some controls, in a rig's units; frame 0 is the instant ``start``, in seconds of the clip."""

    start: float = 0.0


def overlaid(motion: Motion, layers: Iterable[tuple[Layer, Curves]], contacts: Float[np.ndarray, "S 2"], rig: Rig) -> Motion:
    """A motion with layers laid over it, in order, not limited.

    Parameters
    ----------
    motion
        The performance.
    layers
        Each with its curves; the controls that they name may be any of the rig's.
    contacts
        Seconds during each of which the lips must be shut.
    rig
        The rig the motion is written in.

    Raises
    ------
    InputError
        A layer begins when the motion is over, or the motion is not written in that rig.
    UnknownNameError
        A layer names a control that the rig does not have.

    Warns
    -----
    LossWarning
        A layer opens contacts, or would open them and gives way.
    """
    require_rig(motion, rig)
    values = motion.values.astype(np.float64)
    times = np.arange(len(motion)) / float(motion.fps)
    for layer, curves in layers:
        name = Path(layer.path).name
        start = curves.start if layer.start is None else layer.start
        stop = curves.start + curves.seconds if layer.stop is None else layer.stop
        if not start < motion.seconds:
            raise InputError(f"layer {name!r} begins at {start:g} s, but the motion ends at {motion.seconds:.2f} s")
        for control in curves.names:
            if control not in rig.columns:
                raise UnknownNameError("control", control, rig.names, f"layer {name!r}")
        columns = [rig.columns[control] for control in curves.names]
        span = np.array([[start, max(start + 1e-6, stop)]])
        share = np.tile((layer.weight * window(times, span, layer.ease, layer.ease))[:, None], len(columns))
        laid = _laid(values, columns, sample(curves, times - curves.start), share, layer)
        lost = contacts[_shut(values, times, contacts, rig) & ~_shut(laid, times, contacts, rig)]
        if len(lost):
            told = f"{len(lost)} of the {len(contacts)} closures of the lips"
            if layer.opens:
                warnings.warn(f"layer {name!r} opens {told}", LossWarning, stacklevel=3)
            else:
                warnings.warn(
                    f"layer {name!r} gives way to {told}, which it would open; opens=true lets it", LossWarning, stacklevel=3
                )
                share[:, rig.opening_row[columns] != 0] *= 1.0 - window(times, lost, EASE, EASE)[:, None]
                laid = _laid(values, columns, sample(curves, times - curves.start), share, layer)
        values = laid
    return replace(motion, values=values.astype(np.float32))


def _laid(
    values: Float64[np.ndarray, "T C"],
    columns: list[int],
    given: Float[np.ndarray, "T K"],
    share: Float64[np.ndarray, "T K"],
    layer: Layer,
) -> Float64[np.ndarray, "T C"]:
    out = values.copy()
    out[:, columns] += share * (given if layer.mode == "add" else given - values[:, columns])
    return out


def _shut(
    values: Float64[np.ndarray, "T C"], times: Float64[np.ndarray, " T"], contacts: Float[np.ndarray, "S 2"], rig: Rig
) -> Bool[np.ndarray, " S"]:
    """During which contacts the lips are closed throughout, once every control is within its range."""
    apart = np.clip(values, rig.low, rig.high) @ rig.opening_row > CLOSED
    within = (times >= contacts[:, :1] - 1e-9) & (times <= contacts[:, 1:] + 1e-9)
    shut: np.ndarray = ~(within & apart).any(axis=1)
    return shut
