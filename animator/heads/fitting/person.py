"""A person as numbers to be solved for: phenotype and sliders of the face, each with what is usual, and the shape they make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from jaxtyping import Float32, Float64

from animator.heads.fitting.marks import Marks
from animator.heads.shape import bust, units
from animator.heads.shape.basemesh import read_base
from animator.heads.shape.identity import ANCESTRIES, Phenotype, goes_both_ways, local_weights, shape, sliders
from animator.heads.shape.targets import read_target

FACIAL: Mapping[str, float] = {
    "l-eye": 0.08, "r-eye": 0.08, "l-cheek": 0.08, "r-cheek": 0.08, "asym-brown": 0.08, "asym-cheek": 0.08, "asym-eye": 0.08,
    "asym-jaw": 0.12, "asym-mouth": 0.12, "asym-nose": 0.12, "cheek": 0.3, "chin": 0.3, "eye": 0.3, "forehead": 0.3, "head": 0.3,
    "mouth": 0.3, "nose": 0.3,
}  # fmt: skip
"""Beginnings of the names of sliders that shape a face, with the deviation that people are taken to have in each."""

UNSEEN = ("head-angle", "head-back", "head-trans")
"""Beginnings of those that move the head on its neck, or what is behind: a picture does not tell them from its camera."""


@dataclass(frozen=True)
class Trait:
    """One number of a person: its name, its limits, what is usual, and how far people usually are from that."""

    name: str
    low: float
    high: float
    usual: float
    deviation: float


PHENOTYPE = (
    Trait("age", 18.0, 80.0, 32.0, 12.0),
    Trait("gender", 0.0, 1.0, 0.5, 0.35),
    Trait("weight", 0.1, 0.9, 0.5, 0.15),
    Trait("muscle", 0.1, 0.9, 0.5, 0.15),
    *(Trait(name, 0.02, 1.0, 1 / 3, 0.25) for name in ANCESTRIES),
)


@lru_cache(maxsize=1)
def traits() -> tuple[Trait, ...]:
    """All that is solved for: the phenotype first, then sliders."""
    return (*PHENOTYPE, *_slider_traits())


def _slider_traits() -> Iterator[Trait]:
    for name in sliders():
        deviation = next((FACIAL[start] for start in FACIAL if name.startswith(start)), None)
        if deviation is not None and not name.startswith(UNSEEN):
            yield Trait(name, -1.0 if goes_both_ways(name) else 0.0, 1.0, 0.0, deviation)


def settings(values: Float64[np.ndarray, " K"]) -> dict[str, Any]:
    """What to make the head ``makehuman`` with to get the person of these traits."""
    told = dict(zip((trait.name for trait in traits()), (round(float(v), 5) for v in values), strict=True))
    broad = {trait.name: told.pop(trait.name) for trait in PHENOTYPE}
    ancestry = {name: broad.pop(name) for name in ANCESTRIES}
    return {**broad, "ancestry": ancestry, "local": {name: value for name, value in told.items() if value}}


def values(head: Mapping[str, Any]) -> Float64[np.ndarray, " K"]:
    """The traits of a person whose settings are these: the inverse of `settings`."""
    told = {**head, **head["ancestry"], **head["local"]}
    return np.array([told.get(trait.name, 0.0) for trait in traits()], dtype=np.float64)


def rest(values: Float64[np.ndarray, " K"]) -> Float32[np.ndarray, "B 3"]:
    """The base mesh at rest in this person's shape, metres in the base mesh's own space."""
    made = settings(values)
    local = made.pop("local")
    return units.at_rest(read_base(), shape(read_base(), Phenotype(**made), local))


def changes(values: Float64[np.ndarray, " K"], marks: Marks) -> Float64[np.ndarray, "K M 3"]:
    """What each trait does to the marks, metres a unit, relative to the head's pivot, about where the person is now."""
    now, out = settings(values), np.empty((len(values), len(marks.corners), 3))
    local = now.pop("local")
    middle = _seen(shape(read_base(), Phenotype(**now), {}), marks)
    for k, trait in enumerate(PHENOTYPE):
        step = 0.1 * trait.deviation * (1 if values[k] < trait.usual else -1)
        moved = {**now, "ancestry": dict(now["ancestry"])}
        (moved["ancestry"] if trait.name in ANCESTRIES else moved)[trait.name] += step
        out[k] = (_seen(shape(read_base(), Phenotype(**moved), {}), marks) - middle) / step
    up, down = _slider_changes(marks)
    signs = np.array([local.get(trait.name, 0.0) < 0 for trait in traits()[len(PHENOTYPE) :]])
    out[len(PHENOTYPE) :] = np.where(signs[:, None, None], -down, up)
    return out


@lru_cache(maxsize=2)
def _slider_changes(marks: Marks) -> tuple[Float64[np.ndarray, "S M 3"], Float64[np.ndarray, "S M 3"]]:
    """What each slider does to the marks at 1 and, where it goes that way, at -1."""
    both = []
    for sign in (1.0, -1.0):
        rows = []
        for trait in traits()[len(PHENOTYPE) :]:
            moved = np.zeros_like(read_base().vertices)
            for name, weight in local_weights({trait.name: sign} if trait.low < 0 or sign > 0 else {}):
                indices, deltas = read_target(name)
                moved[indices] += np.float32(weight) * deltas
            rows.append(_seen(moved, marks))
        both.append(np.stack(rows))
    return both[0], both[1]


def _seen(vertices: Float32[np.ndarray, "B 3"], marks: Marks) -> Float64[np.ndarray, "M 3"]:
    """The marks relative to the pivot, which is linear in the vertices."""
    seen: np.ndarray = marks.on(vertices) - bust.pivot(read_base(), vertices)
    return seen
