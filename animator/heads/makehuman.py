"""The head of MakeHuman's base mesh: a person's shape, cut to a bust, with eyes, teeth, lashes, brows and hair."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from jaxtyping import Float32

from animator.core.head import Head, Material
from animator.errors import UnknownNameError
from animator.heads.paint import cache, eyes, lashes, skin, teeth
from animator.heads.paint.atlas import head_uv
from animator.heads.paint.colours import NATURAL, colour, lip_colour
from animator.heads.paint.look import Look
from animator.heads.pieces import brows, dentition, eyeballs, hair, proxies, shirt
from animator.heads.pieces.assemble import Carrier, Piece, assemble
from animator.heads.shape import bust, units
from animator.heads.shape.basemesh import BaseMesh, read_base
from animator.heads.shape.identity import Phenotype, check, shape

ON_SKIN: Mapping[str, int] = {
    "upper_lip": 474, "lower_lip": 493, "mouth_left": 7189, "mouth_right": 429, "nose_tip": 297, "chin": 5162,
    "brow_left": 6997, "brow_right": 223, "eyelid_upper_left": 11466, "eyelid_upper_right": 4848,
    "eyelid_lower_left": 11478, "eyelid_lower_right": 4860,
}  # fmt: skip
"""Landmarks of the skin, by base vertex."""

ON_TEETH: Mapping[str, int] = {"teeth_upper": 15069, "teeth_lower": 15010}
"""Landmarks at the edge of the middle teeth, by base vertex."""

FRIENDLY: Mapping[str, float] = {
    "mouth-angles-up": 0.35, "mouth-scale-horiz": 0.2, "eyebrows-trans-up": 0.2, "eye-scale": 0.2, "cheek-bones": 0.2,
}  # fmt: skip
"""Local traits of the default person: MakeHuman's average adult, at rest, looks stern."""

USUAL = "usual"
"""The hairstyle that follows from gender."""


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
        Traits by slider (`animator.heads.shape.identity.sliders`), such as ``nose-hump = 0.3``: -1 to 1, or 0 to 1 for a slider
        that only adds. The default, `FRIENDLY`, is replaced by what is given.
    skin
        Colour: fair, light, medium, olive, tan, brown, dark, or ``#rrggbb``.
    lips
        Colour: natural (the skin's, with more blood), pale, rose, red, plum, brown, or ``#rrggbb``.
    eyes
        Colour: blue, grey, green, hazel, brown, dark, or ``#rrggbb``.
    hair
        Colour: black, dark brown, brown, auburn, ginger, blond, grey, white, or ``#rrggbb``.
    style
        Hairstyle, such as short, bob or none (`animator.heads.pieces.hair.STYLES`), or the beginning of the name of one that the
        look has; ``usual`` is short for a man and a bob for a woman.
    shirt
        Colour: white, grey, charcoal, black, navy, blue, green, wine, sand, or ``#rrggbb``.
    stubble
        Shadow of a shaved beard, 0 to 1; below 0 it follows from age and gender.
    freckles
        0 to 1.
    look
        Folder of MakeHuman assets (`animator.heads.pieces.proxies`): its hair, eyes, teeth, tongue, brows, lashes and skins
        stand in for ours, each where it has them.
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
    lips: str = NATURAL
    eyes: str = "hazel"
    hair: str = "brown"
    style: str = USUAL
    shirt: str = "navy"
    stubble: float = -1.0
    freckles: float = 0.2
    look: str | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        colour("shirt", self.shirt)
        self._person  # noqa: B018 — checked at birth
        self._paint  # noqa: B018
        check(self.local)
        if self.look is not None:
            proxies.find_look(Path(self.look))
        if self._style not in hair.STYLES and self._chosen("hair") is None:
            raise UnknownNameError("hairstyle", self.style, (*hair.STYLES, USUAL))

    @property
    def _style(self) -> str:
        if self.style != USUAL:
            return self.style
        return "short" if self.gender > 0.5 else "bob"

    @cached_property
    def _person(self) -> Phenotype:
        return Phenotype(self.age, self.gender, self.ancestry, self.weight, self.muscle)

    @cached_property
    def _paint(self) -> Look:
        return Look(
            age=self.age,
            masculine=self.gender,
            skin=colour("skin", self.skin),
            lips=lip_colour(self.lips, colour("skin", self.skin)),
            hair=colour("hair", self.hair),
            eyes=colour("eyes", self.eyes),
            stubble=None if self.stubble < 0 else self.stubble,
            freckles=self.freckles,
            seed=self.seed,
        )

    def _chosen(self, kind: str) -> Path | None:
        """The user's own asset of a kind, if the look has one."""
        if self.look is None:
            return None
        return proxies.choose(proxies.find_look(Path(self.look)), kind, self._style if kind == "hair" else "")

    def rest(self) -> Float32[np.ndarray, "B 3"]:
        """The base mesh's vertices (metres) in this person's shape, lips shut."""
        return units.at_rest(read_base(), shape(read_base(), self._person, self.local))

    def make(self, painted: bool = True) -> Head:
        """Build the head; one whose skin is not ``painted``, which takes seconds, is grey and bare."""
        base = read_base()
        vertices = self.rest()
        balls = {side: eyeballs.fit_ball(base, vertices, side[0]) for side in ("left", "right")}
        carrier = Carrier(
            displacements=units.displacements(base, vertices),
            follow=bust.follow(),
            eye=eyeballs.marks(base),
            eye_centres=np.stack([ball.centre for ball in balls.values()]),
            origin=bust.pivot(base, vertices),
        )
        own: Mapping[str, Callable[[], list[Piece]]] = {
            "teeth": lambda: self._teeth(base, vertices),
            "tongue": lambda: self._tongue(base, vertices),
            "eyes": lambda: self._eyes(balls),
            "eyelashes": lambda: self._lashes(base, vertices),
            "eyebrows": lambda: [brows.grow(base, vertices, self._paint)],
            "hair": lambda: hair.grow(base, vertices, self._paint, self._style),
        }
        if painted:
            pieces = [self._skin(base, vertices), shirt.cut(vertices, colour("shirt", self.shirt))]
        else:
            pieces = [self._grey(base, vertices)]
        given = {kind: path for kind in own if (path := self._chosen(kind)) is not None}
        for kind, make in own.items():
            pieces += proxies.read_proxy(given[kind], vertices, self.eyes) if kind in given else make()
        places = {name: ("skin", vertices[vertex]) for name, vertex in ON_SKIN.items()}
        places |= {name: ("teeth" if "teeth" in given else name, vertices[vertex]) for name, vertex in ON_TEETH.items()}
        places |= {f"eye_{side}": ("eyes" if "eyes" in given else f"eye_{side}", ball.front) for side, ball in balls.items()}
        return assemble(pieces, carrier, places)

    def _skin(self, base: BaseMesh, vertices: np.ndarray) -> Piece:
        if self.look is not None:
            picture = proxies.choose_skin(proxies.find_look(Path(self.look)), self.age, self.gender, self.ancestry)
            if picture is not None:
                return bust.cut(base, vertices, "skin", bust.skin_quads(), base.uv, proxies.skin_material(picture))
        material = cache.kept(f"skin {self._paint}", lambda: skin.skin(base, self._paint))
        return bust.cut(base, vertices, "skin", bust.skin_quads(), head_uv(base.uv), material)

    def _grey(self, base: BaseMesh, vertices: np.ndarray) -> Piece:
        material = Material(np.full((1, 1, 4), (128, 128, 128, 255), dtype=np.uint8), np.full((1, 1, 3), 128, dtype=np.uint8))
        return bust.cut(base, vertices, "skin", bust.skin_quads(), head_uv(base.uv), material)

    def _teeth(self, base: BaseMesh, vertices: np.ndarray) -> list[Piece]:
        enamel, gum = teeth.teeth(self._paint), teeth.gums(self._paint)
        return [piece for jaw in dentition.JAWS for piece in dentition.dentition(base, vertices, jaw, enamel, gum)]

    def _tongue(self, base: BaseMesh, vertices: np.ndarray) -> list[Piece]:
        quads, material = base.groups["helper-tongue"], teeth.tongue(self._paint)
        return [bust.cut(base, vertices, "tongue", quads, teeth.tongue_uv(base.uv), material)]

    def _eyes(self, balls: Mapping[str, eyeballs.Ball]) -> list[Piece]:
        iris, clear = eyes.eyeball(self._paint), eyes.cornea()
        return [
            *(eyeballs.eyeball(ball, eyes.IRIS, iris, f"eye_{side}") for side, ball in balls.items()),
            *(eyeballs.cornea(ball, clear, f"cornea_{side}") for side, ball in balls.items()),
        ]

    def _lashes(self, base: BaseMesh, vertices: np.ndarray) -> list[Piece]:
        cards = np.concatenate([quads for name, quads in base.groups.items() if "eyelashes" in name])
        return [bust.cut(base, vertices, "lashes", cards, lashes.lash_uv(base.uv), lashes.lashes(self._paint))]
