"""What the refiner learns from in one step: some pairs as tensors, or windows of them, mirrored and recoloured at random."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float32, Int64
from torch import Tensor

from animator.reenactors.refine.looks import GAIN, colours, guides, heads
from animator.reenactors.refine.net import Given
from animator.training.portrait.pairs import Batch, Pairs

MIRRORED = (0, 2, 1)
"""The parts of a face in a mirror, where right and left change places."""

TINT = 0.15
"""Standard deviation of the change of contrast, and of each colour's brightness, that all pictures of a pair share."""


MOUTHS, EYES = 0.6, 0.25
"""Shares of windows that lie around the mouth, and around the eyes; the others lie anywhere."""

ASIDE = 16.0
"""Deviation of a window's middle from that of what it lies around, pixels."""


class Lesson(NamedTuple):
    """Some pairs."""

    given: Given
    residual: Tensor
    """``float [B 3 S S]``: what the net is to say of them, in units of the noise; 0 beside the head."""
    felt: Tensor
    """``float [B E]``; NaN where nobody knows."""
    boxes: Tensor
    """``int64 [B 3 4]``; those of a window may lie partly or wholly beside it."""


def lesson(batch: Batch, anchors: Float32[np.ndarray, "E K"], device: torch.device) -> Lesson:
    """Pairs as they are. A feeling that nobody knows is not told."""
    felt = torch.from_numpy(batch.felt).to(device)
    known = ~felt.isnan().any(dim=1)
    code = felt.nan_to_num(0.0) @ torch.from_numpy(anchors).to(device)
    inside, seen = (picture.astype(np.float32) / np.float32(255) for picture in (batch.inside, batch.seen))
    guide = guides(inside, seen, batch.normals.astype(np.float32) / np.float32(127), device)
    warped, target, reference = (colours(pictures, device) for pictures in (batch.warped, batch.target, batch.reference))
    given = Given(warped, guide, reference, code, known.float(), heads(guide))
    return Lesson(given, GAIN * given.head * (target - warped), felt, torch.from_numpy(batch.boxes.astype(np.int64)).to(device))


def draw(pairs: Pairs, which: Int64[np.ndarray, " N"], real: float, size: int, rng: np.random.Generator) -> Batch:
    """``size`` of those pairs at random, a share ``real`` of them filmed where there are both kinds; half are mirrored."""
    kinds = [which[pairs.real[which]], which[~pairs.real[which]]]
    share = real if all(map(len, kinds)) else float(len(kinds[0]) > 0)
    filmed = rng.random(size) < share
    drawn = [int(rng.choice(kinds[0] if film else kinds[1])) for film in filmed]
    batch = pairs.batch(np.array(drawn))
    return _mirrored(batch, rng.random(size) < 0.5)


def windowed(batch: Batch, side: int, rng: np.random.Generator) -> Batch:
    """A window of so many pixels a side of each pair, mostly around what the warp lacks most."""
    count, size = batch.warped.shape[:2]
    middles = (batch.boxes[..., :2] + batch.boxes[..., 2:]) / 2
    kind = rng.random((count, 1))
    eyes = middles[:, 1:].mean(axis=1)
    around = np.where(kind < MOUTHS, middles[:, 0], np.where(kind < MOUTHS + EYES, eyes, rng.uniform(0, size, (count, 2))))
    starts = np.clip(np.rint(around + rng.normal(0, ASIDE, (count, 2)) - side / 2), 0, size - side).astype(np.int16)
    pictures = ("warped", "target", "inside", "seen", "normals", "reference")
    cut = {
        name: np.stack([each[y : y + side, x : x + side] for each, (x, y) in zip(getattr(batch, name), starts, strict=True)])
        for name in pictures
    }
    return batch._replace(**cut, boxes=batch.boxes - np.tile(starts, 2)[:, None])


def tinted(lesson: Lesson, rng: np.random.Generator) -> Lesson:
    """The same faces in another light, so that the shades of the few that were drawn or filmed are not all that is known."""
    given = lesson.given
    B = len(given.warped)
    gain = torch.from_numpy(np.exp(rng.normal(0, TINT, (B, 1, 1, 1))).astype(np.float32)).to(given.warped.device)
    shift = torch.from_numpy(rng.normal(0, TINT, (B, 3, 1, 1)).astype(np.float32)).to(given.warped.device)
    target = (gain * (given.warped + lesson.residual / GAIN) + shift).clamp(-1, 1)
    warped, reference = ((gain * picture + shift).clamp(-1, 1) for picture in (given.warped, given.reference))
    return lesson._replace(given=given._replace(warped=warped, reference=reference), residual=GAIN * (target - warped))


def _mirrored(batch: Batch, rows: np.ndarray) -> Batch:
    """The batch with those rows in a mirror."""
    parts = {name: np.array(part) for name, part in batch._asdict().items()}
    for name in ("warped", "target", "inside", "seen", "normals", "reference"):
        parts[name][rows] = parts[name][rows, :, ::-1]
    parts["normals"][rows, ..., 0] *= -1
    boxes = parts["boxes"][rows][:, MIRRORED]
    width = parts["warped"].shape[2]
    boxes[..., [0, 2]] = width - boxes[..., [2, 0]]
    parts["boxes"][rows] = boxes
    return Batch(**parts)
