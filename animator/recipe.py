"""`Recipe`: which part of each family, with which settings, from which seed. Same recipe and same speech, same clip."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import tomli_w

from animator import registry
from animator.core.stage import Stage, camera
from animator.errors import FormatError, InputError, UnknownNameError
from animator.io.toml import parse_toml, require_keys

SCHEMA = "animator.Recipe/1"
FAMILIES: Mapping[str, str] = types.MappingProxyType(
    {"encoder": "encoders", "embedder": "embedders", "generator": "generators", "head": "heads", "renderer": "renderers"}
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
        if not 1 <= self.fps <= 240:
            raise InputError(f"a clip runs at 1 to 240 frames a second, not {float(self.fps):g}")

    def stage(self) -> Stage:
        """The stage these settings describe."""
        return Stage(width=self.width, height=self.height, camera=camera(self.camera))


@dataclass(frozen=True)
class Recipe:
    """Everything but the sound that decides a clip.

    ``transcript`` is what is said, when it is known; ``seed`` is the only source of chance.
    """

    encoder: Choice = Choice("phones")
    embedder: Choice = Choice("label")
    generator: Choice = Choice("visemes")
    head: Choice = Choice("makehuman")
    renderer: Choice = Choice("soft")
    picture: Picture = Picture()
    rig: str = "arkit"
    transcript: str | None = None
    seed: int = 0

    def part(self, role: str) -> Any:
        """The part chosen for a role (``encoder``, ``embedder`` …), built with its settings."""
        choice: Choice = getattr(self, role)
        return build(FAMILIES[role], choice)


def build(family: str, choice: Choice) -> Any:
    """A part with its settings; a wrong name or type is told with the nearest right one."""
    part = registry.find(family, choice.name)
    kinds = setting_types(part)
    where = f"the settings of {family.removesuffix('s')} {choice.name!r}"
    for key, value in choice.settings.items():
        if key not in kinds:
            raise UnknownNameError("setting", key, kinds, where)
        if not _fits(value, kinds[key]):
            raise InputError(f"{where}: {key!r} takes {kind_name(kinds[key])}, not {value!r}")
    return part(**choice.settings)


def setting_types(part: Any) -> Mapping[str, Any]:
    """A part's settings, by name, with their types."""
    hints = typing.get_type_hints(part)
    return {f.name: hints[f.name] for f in dataclasses.fields(part) if f.init}


def kind_name(kind: Any) -> str:
    """A setting's type in words a user knows."""
    words = {float: "a number", int: "a whole number", bool: "true or false", str: "text"}
    return words.get(kind, str(kind).replace("typing.", "").replace("NoneType", "nothing"))


def _fits(value: Any, kind: Any) -> bool:
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if kind in (bool, str):
        return isinstance(value, kind)
    return True  # the part's own check knows its richer types


def recipe_to_toml(recipe: Recipe) -> str:
    """The recipe as TOML text, from which `recipe_from_toml` makes the same recipe."""
    table: dict[str, Any] = {"schema": SCHEMA, "rig": recipe.rig, "seed": recipe.seed}
    if recipe.transcript is not None:
        table["transcript"] = recipe.transcript
    table["picture"] = dataclasses.asdict(recipe.picture) | {"fps": str(recipe.picture.fps)}
    for role in FAMILIES:
        choice: Choice = getattr(recipe, role)
        table[role] = {"name": choice.name, **choice.settings}
    return tomli_w.dumps(table)


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
        elif key == "picture":
            values[key] = _picture(value, f"{where}, [picture]")
        elif key == "seed":
            if not isinstance(value, int):
                raise FormatError(f"{where}: seed is a whole number, not {value!r}")
            values[key] = value
        else:
            values[key] = str(value)
    return Recipe(**values)


def _picture(table: Any, where: str) -> Picture:
    if not isinstance(table, dict):
        raise FormatError(f"{where} is a table")
    require_keys(table, (f.name for f in dataclasses.fields(Picture)), where)
    try:
        return Picture(**(table | ({"fps": Fraction(str(table["fps"]))} if "fps" in table else {})))
    except (TypeError, ValueError, ZeroDivisionError) as error:
        if isinstance(error, InputError):
            raise
        raise FormatError(f"{where}: {error}") from None
