"""ARKit's 52 face units as displacements of a person's base mesh."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32

from animator.heads import seal
from animator.heads.basemesh import BaseMesh
from animator.heads.targets import read_target, target_names

LIPS_OVERLAP = 0.0002
LIDS_OVERLAP = 0.0006
"""How far shut lips and lids lie over one another, metres: enough that no light passes between two samples of a pixel."""

RIGID = ("helper-l-eye", "helper-r-eye", "helper-upper-teeth")
"""What no unit moves: eyeballs turn by angle, and the upper teeth sit in the skull."""


def at_rest(vertices: Float32[np.ndarray, "B 3"]) -> Float32[np.ndarray, "B 3"]:
    """A shaped base mesh whose lips meet: MakeHuman's stand up to 1 mm apart, more in some identities."""
    return vertices + seal.shut(seal.lips(), vertices, LIPS_OVERLAP)


def displacements(base: BaseMesh, vertices: Float32[np.ndarray, "B 3"]) -> dict[str, Float32[np.ndarray, "B 3"]]:
    """Every unit, metres at weight 1, for a person whose base mesh rests at ``vertices``.

    The units were made on the base mesh and are fitted to the person in three ways. They grow along each axis as the face
    did. ``mouthClose`` is completed so that it shuts what ``jawOpen`` at the same weight opens: it left up to 1 mm, most near
    the corners. ``eyeBlink`` is drawn so that the lids just meet at 1 all along the slit: made for one eye, it went up to
    5 mm beyond, and shut at about 0.75.
    """
    still = base.group_vertices(*RIGID)
    size = _size(base, vertices)
    out = {}
    for name in target_names("faceunits"):
        indices, deltas = read_target(name)
        moved = np.zeros_like(base.vertices)
        moved[indices] = size * deltas
        moved[still] = 0
        out[name] = moved
    out["mouthClose"] += seal.shut(seal.lips(), vertices + out["jawOpen"] + out["mouthClose"], LIPS_OVERLAP)
    for side, name in (("l", "eyeBlinkLeft"), ("r", "eyeBlinkRight")):
        _meet(base, vertices, out[name], side)
    return out


def _size(base: BaseMesh, vertices: Float32[np.ndarray, "B 3"]) -> Float32[np.ndarray, " 3"]:
    """How much wider, taller and deeper a person's face is than the base mesh's: ratios of the spread of lips and lids."""
    face = np.unique(np.concatenate([seal.lips().members[-8:].ravel(), *(seal.lids(s).members[-7:].ravel() for s in "lr")]))
    ratio: np.ndarray = vertices[face].std(axis=0) / base.vertices[face].std(axis=0)
    return ratio.astype(np.float32)


def _meet(base: BaseMesh, vertices: np.ndarray, blink: np.ndarray, side: str) -> None:
    """Change a blink in place so that the lids just meet; the lashes of the upper lid go with it."""
    seam = seal.lids(side)
    change = seal.lower(seam, vertices + blink, LIDS_OVERLAP)
    blink += change
    rim = seam.members[seam.last, seam.above]
    lashes = base.group_vertices(f"helper-{side}-eyelashes-2")
    order = np.argsort(vertices[rim, 0])
    blink[lashes, 1] += np.interp(vertices[lashes, 0], vertices[rim[order], 0], change[rim[order], 1])
