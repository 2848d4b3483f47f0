"""A performance over the expression that a photo, or a film, has of its own."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32

from animator.core.emotion import ALL, Emotion, by_region
from animator.core.motion import Motion
from animator.core.portrait import Portrait
from animator.core.rig import Rig
from animator.errors import InputError
from animator.geometry.pose import HEAD_ANGLES

YIELDING = ("mouth", "cheeks", "jaw", "tongue")
"""Regions whose own expression gives way to a feeling; how brows and lids are held belongs to the person."""

SPOKEN, KEPT = ("mouth", "jaw", "tongue"), ("eyes", "gaze", "head")
"""Regions of a film's person that the performance has to itself, and those in which it has no part."""

FREELY, FARTHEST = 0.2, 0.35
"""Radians up to which a head turns as the performance has it, and where it ends: a photo shows one side of a head."""


def targets(motion: Motion, portrait: Portrait, rig: Rig, emotion: Emotion | None, own: float) -> Float32[np.ndarray, "T C"]:
    """Rows of the portrait's controls, frame by frame: what the face is to look like.

    What the performance does is added to the photo's own expression, of which the lower face keeps the share ``own`` in [0, 1],
    less where something is felt. What parts the lips (the rig's measure of their opening) is the performance's alone: lips that
    are parted in the photo shut when they are to. Head angles are the performance's, gaze is added to the photo's.

    Raises
    ------
    InputError
        The motion or the portrait is not in the rig.
    """
    check_rigs(motion, portrait, rig)
    kept = np.ones((len(motion), len(rig.names)), dtype=np.float32)
    felt = {} if emotion is None else by_region(emotion)
    for region in YIELDING:
        kept[:, rig.region(region)] = np.float32(own) * (1 - _felt(felt.get(region, felt.get(ALL)), motion)[:, None])
    kept[:, [rig.column(name) for name in rig.opening]] = 0
    rows = motion.values + kept * (portrait.row - rig.rest)
    rows = rows.clip(rig.low, rig.high)
    for name in HEAD_ANGLES:
        rows[:, rig.column(name)] = _eased(rows[:, rig.column(name)])
    out: np.ndarray = rows.astype(np.float32)
    return out


def revoiced(performed: Float32[np.ndarray, " C"], portrait: Portrait, rig: Rig) -> Float32[np.ndarray, " C"]:
    """A row of the portrait's controls for one picture of a film, whose person goes on to blink, look and turn as before.

    `SPOKEN` regions do what the performance does, and nothing else; of the others, brows, cheeks and nose add it to what they do.
    """
    spoken, kept = (np.array([control.region in regions for control in rig.controls]) for regions in (SPOKEN, KEPT))
    row: np.ndarray = np.where(spoken, performed, portrait.row + np.where(kept, 0, performed - rig.rest))
    return row.clip(rig.low, rig.high).astype(np.float32)


def check_rigs(motion: Motion, portrait: Portrait, rig: Rig) -> None:
    """Raise `InputError` unless the motion and the portrait's expression are in the rig."""
    if motion.names != rig.names or portrait.names != rig.names:
        raise InputError(f"a photo is moved by a motion in rig {rig.name!r}, and its own expression is written in it")


def _felt(emotion: Emotion | None, motion: Motion) -> Float32[np.ndarray, " T"]:
    """How much is felt at each frame of a motion, in [0, 1]."""
    if emotion is None or not len(emotion):
        return np.zeros(len(motion), dtype=np.float32)
    at = np.arange(len(motion)) / float(motion.fps)
    felt = np.interp(at, np.arange(len(emotion)) / float(emotion.fps), emotion.values.sum(axis=1))
    whole: np.ndarray = felt.clip(0, 1).astype(np.float32)
    return whole


def _eased(angle: np.ndarray) -> np.ndarray:
    """An angle that comes to rest at `FARTHEST`, itself up to `FREELY`."""
    room = FARTHEST - FREELY
    over: np.ndarray = (np.abs(angle) - FREELY).clip(0)
    eased: np.ndarray = np.sign(angle) * (np.abs(angle).clip(None, FREELY) + room * np.tanh(over / room))
    return eased
