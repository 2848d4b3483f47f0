"""People who never were, each with a shape, colours, hair and clothes of their own, as heads that are drawn small.

Paint takes longer than all the rest. So some people in a row are painted alike, at half the detail or less, which pictures this
small do not show, and then each is tinted: a face of another colour under another light teaches as much as another face.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from jaxtyping import Float32, UInt8
from PIL import Image

from animator import registry
from animator.core.colour import linear, srgb
from animator.core.head import Head, Material
from animator.heads.fitting import person
from animator.heads.paint.colours import COLOURS
from animator.heads.pieces.hair import STYLES
from animator.heads.shape.identity import goes_both_ways, sliders

ALIKE = 16
"""So many people in a row are painted alike."""

SHAPED, DEVIATION = 60, 0.3
"""Sliders of the face that make somebody somebody, and how far they usually are from 0."""

FACIAL = ("asym-", "cheek", "chin", "eye", "eyebrows", "forehead", "head", "mouth", "nose", "l-", "r-")
"""Beginnings of their names."""

LARGEST = 512
"""Texels a side of a picture on a head, at most."""

_ANCESTRIES = ("african", "asian", "caucasian")
_PAINT, _PERSON = 1, 2


@dataclass(frozen=True, eq=False)
class Somebody:
    """A person: the maker ``makehuman`` of their shape, and the ``head`` as it is drawn."""

    maker: Any
    head: Head


def somebody(number: int, seed: int) -> Somebody:
    """The person of that number; who else there is makes no difference."""
    alike = _painted(np.random.default_rng([seed, _PAINT, number // ALIKE]))
    rng = np.random.default_rng([seed, _PERSON, number])
    names = [name for name in sliders() if name.startswith(FACIAL)]
    local = {str(name): float(np.clip(DEVIATION * rng.normal(), -1, 1)) for name in rng.choice(names, SHAPED, replace=False)}
    styles = [name for name in STYLES if name != "none" or alike["gender"] > 0.5]
    maker = registry.find("heads", "makehuman")(
        **alike,
        ancestry=dict(zip(_ANCESTRIES, rng.dirichlet([0.6, 0.6, 0.6]).tolist(), strict=True)),
        weight=float(rng.beta(3, 3)),
        muscle=float(rng.beta(3, 3)),
        local={name: value if goes_both_ways(name) else abs(value) for name, value in local.items()},
        style=str(rng.choice(styles)),
    )
    return Somebody(maker, tinted(light(maker.make()), rng))


def _painted(rng: np.random.Generator) -> dict[str, Any]:
    """What people who are painted alike have in common."""
    age, gender = float(rng.uniform(18, 76)), float(rng.choice([rng.uniform(0, 0.25), rng.uniform(0.75, 1)]))
    greying = rng.random() < (age - 35) / 45
    hair = ["grey", "white"] if greying else [name for name in COLOURS["hair"] if name not in ("grey", "white")]
    return {
        "age": age,
        "gender": gender,
        "skin": _between(list(COLOURS["skin"].values()), rng),
        "hair": str(rng.choice(hair)),
        "eyes": str(rng.choice(list(COLOURS["eyes"]))),
        "lips": "natural" if gender > 0.5 or rng.random() < 0.5 else str(rng.choice(list(COLOURS["lips"]))),
        "stubble": float(rng.uniform(0, 1)) if gender > 0.5 else 0.0,
        "freckles": float(rng.beta(1, 3)),
        "shirt": "white",
        "seed": int(rng.integers(1000)),
    }


def _between(ramp: list[str], rng: np.random.Generator) -> str:
    """A colour somewhere along a ramp of ``#rrggbb``."""
    colours = np.array([[int(text[i : i + 2], 16) for i in (1, 3, 5)] for text in ramp], dtype=np.float64)
    at = rng.uniform(0, len(ramp) - 1)
    mixed = [np.interp(at, np.arange(len(ramp)), colours[:, channel]) for channel in range(3)]
    return "#" + "".join(f"{round(value):02x}" for value in mixed)


def light(head: Head) -> Head:
    """The head with less detail on it: pictures of `LARGEST` texels a side or half of what they were, whichever is less."""
    return replace(head, parts=tuple(replace(part, material=_halved(part.material)) for part in head.parts))


@lru_cache(maxsize=32)
def _halved(material: Material) -> Material:
    """Texels two by two, each colour by its alpha, once or until there are few enough."""
    picture = Image.fromarray(material.colour).convert("RGBa")
    while min(picture.size) > 1:
        picture = picture.reduce(2)
        if max(picture.size) <= LARGEST:
            break
    return replace(material, colour=np.asarray(picture.convert("RGBA")))


def tinted(head: Head, rng: np.random.Generator) -> Head:
    """The head in other colours: skin, hair, eyes and shirt, each as a whole."""
    skin = np.exp(rng.normal(0, 0.15) + rng.normal(0, 0.05, 3))
    hair = np.exp(rng.normal(0, 0.35) + rng.normal(0, 0.12, 3))
    eyes = np.exp(rng.normal(0, 0.08, 3))
    shirt = rng.uniform(0.02, 1.0) * np.exp(rng.normal(0, 0.35, 3))
    gains = {"skin": skin, "hair": hair, "brows": hair, "eye": eyes, "shirt": shirt}

    def tint(name: str, material: Material) -> Material:
        gain = next((gain for start, gain in gains.items() if name.startswith(start)), None)
        return material if gain is None else replace(material, colour=_times(material.colour, gain))

    return replace(head, parts=tuple(replace(part, material=tint(part.name, part.material)) for part in head.parts))


def _times(colour: UInt8[np.ndarray, "H W 4"], gain: np.ndarray) -> UInt8[np.ndarray, "H W 4"]:
    """A picture in other light: each colour times a number, in linear light."""
    levels: Float32[np.ndarray, " 256"] = linear(np.arange(256, dtype=np.float32) / 255)
    out = colour.copy()
    for channel in range(3):
        table = (srgb((levels * np.float32(gain[channel])).clip(0, 1)) * 255).round().astype(np.uint8)
        out[..., channel] = table[colour[..., channel]]
    return out


def mistaken(maker: Any, share: float, rng: np.random.Generator) -> dict[str, Any]:
    """Settings of a person whose shape is off by that share of what people differ by, as a fit mistakes it; of the same age and
    gender, so that they are painted alike.
    """
    known = {**vars(maker), **maker.ancestry, **maker.local}
    off = {trait.name: known.get(trait.name, 0.0) + share * trait.deviation * rng.normal() for trait in person.traits()}
    values = np.array([np.clip(off[trait.name], trait.low, trait.high) for trait in person.traits()])
    told = person.settings(values)
    unseen = {name: value for name, value in maker.local.items() if name not in off}
    return {**told, "age": maker.age, "gender": maker.gender, "local": {**told["local"], **unseen}}
