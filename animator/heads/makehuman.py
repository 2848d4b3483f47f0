"""The head of MakeHuman's base mesh: identity, cut, eyes, teeth, look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float32, Int8

from animator.core.head import Head, Material
from animator.heads import bust, eyeballs
from animator.heads.assemble import Carrier, assemble
from animator.heads.basemesh import BaseMesh, read_base
from animator.heads.identity import Phenotype, shape
from animator.heads.paint.atlas import head_uv
from animator.heads.paint.eyes import IRIS
from animator.heads.targets import read_target, target_names

LANDMARKS: Mapping[str, tuple[str, int]] = {
    "upper_lip": ("skin", 474), "lower_lip": ("skin", 493), "mouth_left": ("skin", 7189), "mouth_right": ("skin", 429),
    "nose_tip": ("skin", 297), "chin": ("skin", 5162), "brow_left": ("skin", 6997), "brow_right": ("skin", 223),
    "eyelid_upper_left": ("skin", 11466), "eyelid_upper_right": ("skin", 4848),
    "eyelid_lower_left": ("skin", 11478), "eyelid_lower_right": ("skin", 4860),
    "teeth_upper": ("teeth_upper", 15069), "teeth_lower": ("teeth_lower", 15010),
}  # fmt: skip
"""Landmark to the piece and the base vertex where it lies."""


@dataclass(frozen=True)
class MakeHuman:
    """A person made from MakeHuman's base mesh and targets."""

    age: float = 27.0
    gender: float = 0.1
    ancestry: Mapping[str, float] = field(default_factory=lambda: {"caucasian": 0.7, "asian": 0.2, "african": 0.1})
    weight: float = 0.5
    muscle: float = 0.5
    local: Mapping[str, float] = field(default_factory=dict)

    def make(self) -> Head:
        """Build the head."""
        base = read_base()
        phenotype = Phenotype(self.age, self.gender, self.ancestry, self.weight, self.muscle)
        vertices = (bust.hem() @ shape(base, phenotype, self.local)).astype(np.float32)
        balls = [eyeballs.fit_ball(base, vertices, side) for side in "lr"]
        carrier = Carrier(
            displacements(base),
            bust.follow(),
            eye_marks(base),
            np.stack([ball.centre for ball in balls]),
            vertices[base.group_vertices("joint-head")].mean(axis=0),
        )
        uv = head_uv(base.uv)
        plain = {name: flat(colour) for name, colour in PLAIN.items()}
        pieces = [bust.cut(base, vertices, "skin", bust.skin_quads(), uv, plain["skin"])]
        for ball, side in zip(balls, ("left", "right"), strict=True):
            pieces.append(eyeballs.eyeball(ball, IRIS, plain["eye"], f"eye_{side}"))
            pieces.append(eyeballs.cornea(ball, flat((255, 255, 255, 8), 0.05, blend=True), f"cornea_{side}"))
        for name, groups in {
            "teeth_upper": ("helper-upper-teeth",),
            "teeth_lower": ("helper-lower-teeth",),
            "tongue": ("helper-tongue",),
            "lashes": tuple(g for g in base.groups if "eyelashes" in g),
        }.items():
            pieces.append(bust.cut(base, vertices, name, np.concatenate([base.groups[g] for g in groups]), base.uv, plain[name]))
        fronts = {f"eye_{side}": (f"eye_{side}", ball.front) for ball, side in zip(balls, ("left", "right"), strict=True)}
        return assemble(pieces, carrier, {**LANDMARKS, **fronts})


PLAIN = {
    "skin": (205, 150, 125),
    "eye": (235, 230, 225),
    "teeth_upper": (235, 228, 215),
    "teeth_lower": (235, 228, 215),
    "tongue": (190, 95, 95),
    "lashes": (40, 30, 25),
}


def flat(colour: tuple[int, ...], rough: float = 0.5, blend: bool = False) -> Material:
    """One colour."""
    picture = np.full((2, 2, 4), 255, dtype=np.uint8)
    picture[..., : len(colour)] = colour
    surface = np.full((1, 1, 3), 0, dtype=np.uint8)
    surface[:] = (round(rough * 255), 128, 0)
    return Material(picture, surface, blend=blend, two_sided=False)


def displacements(base: BaseMesh) -> dict[str, Float32[np.ndarray, "B 3"]]:
    """Every ARKit unit on the base mesh's vertices."""
    still = base.group_vertices("helper-l-eye", "helper-r-eye")
    out = {}
    for name in target_names("faceunits"):
        indices, deltas = read_target(name)
        field_ = np.zeros_like(base.vertices)
        field_[indices] = deltas
        # Eyeballs turn by angle, not by these units.
        field_[still] = 0
        out[name] = field_
    return out


def eye_marks(base: BaseMesh) -> Int8[np.ndarray, " B"]:
    """1 on the left eyeball, 2 on the right."""
    marks = np.zeros(len(base.vertices), dtype=np.int8)
    for mark, side in ((1, "l"), (2, "r")):
        marks[base.group_vertices(f"helper-{side}-eye")] = mark
    return marks
