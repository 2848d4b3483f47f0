"""A person's shape: phenotype and local traits as a mix of MakeHuman's targets.

Phenotype targets carry the name of every factor that they stand for (``asian-female-young``), and weigh the product of their
factors' shares, which add up to 1 for each factor: the scheme that MakeHuman publishes in ``macro.json``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from types import MappingProxyType

import numpy as np
from jaxtyping import Float32

from animator.errors import InputError, UnknownNameError
from animator.heads.shape.basemesh import BaseMesh
from animator.heads.shape.targets import read_target, target_names

ANCESTRIES = ("african", "asian", "caucasian")

_OPPOSITES = (
    ("decr", "incr"), ("down", "up"), ("in", "out"), ("backward", "forward"), ("concave", "convex"),
    ("uncompress", "compress"), ("r", "l"),
)  # fmt: skip
"""Endings of two targets that are one slider: the first is its negative half."""

_AGES = {"baby": 1.0, "child": 10.0, "young": 25.0, "old": 90.0}


@dataclass(frozen=True)
class Phenotype:
    """The broad shape of a person.

    Parameters
    ----------
    age
        Years, in [16, 90].
    gender
        From 0, female, to 1, male.
    ancestry
        Share of each of `ANCESTRIES`, 0 or more, not all 0; they are scaled to sum to 1.
    weight, muscle
        In [0, 1]; 0.5 is the average.

    Raises
    ------
    InputError, UnknownNameError
        A value leaves its range, or an ancestry is not known.
    """

    age: float = 25.0
    gender: float = 0.5
    ancestry: Mapping[str, float] = field(default_factory=lambda: dict.fromkeys(ANCESTRIES, 1.0))
    weight: float = 0.5
    muscle: float = 0.5

    def __post_init__(self) -> None:
        if not 16 <= self.age <= 90:
            raise InputError(f"age is given in years from 16 to 90, not {self.age:g}")
        for name in ("gender", "weight", "muscle"):
            value = getattr(self, name)
            if not 0 <= value <= 1:
                raise InputError(f"{name} lies in [0, 1], not {value:g}")
        for name, value in self.ancestry.items():
            if name not in ANCESTRIES:
                raise UnknownNameError("ancestry", name, ANCESTRIES)
            if not 0 <= value < np.inf:
                raise InputError(f"a share of ancestry is 0 or more, but {name!r} is {value:g}")
        if not sum(self.ancestry.values()) > 0:
            raise InputError(f"ancestry names at least one of {', '.join(ANCESTRIES)} with a share above 0")


def sliders() -> tuple[str, ...]:
    """Names that ``local`` may use, sorted.

    A target that has an opposite shares one slider with it, in [-1, 1], named after its positive half without ``-incr``:
    ``nose-hump`` is ``nose-hump-decr`` to ``nose-hump-incr``, and ``nose-trans-up`` at -1 is ``nose-trans-down``. A target that
    stands alone has its own name and a slider in [0, 1]. Left and right (``l-``, ``r-``) also have a common slider without
    that prefix, which sets both.
    """
    return tuple(sorted(_sliders()))


@lru_cache(maxsize=1)
def _sliders() -> Mapping[str, tuple[tuple[str | None, str], ...]]:
    """Slider to the targets of its negative and its positive half, on one or both sides."""
    names = {name for name in target_names("local") if not name.startswith("asymm-")}  # breast and trunk
    found: dict[str, tuple[tuple[str | None, str], ...]] = {}
    for name in sorted(names):
        stem, _, ending = name.rpartition("-")
        low = next((low for low, high in _OPPOSITES if high == ending and f"{stem}-{low}" in names), None)
        if low is not None:
            found[stem if ending == "incr" else name] = ((f"{stem}-{low}", name),)
        elif not any(ending == low and f"{stem}-{high}" in names for low, high in _OPPOSITES):
            found[name] = ((None, name),)
    for name in [n for n in found if n.startswith("l-")]:
        found[name[2:]] = found[name] + found[f"r-{name[2:]}"]
    return MappingProxyType(found)


def goes_both_ways(slider: str) -> bool:
    """Whether a slider has a negative half."""
    return all(negative is not None for negative, _ in _sliders()[slider])


def check(local: Mapping[str, float]) -> None:
    """Raise `UnknownNameError` or `InputError` unless every slider exists and stays in its range."""
    for _ in local_weights(local):
        pass


def shape(base: BaseMesh, phenotype: Phenotype, local: Mapping[str, float]) -> Float32[np.ndarray, "B 3"]:
    """The base mesh's vertices (metres) of a person.

    Raises
    ------
    UnknownNameError
        ``local`` names no slider.
    InputError
        A slider leaves its range.
    """
    vertices = base.vertices.copy()
    for name, weight in (*_phenotype_weights(phenotype), *local_weights(local)):
        indices, deltas = read_target(name)
        vertices[indices] += np.float32(weight) * deltas
    return vertices


def _phenotype_weights(phenotype: Phenotype) -> Iterator[tuple[str, float]]:
    total = sum(phenotype.ancestry.values())
    ancestry = {name: share / total for name, share in phenotype.ancestry.items()}
    gender = {"female": 1 - phenotype.gender, "male": phenotype.gender}
    age = _between(phenotype.age, _AGES)
    muscle = _between(phenotype.muscle, {"minmuscle": 0.0, "averagemuscle": 0.5, "maxmuscle": 1.0})
    weight = _between(phenotype.weight, {"minweight": 0.0, "averageweight": 0.5, "maxweight": 1.0})
    for factors in ((ancestry, gender, age), ({"universal": 1.0}, gender, age, muscle, weight)):
        for mix in product(*(factor.items() for factor in factors)):
            share = float(np.prod([value for _, value in mix]))
            if share > 0:
                yield "-".join(name for name, _ in mix), share


def _between(value: float, points: Mapping[str, float]) -> dict[str, float]:
    """Shares of the points on either side of a value, linear in between."""
    return {
        name: float(np.interp(value, list(points.values()), row)) for name, row in zip(points, np.eye(len(points)), strict=True)
    }


def local_weights(local: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    """The targets that sliders stand for, each with its weight; raises as `shape`."""
    known = _sliders()
    for name, value in local.items():
        if name not in known:
            raise UnknownNameError("slider of the face", name, known)
        for negative, positive in known[name]:
            low = 0 if negative is None else -1
            if not low <= value <= 1:
                raise InputError(f"slider {name!r} lies in [{low}, 1], not {value:g}")
            if negative is not None and value < 0:
                yield negative, -value
            elif value > 0:
                yield positive, value
