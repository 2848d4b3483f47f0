"""Pictures of people who never were, and what a face tracker reads in them: exact pairs of feeling and face.

Any person can be made to feel anything while saying anything, so the same feeling on many people and many feelings on one
person are known exactly. Only the tracker's scores are kept, never the pictures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from animator import registry
from animator.core.motion import Motion
from animator.core.rig import Rig
from animator.core.script import felt
from animator.core.stage import Stage, camera
from animator.heads.shape.identity import goes_both_ways, sliders
from animator.io.landmarks import Tracker

LOOKS: tuple[Mapping[str, Any], ...] = (
    {"age": 24.0, "gender": 0.05, "skin": "fair", "hair": "blond", "eyes": "blue"},
    {"age": 33.0, "gender": 0.95, "skin": "dark", "hair": "black", "eyes": "dark", "style": "short"},
    {"age": 58.0, "gender": 0.1, "skin": "light", "hair": "grey", "eyes": "green", "style": "tied"},
    {"age": 41.0, "gender": 0.9, "skin": "medium", "hair": "dark brown", "eyes": "brown", "stubble": 0.7},
    {"age": 27.0, "gender": 0.0, "skin": "brown", "hair": "black", "eyes": "brown", "lips": "plum", "style": "tied"},
    {"age": 71.0, "gender": 1.0, "skin": "fair", "hair": "white", "eyes": "grey", "style": "none"},
    {"age": 19.0, "gender": 0.6, "skin": "olive", "hair": "brown", "eyes": "hazel"},
    {"age": 47.0, "gender": 0.05, "skin": "tan", "hair": "auburn", "eyes": "hazel", "lips": "red"},
    {"age": 36.0, "gender": 1.0, "skin": "light", "hair": "ginger", "eyes": "blue", "freckles": 0.8, "stubble": 0.3},
    {"age": 30.0, "gender": 0.3, "skin": "medium", "hair": "black", "eyes": "dark"},
)
"""Ages and colours, painted once each; shapes are drawn anew for each person."""

HELD_OUT = (4, 9)
"""Looks whose people are measured on, never trained on."""

FACIAL = ("asym-", "cheek", "chin", "eye", "eyebrows", "forehead", "head", "mouth", "nose")
"""Beginnings of the names of sliders that shape a face."""

STILL, SPOKEN = 1, 2
"""Pictures of each feeling of a person: with the mouth at rest, and in the middle of speech."""


@dataclass(frozen=True, eq=False)
class Sights:
    """What was read in pictures of people.

    ``person int [M]``; ``group int [M]``: pictures of the same person feeling the same; ``felt float32 [M E]``: the weights of
    the feelings; ``driven float32 [M C]``: the controls that were drawn; ``seen float32 [M C]``: those that were read.
    """

    person: np.ndarray
    group: np.ndarray
    felt: np.ndarray
    driven: np.ndarray
    seen: np.ndarray


def sights(people: Sequence[int], rig: Rig, seed: int, size: int = 256, kept: Path | None = None) -> Sights:
    """Draw people and read their faces.

    Parameters
    ----------
    people
        Numbers of the persons; ``i`` has the look ``i`` modulo the number of `LOOKS`.
    rig
        The rig whose feelings are shown.
    seed
        The only source of chance; a person does not depend on who else there is.
    size
        Pixels a side of a picture.
    kept
        A file (``.npz``) to keep the result in, and to take it from if it is there.
    """
    if kept is not None and kept.is_file():
        with np.load(kept, allow_pickle=False) as stored:
            return Sights(**{name: stored[name] for name in Sights.__dataclass_fields__})
    rows: list[tuple[int, int, np.ndarray, np.ndarray, np.ndarray]] = []
    with Tracker(rig) as tracker:
        for person in people:
            rng = np.random.default_rng([seed + 1, person])
            weights, groups = _shown(rig, rng)
            driven = np.stack([pose(w, i % (STILL + SPOKEN) >= STILL, rig, rng) for i, w in enumerate(weights)])
            for row, weight, group, picture in zip(
                driven, weights, groups, _drawn(a_person(person, rng), driven, rig, size, rng), strict=True
            ):
                seen = tracker.read(picture)
                if seen is not None:
                    rows.append((person, person * 1000 + group, weight, row, seen.row))
    found = Sights(*(np.stack(column) for column in zip(*rows, strict=True)))
    if kept is not None:
        np.savez_compressed(kept, **vars(found))
    return found


def a_person(number: int, rng: np.random.Generator) -> Any:
    """A person of the look ``number`` and of a shape drawn from ``rng``: usual at heart, with some forty traits of their own."""
    names = [name for name in sliders() if name.startswith(FACIAL)]
    traits = {str(name): float(np.clip(0.3 * rng.standard_normal(), -1, 1)) for name in rng.choice(names, 40, replace=False)}
    return registry.find("heads", "makehuman")(
        **LOOKS[number % len(LOOKS)],
        ancestry=dict(zip(("african", "asian", "caucasian"), rng.dirichlet([0.6, 0.6, 0.6]).tolist(), strict=True)),
        weight=float(rng.beta(3, 3)),
        muscle=float(rng.beta(3, 3)),
        local={name: value if goes_both_ways(name) else abs(value) for name, value in traits.items()},
        seed=number % len(LOOKS),
    )


def pose(weights: np.ndarray, speaking: bool, rig: Rig, rng: np.random.Generator) -> np.ndarray:
    """One frame ``float32 [C]`` of a face that feels so: the rig's poses added up, a viseme, and a life of eyes and head."""
    row = rig.rest.astype(np.float64)
    share = np.ones(len(rig.controls))
    if speaking:  # the mouth keeps a part of a feeling while it speaks
        share = np.where(rig.region("mouth"), rng.uniform(0.6, 0.9), np.where(rig.region("jaw", "tongue"), 0.4, 1.0))
        row += rng.uniform(0.4, 1.0) * (rig.row(rig.visemes[str(rng.choice(sorted(rig.visemes)))]) - rig.rest)
    for name, weight in zip(felt(rig.emotions), weights, strict=True):
        row += weight * share * (rig.row(rig.emotions[name]) - rig.rest)
    row *= np.where(rig.region("head"), 1.0, rng.normal(1.0, 0.08, len(row)))
    row += np.where(rig.region("head"), rng.normal(0.0, 0.11, len(row)), 0.0)
    yaw, pitch = rng.normal(0.0, 0.12, 2)
    for side in ("left", "right"):
        row[rig.column(f"{side}EyeYaw")], row[rig.column(f"{side}EyePitch")] = yaw, pitch
    if rng.random() < 0.08:
        for gesture in ("blink_left", "blink_right"):
            lids = rig.row(rig.gestures[gesture])
            row = np.where(lids > 0.5, lids, row)
    return np.clip(row, rig.low, rig.high).astype(np.float32)


def _shown(rig: Rig, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """What a person feels in each picture: nothing, each feeling at some intensity, and one mixture of two."""
    feelings = len(felt(rig.emotions))
    shown = [np.zeros(feelings), np.zeros(feelings)]
    for i in range(feelings):
        shown.append(np.eye(feelings)[i] * rng.uniform(0.25, 1.0))
    first, second = rng.choice(feelings, 2, replace=False)
    shown.append(np.eye(feelings)[first] * rng.uniform(0.3, 0.7) + np.eye(feelings)[second] * rng.uniform(0.3, 0.7))
    each = STILL + SPOKEN
    return np.repeat(np.stack(shown), each, axis=0).astype(np.float32), np.repeat(np.arange(len(shown)), each)


def _drawn(person: Any, rows: np.ndarray, rig: Rig, size: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Pictures ``uint8 [H W 3]`` before walls of any grey, from a little left, right, above or below."""
    view = camera(f"yaw={rng.normal(0, 0.1):.3f},pitch={rng.normal(0, 0.08):.3f}")
    motion = Motion(rig.names, rows, Fraction(25))
    renderer = registry.find("renderers", "soft")(threads=1)
    for picture in renderer.render(motion, person.make(), Stage(width=size, height=size, camera=view)):
        alpha = picture[..., 3:] / np.float32(255)
        yield (picture[..., :3] * alpha + rng.uniform(20, 220) * (1 - alpha)).astype(np.uint8)
