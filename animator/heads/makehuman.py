"""The head of MakeHuman's base mesh: a person's shape, cut to a bust, with eyes, teeth, lashes, brows and hair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from jaxtyping import Float32

from animator.core.head import Head
from animator.errors import UnknownNameError
from animator.heads import brows, bust, cache, dentition, eyeballs, hair, shirt, units
from animator.heads.assemble import Carrier, Piece, assemble
from animator.heads.basemesh import BaseMesh, read_base
from animator.heads.colours import colour
from animator.heads.identity import Phenotype, check, shape
from animator.heads.paint import eyes, lashes, skin, teeth
from animator.heads.paint.atlas import head_uv
from animator.heads.paint.look import Look

LANDMARKS: Mapping[str, tuple[str, int]] = {
    "upper_lip": ("skin", 474), "lower_lip": ("skin", 493), "mouth_left": ("skin", 7189), "mouth_right": ("skin", 429),
    "nose_tip": ("skin", 297), "chin": ("skin", 5162), "brow_left": ("skin", 6997), "brow_right": ("skin", 223),
    "eyelid_upper_left": ("skin", 11466), "eyelid_upper_right": ("skin", 4848),
    "eyelid_lower_left": ("skin", 11478), "eyelid_lower_right": ("skin", 4860),
    "teeth_upper": ("teeth_upper", 15069), "teeth_lower": ("teeth_lower", 15010),
}  # fmt: skip
"""Landmark to the piece and the base vertex where it lies."""


FRIENDLY: Mapping[str, float] = {
    "mouth-angles-up": 0.35, "mouth-scale-horiz": 0.2, "eyebrows-trans-up": 0.2, "eye-scale": 0.2, "cheek-bones": 0.2,
}  # fmt: skip
"""Local traits of the default person: MakeHuman's average adult, at rest, looks stern."""


@dataclass(frozen=True)
class MakeHuman:
    """A person made from MakeHuman's base mesh and targets (CC0), painted by our own code.

    Parameters
    ----------
    age
        Years, 16 to 90.
    gender
        From 0, female, to 1, male.
    ancestry
        Shares of ``african``, ``asian`` and ``caucasian``; they are scaled to sum to 1.
    weight, muscle
        0 to 1; 0.5 is the average.
    local
        Traits by slider (`animator.heads.identity.sliders`), such as ``nose-hump = 0.3``: -1 to 1, or 0 to 1 for a slider
        that only adds. The default, `FRIENDLY`, is replaced by what is given.
    skin, lips, eyes, hair, shirt
        Colours by name (`animator.heads.colours.COLOURS`) or ``#rrggbb``.
    style
        Hairstyle, a name of `animator.heads.hair.STYLES`.
    stubble
        Shadow of a shaved beard, 0 to 1; below 0 it follows from age and gender.
    freckles
        0 to 1.
    seed
        Which of the many people of that look.

    Raises
    ------
    InputError, UnknownNameError
        A setting leaves its range, or a name is not known; the nearest is offered.
    """

    age: float = 29.0
    gender: float = 0.05
    ancestry: Mapping[str, float] = field(default_factory=lambda: {"caucasian": 0.7, "asian": 0.2, "african": 0.1})
    weight: float = 0.5
    muscle: float = 0.5
    local: Mapping[str, float] = field(default_factory=lambda: dict(FRIENDLY))
    skin: str = "light"
    lips: str = "rose"
    eyes: str = "hazel"
    hair: str = "brown"
    style: str = "bob"
    shirt: str = "navy"
    stubble: float = -1.0
    freckles: float = 0.2
    seed: int = 0

    def __post_init__(self) -> None:
        colour("shirt", self.shirt)
        self._person  # noqa: B018 — checked at birth
        self._look  # noqa: B018
        check(self.local)
        if self.style not in hair.STYLES:
            raise UnknownNameError("hairstyle", self.style, hair.STYLES)

    @cached_property
    def _person(self) -> Phenotype:
        return Phenotype(self.age, self.gender, self.ancestry, self.weight, self.muscle)

    @cached_property
    def _look(self) -> Look:
        return Look(
            age=self.age,
            masculine=self.gender,
            skin=colour("skin", self.skin),
            lips=colour("lips", self.lips),
            hair=colour("hair", self.hair),
            eyes=colour("eyes", self.eyes),
            stubble=None if self.stubble < 0 else self.stubble,
            freckles=self.freckles,
            seed=self.seed,
        )

    def rest(self) -> Float32[np.ndarray, "B 3"]:
        """The base mesh's vertices (metres) in this person's shape, lips shut."""
        return units.at_rest(shape(read_base(), self._person, self.local))

    def make(self) -> Head:
        """Build the head."""
        base = read_base()
        vertices = self.rest()
        balls = {side: eyeballs.fit_ball(base, vertices, side[0]) for side in ("left", "right")}
        carrier = Carrier(
            vertices=vertices,
            displacements=units.displacements(base, vertices),
            follow=bust.follow(),
            eye=eyeballs.marks(base),
            eye_centres=np.stack([ball.centre for ball in balls.values()]),
            origin=bust.pivot(base, vertices),
        )
        pieces = [
            *self._flesh(base, vertices),
            *self._eyes(base, vertices, balls),
            brows.grow(base, vertices, self._look),
            shirt.cut(base, vertices, colour("shirt", self.shirt)),
            *hair.grow(base, vertices, self._look, self.style),
        ]
        fronts = {f"eye_{side}": (f"eye_{side}", ball.front) for side, ball in balls.items()}
        return assemble(pieces, carrier, {**LANDMARKS, **fronts})

    def _flesh(self, base: BaseMesh, vertices: np.ndarray) -> list[Piece]:
        look = self._look
        skin_paint = cache.kept(f"skin {look}", lambda: skin.skin(base, look))
        enamel, gum = teeth.teeth(look), teeth.gums(look)
        return [
            bust.cut(base, vertices, "skin", bust.skin_quads(), head_uv(base.uv), skin_paint),
            *dentition.dentition(base, vertices, "upper", enamel, gum),
            *dentition.dentition(base, vertices, "lower", enamel, gum),
            bust.cut(base, vertices, "tongue", base.groups["helper-tongue"], teeth.tongue_uv(base.uv), teeth.tongue(look)),
        ]

    def _eyes(self, base: BaseMesh, vertices: np.ndarray, balls: Mapping[str, eyeballs.Ball]) -> list[Piece]:
        iris, clear = eyes.eyeball(self._look), eyes.cornea()
        cards = np.concatenate([quads for name, quads in base.groups.items() if "eyelashes" in name])
        return [
            *(eyeballs.eyeball(ball, eyes.IRIS, iris, f"eye_{side}") for side, ball in balls.items()),
            bust.cut(base, vertices, "lashes", cards, lashes.lash_uv(base.uv), lashes.lashes(self._look)),
            *(eyeballs.cornea(ball, clear, f"cornea_{side}") for side, ball in balls.items()),
        ]
