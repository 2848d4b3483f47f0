"""What life does, in a rig's own controls: each writes into ``values``, ``float64 [T C]``, and passes over what the rig lacks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from animator.core.curves import steps
from animator.core.emotion import Gesture
from animator.core.rig import Rig
from animator.errors import UnknownNameError
from animator.geometry.pose import EYE_ANGLES, HEAD_ANGLES

PITCH, YAW, ROLL = HEAD_ANGLES
HEAD = (YAW, PITCH, ROLL)
EYES = tuple((yaw, pitch) for pitch, yaw in EYE_ANGLES)


def add_gesture(values: np.ndarray, rig: Rig, gesture: str, amount: np.ndarray) -> None:
    """Add a gesture of the rig, ``amount`` ``[T]`` times its pose."""
    for name, value in rig.gestures.get(gesture, {}).items():
        values[:, rig.columns[name]] += amount * value


def add_moves(values: np.ndarray, rig: Rig, gestures: Iterable[Gesture], times: np.ndarray) -> None:
    """Add what a director has the face do once, at these instants (seconds, ``[T]``), to the moves' own controls and no others.

    From pose to pose it goes by smoothsteps; what is held stays in the last pose before rest. `UnknownNameError` if the rig
    has no such move.
    """
    for gesture in gestures:
        if gesture.name not in rig.moves:
            raise UnknownNameError("gesture", gesture.name, rig.moves, f"rig {rig.name!r}")
        move = rig.moves[gesture.name]
        moved = sorted({name for _, pose in move for name in pose})
        columns = [rig.columns[name] for name in moved]
        levels = np.array([[0.0] * len(moved), *([pose.get(name, 0.0) for name in moved] for _, pose in move)])
        at = np.array([instant for instant, _ in move])
        starts = np.concatenate([[0.0], at[:-1]])
        durations = np.diff(at, prepend=0.0)
        starts[-1] += gesture.hold
        first, stop = np.searchsorted(times, (gesture.start, gesture.start + at[-1] + gesture.hold))
        values[first:stop, columns] += gesture.strength * steps(times[first:stop] - gesture.start, starts, durations, levels)


def turn_head(values: np.ndarray, rig: Rig, angles: np.ndarray) -> np.ndarray:
    """Add yaw, pitch and roll to what the feeling does with the head; where it then points, yaw and pitch ``[T 2]``."""
    for name, angle in zip(HEAD, angles.T, strict=True):
        if name in rig.columns:
            column = rig.columns[name]
            values[:, column] = np.clip(values[:, column] + angle, rig.low[column], rig.high[column])
    return np.stack([values[:, rig.columns[n]] if n in rig.columns else np.zeros(len(values)) for n in HEAD[:2]], axis=1)


def turn_eyes(values: np.ndarray, rig: Rig, angles: np.ndarray, inwards: np.ndarray) -> None:
    """Turn both eyes by yaw and pitch in the head ``[T 2]``, and each ``inwards`` ``[T]``; lids and what is about them follow."""
    for names, side in zip(EYES, (-1.0, 1.0), strict=True):
        for name, angle in zip(names, (angles + side * inwards[:, None] * (1.0, 0.0)).T, strict=True):
            if name in rig.columns:
                column = rig.columns[name]
                values[:, column] = np.clip(values[:, column] + angle, rig.low[column], rig.high[column])
    farthest = _farthest(rig)
    for gesture, share in zip(
        ("look_left", "look_right", "look_down", "look_up"),
        (angles[:, 0] / farthest[0], -angles[:, 0] / farthest[0], angles[:, 1] / farthest[1], -angles[:, 1] / farthest[1]),
        strict=True,
    ):
        add_gesture(values, rig, gesture, np.clip(share, 0.0, 1.0))


def _farthest(rig: Rig) -> Sequence[float]:
    """How far the eyes turn in yaw and pitch, radians."""
    return [float(rig.control(name).high) if name in rig.columns else 0.5 for name in EYES[0]]


def blink(values: np.ndarray, rig: Rig, gesture: str, closed: np.ndarray) -> None:
    """Carry the lids from wherever feeling and gaze hold them to where the gesture has them, and add what moves with them."""
    for name, value in rig.gestures.get(gesture, {}).items():
        column = rig.columns[name]
        held = values[:, column].copy() if rig.control(name).region in ("eyes", "gaze") else 0.0
        values[:, column] += closed * (value - held)
