"""Pairs of pictures: a face as the warp shows it, and as it truly looks; on disk in shards that are mapped, not read.

A shard is a folder: one ``.npy`` file for each array of `Shard`, and ``shard.json``. A folder of shards is `Pairs`. Whoever makes
pairs calls `write_shard` once for some hundreds of them; a shard without its ``shard.json``, which is written last, is half made
and is passed over.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Bool, Float16, Float32, Int8, Int16, Int32, Int64, UInt8

from animator.errors import FormatError, InputError
from animator.training.corpora import CORPORA

SCHEMA = "animator.PortraitPairs/1"

SIZE = 256
"""Width and height of every picture, pixels."""

PARTS = ("mouth", "right eye", "left eye")
"""What `Shard.boxes` frame, in this order; right and left are the subject's."""


@dataclass(frozen=True, eq=False)
class Shard:
    """Some pairs; ``S`` is `SIZE`, and pixels are the crop's (`animator.reenactors.moved`).

    Parameters
    ----------
    warped, target
        ``uint8 [N S S 3]`` sRGB: the photo moved to the wanted expression, with the drawn inner mouth and eyes laid in; and the
        same person really wearing it.
    inside, seen
        ``uint8 [N S S]``, 255 = 1: as in `Look`.
    normals
        ``int8 [N S S 3]``, 127 = 1: as in `Look`.
    references, reference
        ``uint8 [R S S 3]``: photos in the crop; ``int32 [N]``: which of them each pair was moved from.
    felt
        ``float16 [N E]`` in [0, 1]: the weights of ``feelings`` that the target shows; NaN where nobody knows.
    boxes
        ``int16 [N 3 4]``: left, top, right and bottom (exclusive) of the target's `PARTS`, within the picture.
    real
        ``bool [N]``: a filmed face, else a drawn one.
    identity
        ``int32 [N]``: who it is; the same number in two shards is the same person.
    held
        ``bool [N]``: measured on, and never learned from.
    feelings
        ``E`` names: `core.script.felt` of the rig.
    corpora
        Names in `training.corpora.CORPORA` of what the pictures come from; our own drawings come from none.
    """

    warped: UInt8[np.ndarray, "N S S 3"]
    target: UInt8[np.ndarray, "N S S 3"]
    inside: UInt8[np.ndarray, "N S S"]
    seen: UInt8[np.ndarray, "N S S"]
    normals: Int8[np.ndarray, "N S S 3"]
    references: UInt8[np.ndarray, "R S S 3"]
    reference: Int32[np.ndarray, " N"]
    felt: Float16[np.ndarray, "N E"]
    boxes: Int16[np.ndarray, "N 3 4"]
    real: Bool[np.ndarray, " N"]
    identity: Int32[np.ndarray, " N"]
    held: Bool[np.ndarray, " N"]
    feelings: tuple[str, ...]
    corpora: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        N = len(self.warped)
        sizes = {"N": N, "S": SIZE, "R": len(self.references), "E": len(self.feelings)}
        for name, (kind, shape) in _ARRAYS.items():
            array = getattr(self, name)
            wanted = tuple(sizes[axis] if isinstance(axis, str) else axis for axis in shape)
            if array.dtype != kind or array.shape != wanted:
                raise InputError(f"a shard's {name} is {kind} {wanted}, not {array.dtype} {array.shape}")
        if N and not (self.reference.min() >= 0 and self.reference.max() < len(self.references)):
            raise InputError("a shard's pairs refer to its own references")
        low, high = self.boxes[:, :, :2], self.boxes[:, :, 2:]
        if N and not (low.min() >= 0 and high.max() <= SIZE and (low < high).all()):
            raise InputError(f"a shard's boxes are not empty and lie within its pictures of {SIZE} pixels")
        for corpus in self.corpora:
            if corpus not in CORPORA:
                raise InputError(f"a shard's pictures come from {corpus!r}, which is no corpus that is known here")


_ARRAYS: dict[str, tuple[str, tuple[str | int, ...]]] = {
    "warped": ("uint8", ("N", "S", "S", 3)),
    "target": ("uint8", ("N", "S", "S", 3)),
    "inside": ("uint8", ("N", "S", "S")),
    "seen": ("uint8", ("N", "S", "S")),
    "normals": ("int8", ("N", "S", "S", 3)),
    "references": ("uint8", ("R", "S", "S", 3)),
    "reference": ("int32", ("N",)),
    "felt": ("float16", ("N", "E")),
    "boxes": ("int16", ("N", 3, 4)),
    "real": ("bool", ("N",)),
    "identity": ("int32", ("N",)),
    "held": ("bool", ("N",)),
}


def write_shard(folder: Path, shard: Shard) -> None:
    """Write a shard into a folder of its own, which is made; its contents are written over."""
    folder.mkdir(parents=True, exist_ok=True)
    told = folder / "shard.json"
    told.unlink(missing_ok=True)
    for name in _ARRAYS:
        np.save(folder / f"{name}.npy", getattr(shard, name))
    told.write_text(json.dumps({"schema": SCHEMA, "feelings": shard.feelings, "corpora": shard.corpora}))


def map_shard(folder: Path) -> Shard:
    """A shard whose arrays stay on disk until they are looked at; `FormatError` if it is none."""
    try:
        told: dict[str, Any] = json.loads((folder / "shard.json").read_text())
        if told["schema"] != SCHEMA:
            raise FormatError(f"{folder} holds {told['schema']!r}, not {SCHEMA}")
        arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in _ARRAYS}
        return Shard(**arrays, feelings=tuple(told["feelings"]), corpora=tuple(told["corpora"]))
    except (OSError, ValueError, KeyError) as error:
        if isinstance(error, FormatError):
            raise
        raise FormatError(f"{folder} is no whole shard of pairs: {error}") from error


class Batch(NamedTuple):
    """Some pairs, side by side; the arrays are as in `Shard`, with one reference a pair."""

    warped: UInt8[np.ndarray, "B S S 3"]
    target: UInt8[np.ndarray, "B S S 3"]
    inside: UInt8[np.ndarray, "B S S"]
    seen: UInt8[np.ndarray, "B S S"]
    normals: Int8[np.ndarray, "B S S 3"]
    reference: UInt8[np.ndarray, "B S S 3"]
    felt: Float32[np.ndarray, "B E"]
    boxes: Int16[np.ndarray, "B 3 4"]
    real: Bool[np.ndarray, " B"]


class Pairs:
    """All pairs of some shards; numbers of pairs count through them in order.

    Raises
    ------
    InputError
        There is no shard, or two of them know different feelings.
    """

    def __init__(self, shards: Sequence[Shard]) -> None:
        if not shards:
            raise InputError("there are no pairs to learn from; make them first")
        if len({shard.feelings for shard in shards}) > 1:
            raise InputError("shards of pairs that know different feelings cannot be learned from together")
        self.shards = tuple(shards)
        self.feelings = shards[0].feelings
        self.corpora = tuple(sorted({corpus for shard in shards for corpus in shard.corpora}))
        self._starts = np.cumsum([0, *(len(shard.warped) for shard in shards)])
        self.held = np.concatenate([shard.held for shard in shards])
        self.real = np.concatenate([shard.real for shard in shards])
        self.identity = np.concatenate([shard.identity for shard in shards])

    def __len__(self) -> int:
        return int(self._starts[-1])

    def batch(self, which: Int64[np.ndarray, " B"]) -> Batch:
        """The pairs with these numbers."""
        return Batch(*(np.stack(column) for column in zip(*self._rows(which), strict=True)))

    def _rows(self, which: Int64[np.ndarray, " B"]) -> Iterable[tuple[np.ndarray, ...]]:
        for number in which.tolist():
            s = int(np.searchsorted(self._starts, number, side="right")) - 1
            shard, i = self.shards[s], number - self._starts[s]
            pictures = (shard.warped[i], shard.target[i], shard.inside[i], shard.seen[i], shard.normals[i])
            others = (shard.felt[i].astype(np.float32), shard.boxes[i], shard.real[i])
            yield (*pictures, shard.references[shard.reference[i]], *others)


def map_pairs(folder: Path) -> Pairs:
    """The whole shards in a folder, in name order."""
    return Pairs([map_shard(told.parent) for told in sorted(folder.glob("*/shard.json"))])
