"""From one person's photo and some other pictures of theirs to pairs, and from many people's to shards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float32, Int16, UInt8

from animator.reenactors.moved.mover import Look
from animator.training.portrait.pairs import SIZE, Shard

MOUTH = (61, 291, 0, 17, 37, 267, 84, 314, 13, 14)
RIGHT_EYE, LEFT_EYE = (33, 133, 159, 145, 158, 153), (263, 362, 386, 374, 385, 380)
"""The tracker's points that frame the parts of a face (`pairs.PARTS`)."""

MARGINS = (0.3, 0.45, 0.45)
"""How much wider than its points each part is on every side, as a share of their width."""


@dataclass(frozen=True, eq=False)
class Pair:
    """One target: how the warp shows it, how it truly looks, what is felt in it, and where its parts are."""

    look: Look
    target: UInt8[np.ndarray, "S S 3"]
    felt: Float32[np.ndarray, " E"]
    boxes: Int16[np.ndarray, "3 4"]


@dataclass(frozen=True, eq=False)
class Source:
    """One photo in its crop, and the pairs that are moved from it."""

    reference: UInt8[np.ndarray, "S S 3"]
    pairs: Sequence[Pair]
    identity: int
    held: bool
    real: bool


def boxes(points: Float[np.ndarray, "L 2"]) -> Int16[np.ndarray, "3 4"]:
    """Left, top, right and bottom of the mouth, the right and the left eye by the tracker's points, pixels of the crop."""
    out = np.empty((3, 4), dtype=np.int16)
    for k, (part, margin) in enumerate(zip((MOUTH, RIGHT_EYE, LEFT_EYE), MARGINS, strict=True)):
        low, high = points[list(part)].min(axis=0), points[list(part)].max(axis=0)
        more = margin * (high[0] - low[0])
        least = np.floor(low - more).clip(0, SIZE - 2)
        out[k] = *least, *np.maximum(np.ceil(high + more).clip(0, SIZE), least + 1)
    return out


def shard(sources: Sequence[Source], feelings: tuple[str, ...], corpora: tuple[str, ...]) -> Shard:
    """The pairs of some photos."""
    every = [(number, source, pair) for number, source in enumerate(sources) for pair in source.pairs]

    def column(values: Iterable[np.ndarray], kind: type) -> np.ndarray:
        return np.stack(list(values)).astype(kind)

    def bytes_of(values: Iterable[np.ndarray]) -> np.ndarray:
        return np.stack([(value * 255).round().astype(np.uint8) for value in values])

    return Shard(
        warped=column((pair.look.warped for _, _, pair in every), np.uint8),
        target=column((pair.target for _, _, pair in every), np.uint8),
        inside=bytes_of(pair.look.inside for _, _, pair in every),
        seen=bytes_of(pair.look.seen for _, _, pair in every),
        normals=np.stack([(pair.look.normals.clip(-1, 1) * 127).round().astype(np.int8) for _, _, pair in every]),
        references=column((source.reference for source in sources), np.uint8),
        reference=np.array([number for number, _, _ in every], dtype=np.int32),
        felt=column((pair.felt for _, _, pair in every), np.float16),
        boxes=column((pair.boxes for _, _, pair in every), np.int16),
        real=np.array([source.real for _, source, _ in every], dtype=bool),
        identity=np.array([source.identity for _, source, _ in every], dtype=np.int32),
        held=np.array([source.held for _, source, _ in every], dtype=bool),
        feelings=feelings,
        corpora=corpora,
    )
