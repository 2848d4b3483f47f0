"""ARKit's 52 face units as displacements of a person's base mesh."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32, Int32

from animator.heads.pieces.eyeballs import Ball, depth_inside, fit_ball
from animator.heads.shape import seal
from animator.heads.shape.basemesh import BaseMesh
from animator.heads.shape.targets import read_target, target_names

LIPS_OVERLAP = 0.0002
LIDS_OVERLAP = 0.0006
"""How far shut lips and lids lie over one another, metres: enough that no light passes between two samples of a pixel."""

LIDS_CLEARANCE = 0.0004
"""How far lids stay off the eyeball, metres: the sag of a flat triangle over the ball, and a little more."""

LASH_ROOT = 0.0013
"""Vertices of a lash card this near to the lid, metres, are its root."""

RIGID = ("helper-l-eye", "helper-r-eye", "helper-upper-teeth")
"""What no unit moves: eyeballs turn by angle, and the upper teeth sit in the skull."""


PARTING = ("jawOpen", "mouthFunnel", "mouthLowerDown", "mouthUpperUp", "mouthShrugUpper", "mouthClose")
"""Units that part the lips, or act on lips that are parted; the others leave them shut."""


def at_rest(base: BaseMesh, vertices: Float32[np.ndarray, "B 3"]) -> Float32[np.ndarray, "B 3"]:
    """A shaped base mesh whose lips meet and whose lids lie off the eyeballs.

    MakeHuman's lips stand up to 1 mm apart, more in some identities; its eyes are not quite round in others, and ours are.
    """
    rest: np.ndarray = vertices + seal.shut(seal.lips(), vertices, LIPS_OVERLAP)
    for side in "lr":
        rest += _clear(fit_ball(base, vertices, side), rest, side)
    return rest


def displacements(base: BaseMesh, vertices: Float32[np.ndarray, "B 3"]) -> dict[str, Float32[np.ndarray, "B 3"]]:
    """Every unit, metres at weight 1, for a person whose base mesh rests at ``vertices``.

    The units were made on the base mesh and are fitted to the person. They grow along each axis as the face did. Those that
    are not meant to part the lips (all but `PARTING`) keep them shut: some opened the corners by up to 1 mm. ``mouthClose`` is
    completed so that it shuts what ``jawOpen`` at the same weight opens: it left up to 1 mm near the corners. ``eyeBlink`` is
    drawn so that the lids just meet at 1 all along the slit: it went up to 5 mm beyond, and shut the eye at about 0.75. No unit
    of the lids or the cheek presses a lid into the eyeball.
    """
    still = base.group_vertices(*RIGID)
    size = _size(base, vertices)
    out = {}
    for name in target_names("faceunits"):
        indices, deltas = read_target(name)
        moved = np.zeros_like(base.vertices)
        moved[indices] = size * deltas
        moved[still] = 0
        if not name.startswith(PARTING):
            moved += seal.shut(seal.lips(), vertices + moved, LIPS_OVERLAP)
        out[name] = moved
    for side, suffix in (("l", "Left"), ("r", "Right")):
        ball = fit_ball(base, vertices, side)
        for name in (f"eyeSquint{suffix}", f"eyeWide{suffix}", f"eyeLookUp{suffix}", f"eyeLookDown{suffix}"):
            out[name] += _clear(ball, vertices + out[name], side)
        raised = vertices + out[f"eyeSquint{suffix}"] + out[f"cheekSquint{suffix}"]
        out[f"cheekSquint{suffix}"] += _clear(ball, raised, side)
    out["mouthClose"] += seal.shut(seal.lips(), vertices + out["jawOpen"] + out["mouthClose"], LIPS_OVERLAP)
    for side, name in (("l", "eyeBlinkLeft"), ("r", "eyeBlinkRight")):
        _meet(base, vertices, out[name], side)
    return out


def _size(base: BaseMesh, vertices: Float32[np.ndarray, "B 3"]) -> Float32[np.ndarray, " 3"]:
    """How much wider, taller and deeper a person's face is than the base mesh's: ratios of the spread of lips and lids."""
    face = np.unique(np.concatenate([seal.lips().members[-8:].ravel(), *(seal.lids(s).members[-7:].ravel() for s in "lr")]))
    ratio: np.ndarray = vertices[face].std(axis=0) / base.vertices[face].std(axis=0)
    return ratio.astype(np.float32)


def _clear(ball: Ball, vertices: Float32[np.ndarray, "B 3"], side: str) -> Float32[np.ndarray, "B 3"]:
    """Moves that lift the lids' visible side, where it lies nearer than `LIDS_CLEARANCE`, off the eyeball."""
    seam = seal.lids(side)
    skin = np.unique(seam.members[seam.first :])
    away = vertices[skin] - ball.centre
    short = (depth_inside(ball, vertices[skin]) + np.float32(LIDS_CLEARANCE)).clip(0)[:, None]
    out = np.zeros_like(vertices)
    out[skin] = short * away / np.linalg.norm(away, axis=1, keepdims=True)
    return out


def _meet(base: BaseMesh, vertices: np.ndarray, blink: np.ndarray, side: str) -> None:
    """Change a blink in place so that the lids just meet, with the lashes of the upper lid held to its edge."""
    seam = seal.lids(side)
    ball = fit_ball(base, vertices, side)
    blink += seal.lower(seam, vertices + blink, LIDS_OVERLAP)
    for weight in (1.0, 0.75, 0.5, 0.25):  # a lid moves along a chord, and the eye is round
        blink += _clear(ball, vertices + np.float32(weight) * blink, side) / np.float32(weight)
    blink += seal.lower(seam, vertices + blink, LIDS_OVERLAP)
    cards = base.quads[base.groups[f"helper-{side}-eyelashes-2"]]
    lashes, lid = np.unique(cards), np.unique(seam.members[seam.first :])
    away = np.linalg.norm(vertices[lashes][:, None] - vertices[lid][None], axis=2)
    root = away.min(axis=1) < LASH_ROOT
    slip = {int(v): blink[n] - blink[v] for v, n in zip(lashes[root], lid[away.argmin(axis=1)][root], strict=True)}
    for vertex, move in _spread(cards, slip).items():
        blink[vertex] += move


def _spread(quads: Int32[np.ndarray, "q 4"], known: dict[int, np.ndarray]) -> dict[int, np.ndarray]:
    """Values known at some vertices of a mesh, carried on along its edges to all others, from neighbour to neighbour."""
    found = dict(known)
    edges = {(int(q[k]), int(q[k - 1])) for q in quads for k in range(4)}
    edges |= {(b, a) for a, b in edges}
    while True:
        fresh: dict[int, list[np.ndarray]] = {}
        for a, b in sorted(edges):
            if a not in found and b in found:
                fresh.setdefault(a, []).append(found[b])
        if not fresh:
            return found
        found |= {vertex: np.mean(values, axis=0) for vertex, values in fresh.items()}
