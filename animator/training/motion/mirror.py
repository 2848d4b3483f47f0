"""A mirror for the face tracker: poses of our own heads, drawn, and the points that the tracker then sees.

Tracker scores of other rigs' controls are of little use where lips are concerned: of ours, several hardly ever leave 0 on real
speakers. Drawn people give exact pairs of controls and points, from which `animator.training.motion.solve` learns the way back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from animator import registry
from animator.core.motion import Motion
from animator.core.rig import Rig
from animator.core.script import felt
from animator.core.stage import Stage, camera
from animator.io.landmarks import Tracker
from animator.training.embedder.people import a_person
from animator.training.motion.tracks import POINTS

RESTING = 3
"""Pictures of each person at rest, which come first."""

PRESSED = 0.12
"""Opening below shut that pressed lips may have; a head's lips would go through each other farther down."""


@dataclass(frozen=True, eq=False)
class Mirrored:
    """``person int [M]``; ``rest bool [M]``: at rest; ``driven float32 [M C]``: the controls that were drawn; ``rows [M C]``
    and ``points [M P 3]``: what the tracker saw, as in `tracks.Tracked`.
    """

    person: np.ndarray
    rest: np.ndarray
    driven: np.ndarray
    rows: np.ndarray
    points: np.ndarray


def mirrored(people: Sequence[int], poses: int, rig: Rig, seed: int, kept: Path | None = None, size: int = 288) -> Mirrored:
    """Draw people in so many poses each and read their faces; ``kept`` is a file to keep that in."""
    if kept is not None and kept.is_file():
        with np.load(kept, allow_pickle=False) as stored:
            return Mirrored(**{name: stored[name] for name in Mirrored.__dataclass_fields__})
    found: list[tuple[int, bool, np.ndarray, np.ndarray, np.ndarray]] = []
    with Tracker(rig) as tracker:
        for person in people:
            rng = np.random.default_rng([seed + 7, person])
            head = a_person(person, rng).make()
            driven = np.stack([_turned(rig.rest, rig, rng) for _ in range(RESTING)] + [a_pose(rig, rng) for _ in range(poses)])
            stage = Stage(
                width=size, height=size, camera=camera(f"yaw={rng.normal(0, 0.05):.3f},pitch={rng.normal(0, 0.05):.3f}")
            )
            pictures = registry.find("renderers", "soft")(threads=1).render(Motion(rig.names, driven, Fraction(25)), head, stage)
            for k, picture in enumerate(pictures):
                alpha = picture[..., 3:] / np.float32(255)
                wall = rng.uniform(20, 220)
                seen = tracker.read((picture[..., :3] * alpha + wall * (1 - alpha)).astype(np.uint8))
                if seen is not None:
                    found.append((person, k < RESTING, driven[k], seen.row, seen.points[list(POINTS)]))
    result = Mirrored(*(np.array(column) for column in zip(*found, strict=True)))
    if kept is not None:
        np.savez(kept, **vars(result))
    return result


def a_pose(rig: Rig, rng: np.random.Generator) -> np.ndarray:
    """One face ``float32 [C]``: up to two visemes, some mouth controls on their own, brows, lids, a trace of feeling."""
    row = np.zeros(len(rig.controls))
    for name in rng.choice(sorted(rig.visemes), rng.integers(0, 3), replace=False):
        row += rng.uniform(0.3, 1.1) * (rig.row(rig.visemes[str(name)]) - rig.rest)
    row *= rng.lognormal(0.0, 0.3, len(row))
    own = rig.region("mouth", "jaw", "brows", "eyes") & (rng.random(len(row)) < 0.15)
    own = np.where(rng.random() < 0.85, own | own[[rig.columns[c.mirror] for c in rig.controls]], own)
    amount = rng.beta(1.0, 2.5, len(row))
    amount = np.minimum(amount, np.where(rng.random() < 0.85, amount[[rig.columns[c.mirror] for c in rig.controls]], 1.0))
    row += own * amount
    if rng.random() < 0.3:
        feeling = str(rng.choice(felt(rig.emotions)))
        row += rng.uniform(0.1, 0.8) * (rig.row(rig.emotions[feeling]) - rig.rest)
    if rng.random() < 0.15:
        for gesture in ("blink_left", "blink_right"):
            row += rng.uniform(0.3, 1.0) * (rig.row(rig.gestures[gesture]) - rig.rest)
    opening = rig.opening_row * row
    parting, closing = opening[opening > 0].sum(), -opening[opening < 0].sum()
    row[rig.opening_row < 0] *= min(1.0, (parting + PRESSED) / max(closing, 1e-6))
    return _turned(rig.rest + row, rig, rng)


def _turned(row: np.ndarray, rig: Rig, rng: np.random.Generator) -> np.ndarray:
    """With the head turned a little, within the rig's limits."""
    turned = row + np.where(rig.region("head"), rng.normal(0.0, 0.07, len(row)), 0.0)
    limited: np.ndarray = np.clip(turned, rig.low, rig.high).astype(np.float32)
    return limited
