"""What a director does to a recipe: a script, feelings of their own or described in words, a transcript with tags.

Each function gives another recipe; what it took for what stands in it, so that the recipe alone makes the clip again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from animator.core import lips, look
from animator.core.cues import Direction, called, check_names, tagged
from animator.core.emotion import parts_of
from animator.core.feelings import Own, check_known
from animator.core.script import Cue, parse_feelings, point_of
from animator.embedders.described import understood
from animator.errors import InputError, UnknownNameError
from animator.io.categories import names
from animator.io.rig import load_rig
from animator.io.script import cue_table
from animator.recipe import Choice, Recipe, build

_MIXTURE = re.compile(r"\s*([^\"'“‘=:]*[^\"'“‘=:\s])\s*=\s*(\S.*?)\s*", re.DOTALL)
"""A name for a mixture, and the mixture."""


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
        recipe = replace(recipe, transcript=script.transcript)
    return articulating(recipe, script.lips, script.looks)


def articulating(recipe: Recipe, ways: Sequence[lips.Lips], looks: Sequence[look.Look]) -> Recipe:
    """The recipe with that done by the lips and looked at, in place of what was; of a kind that is not given, what was."""
    told = {"articulation": [lips.told(each, True) for each in ways], "looks": [look.told(each, True) for each in looks]}
    generator, given = recipe.generator, {name: entries for name, entries in told.items() if entries}
    return replace(recipe, generator=Choice(generator.name, {**generator.settings, **given})) if given else recipe


def feeling(recipe: Recipe, own: Own, where: str = "the feelings") -> Recipe:
    """The recipe with feelings of the director's own besides those that it has.

    Raises
    ------
    InputError, UnknownNameError
        One of them cannot be used in the recipe's rig, or is made of a feeling that nobody knows.
    """
    recipe = replace(recipe, feelings={**recipe.feelings, **own})
    recipe.performed_rig()
    check_known(recipe.feelings, known_feelings(recipe), where)
    return recipe


def felt_as(recipe: Recipe, text: str) -> Recipe:
    """The recipe in which that is felt throughout: feelings by name, described in words (`embedders.described`), or a mixture
    that is given a name, ``awe = fear:0.4+surprised:0.5``.

    What a description was taken for stands among the recipe's own feelings, as a mixture does: nobody need read it again to
    make the clip again.
    """
    named = _MIXTURE.fullmatch(text)
    if named and re.fullmatch(r"[\d.]+\s*%?", named[2]):
        raise InputError(f"a colon stands before the weight of a feeling: {text!r}; write {named[1]}:0.7, say")
    if named:
        recipe, text = feeling(recipe, {named[1]: named[2]}), named[1]
    recipe, text = _understood(recipe, text)
    return replace(recipe, embedder=Choice("label", {"feelings": text}))


def check_feelings(recipe: Recipe, text: str) -> None:
    """Raise `UnknownNameError` for the first feeling in a text that nobody knows."""
    known = known_feelings(recipe)
    for name in parse_feelings(text):
        feeling = parts_of(name)[1]
        if feeling not in known and point_of(feeling) is None:
            raise UnknownNameError("feeling", feeling, known)


def known_feelings(recipe: Recipe) -> tuple[str, ...]:
    """All names that feelings have in a recipe: the rig's, the categories, the other words, and its own."""
    return tuple(dict.fromkeys((*names(load_rig(recipe.rig).emotions), *recipe.feelings)))


def heard_beside(recipe: Recipe, share: float) -> Recipe:
    """The recipe in which the voice has that share, [0, 1], of what is felt, and what was felt the rest."""
    named = recipe.embedder
    if named.name == "mixed":
        return replace(recipe, embedder=Choice("mixed", {**named.settings, "heard": share}))
    settings = {"named": {"name": named.name, **named.settings}, "heard": share}
    return replace(recipe, embedder=Choice("mixed", settings))


def _understood(recipe: Recipe, text: str) -> tuple[Recipe, str]:
    text, meanings = understood(text, known_feelings(recipe))
    if text in meanings and text in load_rig(recipe.rig).emotions:  # “happy”: a name that the rig has taken
        return recipe, meanings[text].feelings
    own = {name: {"near": meaning.feelings, "by": meaning.by} for name, meaning in meanings.items()}
    return replace(recipe, feelings={**recipe.feelings, **own}) if own else recipe, text


def saying(recipe: Recipe, transcript: str) -> Recipe:
    """The recipe with what is said. Tags inside it (`core.cues.tagged`) are cues, after those of a script, or of what is felt
    throughout, and looks, after those that there are.

    Raises
    ------
    InputError
        A tag cannot be read, or what is felt is told by neither words nor a script.
    """
    said, tags, looks = tagged(transcript, load_rig(recipe.rig).moves)
    recipe = replace(recipe, transcript=said)
    if looks:
        before = look.looks_from(recipe.generator.settings.get("looks", ()), "the recipe")
        recipe = articulating(recipe, (), (*before, *looks))
    if not tags:
        return recipe
    part, name = build("embedders", recipe.embedder), recipe.embedder.name
    if name not in ("label", "script"):
        raise InputError(f"tags inside the transcript say what is felt, and so does the embedder {name!r}; leave one of them out")
    cues = part.cues if name == "script" else (Cue(0.0, part.feelings),)
    kept = {key: value for key, value in recipe.embedder.settings.items() if key == "inertia"}
    return _cued(recipe, (*cues, *tags), kept, "the transcript")


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
        told.append(replace(cue, feeling=text))
    cues = told
    check_names(cues, known_feelings(recipe), load_rig(recipe.rig).moves, where)
    tables = [cue_table(cue, line=True) for cue in cues]
    return replace(recipe, embedder=Choice("script", {"cues": tables, **more}))
