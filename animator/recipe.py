"""`Recipe`: which part of each family, with which settings, from which seed. Same recipe and same speech, same clip."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import tomli_w

from animator import registry
from animator.core.feelings import check_own, with_own
from animator.core.layers import Layer
from animator.core.rig import Rig
from animator.core.settings import check_kinds, fitted, setting_types
from animator.core.stage import Stage, camera
from animator.errors import FormatError, InputError
from animator.io.rig import load_rig
from animator.io.toml import parse_toml, require_keys

SCHEMA = "animator.Recipe/1"
FAMILIES: Mapping[str, str] = types.MappingProxyType(
    {
        "encoder": "encoders",
        "embedder": "embedders",
        "generator": "generators",
        "head": "heads",
        "renderer": "renderers",
        "reenactor": "reenactors",
    }
)
"""Field of a recipe to the family its part comes from."""


@dataclass(frozen=True)
class Choice:
    """One part of a family and its settings; settings that are not named keep the part's defaults."""

    name: str
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Picture:
    """Size in pixels, rate in frames a second, camera by name or settings, and what stands behind the head.

    ``background`` is a colour, an image file, ``transparent``, or ``studio`` (the soft default).
    """

    width: int = 512
    height: int = 512
    fps: Fraction = Fraction(30)
    camera: str = "portrait"
    background: str = "studio"

    def __post_init__(self) -> None:
        check_kinds(vars(self), setting_types(Picture), "a picture")
        if not 1 <= self.fps <= 240:
            raise InputError(f"a clip runs at 1 to 240 frames a second, not {float(self.fps):g}")

    def stage(self) -> Stage:
        """The stage these settings describe."""
        return Stage(width=self.width, height=self.height, camera=camera(self.camera))


@dataclass(frozen=True)
class Recipe:
    """Everything but the sound that decides a clip.

    ``transcript`` is what is said, when it is known; ``feelings`` are the director's own (`core.feelings`); ``layers`` are laid
    over what the generator made, in order; ``seed`` is the only source of chance.
    """

    encoder: Choice = Choice("speech")
    embedder: Choice = Choice("label")
    generator: Choice = Choice("learned")
    head: Choice = Choice("makehuman")
    renderer: Choice = Choice("soft")
    reenactor: Choice = Choice("diffusion")
    picture: Picture = Picture()
    rig: str = "arkit"
    transcript: str | None = None
    feelings: Mapping[str, Any] = field(default_factory=dict)
    layers: Sequence[Layer] = ()
    seed: int = 0

    def __post_init__(self) -> None:
        check_kinds(vars(self), setting_types(Recipe), "a recipe")
        if self.seed < 0:
            raise InputError(f"a seed is a whole number from 0, not {self.seed}")
        check_own(self.feelings)

    def part(self, role: str) -> Any:
        """The part chosen for a role (``encoder``, ``embedder`` …), built with its settings; one that is told feelings by name
        is told what the recipe's own are made of.
        """
        choice: Choice = getattr(self, role)
        part = build(FAMILIES[role], choice)
        return part.knowing(self.feelings) if self.feelings and hasattr(part, "knowing") else part

    def performed_rig(self) -> Rig:
        """The rig, with the poses of the recipe's own feelings among its feelings; raises as `core.feelings.with_own`."""
        rig = load_rig(self.rig)
        return with_own(rig, self.feelings) if self.feelings else rig


def build(family: str, choice: Choice) -> Any:
    """A part with its settings; a wrong name or type is told with the nearest right one."""
    part = registry.find(family, choice.name)
    check_kinds(choice.settings, setting_types(part), f"{family.removesuffix('s')} {choice.name!r}")
    return part(**choice.settings)


def recipe_to_toml(recipe: Recipe) -> str:
    """The recipe as TOML text, from which `recipe_from_toml` makes the same recipe."""
    table: dict[str, Any] = {"schema": SCHEMA, "rig": recipe.rig, "seed": recipe.seed}
    if recipe.transcript is not None:
        table["transcript"] = recipe.transcript
    if recipe.feelings:
        table["feelings"] = dict(recipe.feelings)
    table["picture"] = dataclasses.asdict(recipe.picture) | {"fps": str(recipe.picture.fps)}
    if recipe.layers:
        table["layers"] = [_set_fields(layer) for layer in recipe.layers]
    for role in FAMILIES:
        choice: Choice = getattr(recipe, role)
        table[role] = {"name": choice.name, **choice.settings}
    return tomli_w.dumps(table)


def rig_to_toml(rig: str) -> str:
    """What stands in a recipe's place where nobody knows how a performance was made: the rig that it is in."""
    return tomli_w.dumps({"schema": SCHEMA, "rig": rig})


def recipe_from_toml(text: str, where: str = "the recipe") -> Recipe:
    """The recipe that a TOML text describes; what it leaves out keeps its default."""
    table = parse_toml(text, where, SCHEMA)
    require_keys(table, (f.name for f in dataclasses.fields(Recipe)), where)
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key in FAMILIES:
            if not isinstance(value, dict) or not isinstance(value.get("name"), str):
                raise FormatError(f"{where}: [{key}] needs the name of a part")
            values[key] = Choice(value["name"], {k: v for k, v in value.items() if k != "name"})
        elif key == "layers":
            values[key] = _layers(value, f"{where}, layers")
        elif key == "picture":
            values[key] = _picture(value, f"{where}, [picture]")
        else:
            values[key] = value
    try:
        return Recipe(**values)
    except InputError as error:
        raise FormatError(f"{where}: {error}") from None


def _picture(table: Any, where: str) -> Picture:
    if not isinstance(table, dict):
        raise FormatError(f"{where} is a table")
    require_keys(table, (f.name for f in dataclasses.fields(Picture)), where)
    try:
        return Picture(**(table | ({"fps": Fraction(str(table["fps"]))} if "fps" in table else {})))
    except (ValueError, ZeroDivisionError) as error:
        raise FormatError(f"{where}: {error}") from None


def _set_fields(part: Any) -> dict[str, Any]:
    """The fields of a dataclass that are not as they are by default."""
    return {f.name: getattr(part, f.name) for f in dataclasses.fields(part) if getattr(part, f.name) != f.default}


def _layers(tables: Any, where: str) -> tuple[Layer, ...]:
    if not isinstance(tables, list) or not all(isinstance(table, dict) and "path" in table for table in tables):
        raise FormatError(f"{where} is a list of tables, each with a path")
    return tuple(Layer(**fitted(table, setting_types(Layer), where)) for table in tables)
