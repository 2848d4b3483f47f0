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
from animator.core import lips, look
from animator.core.cues import Direction, called, check_names, tagged
from animator.core.emotion import parts_of
from animator.core.feelings import Own, check_known, check_own, with_own
from animator.core.layers import Layer
from animator.core.rig import Rig
from animator.core.script import Cue, parse_feelings, point_of
from animator.core.settings import check_kinds, fitted, setting_types
from animator.core.stage import Stage, camera
from animator.errors import FormatError, InputError, UnknownNameError
from animator.io.rig import load_rig
from animator.io.script import cue_table
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
    reenactor: Choice = Choice("warp")
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


def directed(recipe: Recipe, script: Direction, where: str = "the script") -> Recipe:
    """The recipe with what a script says: its cues in place of what was felt, its words if it tells them, and its lips and looks.

    Raises
    ------
    UnknownNameError
        A cue names a feeling or a gesture that nobody knows; the cue is told, and its line.
    """
    if script.feelings:
        recipe = feeling(recipe, script.feelings, where)
    if script.cues:
        recipe = _cued(recipe, script.cues, {"inertia": script.inertia} if script.inertia else {}, where)
    if script.transcript is not None:
        recipe = dataclasses.replace(recipe, transcript=script.transcript)
    ways, looks = [lips.told(each) for each in script.lips], [look.told(each) for each in script.looks]
    settings = ({"articulation": ways} if ways else {}) | ({"looks": looks} if looks else {})
    if settings:
        generator = recipe.generator
        recipe = dataclasses.replace(recipe, generator=Choice(generator.name, {**generator.settings, **settings}))
    return recipe


def feeling(recipe: Recipe, own: Own, where: str = "the feelings") -> Recipe:
    """The recipe with feelings of the director's own besides those that it has.

    Raises
    ------
    InputError, UnknownNameError
        One of them cannot be used in the recipe's rig, or is made of a feeling that nobody knows.
    """
    recipe = dataclasses.replace(recipe, feelings={**recipe.feelings, **own})
    recipe.performed_rig()
    check_known(recipe.feelings, known_feelings(recipe), where)
    return recipe


def felt_as(recipe: Recipe, text: str) -> Recipe:
    """The recipe in which that is felt throughout: feelings by name, or described in words (`embedders.described`).

    What a description was taken for stands among the recipe's own feelings: nobody need read it again to make the clip again.
    """
    recipe, text = _understood(recipe, text)
    return dataclasses.replace(recipe, embedder=Choice("label", {"feelings": text}))


def check_feelings(recipe: Recipe, text: str) -> None:
    """Raise `UnknownNameError` for the first feeling in a text that nobody knows."""
    known = known_feelings(recipe)
    for name in parse_feelings(text):
        feeling = parts_of(name)[1]
        if feeling not in known and point_of(feeling) is None:
            raise UnknownNameError("feeling", feeling, known)


def known_feelings(recipe: Recipe) -> tuple[str, ...]:
    """All names that feelings have in a recipe: the rig's, the categories, the other words, and its own."""
    from animator.embedders.space import names

    return tuple(dict.fromkeys((*names(load_rig(recipe.rig).emotions), *recipe.feelings)))


def heard_beside(recipe: Recipe, share: float) -> Recipe:
    """The recipe in which the voice has that share, [0, 1], of what is felt, and what was felt the rest."""
    named = recipe.embedder
    if named.name == "mixed":
        return dataclasses.replace(recipe, embedder=Choice("mixed", {**named.settings, "heard": share}))
    settings = {"named": {"name": named.name, **named.settings}, "heard": share}
    return dataclasses.replace(recipe, embedder=Choice("mixed", settings))


def _understood(recipe: Recipe, text: str) -> tuple[Recipe, str]:
    from animator.embedders.described import understood

    text, meanings = understood(text, known_feelings(recipe))
    own = {name: {"near": meaning.feelings, "by": meaning.by} for name, meaning in meanings.items()}
    return dataclasses.replace(recipe, feelings={**recipe.feelings, **own}) if own else recipe, text


def saying(recipe: Recipe, transcript: str) -> Recipe:
    """The recipe with what is said. Tags inside it (`core.cues.tagged`) are cues, after those of a script, or of what is felt
    throughout.

    Raises
    ------
    InputError
        A tag cannot be read, or what is felt is told by neither words nor a script.
    """
    said, tags = tagged(transcript, load_rig(recipe.rig).moves)
    recipe = dataclasses.replace(recipe, transcript=said)
    if not tags:
        return recipe
    part, name = build("embedders", recipe.embedder), recipe.embedder.name
    if name not in ("label", "script"):
        raise InputError(f"tags inside the transcript say what is felt, and so does the embedder {name!r}; leave one of them out")
    before = part.cues if name == "script" else (Cue(0.0, part.feelings),)
    kept = {key: value for key, value in recipe.embedder.settings.items() if key == "inertia"}
    return _cued(recipe, (*before, *tags), kept, "the transcript")


def _cued(recipe: Recipe, cues: Sequence[Cue], more: Mapping[str, Any], where: str) -> Recipe:
    told = []
    for i, cue in enumerate(cues, 1):
        text = cue.feeling
        if text:
            try:
                recipe, text = _understood(recipe, text)
            except InputError as error:
                error.args = (f"{where}, {called(i, cue)}: {error}",)
                raise
        told.append(dataclasses.replace(cue, feeling=text))
    cues = told
    check_names(cues, known_feelings(recipe), load_rig(recipe.rig).moves, where)
    tables = [cue_table(cue, line=True) for cue in cues]
    return dataclasses.replace(recipe, embedder=Choice("script", {"cues": tables, **more}))


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
