"""Pairs without corpora or a head: faces of a few ellipses, on which a small net can be seen to learn.

What the warp is said to lack here is what it lacks of real faces: teeth between parted lips, and folds that come with a feeling.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float32

from animator.training.portrait.pairs import SIZE, Pairs, Shard

FEELINGS = ("happy", "angry")


def trial_pairs(count: int = 48, seed: int = 0) -> Pairs:
    """So many pairs of half as many people; every fourth person is held out."""
    rng = np.random.default_rng(seed)
    drawn = [_pair(rng, np.random.default_rng((seed, k // 2))) for k in range(count)]
    columns = {name: np.stack([pair[name] for pair in drawn]) for name in drawn[0]}
    identity = np.arange(count, dtype=np.int32) // 2
    columns |= {"identity": identity, "held": identity % 4 == 3, "real": np.zeros(count, dtype=bool)}
    own: dict[str, Any] = columns | {"reference": np.arange(count, dtype=np.int32)}
    return Pairs([Shard(**own, feelings=FEELINGS)])


def _pair(rng: np.random.Generator, person: np.random.Generator) -> dict[str, np.ndarray]:
    y, x = ((np.mgrid[:SIZE, :SIZE] + 0.5) / SIZE * 2 - 1).astype(np.float32)
    skin, wide, tall = person.uniform(0.3, 0.9, 3), person.uniform(0.2, 0.35), rng.uniform(0.04, 0.16)
    out = 1 - (x / 0.75) ** 2 - (y / 0.9) ** 2
    normals = np.stack([x / 0.75, -y / 0.9, np.sqrt(np.maximum(out, 0))], axis=2) * (out > 0)[..., None]
    felt = np.zeros(len(FEELINGS), dtype=np.float16)
    felt[rng.integers(len(FEELINGS))] = rng.uniform(0.5, 1)
    inside = _soft(1 - (x / wide) ** 2 - ((y - 0.45) / tall) ** 2)
    light = (0.55 + 0.45 * normals[..., 2] + 0.2 * normals[..., 0]) * (out > 0)
    face = light[..., None] * skin
    teeth = _soft(1 - (x / wide) ** 2 - ((y - 0.45 + 0.6 * tall) / (0.5 * tall)) ** 2)[..., None]
    warped = face * (1 - inside[..., None]) + inside[..., None] * np.array([0.25, 0.08, 0.08])
    smile, frown = (np.exp(-(((np.abs(x) - cx) / 0.04) ** 2) - ((y - cy) / 0.15) ** 2) for cx, cy in ((0.45, 0.35), (0.08, -0.4)))
    folds = 1 - 0.5 * (float(felt[0]) * smile + float(felt[1]) * frown)[..., None]
    target = warped * folds * (1 - inside[..., None] * teeth) + inside[..., None] * teeth * np.array([0.9, 0.88, 0.8])
    middle, reach = np.array([0, 0.45]), np.array([wide, tall]) * 1.25
    boxes = [np.concatenate([middle - reach, middle + reach]), [-0.5, -0.3, -0.2, -0.1], [0.2, -0.3, 0.5, -0.1]]
    return {
        "warped": _bytes(warped),
        "target": _bytes(target),
        "inside": _bytes(inside),
        "seen": _bytes(1 - inside),
        "normals": np.rint(normals * 127).astype(np.int8),
        "references": _bytes(face),
        "felt": felt,
        "boxes": np.rint((np.array(boxes) + 1) / 2 * SIZE).astype(np.int16),
    }


def _soft(depth: Float32[np.ndarray, "S S"]) -> Float32[np.ndarray, "S S"]:
    out: np.ndarray = np.clip(depth * 4, 0, 1)
    return out


def _bytes(picture: np.ndarray) -> np.ndarray:
    out: np.ndarray = np.rint(np.clip(picture, 0, 1) * 255).astype(np.uint8)
    return out
